// Judges a run by the invariants of the cluster: it is told what was offered, acknowledged and
// delivered, what crossed each wire and what failed, and knows nothing of how the broker works.
//
//   I1  no acknowledged message is missing      I2  QoS 2 at most once
//   I3  no copies without a retransmission      I4  order per publisher, topic and QoS
//   I5  each connection is crossed once per message   I7  one connection for each client id
//   I8  session present is true   I9  retained messages converge to the last writer
//   I10 the SUBACK is a barrier   I15 bounded   I16 an edit touches one route   I18 honest health
//   I25 what expires is counted, once
//   MQTT what the standard forbids   live all comes to rest when the faults have ended
//
// Safety (I2 to I5) is judged with each delivery, losses (I1, I10) and I9 at the end. Exceptions
// are only those that FaultHistory proves: the origin lost its memory, or the validity ran out.
// Each violation begins with the name of what is violated and a colon.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "runtime/mqtt/types.h"
#include "tests/support/sim_history.h"
#include "tests/support/sim_payload.h"

namespace lotmesh::sim {

using PublisherNumber = std::uint32_t;
using SessionNumber = std::uint32_t;

struct MessageFacts {
    PublisherNumber publisher = 0;
    NodeIndex origin = 0;
    std::string topic;
    mqtt::QoS qos = mqtt::QoS::AtMostOnce;
    bool retain = false;
    bool deletes = false;  // retained, with an empty payload
    std::uint32_t transmissions = 0;
    Instant first_sent;
    std::optional<Instant> acked;
    bool refused = false;
};

struct SubscriptionFacts {
    std::string filter;
    mqtt::QoS qos = mqtt::QoS::AtMostOnce;
    Instant asked;
    std::optional<Instant> granted;
    std::optional<Instant> ended;
};

// A PUBLISH that a client took as a new one, that is not the repetition of a QoS 2 packet.
struct Delivery {
    std::string_view topic;
    ByteView payload;
    mqtt::QoS qos = mqtt::QoS::AtMostOnce;
    bool dup = false;
    bool retain = false;
};

// "I1" of "I1: ...".
inline std::string_view invariant_of(std::string_view violation) {
    return violation.substr(0, violation.find(':'));
}

class Oracle {
public:
    explicit Oracle(const FaultHistory& history) : history_(history) {}

    // Publishers.
    MessageNumber plan_message(MessageFacts facts);
    void sent(MessageNumber number, Instant now);
    void acked(MessageNumber number, Instant now);
    void refused(MessageNumber number) {
        messages_[number].refused = true;
        ++refusals_;
    }
    void publisher_lost_connection(PublisherNumber publisher, Instant now);

    // Sessions of subscribers.
    SessionNumber begin_session(std::string client, NodeIndex node, Instant now);
    void end_session(SessionNumber session, Instant now) { sessions_[session].ended = now; }
    void interrupted(SessionNumber session, Instant now);  // not connected, or not reading
    void resumed(SessionNumber session, Instant now);
    void subscribing(SessionNumber session, std::string filter, mqtt::QoS qos, Instant now);
    void granted(SessionNumber session, std::string_view filter, Instant now);
    void unsubscribing(SessionNumber session, std::string_view filter, Instant now);
    void delivered(SessionNumber session, const Delivery& delivery, Instant now);

    // Wires between nodes.
    void linked(NodeIndex a, NodeIndex b, Instant now);
    struct Wire {
        NodeIndex from = 0;
        NodeIndex to = 0;
        std::uint64_t connection = 0;
    };
    void crossed(MessageNumber number, const Wire& wire, Instant now);

    // The longest that a message may wait at `from` for `to`; none: for ever.
    void set_validity(NodeIndex from, NodeIndex to, std::optional<Duration> validity);

    // QoS 0 is promised too, where nothing happens that could hold it up. Not where connections
    // are congested after a few KiB, since that is what QoS 0 is dropped for.
    void excuse_best_effort() { best_effort_promised_ = false; }

    // Small limits: what is slow or away pauses others, whose clients are slow then. What must be
    // prompt is so where the whole cluster has been calm; all the rest is promised as ever.
    void expect_pauses() { pauses_ = true; }
    // Nodes that were apart for so long may have forgotten each other, and all that waited; those
    // without a route do much sooner.
    void set_forget_after(Duration span) { forget_after_ = span; }
    bool may_have_forgotten(NodeIndex a, NodeIndex b, Instant from, Instant to) const {
        return history_.apart_for(a, b, forget_after_, from, to) ||
               history_.forgotten_without_route(a, b, from, to);
    }

