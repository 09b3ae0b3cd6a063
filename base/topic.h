// Topic names and topic filters (section 4.7 of MQTT 5.0): grammar, levels, match. Pure functions
// over borrowed text. Comparison is byte by byte, nothing is normalized [MQTT-4.7.3-4].
//
// Bounds: kTopicBytesMax is the standard's; kTopicLevelsMax is ours, so that nobody can build a
// subscription tree of 65,535 levels with one packet.
#pragma once

#include <cstddef>
#include <iterator>
#include <optional>
#include <string_view>

namespace lotmesh {

inline constexpr std::size_t kTopicBytesMax = 65'535;
inline constexpr std::size_t kTopicLevelsMax = 200;

// At least one character, MQTT UTF-8, no wildcard, within the bounds.
bool is_valid_topic_name(std::string_view name);

// As above with wildcards in their places. One that begins with "$share/" must be a shared filter
// in proper form.
bool is_valid_topic_filter(std::string_view filter);

// Both must be valid; of a shared filter, give the part that follows the group.
bool topic_matches(std::string_view filter, std::string_view name);

bool has_wildcard(std::string_view filter);

// "$share/group/filter". The filter here is what topics are matched against.
struct SharedFilter {
    std::string_view group;
    std::string_view filter;
    bool operator==(const SharedFilter&) const = default;
};

// True for everything in the name space of shared subscriptions, in proper form or not.
bool is_shared_filter(std::string_view filter);

// Nullopt where `filter` is not shared, or not in proper form.
std::optional<SharedFilter> parse_shared_filter(std::string_view filter);

// The levels of a name or filter: for (std::string_view level : TopicLevels(topic)) ...
// "a//b" has the levels "a", "" and "b". Borrows the text.
class TopicLevels {
public:
    class Iterator {
    public:
        using value_type = std::string_view;
        using difference_type = std::ptrdiff_t;

        Iterator() = default;
        explicit Iterator(std::string_view topic) : rest_(topic), done_(false) { find_end(); }

        std::string_view operator*() const { return rest_.substr(0, level_size_); }
        Iterator& operator++() {
            done_ = level_size_ == rest_.size();
            if (!done_) {
                rest_.remove_prefix(level_size_ + 1);
                find_end();
            }
            return *this;
        }
        Iterator operator++(int) {
            Iterator before = *this;
            ++*this;
            return before;
        }
        bool operator==(std::default_sentinel_t) const { return done_; }
        bool operator==(const Iterator&) const = default;

        // From the present level to the end of the topic.
        std::string_view rest() const { return rest_; }

    private:
        void find_end() {
            const std::size_t slash = rest_.find('/');
            level_size_ = slash == std::string_view::npos ? rest_.size() : slash;
        }

        std::string_view rest_;
        std::size_t level_size_ = 0;
        bool done_ = true;
    };

    explicit TopicLevels(std::string_view topic) : topic_(topic) {}
    Iterator begin() const { return Iterator(topic_); }
    std::default_sentinel_t end() const { return {}; }

private:
    std::string_view topic_;
};

}  // namespace lotmesh
