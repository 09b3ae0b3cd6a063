#include "tools/lotmesh/passwd_command.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <sstream>

#include "runtime/server/password_file.h"
#include "tests/support/temporary_folder.h"

using namespace lotmesh;
using namespace lotmesh::tool;
namespace fs = std::filesystem;

namespace {

struct Bench {
    test::TemporaryFolder folder;
    std::string file = folder.path("users");

    // What it says, whether it is done or not.
    std::string run(PasswdOptions options, const std::string& typed = "") const {
        options.file = file;
        options.iterations = server::kScramIterationsMin;
        std::istringstream input(typed);
        const auto done = change_password(options, input);
        return done ? *done : done.error();
    }
    std::string set(const std::string& user, const std::string& typed) const {
        return run({.user = user}, typed);
    }
    std::string text() const { return folder.read("users"); }
    bool has_password(const std::string& user, std::string_view password) const {
        const auto users = server::PasswordFile::read(file);
        REQUIRE(users);
        return users->find(user) != nullptr && matches(*users->find(user), password);
    }
    // By what SCRAM keeps.
    bool has_scram(const std::string& user, std::string_view password) const {
        const auto users = server::PasswordFile::read(file);
        REQUIRE(users);
        const auto& secret = users->find(user)->scram;
        return secret &&
               server::make_scram_secret(password, secret->salt, secret->iterations) == *secret;
    }
};

}  // namespace

TEST_CASE("a password is kept so that it can be checked and not be read") {
    const Bench bench;
    CHECK(bench.set("ada", "pencil\n") == "user ada added: argon2id");
    CHECK(bench.text().starts_with("ada:$argon2id$v=19$m=19456,t=2,p=1$"));
    CHECK(bench.has_password("ada", "pencil"));
    CHECK_FALSE(bench.has_password("ada", "pen"));
    CHECK(bench.text().find("pencil") == std::string::npos);
    CHECK(fs::status(bench.file).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("a user's password is replaced, the others' stay") {
    const Bench bench;
    bench.folder.write("users", "# people");
    CHECK(bench.set("ada", "pencil\n") == "user ada added: argon2id");
    CHECK(bench.set("bob", "ruler\r\n") == "user bob added: argon2id");
    CHECK(bench.set("ada", "ink") == "user ada changed: argon2id");
    CHECK(bench.has_password("ada", "ink"));
    CHECK(bench.has_password("bob", "ruler"));
    CHECK(bench.text().starts_with("# people\nbob:"));
}

TEST_CASE("what SCRAM keeps is always of the same password") {
    const Bench bench;
    CHECK(bench.run({.user = "ada", .scram = true}, "pencil\n") ==
          "user ada added: argon2id, SCRAM-SHA-256");
    CHECK(bench.has_password("ada", "pencil"));
    CHECK(bench.has_scram("ada", "pencil"));
    CHECK(bench.set("ada", "ink\n") == "user ada changed: argon2id, SCRAM-SHA-256");
    CHECK(bench.has_password("ada", "ink"));
    CHECK(bench.has_scram("ada", "ink"));
}

TEST_CASE("a user is taken out, with all lines, and nobody else") {
    const Bench bench;
    bench.run({.user = "ada", .scram = true}, "pencil\n");
    bench.set("adam", "ruler\n");
    const PasswdOptions remove{.user = "ada", .action = PasswdAction::Delete};
    CHECK(bench.run(remove) == "user ada deleted");
    CHECK(bench.text().starts_with("adam:"));
    CHECK(bench.text().find("ada:") == std::string::npos);
    const std::string before = bench.text();
    CHECK(bench.run(remove) == bench.file + " has no user ada");
    CHECK(bench.text() == before);
}

TEST_CASE("what cannot be a user or a password is refused, and the file stays as it is") {
    const Bench bench;
    bench.folder.write("users", "# people\n");
    for (const char* const user : {"", " ", "a:b", "#a", "a\nb", "a ", "\xFF"})
        CHECK(bench.set(user, "pencil\n").starts_with("a user is a name"));
    CHECK(bench.set(std::string(257, 'x'), "pencil\n").starts_with("a user is a name"));
    CHECK(bench.set("ada", "\n") == "no password came on standard input");
    CHECK(bench.set("ada", "") == "no password came on standard input");
    CHECK(bench.set("ada", "\xFF\n") == "the password is not valid UTF-8");
    CHECK(bench.set("ada", std::string(1025, 'x')) == "the password is longer than 1024 bytes");
    CHECK(bench.text() == "# people\n");
    CHECK(bench.set(std::string(256, 'x'), std::string(1024, 'x') + "\n").ends_with("argon2id"));
}

TEST_CASE("a file in the folder where one is needs no more than its name") {
    const test::TemporaryFolder folder;
    const fs::path before = fs::current_path();
    fs::current_path(folder.path());
    std::istringstream input("pencil\n");
    const auto done = change_password({.file = "users", .user = "ada"}, input);
    fs::current_path(before);
    CHECK(done);
    CHECK(folder.read("users").starts_with("ada:"));
}

TEST_CASE("a file that cannot be read or written is told") {
    std::istringstream input("pencil\n");
    CHECK_FALSE(change_password({.file = "/nowhere/users", .user = "ada"}, input));
    const test::TemporaryFolder folder;
    CHECK_FALSE(change_password({.file = folder.path(), .user = "ada"}, input));
    CHECK_FALSE(change_password(
        {.file = "/nowhere/users", .user = "ada", .action = PasswdAction::Delete}, input));
}
