#include "compiler/diag/display_width.h"

#include <array>

namespace lotmesh::diag {

namespace {

struct CharRange {
    char32_t first;
    char32_t last;
};

constexpr std::array kZeroWidth = {
    CharRange{0x0300, 0x036F}, CharRange{0x0483, 0x0489}, CharRange{0x0591, 0x05BD},
    CharRange{0x064B, 0x065F}, CharRange{0x0E34, 0x0E3A}, CharRange{0x1AB0, 0x1AFF},
    CharRange{0x1DC0, 0x1DFF}, CharRange{0x200B, 0x200F}, CharRange{0x202A, 0x202E},
    CharRange{0x20D0, 0x20FF}, CharRange{0xFE00, 0xFE0F}, CharRange{0xFE20, 0xFE2F},
    CharRange{0xFEFF, 0xFEFF},
};

constexpr std::array kDoubleWidth = {
    CharRange{0x1100, 0x115F},   CharRange{0x231A, 0x231B},   CharRange{0x2E80, 0x303E},
    CharRange{0x3041, 0x33FF},   CharRange{0x3400, 0x4DBF},   CharRange{0x4E00, 0x9FFF},
    CharRange{0xA000, 0xA4CF},   CharRange{0xAC00, 0xD7A3},   CharRange{0xF900, 0xFAFF},
    CharRange{0xFE30, 0xFE4F},   CharRange{0xFF00, 0xFF60},   CharRange{0xFFE0, 0xFFE6},
    CharRange{0x1F300, 0x1F64F}, CharRange{0x1F680, 0x1F6FF}, CharRange{0x1F900, 0x1F9FF},
    CharRange{0x20000, 0x3FFFD},
};

template <std::size_t kN>
bool contains(const std::array<CharRange, kN>& ranges, char32_t character) {
    for (const CharRange& range : ranges)
        if (character >= range.first && character <= range.last) return true;
    return false;
}

std::size_t length_of(unsigned char lead) {
    if (lead >= 0xF0) return 4;
    if (lead >= 0xE0) return 3;
    if (lead >= 0xC0) return 2;
    return lead < 0x80 ? 1 : 0;
}

}  // namespace

DecodedChar decode_char(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text.front());
    const std::size_t length = length_of(lead);
    if (length == 1) return {lead, 1};
    if (length == 0 || length > text.size()) return {0xFFFD, 1};
    char32_t value = lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        const auto next = static_cast<unsigned char>(text[i]);
        if ((next & 0xC0U) != 0x80U) return {0xFFFD, 1};
        value = value << 6 | (next & 0x3FU);
    }
    return {value, length};
}

bool is_control(char32_t character) {
    return character < 0x20 || (character >= 0x7F && character <= 0x9F);
}

std::size_t display_width(char32_t character) {
    if (character < 0x300) return 1;
    if (contains(kZeroWidth, character)) return 0;
    return contains(kDoubleWidth, character) ? 2 : 1;
}

std::size_t display_width(std::string_view text) {
    std::size_t width = 0;
    while (!text.empty()) {
        const DecodedChar next = decode_char(text);
        width += display_width(next.value);
        text.remove_prefix(next.bytes);
    }
    return width;
}

}  // namespace lotmesh::diag
