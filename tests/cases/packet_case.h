// A named packet case, and the notation that its bytes are written in.
//
// Notation: hexadecimal pairs; 'text'; { } a string or binary data (two length bytes in front);
// < > a property block (variable byte length in front); LL the remaining length, of all that
// follows. White space and | say nothing. So a CONNECT is "10 LL {'MQTT'} 05 02 003C <> {'me'}".
#pragma once

#include <cctype>
#include <string_view>
#include <variant>
#include <vector>

#include "base/assert.h"
#include "base/bytes.h"
#include "runtime/mqtt/decode.h"

namespace lotmesh::mqtt::cases {

namespace detail {

class Notation {
public:
    explicit Notation(std::string_view text) : text_(text) {}

    // Up to `closing` or the end.
    Bytes read(char closing = '\0') {
        Bytes out;
        while (at_ < text_.size() && text_[at_] != closing)
            append_token(out, text_[at_++], closing);
        ASSERT((at_ < text_.size()) == (closing != '\0'));
        return out;
    }

private:
    void append_token(Bytes& out, char first, char closing) {
        if (std::isspace(static_cast<unsigned char>(first)) || first == '|') return;
        if (first == '\'') {
            append(out, as_bytes(text_.substr(at_, text_.find('\'', at_) - at_)));
            at_ = text_.find('\'', at_) + 1;
        } else if (first == '{') {
            const Bytes content = nested('}');
            ByteWriter(out).u16(static_cast<std::uint16_t>(content.size()));
            append(out, content);
        } else if (first == '<') {
            append_with_length(out, nested('>'));
        } else if (first == 'L') {
            ++at_;
            append_with_length(out, read(closing));
        } else {
            const char second = text_[at_++];
            out.push_back(static_cast<std::uint8_t>(digit(first) << 4 | digit(second)));
        }
    }

    Bytes nested(char closing) {
        Bytes content = read(closing);
        ++at_;
        return content;
    }

    static void append(Bytes& out, ByteView bytes) {
        out.insert(out.end(), bytes.begin(), bytes.end());
    }

    static void append_with_length(Bytes& out, const Bytes& content) {
        for (std::size_t rest = content.size(); true; rest >>= 7) {
            out.push_back(static_cast<std::uint8_t>((rest & 0x7F) | (rest > 0x7F ? 0x80 : 0)));
            if (rest <= 0x7F) break;
        }
        append(out, content);
    }

    static unsigned digit(char c) {
        const bool is_digit = c >= '0' && c <= '9';
        ASSERT(is_digit || (c >= 'A' && c <= 'F'));
        return static_cast<unsigned>(is_digit ? c - '0' : c - 'A' + 10);
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace detail

inline Bytes bytes_of(std::string_view notation) { return detail::Notation(notation).read(); }

// Same: encoding the value gives the bytes of the case. Other: there is a shorter or differently
// ordered form, which is what we would send.
enum class Form : std::uint8_t { Same, Other };

// The versions in which the bytes mean the same. A CONNECT says its version itself, so it has one.
enum class Versions : std::uint8_t { V31 = 1, V311 = 2, V5 = 4, V3 = V31 | V311, Any = V3 | V5 };

inline std::vector<ProtocolVersion> list(Versions versions) {
    std::vector<ProtocolVersion> all;
    for (const ProtocolVersion version :
         {ProtocolVersion::V31, ProtocolVersion::V311, ProtocolVersion::V5}) {
        const unsigned bit = 1U << (static_cast<unsigned>(version) - 3);
        if ((static_cast<unsigned>(versions) & bit) != 0) all.push_back(version);
    }
    return all;
}

struct PacketCase {
    std::string_view name;
    std::string_view notation;
    Versions versions;
    Sender sender;
    std::variant<Packet, ReasonCode> expected;  // a value, or why it is refused
    std::string_view tag = {};                  // the statements that the case is about
    Form form = Form::Same;

    Bytes bytes() const { return bytes_of(notation); }
    bool is_valid() const { return std::holds_alternative<Packet>(expected); }
};

// A CONNECT through decode_connect, anything else through decode_packet.
inline Result<Packet, ReasonCode> decode_any(const Frame& frame, ProtocolVersion version,
                                             Sender sender) {
    if (frame.type() != PacketType::Connect || sender == Sender::Server)
        return decode_packet(frame, version, sender);
    auto connect = decode_connect(frame);
    if (!connect) return failure(connect.error().reason);
    return Packet(std::move(*connect));
}

}  // namespace lotmesh::mqtt::cases
