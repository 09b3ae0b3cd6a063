#include "runtime/broker/alias_table.h"

#include <algorithm>

#include "base/assert.h"

namespace lotmesh::broker {

namespace {

std::uint16_t alias_of(std::size_t index) { return static_cast<std::uint16_t>(index + 1); }

}  // namespace

AliasTable::Choice AliasTable::choose(std::string_view topic) const {
    if (!is_on() || topic.size() < kTopicBytesMin) return {};
    const auto known = std::ranges::find(entries_, topic, &Entry::topic);
    if (known != entries_.end())
        return {alias_of(static_cast<std::size_t>(known - entries_.begin())), true};
    if (entries_.size() < maximum_) return {alias_of(entries_.size()), false};
    const auto oldest = std::ranges::min_element(entries_, {}, &Entry::last_sent);
    if (messages_ - oldest->last_sent < kIdleMessages) return {};
    return {alias_of(static_cast<std::size_t>(oldest - entries_.begin())), false};
}

void AliasTable::sent(std::string_view topic, const Choice& choice) {
    ++messages_;
    if (choice.alias == 0) return;
    ASSERT(choice.alias <= maximum_ && choice.alias <= entries_.size() + 1U);
    if (choice.alias > entries_.size()) entries_.emplace_back();
    Entry& entry = entries_[choice.alias - 1U];
    if (!choice.known) entry.topic = topic;
    entry.last_sent = messages_;
}

}  // namespace lotmesh::broker