    void check_losses(Instant end);
    using RetainedState = std::map<std::string, MessageNumber>;
    void check_retained(NodeIndex node, const RetainedState& state);

    void violation(std::string text);
    const std::vector<std::string>& violations() const { return violations_; }

    std::size_t messages() const { return messages_.size(); }
    std::size_t deliveries() const { return deliveries_; }
    std::size_t obligations() const { return obligations_; }
    std::size_t refusals() const { return refusals_; }
    std::size_t links_made(NodeIndex a, NodeIndex b) const;
    std::size_t crossings() const { return crossings_.size(); }  // of distinct messages and wires
    // Messages that may have expired at `from` while `to` was away, and did not arrive.
    std::size_t missing_after_expiry(NodeIndex from, NodeIndex to) const;
    // Records that can have expired there at most: those that waited for so long, and did not
    // cross a wire after that.
    std::size_t expired_at_most(NodeIndex from, NodeIndex to) const;
    std::string describe(MessageNumber number) const;

private:
    struct Received {
        std::uint32_t first_copies = 0;  // without DUP
        std::uint32_t copies = 0;
    };
    struct Interruption {
        Instant begin;
        std::optional<Instant> end;  // none: it lasts
    };
    using Stream = std::tuple<PublisherNumber, std::string, mqtt::QoS, mqtt::QoS>;
    struct Session {
        std::string client;
        NodeIndex node = 0;
        Instant began;
        std::optional<Instant> ended;
        std::vector<Interruption> interruptions;
        std::vector<SubscriptionFacts> subscriptions;
        std::map<MessageNumber, Received> received;
        std::map<Stream, MessageNumber> newest;
    };

    void judge_live(Session& session, MessageNumber number, const Delivery& delivery, Instant now);
    bool told_by_a_third_node(const Session& session, const MessageFacts& message,
                              Instant now) const;
    bool undisturbed(NodeIndex a, NodeIndex b, Instant from, Instant to) const;
    std::optional<Instant> at_peace_after(NodeIndex a, NodeIndex b, Instant from) const;
    bool knows_interest(NodeIndex origin, const Session& session,
                        const SubscriptionFacts& subscription, Instant when) const;
    bool interrupted_within(const Session& session, Instant from, Instant to) const;
    bool prompt(const MessageFacts& message, const Session& session, Instant end) const;
    bool origin_lost_it(const MessageFacts& message, const Session& session, Instant end) const;
    bool must_arrive(const MessageFacts& message, const Session& session,
                     const SubscriptionFacts& subscription, Instant end);
    bool may_be_gone(const MessageFacts& message, NodeIndex to, Instant end) const;
    bool may_expire(const MessageFacts& message, const Session& session) const;
    std::optional<Duration> longest_wait(const MessageFacts& message, NodeIndex to) const;
    bool was_wanted(const MessageFacts& message, NodeIndex node) const;
    std::size_t records_expired_at_most(MessageNumber number, NodeIndex to) const;
    std::string_view loss_of(const MessageFacts& message, const Session& session,
                             const SubscriptionFacts& subscription) const;
    void check_refused(MessageNumber number);
    void check_loss(MessageNumber number, const Session& session, Instant end);
    bool superseded(const MessageFacts& older, const MessageFacts& newer) const;

    const FaultHistory& history_;
    std::vector<MessageFacts> messages_;
    std::vector<Session> sessions_;
    std::map<PublisherNumber, std::vector<Instant>> lost_connections_;
    std::map<std::pair<NodeIndex, NodeIndex>, std::vector<Instant>> links_;
    struct Crossing {
        std::map<std::uint64_t, std::uint32_t> by_connection;  // how often
        Instant last;
    };
    std::map<std::tuple<MessageNumber, NodeIndex, NodeIndex>, Crossing> crossings_;
    std::map<std::pair<NodeIndex, NodeIndex>, std::optional<Duration>> validity_;
    std::map<std::pair<NodeIndex, NodeIndex>, std::set<MessageNumber>> expired_;
    std::vector<std::string> violations_;
    bool best_effort_promised_ = true;
    bool pauses_ = false;
    Duration forget_after_ = Duration::seconds(3'600);
    std::size_t deliveries_ = 0;
    std::size_t obligations_ = 0;
    std::size_t refusals_ = 0;
};

}  // namespace lotmesh::sim
