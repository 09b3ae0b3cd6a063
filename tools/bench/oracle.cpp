#include "tools/bench/oracle.h"

#include <algorithm>

#include "base/assert.h"

namespace lotmesh::bench {

Oracle::Oracle(Layout layout)
    : layout_(layout), senders_(layout.publishers()), streams_(layout.streams()) {}

std::uint64_t Oracle::offer(std::uint32_t publisher) {
    ASSERT(publisher < senders_.size());
    ++offered_;
    return senders_[publisher].next++;
}

void Oracle::acked(std::uint32_t publisher, std::uint64_t sequence) {
    ASSERT(publisher < senders_.size());
    if (senders_[publisher].acked.insert(sequence)) ++acked_;
}

void Oracle::refused(std::uint32_t publisher, std::uint64_t sequence) {
    ASSERT(publisher < senders_.size() && sequence < senders_[publisher].next);
    ++refused_;
}

Arrival Oracle::delivered(std::uint32_t publisher, std::uint32_t subscriber,
                          std::uint64_t sequence) {
    const std::optional<std::uint32_t> index = layout_.stream(publisher, subscriber);
    if (!index || sequence >= senders_[publisher].next) {
        ++alien_;
        return Arrival::Alien;
    }
    Stream& stream = streams_[*index];
    if (!stream.arrived.insert(sequence)) {
        ++duplicated_;
        return Arrival::Duplicate;
    }
    ++delivered_;
    if (sequence < stream.next) {
        ++reordered_;
        return Arrival::Late;
    }
    stream.next = sequence + 1;
    return Arrival::InOrder;
}

void Oracle::subscribed_anew(std::uint32_t subscriber) {
    for (std::uint32_t i = 0; i < streams_.size(); ++i) {
        if (layout_.subscriber_of(i) != subscriber) continue;
        const std::uint64_t end = senders_[layout_.publisher_of(i)].next;
        streams_[i].excused.push_back({streams_[i].next, end});
    }
}

std::uint64_t Oracle::arrived_up_to(std::uint32_t publisher) const {
    return streams_[layout_.last_stream_of(publisher)].next;
}

bool Oracle::complete() const {
    for (std::uint32_t i = 0; i < streams_.size(); ++i)
        if (missing(i).lost > 0) return false;
    return true;
}

Oracle::Missing Oracle::missing(std::uint32_t index) const {
    const Stream& stream = streams_[index];
    const Sender& sender = senders_[layout_.publisher_of(index)];
    Missing missing;
    sender.acked.for_each_not_in(stream.arrived, [&](std::uint64_t sequence) {
        const bool excused = std::ranges::any_of(stream.excused, [sequence](const Span& span) {
            return span.begin <= sequence && sequence < span.end;
        });
        ++(excused ? missing.excused : missing.lost);
    });
    return missing;
}

Verdict Oracle::verdict() const {
    Verdict verdict{.offered = offered_,
                    .acked = acked_,
                    .refused = refused_,
                    .delivered = delivered_,
                    .duplicated = duplicated_,
                    .reordered = reordered_,
                    .alien = alien_};
    for (std::uint32_t i = 0; i < streams_.size(); ++i) {
        const Missing gone = missing(i);
        verdict.lost += gone.lost;
        verdict.excused += gone.excused;
    }
    return verdict;
}

}  // namespace lotmesh::bench
