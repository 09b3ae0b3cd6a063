// A cursor over a packet's body that reads what MQTT is made of. As ByteReader it fails stickily,
// but it also remembers why: the first failure is the one that is reported. A decoder reads the
// whole packet and asks once. Borrows the body, as does all that it returns.
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

#include "base/bytes.h"
#include "runtime/mqtt/framer.h"
#include "runtime/mqtt/reason_code.h"

namespace lotmesh::mqtt {

class PacketReader {
public:
    explicit PacketReader(ByteView body) : body_(body), reader_(body) {}
    explicit PacketReader(const Frame& frame)
        : body_(frame.body),
          reader_(frame.body),
          user_properties_left_(frame.user_properties_max) {}

    // After a failure these give zeros and empty views.
    std::uint8_t u8() { return reader_.u8(); }
    std::uint16_t u16() { return reader_.u16(); }
    std::uint32_t u32() { return reader_.u32(); }
    ByteView take(std::size_t size) { return reader_.take(size); }
    ByteView rest() { return reader_.rest(); }

    std::uint32_t variable_byte_integer();  // at most four bytes, the shortest form
    std::string_view text();                // MQTT UTF-8
    ByteView binary();
    std::string_view raw_text() { return as_text(binary()); }  // for who checks more than UTF-8

    void fail(ReasonCode reason);
    void require(bool condition, ReasonCode reason) {
        if (!condition) fail(reason);
    }
    // Before each user property.
    void count_user_property() {
        if (user_properties_left_ == 0) return fail(ReasonCode::QuotaExceeded);
        --user_properties_left_;
    }
    // Nothing may follow.
    void finish() { require(at_end(), ReasonCode::MalformedPacket); }

    bool ok() const { return reader_.ok(); }
    bool at_end() const { return reader_.at_end(); }
    std::size_t remaining() const { return reader_.remaining(); }
    std::size_t position() const { return reader_.position(); }
    // The bytes between two positions.
    ByteView between(std::size_t from, std::size_t to) const {
        return body_.subspan(from, to - from);
    }
    // Of the first failure; too few bytes are MalformedPacket. For use when !ok().
    ReasonCode error() const { return error_; }

private:
    ByteView body_;
    ByteReader reader_;
    std::size_t user_properties_left_ = std::numeric_limits<std::size_t>::max();
    ReasonCode error_ = ReasonCode::MalformedPacket;
};

}  // namespace lotmesh::mqtt
