#include "compiler/diag/wrap.h"

#include <algorithm>

#include "compiler/diag/display_width.h"

namespace lotmesh::diag {

std::vector<std::string_view> wrap(std::string_view text, std::size_t cells) {
    std::vector<std::string_view> lines;
    std::size_t begin = 0;  // of the line
    std::size_t end = 0;    // behind the last word that it has
    std::size_t width = 0;  // of what it has
    for (std::size_t at = 0; cells != 0 && at < text.size();) {
        const std::size_t word = std::min(text.find_first_not_of(' ', at), text.size());
        const std::size_t word_end = std::min(text.find(' ', word), text.size());
        const std::size_t more = display_width(text.substr(end, word_end - end));
        if (end > begin && width + more > cells && word < text.size()) {
            lines.push_back(text.substr(begin, end - begin));
            begin = word;
            width = display_width(text.substr(word, word_end - word));
        } else {
            width += more;
        }
        end = word_end;
        at = word_end;
    }
    lines.push_back(text.substr(begin));
    return lines;
}

}  // namespace lotmesh::diag
