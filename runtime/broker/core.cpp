#include "runtime/broker/core.h"

#include "base/assert.h"
#include "runtime/broker/authorising.h"
#include "runtime/broker/backpressure.h"
#include "runtime/broker/closing.h"
#include "runtime/broker/expiry.h"
#include "runtime/broker/fan_out.h"
#include "runtime/broker/handlers.h"
#include "runtime/broker/input.h"
#include "runtime/broker/publishing.h"
#include "runtime/broker/state.h"
#include "runtime/broker/will.h"

namespace lotmesh::broker {
namespace {

bool says_nothing(State& state, ConnId id) {
    const Connection* connection = state.connections.find(id);
    return connection != nullptr && connection->phase == ConnectionPhase::AwaitConnect;
}

// Of those whose CONNECT has not come, the oldest makes room.
void bound_strangers(Turn& turn, ConnId newcomer) {
    State& state = turn.state;
    const std::size_t most = state.config.limits.unauthenticated_connections_max;
    state.strangers.push_back(newcomer);
    if (state.strangers.size() <= most) return;
    std::erase_if(state.strangers, [&state](ConnId id) { return !says_nothing(state, id); });
    if (state.strangers.size() <= most) return;
    close_silently(turn, *state.connections.find(state.strangers.front()));
    state.strangers.pop_front();
    ++state.counters.strangers_closed;
}

struct OnEvent {
    Turn& turn;

