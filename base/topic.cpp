#include "base/topic.h"

#include <algorithm>

#include "base/utf8.h"

namespace lotmesh {
namespace {

constexpr std::string_view kSharePrefix = "$share/";

// What names and filters have in common. [MQTT-4.7.3-1] [MQTT-4.7.3-2] [MQTT-4.7.3-3]
bool is_within_bounds(std::string_view topic) {
    return !topic.empty() && topic.size() <= kTopicBytesMax &&
           static_cast<std::size_t>(std::ranges::count(topic, '/')) < kTopicLevelsMax &&
           is_mqtt_utf8(topic);
}

bool is_valid_plain_filter(std::string_view filter) {
    if (!is_within_bounds(filter)) return false;
    for (auto it = TopicLevels(filter).begin(); it != std::default_sentinel; ++it) {
        const std::string_view level = *it;
        if (level == "#") {
            if (it.rest().size() != 1) return false;  // not the last one [MQTT-4.7.1-1]
        } else if (level != "+" && has_wildcard(level)) {
            return false;  // [MQTT-4.7.1-2]
        }
    }
    return true;
}

}  // namespace

bool has_wildcard(std::string_view filter) {
    return filter.find_first_of("+#") != std::string_view::npos;
}

// Once for each PUBLISH, so in one pass without branches; what is not ASCII takes a second one.
bool is_valid_topic_name(std::string_view name) {
    if (name.empty() || name.size() > kTopicBytesMax)
        return false;  // [MQTT-4.7.3-1] [MQTT-4.7.3-3]
    std::size_t slashes = 0;
    bool forbidden = false;
    unsigned char all_bits = 0;
    for (const char c : name) {
        slashes += c == '/' ? 1 : 0;
        forbidden |= (c == '+') | (c == '#') | (c == '\0');  // [MQTT-4.7.0-1] [MQTT-4.7.3-2]
        all_bits |= static_cast<unsigned char>(c);
    }
    return !forbidden && slashes < kTopicLevelsMax && (all_bits < 0x80 || is_utf8(name));
}

bool is_valid_topic_filter(std::string_view filter) {
    if (is_shared_filter(filter)) return parse_shared_filter(filter).has_value();
    return is_valid_plain_filter(filter);
}

bool is_shared_filter(std::string_view filter) { return filter.starts_with(kSharePrefix); }

std::optional<SharedFilter> parse_shared_filter(std::string_view filter) {
    if (!is_shared_filter(filter) || filter.size() > kTopicBytesMax) return std::nullopt;
    const std::string_view rest = filter.substr(kSharePrefix.size());
    const std::size_t slash = rest.find('/');
    if (slash == std::string_view::npos) return std::nullopt;  // [MQTT-4.8.2-2]
    const SharedFilter shared{rest.substr(0, slash), rest.substr(slash + 1)};
    // [MQTT-4.8.2-1] [MQTT-4.8.2-2]
    const bool group_ok =
        !shared.group.empty() && !has_wildcard(shared.group) && is_mqtt_utf8(shared.group);
    if (!group_ok || !is_valid_plain_filter(shared.filter)) return std::nullopt;
    return shared;
}

bool topic_matches(std::string_view filter, std::string_view name) {
    // [MQTT-4.7.2-1]
    if (name.starts_with('$') && (filter.starts_with('+') || filter.starts_with('#'))) return false;

    auto wanted = TopicLevels(filter).begin();
    auto level = TopicLevels(name).begin();
    for (; wanted != std::default_sentinel; ++wanted) {
        if (*wanted == "#") return true;  // also the parent level: "a/#" matches "a"
        if (level == std::default_sentinel) return false;
        if (*wanted != "+" && *wanted != *level) return false;
        ++level;
    }
    return level == std::default_sentinel;
}

}  // namespace lotmesh
