// The judgement at the end of a run: what should have arrived and did not, and what each node
// retains.
#include <fmt/core.h>

#include <algorithm>

#include "tests/support/sim_oracle.h"
#include "tests/support/sim_topic.h"

namespace lotmesh::sim {
namespace {

// On a settled pair a message arrives within this after it was sent.
constexpr Duration kPrompt = Duration::seconds(3);
constexpr Duration kAnyTime = Duration::seconds(1'000'000);
// Interest without a barrier would have arrived within this.
constexpr Duration kBarrierRace = Duration::seconds(1);

mqtt::QoS lower(mqtt::QoS a, mqtt::QoS b) { return std::min(a, b); }

}  // namespace

bool Oracle::undisturbed(NodeIndex a, NodeIndex b, Instant from, Instant to) const {
    return (a == b || history_.clean(a, b, from, to)) && (!pauses_ || history_.calm(from, to));
}

std::optional<Instant> Oracle::at_peace_after(NodeIndex a, NodeIndex b, Instant from) const {
    const auto settled = history_.settled_after(a, b, from);
    return settled && pauses_ ? history_.calm_after(*settled) : settled;
}

// The origin of a message routes this subscription's topics to its node: either the SUBACK was a
// barrier, or they have been linked and at peace since.
bool Oracle::knows_interest(NodeIndex origin, const Session& session,
                            const SubscriptionFacts& subscription, Instant when) const {
    if (!subscription.granted || *subscription.granted > when) return false;
    if (origin == session.node) return true;
    const auto crash = history_.last_crash_before(origin, when);
    const bool crashed_since = crash && *crash >= subscription.asked;
    if (!crashed_since &&
        undisturbed(origin, session.node, subscription.asked, *subscription.granted))
        return true;
    const Instant base =
        crashed_since ? std::max(*crash, *subscription.granted) : *subscription.granted;
    const auto peace = at_peace_after(origin, session.node, base);
    return peace && *peace <= when;
}

bool Oracle::interrupted_within(const Session& session, Instant from, Instant to) const {
    return std::ranges::any_of(session.interruptions, [&](const Interruption& interruption) {
        return interruption.begin <= to && (!interruption.end || *interruption.end >= from);
    });
}

// Nothing happened that could have held it up.
bool Oracle::prompt(const MessageFacts& message, const Session& session, Instant end) const {
    const Instant sent = message.first_sent;
    const Instant due = std::max(message.acked.value_or(sent), sent) + kPrompt;
    if (due > session.ended.value_or(end)) return false;
    if (!undisturbed(message.origin, session.node, sent, due)) return false;
    if (history_.crashed_within(message.origin, sent, due)) return false;
    if (interrupted_within(session, sent, due)) return false;
    const auto lost = lost_connections_.find(message.publisher);
    return lost == lost_connections_.end() ||
           std::ranges::none_of(lost->second, [&](Instant at) { return at >= sent && at <= due; });
}

// Memory is all there is: what a node had not yet handed over when it crashed is gone.
bool Oracle::origin_lost_it(const MessageFacts& message, const Session& session,
                            Instant end) const {
    if (message.origin == session.node) return false;  // then the session is gone too
    if (!history_.crashed_within(message.origin, message.first_sent, end)) return false;
    const Instant due = std::max(*message.acked, message.first_sent) + kPrompt;
    return history_.crashed_within(message.origin, message.first_sent, due) ||
           !undisturbed(message.origin, session.node, message.first_sent, due);
}

bool Oracle::may_expire(const MessageFacts& message, const Session& session) const {
    if (message.origin == session.node) return false;
    const auto waited = longest_wait(message, session.node);
    if (!waited) return true;
    const auto it = validity_.find({message.origin, session.node});
    if (it == validity_.end() || !it->second) return false;
    return *waited > *it->second;
}

// By a fault that began while it was on its way: soon after it was sent, or, where it may have been
// held back, at any time.
std::optional<Duration> Oracle::longest_wait(const MessageFacts& message, NodeIndex to) const {
    return history_.longest_wait(message.origin, to, message.first_sent,
                                 pauses_ ? kAnyTime : kPrompt);
}

// The receiver was forgotten with all that waited for it, or let go: then nothing waits for it.
// What held up a message where there are small limits is not known, so a removed route excuses it.
bool Oracle::may_be_gone(const MessageFacts& message, NodeIndex to, Instant end) const {
    const NodeIndex from = message.origin;
    if (from == to) return false;
    if (history_.apart_for(from, to, forget_after_, message.first_sent, end)) return true;
    return history_.let_go(from, to,
                           {message.first_sent, message.acked.value_or(message.first_sent),
                            pauses_ ? kAnyTime : kPrompt});
}

bool Oracle::must_arrive(const MessageFacts& message, const Session& session,
                         const SubscriptionFacts& subscription, Instant end) {
    if (!filter_matches(subscription.filter, message.topic)) return false;
    if (may_be_gone(message, session.node, end)) return false;
    if (subscription.ended ||
        !knows_interest(message.origin, session, subscription, message.first_sent))
        return false;
    const bool best_effort = lower(message.qos, subscription.qos) == mqtt::QoS::AtMostOnce;
    if (best_effort && !best_effort_promised_) return false;
    if (prompt(message, session, end)) return true;
    if (best_effort) return false;
    return !session.ended && !origin_lost_it(message, session, end);
}

// Where the subscription was new and both nodes at peace, it is the barrier that failed.
std::string_view Oracle::loss_of(const MessageFacts& message, const Session& session,
                                 const SubscriptionFacts& subscription) const {
    const bool is_new = message.first_sent - *subscription.granted < kBarrierRace;
    return is_new && message.origin != session.node ? "I10" : "I1";
}

void Oracle::check_loss(MessageNumber number, const Session& session, Instant end) {
    const MessageFacts& message = messages_[number];
    const auto promising =
        std::ranges::find_if(session.subscriptions, [&](const SubscriptionFacts& subscription) {
            return must_arrive(message, session, subscription, end);
        });
    if (promising == session.subscriptions.end()) return;
    ++obligations_;
    const auto received = session.received.find(number);
    if (received != session.received.end() && received->second.copies > 0) return;
    if (may_expire(message, session)) {
        expired_[{message.origin, session.node}].insert(number);
        return;
    }
    violation(fmt::format("{}: {} at node {} misses {}", loss_of(message, session, *promising),
                          session.client, session.node, describe(number)));
}

std::size_t Oracle::missing_after_expiry(NodeIndex from, NodeIndex to) const {
    const auto it = expired_.find({from, to});
    return it == expired_.end() ? 0 : it->second.size();
}

// A repeated PUBLISH of QoS 1 is one more record.
std::size_t Oracle::records_expired_at_most(MessageNumber number, NodeIndex to) const {
    const MessageFacts& message = messages_[number];
    const auto validity = validity_.find({message.origin, to});
    if (message.transmissions == 0 || validity == validity_.end() || !validity->second) return 0;
    if (message.qos == mqtt::QoS::AtMostOnce && !message.retain) return 0;
    const auto waited = longest_wait(message, to);
    if (waited && *waited < *validity->second) return 0;
    if (!message.retain && !was_wanted(message, to)) return 0;
    const auto crossing = crossings_.find({number, message.origin, to});
    const bool crossed_late = crossing != crossings_.end() &&
                              crossing->second.last > message.first_sent + *validity->second;
    return message.transmissions - (crossed_late ? 1 : 0);
}

std::size_t Oracle::expired_at_most(NodeIndex from, NodeIndex to) const {
    std::size_t most = 0;
    for (MessageNumber number = 0; number < messages_.size(); ++number)
        if (messages_[number].origin == from) most += records_expired_at_most(number, to);
    return most;
}

// Nothing of it was kept. One that was sent again may have been taken the first time.
void Oracle::check_refused(MessageNumber number) {
    if (messages_[number].transmissions > 1) return;
    for (const Session& session : sessions_)
        if (session.received.contains(number))
            violation(fmt::format("I25: {} received what was refused: {}", session.client,
                                  describe(number)));
}

void Oracle::check_losses(Instant end) {
    for (MessageNumber number = 0; number < messages_.size(); ++number) {
        const MessageFacts& message = messages_[number];
        if (message.refused) check_refused(number);
        if (message.transmissions == 0 || message.refused || message.deletes) continue;
        if (message.qos != mqtt::QoS::AtMostOnce && !message.acked) continue;
        for (const Session& session : sessions_)
            check_loss(number, session, end);
    }
}

// Both on one topic: `newer` was written when its node certainly knew of `older`, and is certainly
// still known somewhere.
bool Oracle::superseded(const MessageFacts& older, const MessageFacts& newer) const {
    if (!newer.acked || newer.refused) return false;
    if (history_.crashed_within(newer.origin, newer.first_sent, *newer.acked + kPrompt) ||
        history_.crashed_within(older.origin, older.first_sent, *newer.acked + kPrompt))
        return false;
    if (older.origin == newer.origin) {
        if (history_.crashed_within(newer.origin, newer.first_sent, Instant{INT64_MAX}))
            return false;
        return (older.publisher == newer.publisher && older.qos == newer.qos &&
                older.first_sent < newer.first_sent) ||
               (older.acked && *older.acked < newer.first_sent);
    }
    return older.acked && *older.acked + kPrompt < newer.first_sent &&
           !history_.crashed_within(newer.origin, older.first_sent, Instant{INT64_MAX}) &&
           undisturbed(older.origin, newer.origin, older.first_sent, *newer.acked + kPrompt);
}

void Oracle::check_retained(NodeIndex node, const RetainedState& state) {
    std::map<std::string, std::vector<MessageNumber>> writes;
    for (MessageNumber number = 0; number < messages_.size(); ++number)
        if (messages_[number].retain && messages_[number].transmissions > 0)
            writes[messages_[number].topic].push_back(number);
    const auto stands = [&](MessageNumber number) {
        const auto& others = writes[messages_[number].topic];
        return std::ranges::none_of(others, [&](MessageNumber other) {
            return other != number && superseded(messages_[number], messages_[other]);
        });
    };
    for (const auto& [topic, number] : state)
        if (!stands(number))
            violation(fmt::format("I9: node {} retains on {} an old value: {}", node, topic,
                                  describe(number)));
    for (const auto& [topic, numbers] : writes) {
        if (state.contains(topic)) continue;
        const bool explained = std::ranges::any_of(numbers, [&](MessageNumber number) {
            return messages_[number].deletes && stands(number);
        });
        const bool written = std::ranges::any_of(numbers, [&](MessageNumber number) {
            const MessageFacts& message = messages_[number];
            return message.acked && !message.deletes && !message.refused &&
                   !history_.crashed_within(message.origin, message.first_sent, Instant{INT64_MAX});
        });
        if (written && !explained)
            violation(fmt::format("I9: node {} retains nothing on {}", node, topic));
    }
}

}  // namespace lotmesh::sim