    void operator()(const Accepted& event) {
        State& state = turn.state;
        Connection& connection = state.connections.insert(event.conn);
        connection.principal.origin = event.origin;
        connection.opened_at = turn.now.instant - event.waited;
        connection.last_received = turn.now.instant;
        ++state.counters.sockets_opened;
        const bool too_many = state.connections.size() > state.config.limits.connections_max;
        if (state.shutting_down || too_many) {
            close_silently(turn, connection);
            return;
        }
        arm_connection_timer(state, connection);
        bound_strangers(turn, event.conn);
    }
    void operator()(const Received& event) {
        if (Connection* connection = turn.state.connections.find(event.conn))
            receive(turn, *connection, event.bytes);
    }
    void operator()(const Closed& event) { on_closed(turn, event.conn); }
    void operator()(const Congested& event) {
        if (Connection* connection = turn.state.connections.find(event.conn))
            on_congested(turn, *connection);
    }
    void operator()(const Writable& event) {
        if (Connection* connection = turn.state.connections.find(event.conn))
            on_writable(turn, *connection);
    }
    void operator()(const Tick&) {
        run_deadlines(turn);
        continue_draining(turn);
    }
    void operator()(const Dialled&) {}     // the cluster's
    void operator()(const DialFailed&) {}  // the cluster's
    void operator()(const Authenticated& event) { on_authenticated(turn, event); }
    void operator()(const PolicyChanged&) { on_policy_changed(turn); }
    void operator()(const MemoryPressure& event) {
        turn.state.pressure = event.level;
        turn.state.resume_wanted = true;
    }
    void operator()(const DiskSpaceChanged& event) { turn.state.disk = event.level; }
};

enum class KeyUse : std::uint8_t { Sessions, Filters, ClientIds, Groups };

// Nothing of one key can be learnt from what another one is used for.
HashKey make_key(std::uint64_t seed, KeyUse use) {
    const HashKey master{seed, static_cast<std::uint64_t>(use)};
    return {keyed_hash64(0, master), keyed_hash64(1, master)};
}

}  // namespace

State::State(CoreConfig core_config, ClusterPort& cluster_port, Policy& policy_port)
    : config(std::move(core_config)),
      cluster(cluster_port),
      policy(policy_port),
      client_id_key(make_key(config.seed, KeyUse::ClientIds)),
      sessions(make_key(config.seed, KeyUse::Sessions)),
      index(make_key(config.seed, KeyUse::Filters).first, config.limits.match_cache_topics_max,
            config.limits.match_cache_receivers_max),
      shared(make_key(config.seed, KeyUse::Groups).first),
      retained(config.limits),
      sys_retained(config.limits) {}

Core::Core(CoreConfig config, ClusterPort& cluster)
    : state_(std::make_unique<State>(std::move(config), cluster, allow_all_)) {}

Core::Core(CoreConfig config, ClusterPort& cluster, Policy& policy)
    : state_(std::make_unique<State>(std::move(config), cluster, policy)) {}

Core::~Core() = default;

void Core::handle(const Event& event, Now now, Effects& effects) {
    Turn turn{*state_, now, effects};
    if (!state_->housekeeping_at) run_deadlines(turn);  // the first event: $SYS is there from now
    std::visit(OnEvent{turn}, event);
    settle(turn);
}

bool Core::knows(ConnId conn) const {
    const Connection* connection = state_->connections.find(conn);
    return connection != nullptr && connection->is_known();
}

void Core::end_turn(Now now, Effects& effects) {
    Turn turn{*state_, now, effects};
    settle(turn);
}

std::optional<Instant> Core::next_deadline() const { return broker::next_deadline(*state_); }

void Core::shut_down(Now now, Effects& effects) {
    Turn turn{*state_, now, effects};
    state_->shutting_down = true;
    // First the wills, while those who want them are here; then the connections.
    state_->sessions.for_each([&turn](Session& session) { publish_will_at_end(turn, session); });
    settle(turn);
    const mqtt::ReasonCode reason = state_->config.server_reference.empty()
                                        ? mqtt::ReasonCode::ServerShuttingDown
                                        : mqtt::ReasonCode::UseAnotherServer;
    state_->connections.for_each(
        [&](Connection& connection) { disconnect(turn, connection, reason, "the server stops"); });
}

const Counters& Core::counters() const { return state_->counters; }

std::size_t Core::connected_clients() const { return state_->connected_clients; }

void Core::deliver(const MessageRef& message, Now now, Effects& effects) {
    Turn turn{*state_, now, effects};
    deliver_from_peer(turn, message);
    settle(turn);
}

void Core::barrier_passed(BarrierTicket ticket, Now now, Effects& effects) {
    Turn turn{*state_, now, effects};
    on_barrier_passed(turn, ticket);
    settle(turn);
}

void Core::for_each_interest(const std::function<void(std::string_view)>& visit) const {
    state_->index.for_each_filter([&visit](std::string_view filter) {
        if (!filter.starts_with('$')) visit(filter);
    });
}

std::span<const std::uint64_t> Core::retained_digests() const { return state_->retained.digests(); }

void Core::for_each_retained(std::size_t bucket,
                             const std::function<void(const RetainedEntry&)>& visit) const {
    state_->retained.for_each_in_bucket(bucket, visit);
}

Merged Core::merge_retained(const RetainedEntry& entry, Now now, Effects& effects) {
    Turn turn{*state_, now, effects};
    const Merged merged = merge_retained_from_peer(turn, entry);
    settle(turn);
    return merged;
}

Tombstones Core::tombstones() const {
    return {state_->retained.tombstone_count(), state_->retained.tombstones_collected_early()};
}

bool Core::peers_should_pause() const { return some_subscriber_above_high(*state_); }

void Core::resume_sources(Now now, Effects& effects) {
    Turn turn{*state_, now, effects};
    state_->resume_wanted = true;
    settle(turn);
}

void Core::publish_sys(std::string_view topic, std::string_view payload, Now now,
                       Effects& effects) {
    Turn turn{*state_, now, effects};
    publish_sys_message(turn, topic, payload);
    settle(turn);
}

void Core::publish_sys_line(std::string_view topic, std::string_view payload, Now now,
                            Effects& effects) {
    Turn turn{*state_, now, effects};
    lotmesh::broker::publish_sys_line(turn, topic, payload);
    settle(turn);
}

void Core::answer_command(const ReplyTo& to, std::string_view answer, Now now, Effects& effects) {
    Turn turn{*state_, now, effects};
    publish_command_answer(turn, to, answer);
    settle(turn);
}

}  // namespace lotmesh::broker
