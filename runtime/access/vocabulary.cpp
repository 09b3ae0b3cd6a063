#include "runtime/access/vocabulary.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/assert.h"
#include "base/near_words.h"
#include "base/topic.h"

namespace lotmesh::access {

std::string unknown_word(std::string_view word, std::string_view what,
                         std::span<const std::string_view> known) {
    if (word.empty()) return fmt::format("here should be {}", what);
    if (const auto meant = nearest(word, known))
        return fmt::format("{} is not {}; did you mean {}?", word, what, *meant);
    return fmt::format("{} is not {}", word, what);
}

std::optional<std::string> complaint_about_filter(std::string_view filter) {
    if (is_shared_filter(filter))
        return "leave $share and the name of the group out: rules see the topics behind them";
    if (!is_valid_topic_filter(filter))
        return "this is no topic filter; + and # stand for whole levels, and # for the last ones";
    return std::nullopt;
}

bool is_sys_topic(std::string_view topic) { return topic == "$SYS" || topic.starts_with("$SYS/"); }

void add_faults(const Rules& rules, const std::vector<Line>& lines, Mistakes& mistakes) {
    for (const Fault& fault : faults_of(rules)) {
        const auto line = std::ranges::lower_bound(lines, fault.line, {}, &Line::number);
        ASSERT(line != lines.end() && line->number == fault.line);
        mistakes.add(*line, line->text.find_first_not_of(" \t"), fault.what);
    }
}

}  // namespace lotmesh::access
