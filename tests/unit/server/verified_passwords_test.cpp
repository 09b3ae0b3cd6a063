#include "runtime/server/verified_passwords.h"

#include <doctest/doctest.h>

using namespace lotmesh::server;

namespace {

UserSecrets secrets(const std::string& hash) { return {PasswordHash{hash}, std::nullopt}; }

}  // namespace

TEST_CASE("a password that was right is known again, and no other") {
    VerifiedPasswords verified("key");
    const UserSecrets ada = secrets("$6$a$b");
    CHECK_FALSE(verified.knows("ada", "pencil", ada));
    verified.remember("ada", "pencil", ada);
    CHECK(verified.knows("ada", "pencil", ada));
    CHECK_FALSE(verified.knows("ada", "ink", ada));
    CHECK_FALSE(verified.knows("ada", "", ada));
    CHECK_FALSE(verified.knows("bob", "pencil", ada));
    verified.remember("ada", "ink", ada);
    CHECK(verified.knows("ada", "ink", ada));
    CHECK_FALSE(verified.knows("ada", "pencil", ada));
    CHECK(verified.size() == 1);
}

TEST_CASE("it is not known any more when the user's line is another") {
    VerifiedPasswords verified("key");
    verified.remember("ada", "pencil", secrets("$6$a$b"));
    CHECK_FALSE(verified.knows("ada", "pencil", secrets("$6$a$c")));
    const ScramSecret scram = make_scram_secret("pencil", "salt", kScramIterationsMin);
    verified.remember("ada", "pencil", {std::nullopt, scram});
    CHECK(verified.knows("ada", "pencil", {std::nullopt, scram}));
    CHECK_FALSE(
        verified.knows("ada", "pencil", {std::nullopt, make_scram_secret("ink", "salt", 4096)}));
}

TEST_CASE("users who have gone are forgotten") {
    VerifiedPasswords verified("key");
    verified.remember("ada", "pencil", secrets("$6$a$b"));
    verified.remember("bob", "ruler", secrets("$6$a$b"));
    PasswordFile users;
    REQUIRE(users.add({"bob", PasswordHash{"$6$a$b"}}));
    verified.keep_only(users);
    CHECK(verified.size() == 1);
    CHECK(verified.knows("bob", "ruler", secrets("$6$a$b")));
}

TEST_CASE("where one part ends and the next begins makes a difference") {
    VerifiedPasswords verified("key");
    verified.remember("ada", "bc", secrets("x"));
    CHECK_FALSE(verified.knows("ada", "c", secrets("xb")));
}
