// Topic matching for the oracle: written anew from section 4.7 of the standard, so that a mistake
// of the broker's own index is not repeated here.
#pragma once

#include <string_view>

namespace lotmesh::sim {

inline bool filter_matches(std::string_view filter, std::string_view topic) {
    if (!topic.empty() && topic[0] == '$' && !filter.empty() && filter[0] != '$') return false;
    while (true) {
        if (filter == "#") return true;
        const std::size_t filter_end = filter.find('/');
        const std::size_t topic_end = topic.find('/');
        const std::string_view wanted = filter.substr(0, filter_end);
        if (wanted != "+" && wanted != topic.substr(0, topic_end)) return false;
        if (topic_end == std::string_view::npos) {
            if (filter_end == std::string_view::npos) return true;
            return filter.substr(filter_end) == "/#";  // a/# matches a
        }
        if (filter_end == std::string_view::npos) return false;
        filter.remove_prefix(filter_end + 1);
        topic.remove_prefix(topic_end + 1);
    }
}

}  // namespace lotmesh::sim
