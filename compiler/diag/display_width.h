// How many terminal cells a piece of valid UTF-8 takes, so that carets stand below what they mean.
// Approximate as terminals are: East Asian wide ranges and emoji 2, combining marks 0, the rest 1.
#pragma once

#include <cstddef>
#include <string_view>

namespace lotmesh::diag {

struct DecodedChar {
    char32_t value = 0;
    std::size_t bytes = 1;
};

// The character at the front; `text` is not empty. A byte that is no UTF-8 counts as U+FFFD.
DecodedChar decode_char(std::string_view text);
// C0, DEL and C1: what a terminal may take for a command.
bool is_control(char32_t character);
std::size_t display_width(char32_t character);
std::size_t display_width(std::string_view text);

}  // namespace lotmesh::diag
