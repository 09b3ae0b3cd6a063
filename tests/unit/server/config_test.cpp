#include "runtime/server/config.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "tests/unit/server/temporary_folder.h"

using namespace lotmesh;
using namespace lotmesh::server;

TEST_CASE("credentials are one line, and the password may hold colons") {
    const TemporaryFolder folder;
    const auto path = folder.write("peers", "mesh:se:cret\n");
    ::chmod(path.c_str(), 0640);
    CHECK(read_credentials(path) == ClusterCredentials{"mesh", "se:cret"});
}

TEST_CASE("credentials that everybody can read are refused without showing them") {
    const TemporaryFolder folder;
    const auto path = folder.write("peers", "mesh:topsecret\n");
    ::chmod(path.c_str(), 0644);
    const auto read = read_credentials(path);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().find("everybody can read it") != std::string::npos);
    CHECK(read.error().find("topsecret") == std::string::npos);
}

TEST_CASE("credentials of another form are refused without showing them") {
    const TemporaryFolder folder;
    for (const char* text : {"", "topsecret", ":topsecret", "a:topsecret\nmore\n"}) {
        const auto path = folder.write("peers", text);
        ::chmod(path.c_str(), 0600);
        const auto read = read_credentials(path);
        REQUIRE_FALSE(read.has_value());
        CHECK(read.error().find("topsecret") == std::string::npos);
    }
    CHECK_FALSE(read_credentials(folder.path / "none").has_value());
    CHECK_FALSE(read_credentials(folder.path).has_value());
}

TEST_CASE("levels of the log are four words") {
    CHECK(log::parse_level("debug") == log::Level::Debug);
    CHECK(log::parse_level("info") == log::Level::Info);
    CHECK(log::parse_level("warning") == log::Level::Warning);
    CHECK(log::parse_level("error") == log::Level::Error);
    CHECK_FALSE(log::parse_level("loud").has_value());
}
