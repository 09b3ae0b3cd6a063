#include "runtime/broker/sharing.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "runtime/broker/authorising.h"
#include "runtime/broker/backpressure.h"
#include "runtime/broker/fan_out.h"

namespace lotmesh::broker {
namespace {

// So many members are compared for one message; the others have their turn with the next ones.
constexpr std::size_t kComparedMax = 32;

// A queue that is longer is searched for what should move once in a while only, so that nobody can
// make the broker do it with each packet.
constexpr std::size_t kSearchedFreely = 1000;
constexpr Duration kSearchInterval = Duration::seconds(1);

// What a PUBLISH to one member has beside topic, properties and payload, at most.
constexpr std::size_t kPublishOverhead = 32;

enum class Readiness : std::uint8_t {
    Ready,
    Busy,       // it would wait for something else than a place in the window
    WouldLose,  // it would be dropped
};

struct Candidate {
    Session* session = nullptr;
    const Subscription* subscription = nullptr;
    Readiness readiness = Readiness::WouldLose;
    std::uint64_t waiting = 0;  // in flight and queued
    std::uint64_t window = 1;

    bool is_idle() const { return readiness == Readiness::Ready && waiting == 0; }
};

bool is_better(const Candidate& a, const Candidate& b) {
    if (a.readiness != b.readiness) return a.readiness < b.readiness;
    return a.waiting * b.window < b.waiting * a.window;
}

Readiness readiness_here(const Turn& turn, const Session& session, const Message& message,
                         mqtt::QoS qos) {
    const Connection& connection = *session.connection;
    const QueueLimits& limits = turn.state.config.limits.queue;
    const std::size_t size =
        message.memory_bytes() - sizeof(Message) + kPublishOverhead;  // [MQTT-3.1.2-25]
    if (size > connection.packet_bytes_max) return Readiness::WouldLose;
    const bool congested =
        connection.congested || turn.effects.pending_bytes(connection.id) > kCongestedBytes;
    if (qos == mqtt::QoS::AtMostOnce && congested) return Readiness::WouldLose;
    if (!session.queue.would_fit(message, limits.messages_max, limits.bytes_max))
        return Readiness::WouldLose;
    return congested || session.pending_subacks > 0 ? Readiness::Busy : Readiness::Ready;
}

Readiness readiness_away(const Turn& turn, const Session& session, const Message& message,
                         mqtt::QoS qos) {
    const Limits& limits = turn.state.config.limits;
    if (qos == mqtt::QoS::AtMostOnce ||
        !session.queue.would_fit(message, limits.offline_messages_max, limits.offline_bytes_max))
        return Readiness::WouldLose;
    return Readiness::Busy;
}

Candidate look_at(Turn& turn, const Subscription& subscription, const Message& message) {
    Session* session = turn.state.sessions.find(subscription.session);
    ASSERT(session != nullptr);  // a session that ends takes its subscriptions along
    const mqtt::QoS qos = std::min(message.qos(), subscription.qos);
    return {.session = session,
            .subscription = &subscription,
            .readiness = session->connection != nullptr
                             ? readiness_here(turn, *session, message, qos)
                             : readiness_away(turn, *session, message, qos),
            .waiting = session->inflight.size() + session->queue.messages(),
            .window = std::max<std::uint64_t>(1, session->inflight.window())};
}

// The best of those that are compared; the next search begins behind it. Who may not receive the
// message is no member for it: no session where that is everybody.
Candidate choose(Turn& turn, const SubscriberList& members, const Message& message,
                 std::size_t& next) {
    Candidate best;
    if (members.empty()) return best;
    std::size_t best_at = 0;
    std::size_t compared = 0;
    std::size_t at = next % members.size();
    for (std::size_t i = 0; i < members.size() && compared < kComparedMax && !best.is_idle(); ++i) {
        const Candidate candidate = look_at(turn, members[at], message);
        const bool allowed = candidate.session->may_receive(message.topic());
        if (allowed) ++compared;
        if (allowed && (best.session == nullptr || is_better(candidate, best))) {
            best = candidate;
            best_at = at;
        }
        at = at + 1 == members.size() ? 0 : at + 1;
    }
    next = best_at + 1;
    return best;
}

void deliver_to_member(Turn& turn, const MessageRef& message, const Candidate& member,
                       GroupId group) {
    const Subscription& subscription = *member.subscription;
    // [MQTT-4.8.2-3] [MQTT-3.3.4-3]
    const std::span<const std::uint32_t> identifiers(&subscription.identifier,
                                                     subscription.identifier == 0 ? 0 : 1);
    deliver_to(turn, message,
               {*member.session, std::min(message->qos(), subscription.qos),
                subscription.retain_as_published && message->retain(), identifiers, group});
}

void note_moving(Turn& turn, Session& session) {
    if (session.moves_shared || session.queue.shared_messages() == 0) return;
    session.moves_shared = true;
    turn.state.moving.push_back(session.id);
    turn.state.shared_unsettled = true;
}

bool drop_if_expired(Turn& turn, const Message& message) {
    if (!message.expired(turn.now.instant)) return false;  // [MQTT-3.3.2-5]
    ++turn.state.counters.drops.expired;
    return true;
}

// True: the message is a connected member's now.
bool move_to_member_here(Turn& turn, const Delivery& delivery) {
    SharedGroup* group = turn.state.shared.find(delivery.group);
    if (group == nullptr) return false;
    const Candidate member = choose(turn, group->here, *delivery.message, group->turn);
    if (member.readiness == Readiness::WouldLose) {
        group->left_away = true;
        return false;
    }
    turn.state.heads.begin(*delivery.message, turn.now.instant);
    deliver_to_member(turn, delivery.message, member, group->id);
    ++turn.state.counters.shared_moves;
    return true;
}

// What is its own, or nobody else can have, stays, in its order.
void move_from(Turn& turn, Session& session) {
    const std::size_t messages = session.queue.messages();
    for (std::size_t i = 0; i < messages; ++i) {
        Delivery delivery = session.queue.pop();
        const bool stays = !delivery.group || (session.connection != nullptr &&
                                               session.groups.contains(delivery.group));
        if (!stays &&
            (drop_if_expired(turn, *delivery.message) || move_to_member_here(turn, delivery)))
            continue;
        session.queue.push(std::move(delivery));
    }
    note_drained(turn, session);
}

void deliver_orphans(Turn& turn) {
    State& state = turn.state;
    std::vector<Orphan> orphans;
    orphans.swap(state.orphans);
    for (const Orphan& orphan : orphans) {
        if (drop_if_expired(turn, *orphan.message)) continue;
        if (state.shared.find(orphan.group) == nullptr) {  // the last member went too
            ++state.counters.drops.session_ended;
            continue;
        }
        state.heads.begin(*orphan.message, turn.now.instant);
        if (share(turn, orphan.message, orphan.group) != nullptr) ++state.counters.shared_moves;
    }
}

void move_shared(Turn& turn) {
    std::vector<SessionId> moving;
    moving.swap(turn.state.moving);
    for (const SessionId id : moving) {
        Session* session = turn.state.sessions.find(id);
        if (session == nullptr) continue;
        const auto before = session->moved_shared_at;
        if (session->queue.messages() > kSearchedFreely && before &&
            turn.now.instant - *before < kSearchInterval) {
            turn.state.moving_later.push_back(id);
            continue;
        }
        session->moves_shared = false;
        session->moved_shared_at = turn.now.instant;
        move_from(turn, *session);
    }
}

}  // namespace

const Session* share(Turn& turn, const MessageRef& message, GroupId id) {
    SharedGroup* group = turn.state.shared.find(id);
    ASSERT(group != nullptr && group->members() > 0);  // the index forgets a group with its end
    Candidate member = choose(turn, group->here, *message, group->turn);
    if (member.session == nullptr) {
        if (message->qos() == mqtt::QoS::AtMostOnce) return nullptr;
        member = choose(turn, group->away, *message, group->turn);
        if (member.session == nullptr) {  // nobody may have it
            ++turn.state.counters.denied.receives;
            return nullptr;
        }
        group->left_away = true;
    }
    deliver_to_member(turn, message, member, id);
    return member.session;
}

void member_joined(Turn& turn, SharedGroup& group) {
    if (!std::exchange(group.left_away, false)) return;
    for (const Subscription& member : group.away) {
        Session* session = turn.state.sessions.find(member.session);
        ASSERT(session != nullptr);
        note_moving(turn, *session);
    }
}

void member_left(Turn& turn, Session& session) { note_moving(turn, session); }

void members_come(Turn& turn, Session& session) {
    ASSERT(session.connection != nullptr);
    for (const GroupId id : session.groups.values()) {
        SharedGroup& group = *turn.state.shared.find(id);
        group.here.add(group.away.of(session.id));
        group.away.remove(session.id);
        member_joined(turn, group);
    }
}

void members_go(Turn& turn, Session& session) {
    ASSERT(session.connection == nullptr);
    for (const GroupId id : session.groups.values()) {
        SharedGroup& group = *turn.state.shared.find(id);
        group.away.add(group.here.of(session.id));
        group.here.remove(session.id);
    }
    note_moving(turn, session);
}

std::size_t give_up_shared(Turn& turn, Session& session) {
    State& state = turn.state;
    ASSERT(session.groups.empty());
    const auto give_up = [&state](const Delivery& delivery) {
        if (state.shared.find(delivery.group) == nullptr) return false;
        state.orphans.push_back({delivery.message, delivery.group});
        state.shared_unsettled = true;
        return true;
    };
    // Nothing else in flight: of QoS 2 it may have been seen. [MQTT-4.8.2-5]
    for (std::size_t i = 0; i < session.inflight.size(); ++i)
        if (session.inflight[i].phase == InflightPhase::AwaitPuback)
            (void)give_up(session.inflight[i].delivery);
    if (session.queue.shared_messages() == 0) return 0;
    std::size_t given_up = 0;
    while (!session.queue.empty())
        given_up += give_up(session.queue.pop()) ? 1 : 0;
    return given_up;
}

void settle_shared(Turn& turn) {
    turn.state.shared_unsettled = false;
    deliver_orphans(turn);
    move_shared(turn);
}

void move_later(Turn& turn) {
    std::vector<SessionId>& later = turn.state.moving_later;
    if (later.empty()) return;
    turn.state.moving.insert(turn.state.moving.end(), later.begin(), later.end());
    later.clear();
    turn.state.shared_unsettled = true;
}

}  // namespace lotmesh::broker
