// Bounded cursors over bytes, big-endian as MQTT is. Failure is sticky: a decoder reads the whole
// packet and asks ok() once, so no check can be forgotten.
//
// A ByteReader borrows its bytes: what it returns is valid as long as they are.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace lotmesh {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

inline std::string_view as_text(ByteView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline ByteView as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

class ByteReader {
public:
    explicit ByteReader(ByteView bytes) : bytes_(bytes) {}

    bool ok() const { return ok_; }
    std::size_t remaining() const { return bytes_.size() - position_; }
    std::size_t position() const { return position_; }
    bool at_end() const { return position_ == bytes_.size(); }
    void fail() { ok_ = false; }

    std::uint8_t u8() { return static_cast<std::uint8_t>(big_endian(1)); }
    std::uint16_t u16() { return static_cast<std::uint16_t>(big_endian(2)); }
    std::uint32_t u32() { return static_cast<std::uint32_t>(big_endian(4)); }
    std::uint64_t u64() { return big_endian(8); }

    // The next `size` bytes; empty after a failure.
    ByteView take(std::size_t size) {
        if (!ok_ || remaining() < size) {
            ok_ = false;
            return {};
        }
        const ByteView result = bytes_.subspan(position_, size);
        position_ += size;
        return result;
    }

    ByteView rest() { return take(remaining()); }

private:
    std::uint64_t big_endian(std::size_t size) {
        std::uint64_t value = 0;
        for (const std::uint8_t byte : take(size))
            value = value << 8 | byte;
        return value;
    }

    ByteView bytes_;
    std::size_t position_ = 0;
    bool ok_ = true;
};

// Appends to a buffer that the caller owns and that outlives the writer.
class ByteWriter {
public:
    explicit ByteWriter(Bytes& out) : out_(out) {}

    void u8(std::uint8_t value) { out_.push_back(value); }
    void u16(std::uint16_t value) { big_endian(value, 2); }
    void u32(std::uint32_t value) { big_endian(value, 4); }
    void u64(std::uint64_t value) { big_endian(value, 8); }
    void bytes(ByteView value) { out_.insert(out_.end(), value.begin(), value.end()); }
    std::size_t size() const { return out_.size(); }

private:
    void big_endian(std::uint64_t value, std::size_t size) {
        const std::size_t at = out_.size();
        out_.resize(at + size);
        for (std::size_t i = 0; i < size; ++i)
            out_[at + i] = static_cast<std::uint8_t>(value >> (8 * (size - 1 - i)));
    }

    Bytes& out_;
};

}  // namespace lotmesh
