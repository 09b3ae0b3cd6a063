#include "runtime/broker/retained_scan.h"

#include "base/topic.h"

namespace lotmesh::broker {
namespace {

// After everything that begins with this, which is empty or ends with a slash.
std::string past(std::string_view prefix) {
    if (prefix.empty()) return "\xFF";  // which begins no UTF-8
    std::string after(prefix);
    after.back() = '/' + 1;
    return after;
}

// Below `prefix` only topics whose next level is `wanted` match. They are not all together: "b-c"
// stands between "b" and "b/c".
std::string skip_to_level(std::string_view topic, std::string_view prefix,
                          std::string_view wanted) {
    std::string there(prefix);
    there += wanted;
    if (topic < there) return there;
    there += '/';
    if (topic < there) return there;
    return past(prefix);
}

}  // namespace

std::string_view literal_prefix(std::string_view filter) {
    const std::size_t wildcard = filter.find_first_of("+#");
    if (wildcard == std::string_view::npos) return filter;
    const std::string_view prefix = filter.substr(0, wildcard);
    // "a/#" matches "a" too.
    return filter[wildcard] == '#' && prefix.ends_with('/') ? prefix.substr(0, prefix.size() - 1)
                                                            : prefix;
}

std::optional<std::string> skip_to(std::string_view filter, std::string_view topic) {
    std::size_t level_at = 0;  // in topic
    auto level = TopicLevels(topic).begin();
    for (const std::string_view wanted : TopicLevels(filter)) {
        if (wanted == "#" || level == std::default_sentinel) return std::nullopt;
        if (wanted != "+" && wanted != *level)
            return skip_to_level(topic, topic.substr(0, level_at), wanted);
        level_at += (*level).size() + 1;
        ++level;
    }
    if (level == std::default_sentinel) return std::nullopt;
    return past(topic.substr(0, level_at));  // it goes on where the filter ends
}

}  // namespace lotmesh::broker
