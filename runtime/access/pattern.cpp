#include "runtime/access/pattern.h"

#include <utility>

#include "base/topic.h"

namespace lotmesh::access {

namespace {

constexpr std::string_view kRest = "#";
constexpr std::string_view kOne = "+";

std::string_view stands_for(std::string_view level, const Names& names) {
    if (level == kUserPlaceholder) return names.user_name;
    if (level == kClientPlaceholder) return names.client_id;
    return level;
}

bool starts_with_wildcard(std::string_view filter) {
    return filter.starts_with('+') || filter.starts_with('#');
}

// Leading wildcards match no topic that begins with $. [MQTT-4.7.2-1]
bool are_apart(std::string_view left, std::string_view right) {
    return (left.starts_with('$') && starts_with_wildcard(right)) ||
           (right.starts_with('$') && starts_with_wildcard(left));
}

bool level_covers(std::string_view own, std::string_view asked) {
    return asked != kRest && (own == kOne || own == asked);
}

bool level_overlaps(std::string_view own, std::string_view asked) {
    return own == kOne || asked == kOne || own == asked;
}

}  // namespace

bool is_one_level(std::string_view name) {
    return !name.empty() && name.find_first_of("+#/") == std::string_view::npos;
}

Pattern::Pattern(std::string text) : text_(std::move(text)) {
    for (const std::string_view level : TopicLevels(text_)) {
        uses_user_name_ |= level == kUserPlaceholder;
        uses_client_id_ |= level == kClientPlaceholder;
    }
}

bool Pattern::can_match(const Names& names) const {
    if (uses_user_name_ && !is_one_level(names.user_name)) return false;
    if (uses_client_id_ && !is_one_level(names.client_id)) return false;
    const std::string_view first = *TopicLevels(text_).begin();
    return first.starts_with('$') || !stands_for(first, names).starts_with('$');
}

bool Pattern::covers(std::string_view filter, const Names& names) const {
    if (!can_match(names)) return false;
    if (filter.starts_with('$') && starts_with_wildcard(text_)) return false;
    // "#" is the one filter that ends in # and has no parent level.
    if (filter == "#" && text_ == "+/#") return true;
    auto asked = TopicLevels(filter).begin();
    for (const std::string_view level : TopicLevels(text_)) {
        if (level == kRest) return true;  // also the parent level: "a/#" covers "a"
        if (asked == std::default_sentinel) return false;
        if (!level_covers(stands_for(level, names), *asked)) return false;
        ++asked;
    }
    return asked == std::default_sentinel;
}

bool Pattern::overlaps(std::string_view filter, const Names& names) const {
    if (!can_match(names) || are_apart(text_, filter)) return false;
    auto asked = TopicLevels(filter).begin();
    for (const std::string_view level : TopicLevels(text_)) {
        if (level == kRest) return true;
        if (asked == std::default_sentinel) return false;
        if (*asked == kRest) return true;
        if (!level_overlaps(stands_for(level, names), *asked)) return false;
        ++asked;
    }
    return asked == std::default_sentinel || *asked == kRest;
}

}  // namespace lotmesh::access
