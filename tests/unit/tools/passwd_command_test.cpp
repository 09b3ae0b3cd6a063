#include "tools/lotmesh/passwd_command.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "runtime/server/scram_users.h"
#include "tests/support/temporary_folder.h"

using namespace lotmesh;
using namespace lotmesh::tool;
namespace fs = std::filesystem;

namespace {

struct Bench {
    test::TemporaryFolder folder;
    std::string file = folder.path("users");

    std::string set(const std::string& user, const std::string& typed) const {
        std::istringstream input(typed);
        const auto done = set_password({.file = file, .user = user, .iterations = 4096}, input);
        return done ? std::string() : done.error();
    }
    std::string text() const {
        std::ifstream in(file, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    }
    bool has_password(const std::string& user, std::string_view password) const {
        const auto users = server::ScramUsers::read(file, "key");
        REQUIRE(users);
        const server::ScramSecret secret = users->find(user);
        return server::make_scram_secret(password, secret.salt, secret.iterations) == secret;
    }
};

}  // namespace

TEST_CASE("a password is kept so that it can be checked and not be read") {
    const Bench bench;
    CHECK(bench.set("ada", "pencil\n").empty());
    CHECK(bench.has_password("ada", "pencil"));
    CHECK_FALSE(bench.has_password("ada", "pen"));
    CHECK(bench.text().find("pencil") == std::string::npos);
    CHECK(fs::status(bench.file).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("a user's password is replaced, the others' stay") {
    const Bench bench;
    bench.folder.write("users", "# people");
    CHECK(bench.set("ada", "pencil\n").empty());
    CHECK(bench.set("bob", "ruler\r\n").empty());
    CHECK(bench.set("ada", "ink").empty());
    CHECK(bench.has_password("ada", "ink"));
    CHECK(bench.has_password("bob", "ruler"));
    CHECK(bench.text().starts_with("# people\nbob:"));
}

TEST_CASE("what cannot be a user or a password is refused, and the file stays as it is") {
    const Bench bench;
    bench.folder.write("users", "# people\n");
    for (const char* const user : {"", "a:b", "#a", "a\nb", "\xFF"})
        CHECK(bench.set(user, "pencil\n").find("a user is a name") == 0);
    CHECK(bench.set(std::string(257, 'x'), "pencil\n").find("a user is a name") == 0);
    CHECK(bench.set("ada", "\n") == "no password came on standard input");
    CHECK(bench.set("ada", "\xFF\n") == "the password is not valid UTF-8");
    CHECK(bench.set("ada", std::string(kPasswordBytesMax + 1, 'x')) ==
          "the password is longer than 1024 bytes");
    CHECK(bench.text() == "# people\n");
    CHECK(bench.set(std::string(256, 'x'), std::string(kPasswordBytesMax, 'x') + "\n").empty());
}

TEST_CASE("a file in the folder where one is needs no more than its name") {
    const test::TemporaryFolder folder;
    const fs::path before = fs::current_path();
    fs::current_path(folder.path());
    std::istringstream input("pencil\n");
    const auto done = set_password({.file = "users", .user = "ada", .iterations = 4096}, input);
    fs::current_path(before);
    CHECK(done);
    CHECK(folder.read("users").starts_with("ada:"));
}

TEST_CASE("a file that cannot be read or written is told") {
    std::istringstream input("pencil\n");
    CHECK_FALSE(set_password({.file = "/nowhere/users", .user = "ada"}, input));
    const test::TemporaryFolder folder;
    CHECK_FALSE(set_password({.file = folder.path(), .user = "ada"}, input));
}
