// The topic aliases that we have given out on one connection (section 3.3.2.3.4): which topics the
// client need not be told again.
//
// A topic gets an alias when it is first sent and keeps it while it is in use. Where all are taken,
// a new topic gets the alias of the one that was not sent for longest, but only when that is long
// ago: topics that take turns would otherwise be announced each time. Core thread; bounded by
// Limits::topic_aliases_out_max and what the client allows. [MQTT-3.1.2-26] [MQTT-3.1.2-27]
// [MQTT-3.3.2-11]
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lotmesh::broker {

class AliasTable {
public:
    // A shorter topic costs no more than an alias.
    static constexpr std::size_t kTopicBytesMin = 8;
    // So many messages must have been sent since a topic was, before another takes its alias.
    static constexpr std::uint64_t kIdleMessages = 64;

    // 0: the client wants none.
    explicit AliasTable(std::uint16_t maximum = 0) : maximum_(maximum) {}

    bool is_on() const { return maximum_ != 0; }

    struct Choice {
        std::uint16_t alias = 0;  // 0: none; the topic is sent as it is
        bool known = false;       // the client has it: the topic is left out
        bool operator==(const Choice&) const = default;
    };
    Choice choose(std::string_view topic) const;

    // A packet with that alias has been written.
    void sent(std::string_view topic, const Choice& choice);

private:
    struct Entry {
        std::string topic;
        std::uint64_t last_sent = 0;
    };

    std::uint16_t maximum_;
    std::uint64_t messages_ = 0;
    std::vector<Entry> entries_;  // [alias - 1]
};

}  // namespace lotmesh::broker
