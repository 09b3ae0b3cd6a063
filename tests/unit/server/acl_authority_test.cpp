#include "runtime/server/acl_authority.h"

#include <doctest/doctest.h>

#include <string>

#include "runtime/access/limits.h"
#include "runtime/access/text.h"
#include "tests/support/temporary_folder.h"

using namespace lotmesh;
using namespace lotmesh::server;
using broker::Permission;

namespace {

constexpr Permission kPermissions[] = {
    Permission::Connect, Permission::Publish, Permission::Subscribe,
    Permission::Receive, Permission::Retain,  Permission::Will,
    Permission::Sys,     Permission::Admin,   Permission::Cluster,
};

AclAuthority authority(const std::string& text, const broker::Principal& principal) {
    auto rules = access::read_rules(text);
    REQUIRE(rules);
    return {std::make_shared<const access::RuleBook>(std::move(*rules)), principal};
}

// What is wrong with a file of this text, without the folder.
std::string mistake(const std::string& text) {
    const test::TemporaryFolder folder;
    folder.write("acl", text);
    const auto book = read_acl_file(folder.path("acl"));
    if (book) return {};
    const std::size_t name = book.error().find("acl:");
    return name == std::string::npos ? book.error() : book.error().substr(name);
}

}  // namespace

TEST_CASE("each permission is the action of its name") {
    for (const Permission permission : kPermissions) {
        const access::Action action = action_of(permission);
        const std::string topic = permission == Permission::Sys ? "$SYS/a" : "a";
        const std::string asked = access::has_topic(action) ? topic : "";
        const auto one =
            authority("allow anybody " + std::string(to_string(action)) + " " + asked, {"c"});
        for (const Permission other : kPermissions)
            CHECK(one.may(other, asked) == (other == permission));
    }
}

TEST_CASE("rules see all that the broker knows of a principal") {
    const broker::Principal ada = {"c1", "ada", {"staff"}, {.listener = "inside"}};
    for (const char* const who : {"user ada", "client c1", "group staff", "listener inside"})
        CHECK(authority("group staff =\nallow " + std::string(who) + " publish a", ada)
                  .may(Permission::Publish, "a"));
    CHECK_FALSE(authority("allow anonymous publish a", ada).may(Permission::Publish, "a"));
}

TEST_CASE("S9: a file that says nothing denies everything, one that is not there is a mistake") {
    const test::TemporaryFolder folder;
    for (const char* const text : {"", "\n \n", "# allow anybody connect\n"}) {
        folder.write("acl", text);
        const auto book = read_acl_file(folder.path("acl"));
        REQUIRE(book);
        const AclAuthority nothing(*book, {"c", "ada"});
        for (const Permission permission : kPermissions)
            CHECK_FALSE(nothing.may(permission, "a"));
    }
    CHECK(read_acl_file(folder.path("other")).error().find("other") != std::string::npos);
    CHECK_FALSE(read_acl_file(folder.path()));
}

TEST_CASE("S31: one mistake refuses the whole file, and says where it is") {
    CHECK(mistake("allow anybody connect\nallow anybody reed a\n").find("acl:2:15: reed is not") ==
          0);
    const std::string two = mistake("alow\nallow anybody reed a\n");
    CHECK(two.find("acl:1:1: ") == 0);
    CHECK(two.find(" (and 1 more: lotmesh acl check ") != std::string::npos);
    CHECK(mistake(std::string(access::kTextBytesMax, '\n')).empty());
    CHECK_FALSE(mistake(std::string(access::kTextBytesMax + 1, '\n')).empty());
}
