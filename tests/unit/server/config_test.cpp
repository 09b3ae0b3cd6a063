#include "runtime/server/config.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "tests/unit/server/temporary_folder.h"

using namespace lotmesh;
using namespace lotmesh::server;

TEST_CASE("a listen address is a port with or without a host") {
    CHECK(parse_listen("1883") == ListenAddress{"", 1883});
    CHECK(parse_listen("0") == ListenAddress{"", 0});
    CHECK(parse_listen("localhost:1883") == ListenAddress{"localhost", 1883});
    CHECK(parse_listen("0.0.0.0:65535") == ListenAddress{"0.0.0.0", 65535});
    CHECK(parse_listen("[::1]:1883") == ListenAddress{"::1", 1883});
}

TEST_CASE("what is no listen address is refused in one line that shows the right form") {
    for (const char* text : {"", ":", ":1883", "host:", "65536", "-1", "1883x", "host:port", "::1",
                             "::1:1883", "[::1]", "[::1]1883", "[]:1883", "[host]:1883", "a:b:1"}) {
        CAPTURE(text);
        const auto parsed = parse_listen(text);
        REQUIRE_FALSE(parsed.has_value());
        CHECK(parsed.error().starts_with("\"" + std::string(text) + "\" is not an address"));
        CHECK(parsed.error().find('\n') == std::string::npos);
    }
}

TEST_CASE("a listen address is written as it is read") {
    for (const char* text : {"localhost:1883", "[::1]:1883", "127.0.0.1:0"})
        CHECK(to_string(*parse_listen(text)) == text);
}

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
