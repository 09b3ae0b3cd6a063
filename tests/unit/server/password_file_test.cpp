#include "runtime/server/password_file.h"

#include <doctest/doctest.h>

#include <string>

#include "runtime/server/limits.h"
#include "tests/support/temporary_folder.h"

using namespace lotmesh;
using namespace lotmesh::server;

namespace {

// "pencil", as libargon2 wrote it; "cluster_password" and "old_password", as mosquitto_passwd did.
const std::string kArgon2 =
    "$argon2id$v=19$m=64,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$"
    "QZqVEbUoFUCE2qAik0WLkbn6kiEotkIb1f6lGzcakl0";
const std::string kStretched =
    "$7$101$BwBfHFVSQ8V94mNh$"
    "LXBB614AmFoYHSObF136HcnkdjmEGneN6pOEc2s0zdmFAF2sdmQEt6v32q6DRxECYFOzxPs3yKP1qP7X//ogEA==";
const std::string kSimple =
    "$6$6FD/LH1Te/aXpPpN$"
    "yylCGMrA6x/4hZ5lpBl2ZaMSk1JyxG4F1r4z+uSNpzchW6wqYRXhf7/ZSdERfbFQwt+BvfScctv2r9giF6Sy9Q==";

ScramSecret scram(std::string_view password, std::uint32_t iterations = kScramIterationsMin) {
    return make_scram_secret(password, "0123456789abcdef", iterations);
}

std::string complaint(const std::string& text) {
    const auto file = PasswordFile::parse(text);
    return file ? std::string() : file.error();
}

const std::string kNoName =
    "a user is a name of up to 256 bytes before the colon, without control characters and without "
    "blanks at its ends";
const std::string kNoSecret =
    "what stands behind the colon is no whole $argon2id$, $7$, $6$ or SCRAM-SHA-256$; `lotmesh "
    "passwd` writes one";

}  // namespace

TEST_CASE("a file has users with what is kept of their passwords, and comments") {
    const auto file =
        PasswordFile::parse("# people\n\nada:" + kArgon2 + "\r\nbob:" + kStretched +
                            "\neve:" + kSimple + "\ndan:" + to_string(scram("ruler")));
    REQUIRE(file);
    CHECK(file->size() == 4);
    CHECK(matches(*file->find("ada"), "pencil"));
    CHECK_FALSE(matches(*file->find("ada"), "ink"));
    CHECK(matches(*file->find("bob"), "cluster_password"));
    CHECK(matches(*file->find("eve"), "old_password"));
    CHECK(matches(*file->find("dan"), "ruler"));
    CHECK_FALSE(matches(*file->find("dan"), "pencil"));
    CHECK(file->find("Ada") == nullptr);
}

TEST_CASE("a user may have a hash and a SCRAM line, each once") {
    const std::string hash = "ada:" + kArgon2 + "\n";
    const std::string line = "ada:" + to_string(scram("pencil")) + "\n";
    const auto file = PasswordFile::parse(line + hash);
    REQUIRE(file);
    CHECK(file->size() == 1);
    CHECK(file->find("ada")->hash.has_value());
    CHECK(file->find("ada")->scram == scram("pencil"));
    CHECK(complaint(hash + line + hash) == "3: this user has a line already");
    CHECK(complaint(hash + "ada:" + kSimple) == "2: this user has a line already");
    CHECK(complaint(line + hash + line) == "3: this user has a SCRAM-SHA-256 line already");
}

TEST_CASE("S10: a line that is not whole refuses the whole file and says where") {
    const std::string good = "ada:" + kArgon2 + "\n";
    for (const std::string& user :
         {std::string(), std::string(" "), std::string("\t"), std::string(" bob"),
          std::string("bob "), std::string("b\tob"), std::string("b\x7Fob"), std::string("b\x01ob"),
          std::string("b\0ob", 4), std::string("b\xFFob"), std::string(257, 'x')}) {
        CAPTURE(user);
        CHECK(complaint(good + user + ":" + kArgon2 + "\n") == "2: " + kNoName);
    }
    for (const std::string& secret :
         {std::string(), std::string(" "), std::string("pencil"), std::string("x:y"),
          std::string("$"), std::string("$1$abc$def"), std::string("$2b$10$abcdefghijklmnopqrstuv"),
          std::string("$argon2i$v=19$m=64,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$QZqVEbUoFUCE2qAik0WLkQ"),
          kArgon2 + " ", " " + kArgon2, kArgon2 + ":", kArgon2.substr(0, 40),
          kArgon2.substr(0, kArgon2.size() - 30), kStretched.substr(0, 30),
          kStretched.substr(0, kStretched.size() - 4), kSimple.substr(0, 22),
          kArgon2 + std::string(1, '\0'), std::string("\x1B[2J")}) {
        CAPTURE(secret);
        CHECK(complaint(good + "bob:" + secret + "\n") == "2: " + kNoSecret);
    }
    const std::string no_colon = "2: expected user:hash, as `lotmesh passwd` writes it";
    for (const char* const line : {"bob", " ", "\t", "user", "// bob"}) {
        CAPTURE(line);
        CHECK(complaint(good + line + "\n") == no_colon);
    }
    CHECK(complaint(good + "bob:SCRAM-SHA-256$1:x") ==
          "2: iterations are a number from 4096 to 10000000");
    CHECK(complaint("\xEF\xBB\xBF# people\n") ==
          "1: expected user:hash, as `lotmesh passwd` writes it");
}

