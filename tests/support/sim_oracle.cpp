#include "tests/support/sim_oracle.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/assert.h"
#include "tests/support/sim_topic.h"

namespace lotmesh::sim {
namespace {

constexpr std::size_t kViolationsMax = 20;

int number_of(mqtt::QoS qos) { return static_cast<int>(qos); }
double seconds(Instant at) { return static_cast<double>(at.us) / 1e6; }

}  // namespace

void Oracle::violation(std::string text) {
    if (violations_.size() < kViolationsMax) violations_.push_back(std::move(text));
}

std::string Oracle::describe(MessageNumber number) const {
    const MessageFacts& message = messages_[number];
    return fmt::format("message {} (publisher {} at node {}, {}, QoS {}{}, sent {:.6f} x{}, {})",
                       number, message.publisher, message.origin, message.topic,
                       number_of(message.qos), message.retain ? ", retain" : "",
                       seconds(message.first_sent), message.transmissions,
                       message.acked ? fmt::format("acked {:.6f}", seconds(*message.acked))
                                     : std::string("not acked"));
}

MessageNumber Oracle::plan_message(MessageFacts facts) {
    messages_.push_back(std::move(facts));
    return static_cast<MessageNumber>(messages_.size() - 1);
}

void Oracle::sent(MessageNumber number, Instant now) {
    MessageFacts& message = messages_[number];
    if (message.transmissions++ == 0) message.first_sent = now;
}

void Oracle::acked(MessageNumber number, Instant now) {
    MessageFacts& message = messages_[number];
    if (message.transmissions == 0)
        violation("MQTT: acknowledged before sent: " + describe(number));
    if (!message.acked) message.acked = now;
}

void Oracle::publisher_lost_connection(PublisherNumber publisher, Instant now) {
    lost_connections_[publisher].push_back(now);
}

SessionNumber Oracle::begin_session(std::string client, NodeIndex node, Instant now) {
    Session& session = sessions_.emplace_back();
    session.client = std::move(client);
    session.node = node;
    session.began = now;
    return static_cast<SessionNumber>(sessions_.size() - 1);
}

void Oracle::interrupted(SessionNumber session, Instant now) {
    std::vector<Interruption>& all = sessions_[session].interruptions;
    if (all.empty() || all.back().end) all.push_back({now, std::nullopt});
}

void Oracle::resumed(SessionNumber session, Instant now) {
    std::vector<Interruption>& all = sessions_[session].interruptions;
    if (!all.empty() && !all.back().end) all.back().end = now;
}

void Oracle::subscribing(SessionNumber session, std::string filter, mqtt::QoS qos, Instant now) {
    unsubscribing(session, filter, now);  // a new one takes the place of the old one
    SubscriptionFacts facts;
    facts.filter = std::move(filter);
    facts.qos = qos;
    facts.asked = now;
    sessions_[session].subscriptions.push_back(std::move(facts));
}

void Oracle::granted(SessionNumber session, std::string_view filter, Instant now) {
    for (SubscriptionFacts& subscription : sessions_[session].subscriptions)
        if (subscription.filter == filter && !subscription.ended && !subscription.granted)
            subscription.granted = now;
}

void Oracle::unsubscribing(SessionNumber session, std::string_view filter, Instant now) {
    for (SubscriptionFacts& subscription : sessions_[session].subscriptions)
        if (subscription.filter == filter && !subscription.ended) subscription.ended = now;
}

void Oracle::delivered(SessionNumber session_number, const Delivery& delivery, Instant now) {
    Session& session = sessions_[session_number];
    const bool matches = std::ranges::any_of(session.subscriptions, [&](const auto& subscription) {
        return filter_matches(subscription.filter, delivery.topic);
    });
    if (!matches) {
        violation(fmt::format("MQTT: {} received {} without a subscription", session.client,
                              delivery.topic));
    }
    if (delivery.payload.empty() || delivery.topic.starts_with('$')) return;
    const std::optional<MessageNumber> number = read_payload(delivery.payload);
    if (!number || *number >= messages_.size()) {
        violation(fmt::format("MQTT: {} received a broken payload on {}", session.client,
                              delivery.topic));
        return;
    }
    const MessageFacts& message = messages_[*number];
    if (message.transmissions == 0 || message.first_sent > now || message.topic != delivery.topic)
        violation("MQTT: delivered before sent, or elsewhere: " + describe(*number));
    if (delivery.qos > message.qos)
        violation(fmt::format("MQTT: {} received at QoS {}: {}", session.client,
                              number_of(delivery.qos), describe(*number)));
    if (delivery.retain) {
        if (!message.retain)
            violation(fmt::format("MQTT: {} received as retained: {}", session.client,
                                  describe(*number)));
        return;  // a copy of the store, not of the stream
    }
    ++deliveries_;
    judge_live(session, *number, delivery, now);
}

// A node that has just started takes what is retained from whoever it meets first, and tells its
// subscribers, who would not see it otherwise. The log of a writer that it meets later may bring it
// again.
bool Oracle::told_by_a_third_node(const Session& session, const MessageFacts& message,
                                  Instant now) const {
    if (message.origin == session.node) return false;
    const Instant alone_since = history_.last_crash_before(session.node, now).value_or(Instant{});
    const auto met = history_.settled_after(message.origin, session.node, alone_since);
    return !met || *met >= message.first_sent;
}

void Oracle::judge_live(Session& session, MessageNumber number, const Delivery& delivery,
                        Instant now) {
    const MessageFacts& message = messages_[number];
    Received& received = session.received[number];
    ++received.copies;
    if (!delivery.dup) ++received.first_copies;

    if (message.retain && told_by_a_third_node(session, message, now)) return;
    // Who forgot a cursor takes again what was on its way then.
    if (may_have_forgotten(message.origin, session.node, message.first_sent, now)) return;
    if (delivery.qos == mqtt::QoS::ExactlyOnce && received.copies > 1)
        violation(fmt::format("I2: {} received {} times: {}", session.client, received.copies,
                              describe(number)));
    const std::uint32_t copies_max =
        message.qos == mqtt::QoS::ExactlyOnce ? 1 : message.transmissions;
    if (received.first_copies > copies_max)
        violation(fmt::format("I3: {} received {} copies: {}", session.client,
                              received.first_copies, describe(number)));
    if (received.copies > 1) return;
    const Stream stream{message.publisher, message.topic, message.qos, delivery.qos};
    const auto [newest, is_first] = session.newest.insert({stream, number});
    if (!is_first && newest->second > number)
        violation(fmt::format("I4: {} received {} before: {}", session.client,
                              describe(newest->second), describe(number)));
    newest->second = std::max(newest->second, number);
}

void Oracle::linked(NodeIndex a, NodeIndex b, Instant now) {
    links_[std::minmax(a, b)].push_back(now);
}

// A message goes again on another connection where nobody knows what became of the first; QoS 0
// does not, and on one connection nothing does.
void Oracle::crossed(MessageNumber number, const Wire& wire, Instant now) {
    if (number >= messages_.size()) return;
    const MessageFacts& message = messages_[number];
    if (message.retain) return;  // the retained store is compared and sent on its own
    if (wire.from != message.origin) {
        violation(fmt::format("I5: node {} sent on to node {}: {}", wire.from, wire.to,
                              describe(number)));
        return;
    }
    Crossing& crossing = crossings_[{number, wire.from, wire.to}];
    crossing.last = now;
    const std::uint32_t count = ++crossing.by_connection[wire.connection];
    if (count > message.transmissions)
        violation(fmt::format("I5: {} times on one connection from node {} to node {}: {}", count,
                              wire.from, wire.to, describe(number)));
    if (message.qos == mqtt::QoS::AtMostOnce && crossing.by_connection.size() > 1)
        violation(fmt::format("I5: on {} connections from node {} to node {}: {}",
                              crossing.by_connection.size(), wire.from, wire.to, describe(number)));
    if (!was_wanted(message, wire.to))
        violation(
            fmt::format("I5: to node {}, which never wanted it: {}", wire.to, describe(number)));
}

bool Oracle::was_wanted(const MessageFacts& message, NodeIndex node) const {
    return std::ranges::any_of(sessions_, [&](const Session& session) {
        return session.node == node &&
               std::ranges::any_of(session.subscriptions, [&](const auto& subscription) {
                   return filter_matches(subscription.filter, message.topic);
               });
    });
}

std::size_t Oracle::links_made(NodeIndex a, NodeIndex b) const {
    const auto it = links_.find(std::minmax(a, b));
    return it == links_.end() ? 0 : it->second.size();
}

void Oracle::set_validity(NodeIndex from, NodeIndex to, std::optional<Duration> validity) {
    const auto [it, is_new] = validity_.insert({{from, to}, validity});
    if (is_new || !validity) return;
    it->second = it->second ? std::min(*it->second, *validity) : *validity;
}

}  // namespace lotmesh::sim
