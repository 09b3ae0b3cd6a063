// The corpora of the fuzz targets are the packet cases, written to files. With LOTMESH_WRITE_SEEDS
// set to the folder of the corpora this test writes them anew; it always checks that they are
// whole.
#include <doctest/doctest.h>

#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/cases/packets.h"

using namespace lotmesh;
using namespace lotmesh::mqtt;
using cases::PacketCase;

namespace {

// A case of several versions is a seed in each.
std::string file_name(const PacketCase& c, ProtocolVersion version) {
    std::string out(c.name);
    if (list(c.versions).size() > 1)
        out += " in version " + std::to_string(static_cast<int>(version));
    for (char& letter : out)
        if (std::isalnum(static_cast<unsigned char>(letter)) == 0) letter = '_';
    return out;
}

// The first byte as decode_fuzz.cpp reads it.
Bytes decode_seed(const PacketCase& c, ProtocolVersion protocol_version) {
    const unsigned version = static_cast<unsigned>(protocol_version) - 3;
    const unsigned server = c.sender == Sender::Server ? 0x80 : 0;
    // 0x80 leaves 2 when divided by 3, which is made up for.
    Bytes seed{static_cast<std::uint8_t>(server | (server != 0 ? (version + 1) % 3 : version))};
    const Bytes bytes = c.bytes();
    seed.insert(seed.end(), bytes.begin(), bytes.end());
    return seed;
}

// The first two bytes as framer_fuzz.cpp reads them: pieces of three bytes, no limit.
Bytes framer_seed(const Bytes& packets) {
    Bytes seed{2, 0xFF};
    seed.insert(seed.end(), packets.begin(), packets.end());
    return seed;
}

void write_file(const std::filesystem::path& path, const Bytes& bytes) {
    std::ofstream out(path, std::ios::binary);
    out.write(reinterpret_cast<const char*>(bytes.data()),
              static_cast<std::streamsize>(bytes.size()));
    REQUIRE(out.good());
}

Bytes read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void write_or_check(const std::filesystem::path& file, const Bytes& seed) {
    INFO(file.string());
    const char* const wanted = std::getenv("LOTMESH_WRITE_SEEDS");
    if (wanted != nullptr) write_file(std::filesystem::path(wanted) / file, seed);
    CHECK(read_file(std::filesystem::path(LOTMESH_SOURCE_DIR) / "tests/fuzz/corpus" / file) ==
          seed);
}

}  // namespace

TEST_CASE("each packet case is a seed of the decode fuzzer") {
    cases::for_each_packet([](const PacketCase& c, ProtocolVersion version) {
        write_or_check("decode/" + file_name(c, version), decode_seed(c, version));
    });
}

TEST_CASE("the packet cases, several in a row, are seeds of the framer fuzzer") {
    constexpr std::size_t kPacketsInFile = 16;
    const auto all = cases::all_packets();
    for (std::size_t from = 0; from < all.size(); from += kPacketsInFile) {
        Bytes packets;
        for (std::size_t i = from; i < std::min(from + kPacketsInFile, all.size()); ++i) {
            const Bytes bytes = all[i].bytes();
            packets.insert(packets.end(), bytes.begin(), bytes.end());
        }
        write_or_check("framer/packets_" + std::to_string(from), framer_seed(packets));
    }
}
