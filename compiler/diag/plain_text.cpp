#include "compiler/diag/plain_text.h"

#include <fmt/core.h>

#include "compiler/diag/display_width.h"
#include "compiler/limits.h"

namespace lotmesh::diag {

namespace {

constexpr std::string_view kEllipsis = "...";

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

std::string shortened(std::string_view text) {
    if (text.size() <= kRemarkBytesMax) return std::string(text);
    // What is wrong with a long word stands behind it.
    std::size_t head_end = kRemarkBytesMax / 2;
    std::size_t tail_begin = text.size() - kRemarkBytesMax / 2;
    while (head_end > 0 && is_continuation(text[head_end]))
        --head_end;
    while (tail_begin < text.size() && is_continuation(text[tail_begin]))
        ++tail_begin;
    std::string result(text.substr(0, head_end));
    result += kEllipsis;
    result += text.substr(tail_begin);
    return result;
}

}  // namespace

std::string plain_text(std::string_view text) {
    const std::string shown = shortened(text);
    std::string result;
    for (std::string_view rest = shown; !rest.empty();) {
        const DecodedChar next = decode_char(rest);
        const std::string_view bytes = rest.substr(0, next.bytes);
        if (is_control(next.value)) {
            for (const char byte : bytes)
                result += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
        } else {
            result += bytes;
        }
        rest.remove_prefix(next.bytes);
    }
    return result;
}

}  // namespace lotmesh::diag
