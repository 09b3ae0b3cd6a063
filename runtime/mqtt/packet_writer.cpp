#include "runtime/mqtt/packet_writer.h"

#include <array>

#include "base/assert.h"

namespace lotmesh::mqtt {
namespace {

struct VariableByteInteger {
    std::array<std::uint8_t, 4> bytes{};
    std::size_t size = 0;
    ByteView view() const { return {bytes.data(), size}; }
};

VariableByteInteger to_variable_byte_integer(std::size_t value) {
    ASSERT(value <= kVariableByteIntegerMax);
    VariableByteInteger out;
    do {
        const bool more = value >= 0x80;
        out.bytes[out.size++] = static_cast<std::uint8_t>((value & 0x7F) | (more ? 0x80 : 0));
        value >>= 7;
    } while (value > 0);
    return out;
}

}  // namespace

std::size_t variable_byte_integer_size(std::size_t value) {
    return to_variable_byte_integer(value).size;
}

void PacketWriter::variable_byte_integer(std::size_t value) {
    writer_.bytes(to_variable_byte_integer(value).view());
}

void PacketWriter::binary(ByteView value) {
    ASSERT(value.size() <= 0xFFFF);
    u16(static_cast<std::uint16_t>(value.size()));
    bytes(value);
}

void PacketWriter::insert_size_at(std::size_t at) {
    ASSERT(at <= out_.size());
    const VariableByteInteger size = to_variable_byte_integer(out_.size() - at);
    out_.insert(out_.begin() + static_cast<std::ptrdiff_t>(at), size.bytes.begin(),
                size.bytes.begin() + static_cast<std::ptrdiff_t>(size.size));
}

}  // namespace lotmesh::mqtt
