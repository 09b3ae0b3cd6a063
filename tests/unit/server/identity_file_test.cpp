#include "runtime/server/identity_file.h"

#include <sys/stat.h>

#include "tests/unit/server/temporary_folder.h"

using namespace lotmesh;
using namespace lotmesh::server;

namespace {

unsigned mode_of(const std::filesystem::path& path) {
    struct stat status{};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 0777U;
}

std::string refusal(const std::filesystem::path& directory) {
    const auto claimed = claim_identity(directory);
    REQUIRE_FALSE(claimed.has_value());
    CHECK(claimed.error().find('\n') == std::string::npos);
    return claimed.error();
}

}  // namespace

TEST_CASE("the first start makes directory and file for the owner only, with incarnation 1") {
    const TemporaryFolder folder;
    const auto data = folder.path / "deep" / "data";
    const auto claimed = claim_identity(data);
    REQUIRE(claimed.has_value());
    CHECK(claimed->identity.incarnation == 1);
    CHECK(claimed->identity.id != NodeId{});
    CHECK(mode_of(data) == 0700);
    CHECK(mode_of(data / "identity") == 0600);
    CHECK(folder.read("deep/data/identity") == cluster::format_identity(claimed->identity));
    CHECK_FALSE(std::filesystem::exists(data / "identity.new"));
}

TEST_CASE("each start keeps the uuid and counts the incarnation up, on disk before it returns") {
    const TemporaryFolder folder;
    NodeId first;
    for (std::uint64_t start = 1; start <= 3; ++start) {
        const auto claimed = claim_identity(folder.path / "data" / "");
        REQUIRE(claimed.has_value());
        if (start == 1) first = claimed->identity.id;
        CHECK(claimed->identity.id == first);
        CHECK(claimed->identity.incarnation == start);
        CHECK(folder.read("data/identity") == cluster::format_identity(claimed->identity));
    }
}

TEST_CASE("two nodes are two uuids, with and without a directory") {
    const TemporaryFolder folder;
    const auto a = claim_identity(folder.path / "a");
    const auto b = claim_identity(folder.path / "b");
    CHECK(a->identity.id != b->identity.id);
    CHECK(passing_identity().identity.id != passing_identity().identity.id);
    CHECK(passing_identity().identity.incarnation == 1);
}

TEST_CASE("a directory that another process uses is refused and its incarnation stays") {
    const TemporaryFolder folder;
    const auto holder = claim_identity(folder.path / "data");
    REQUIRE(holder.has_value());
    CHECK(refusal(folder.path / "data").ends_with("is in use by another process"));
    CHECK(folder.read("data/identity") == cluster::format_identity(holder->identity));
}

TEST_CASE("a damaged identity is refused, never replaced by a new one") {
    const TemporaryFolder folder;
    std::filesystem::create_directory(folder.path / "data");
    for (const char* text : {"", "uuid nonsense\nincarnation 1\n", "garbage",
                             "uuid 01234567-89ab-4def-8123-456789abcdef\nincarnation x\n",
                             "uuid 01234567-89ab-4def-8123-456789abcdef\n"
                             "incarnation 18446744073709551615\n"}) {
        CAPTURE(text);
        folder.write("data/identity", text);
        CHECK(refusal(folder.path / "data").find("is damaged: ") != std::string::npos);
        CHECK(folder.read("data/identity") == text);
    }
}

TEST_CASE("an identity that is no regular file is refused") {
    const TemporaryFolder folder;
    std::filesystem::create_directories(folder.path / "data" / "identity");
    CHECK(refusal(folder.path / "data").ends_with("is not a regular file"));
}

TEST_CASE("a data path that is a file, or below one, is refused") {
    const TemporaryFolder folder;
    folder.write("file", "x");
    CHECK(refusal(folder.path / "file").ends_with("is not a directory"));
    CHECK(refusal(folder.path / "file" / "below").starts_with("cannot create data directory"));
}

TEST_CASE("a directory where nothing can be written is refused") {
    // Also root cannot write here.
    CHECK(refusal("/proc/lotmesh").starts_with("cannot create data directory"));
    CHECK(refusal("/proc/self").starts_with("cannot open /proc/self/lock"));
}

TEST_CASE("an identity whose replacement cannot be written stays as it was") {
    const TemporaryFolder folder;
    std::string before;
    {
        const auto claimed = claim_identity(folder.path / "data");
        before = cluster::format_identity(claimed->identity);
    }
    std::filesystem::create_directory(folder.path / "data" / "identity.new");
    CHECK(refusal(folder.path / "data").starts_with("cannot write"));
    CHECK(folder.read("data/identity") == before);
}

TEST_CASE("what is known of peers is there for the next start, for the owner only") {
    const TemporaryFolder folder;
    CHECK(read_pins(folder.path) == cluster::CertificatePins());
    cluster::CertificatePins pins;
    pins.pin(NodeId{{1}}, std::string(64, 'a'));
    REQUIRE(write_pins(folder.path, pins.text()));
    CHECK(mode_of(folder.path / "peers") == 0600);
    CHECK(read_pins(folder.path) == pins);
}

TEST_CASE("what is known of peers is not forgotten without a word: a damaged file is refused") {
    const TemporaryFolder folder;
    folder.write("peers", "01000000-0000-0000-0000-000000000000 abc\n");
    const auto pins = read_pins(folder.path);
    REQUIRE_FALSE(pins.has_value());
    CHECK(pins.error() == (folder.path / "peers").string() +
                              " is damaged: line 1 is not a uuid and the SHA-256 of a certificate "
                              "(restore it, or remove it to take peers as they are the next time)");
    CHECK_FALSE(write_pins(folder.path / "missing", ""));
}
