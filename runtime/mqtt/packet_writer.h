// Appends what MQTT packets are made of to a buffer that the caller owns. Lengths are asserted: a
// value that does not fit was made by us. Used by the encoders only.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace lotmesh::mqtt {

inline constexpr std::uint32_t kVariableByteIntegerMax = 268'435'455;

// Bytes that `value` takes as a variable byte integer: 1 to 4.
std::size_t variable_byte_integer_size(std::size_t value);

class PacketWriter {
public:
    explicit PacketWriter(Bytes& out) : out_(out), writer_(out) {}

    void u8(std::uint8_t value) { writer_.u8(value); }
    void u16(std::uint16_t value) { writer_.u16(value); }
    void u32(std::uint32_t value) { writer_.u32(value); }
    void bytes(ByteView value) { writer_.bytes(value); }
    void variable_byte_integer(std::size_t value);
    void binary(ByteView value);
    void text(std::string_view value) { binary(as_bytes(value)); }

    std::size_t size() const { return out_.size(); }
    // Puts the size of all that was written since `at` before it, as a variable byte integer.
    void insert_size_at(std::size_t at);

private:
    Bytes& out_;
    ByteWriter writer_;
};

}  // namespace lotmesh::mqtt
