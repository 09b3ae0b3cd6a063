#include "compiler/diag/suggest.h"

#include <fmt/core.h>

namespace lotmesh::diag {

std::string join_words(std::span<const std::string_view> words) {
    std::string result;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i != 0) result += i + 1 == words.size() ? " or " : ", ";
        result += fmt::format("`{}`", words[i]);
    }
    return result;
}

}  // namespace lotmesh::diag