TEST_CASE("no complaint shows a name or a secret") {
    for (const std::string& text :
         {std::string("canary:canary"), std::string("canary"), "canary:" + kArgon2 + "canary",
          std::string("\tcanary:canary"), "canary:" + kArgon2 + "\ncanary:" + kArgon2,
          std::string("canary:SCRAM-SHA-256$canary")}) {
        CHECK_FALSE(complaint(text).empty());
        CHECK(complaint(text).find("canary") == std::string::npos);
    }
}

TEST_CASE("a line, a name, the users and the file have bounds") {
    const std::string longest(kUserNameBytesMax, 'x');
    CHECK(complaint(longest + ":" + kArgon2).empty());
    CHECK_FALSE(complaint(longest + "x:" + kArgon2).empty());
    const std::string salt(kPasswordLineBytesMax, 'A');
    const std::string line =
        "bob:$6$" + salt.substr(0, kPasswordLineBytesMax - 96) + kSimple.substr(kSimple.rfind('$'));
    REQUIRE(line.size() == kPasswordLineBytesMax);
    CHECK(complaint(line).empty());
    CHECK(complaint(line + "x") == "1: a line has at most 1024 bytes");
    PasswordFile many;
    for (std::size_t i = 0; i < kUsersMax; ++i)
        REQUIRE(many.add({"user" + std::to_string(i), PasswordHash{kArgon2}}));
    CHECK(many.add({"user1", scram("ruler")}));
    CHECK(many.add({"one more", PasswordHash{kArgon2}}).error() ==
          "there are more than 100000 users");
    const test::TemporaryFolder folder;
    CHECK(PasswordFile::read(folder.write("users", std::string(kPasswordFileBytesMax, '\n'))));
    CHECK_FALSE(
        PasswordFile::read(folder.write("users", std::string(kPasswordFileBytesMax + 1, '\n'))));
}

TEST_CASE("a file is named with the line of its mistake, or why it cannot be read") {
    const test::TemporaryFolder folder;
    CHECK(PasswordFile::read(folder.write("users", "ada:" + kArgon2))->size() == 1);
    const auto bad = PasswordFile::read(folder.write("users", "#\nada\n"));
    REQUIRE_FALSE(bad);
    CHECK(bad.error().starts_with(folder.path("users") + ":2: expected user:hash"));
    CHECK_FALSE(PasswordFile::read(folder.path("nowhere")));
    CHECK_FALSE(PasswordFile::read(folder.path()));
}

TEST_CASE("S9: an empty file has no users") {
    for (const char* const text : {"", "\n\n", "# ada\n", "\r\n"}) {
        const auto file = PasswordFile::parse(text);
        REQUIRE(file);
        CHECK(file->size() == 0);
        CHECK(file->find("ada") == nullptr);
        CHECK(file->find("") == nullptr);
        CHECK(file->any(7) == nullptr);
    }
}

TEST_CASE("what is written of a line is read again") {
    for (const PasswordLine& line :
         {PasswordLine{"ada", PasswordHash{kArgon2}}, PasswordLine{"b b", scram("ruler")}})
        CHECK(parse_password_line(to_string(line)) == line);
}

TEST_CASE("nobody learns from SCRAM who is known") {
    const auto users =
        PasswordFile::parse("ada:" + to_string(scram("pencil", 5000)) + "\nbob:" + kArgon2);
    REQUIRE(users);
    CHECK(scram_secret_of(*users, "ada", "key") == scram("pencil", 5000));
    for (const char* const name : {"bob", "eve"}) {
        const ScramSecret shown = scram_secret_of(*users, name, "key");
        CHECK(shown == scram_secret_of(*users, name, "key"));
        CHECK(shown.salt != scram_secret_of(*users, "dan", "key").salt);
        CHECK(shown.iterations == 5000);
        CHECK(shown.salt.size() == 16);
    }
    CHECK(scram_secret_of(PasswordFile(), "ada", "key").iterations == kScramIterationsUsual);
}
