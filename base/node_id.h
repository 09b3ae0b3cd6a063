// The identity of a node: a random UUID that its data directory keeps for life.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lotmesh {

struct NodeId {
    std::array<std::uint8_t, 16> bytes{};

    auto operator<=>(const NodeId&) const = default;

    // RFC 9562 text form, lower case: 8-4-4-4-12.
    std::string text() const {
        static constexpr char kDigits[] = "0123456789abcdef";
        std::string out;
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
            out += kDigits[bytes[i] >> 4];
            out += kDigits[bytes[i] & 15];
        }
        return out;
    }

    static std::optional<NodeId> parse(std::string_view text) {
        if (text.size() != 36) return std::nullopt;
        NodeId id;
        std::size_t digits = 0;
        for (std::size_t i = 0; i < text.size(); ++i) {
            const char c = text[i];
            if (i == 8 || i == 13 || i == 18 || i == 23) {
                if (c != '-') return std::nullopt;
                continue;
            }
            const int value = c >= '0' && c <= '9'   ? c - '0'
                              : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                                     : -1;
            if (value < 0) return std::nullopt;
            auto& byte = id.bytes[digits / 2];
            byte = static_cast<std::uint8_t>(byte << 4 | value);
            ++digits;
        }
        return id;
    }
};

}  // namespace lotmesh
