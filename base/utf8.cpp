#include "base/utf8.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace lotmesh {
namespace {

// Length of the beginning that is ASCII; looks at eight bytes at a time.
std::size_t ascii_prefix(std::string_view text) {
    constexpr std::uint64_t kHighBits = 0x8080'8080'8080'8080;
    std::size_t i = 0;
    for (; i + 8 <= text.size(); i += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data() + i, sizeof word);
        if ((word & kHighBits) != 0) break;
    }
    while (i < text.size() && static_cast<unsigned char>(text[i]) < 0x80)
        ++i;
    return i;
}

// What may follow a first byte: how many bytes, and the range of the second (table 3-7 of the
// Unicode standard, which leaves out overlong forms, surrogates and what lies above U+10FFFF).
struct Sequence {
    std::size_t size;
    unsigned char second_min;
    unsigned char second_max;
};

Sequence sequence_of(unsigned char first) {
    if (first < 0xC2) return {0, 0, 0};
    if (first < 0xE0) return {2, 0x80, 0xBF};
    if (first == 0xE0) return {3, 0xA0, 0xBF};
    if (first == 0xED) return {3, 0x80, 0x9F};  // D800..DFFF [MQTT-1.5.4-1]
    if (first < 0xF0) return {3, 0x80, 0xBF};
    if (first == 0xF0) return {4, 0x90, 0xBF};
    if (first < 0xF4) return {4, 0x80, 0xBF};
    if (first == 0xF4) return {4, 0x80, 0x8F};
    return {0, 0, 0};
}

// Bytes of the character that text begins with; 0 where it is ill-formed. Not for ASCII.
std::size_t long_character_size(std::string_view text) {
    const Sequence sequence = sequence_of(static_cast<unsigned char>(text[0]));
    if (sequence.size == 0 || text.size() < sequence.size) return 0;
    const auto second = static_cast<unsigned char>(text[1]);
    if (second < sequence.second_min || second > sequence.second_max) return 0;
    for (std::size_t i = 2; i < sequence.size; ++i)
        if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) return 0;
    return sequence.size;
}

}  // namespace

std::size_t valid_utf8_prefix(std::string_view text) {
    std::size_t at = 0;
    while (true) {
        at += ascii_prefix(text.substr(at));
        if (at == text.size()) return at;
        const std::size_t size = long_character_size(text.substr(at));
        if (size == 0) return at;
        at += size;
    }
}

bool is_mqtt_utf8(std::string_view text) {
    return is_utf8(text) && text.find('\0') == std::string_view::npos;
}

std::size_t count_characters(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace lotmesh
