#include "runtime/broker/sys_topics.h"

#include <fmt/format.h>

#include <cmath>

#include "runtime/broker/publishing.h"
#include "runtime/broker/state.h"

namespace lotmesh::broker {
namespace {

struct Load {
    std::string_view name;
    std::uint64_t (*total)(const Counters&);
};

constexpr std::array<Load, 9> kLoads{{
    {"messages/received", [](const Counters& c) { return c.messages_received; }},
    {"messages/sent", [](const Counters& c) { return c.messages_sent; }},
    {"publish/received", [](const Counters& c) { return c.publish_received; }},
    {"publish/sent", [](const Counters& c) { return c.publish_sent; }},
    {"publish/dropped", [](const Counters& c) { return c.drops.total(); }},
    {"bytes/received", [](const Counters& c) { return c.bytes_received; }},
    {"bytes/sent", [](const Counters& c) { return c.bytes_sent; }},
    {"connections", [](const Counters& c) { return c.connections_opened; }},
    {"sockets", [](const Counters& c) { return c.sockets_opened; }},
}};
constexpr std::array<int, 3> kMinutes{1, 5, 15};

// Publishes what is different from what is retained.
void say(Turn& turn, std::string_view name, std::string_view value) {
    const std::string topic = fmt::format("$SYS/broker/{}", name);
    const Message* retained = turn.state.sys_retained.find(topic);
    if (retained != nullptr && as_text(retained->payload()) == value) return;
    publish_sys_message(turn, topic, value);
}

void say(Turn& turn, std::string_view name, std::uint64_t value) {
    say(turn, name, fmt::format("{}", value));
}

// Of whoever publishes faster than they may, at the moment.
std::uint64_t count_rate_paused(State& state) {
    std::uint64_t count = 0;
    state.connections.for_each([&count](const Connection& connection) {
        if (connection.paused == PauseReason::Rate) ++count;
    });
    return count;
}

struct Waiting {
    std::uint64_t inflight = 0;
    std::uint64_t queued = 0;
    std::uint64_t queued_bytes = 0;
};

Waiting count_waiting(State& state) {
    Waiting waiting;
    state.sessions.for_each([&waiting](const Session& session) {
        waiting.inflight += session.inflight.size();
        waiting.queued += session.queue.messages() + session.qos0_queue.messages();
        waiting.queued_bytes += session.queue.bytes() + session.qos0_queue.bytes();
    });
    return waiting;
}

}  // namespace

void LoadAverages::sample(std::uint64_t total, Duration elapsed) {
    const double minutes = static_cast<double>(elapsed.us) / 60e6;
    if (minutes <= 0) return;
    const double rate = static_cast<double>(total - last_total_) / minutes;
    last_total_ = total;
    for (std::size_t i = 0; i < kMinutes.size(); ++i) {
        const double weight = std::exp(-minutes / kMinutes[i]);
        per_minute_[i] = per_minute_[i] * weight + rate * (1 - weight);
    }
}

void SysTopics::tick(Turn& turn) {
    const Instant now = turn.now.instant;
    if (!started_at_) started_at_ = now;
    if (published_at_ && now - *published_at_ < kInterval) return;
    sample_loads(turn.state.counters, published_at_ ? now - *published_at_ : Duration{});
    published_at_ = now;
    publish_broker(turn);
    publish_clients(turn);
    publish_traffic(turn);
    publish_stored(turn);
    publish_drops(turn);
    publish_refused(turn);
    publish_loads(turn);
}

void SysTopics::sample_loads(const Counters& counters, Duration elapsed) {
    for (std::size_t i = 0; i < kLoads.size(); ++i)
        loads_[i].sample(kLoads[i].total(counters), elapsed);
}

void SysTopics::publish_broker(Turn& turn) const {
    say(turn, "version", fmt::format("lotmesh version {}", turn.state.config.version));
    say(turn, "uptime", fmt::format("{} seconds", (turn.now.instant - *started_at_).sec()));
}

void SysTopics::publish_clients(Turn& turn) const {
    const State& state = turn.state;
    const std::uint64_t connected = state.connected_clients;
    const std::uint64_t total = state.sessions.size();
    say(turn, "clients/total", total);
    say(turn, "clients/connected", connected);
    say(turn, "clients/active", connected);
    say(turn, "clients/disconnected", total - connected);
    say(turn, "clients/inactive", total - connected);
    say(turn, "clients/maximum", state.counters.clients_maximum);
    say(turn, "clients/expired", state.counters.clients_expired);
}

void SysTopics::publish_traffic(Turn& turn) const {
    const Counters counters = turn.state.counters;
    say(turn, "messages/received", counters.messages_received);
    say(turn, "messages/sent", counters.messages_sent);
    say(turn, "bytes/received", counters.bytes_received);
    say(turn, "bytes/sent", counters.bytes_sent);
    say(turn, "publish/messages/received", counters.publish_received);
    say(turn, "publish/messages/sent", counters.publish_sent);
    say(turn, "publish/messages/dropped", counters.drops.total());
    say(turn, "publish/bytes/received", counters.publish_bytes_received);
    say(turn, "publish/bytes/sent", counters.publish_bytes_sent);
}

void SysTopics::publish_stored(Turn& turn) const {
    const Waiting waiting = count_waiting(turn.state);
    const std::uint64_t retained = turn.state.retained.live_count();
    const std::uint64_t stored = waiting.inflight + waiting.queued + retained;
    say(turn, "subscriptions/count", turn.state.index.subscription_count());
    say(turn, "shared_subscriptions/count", turn.state.counters.shared_subscriptions);
    say(turn, "shared_subscriptions/moved", turn.state.counters.shared_moves);
    say(turn, "retained messages/count", retained);
    say(turn, "messages/inflight", waiting.inflight);
    say(turn, "messages/stored", stored);
    say(turn, "store/messages/count", stored);
    say(turn, "store/messages/bytes", waiting.queued_bytes);
}

void SysTopics::publish_drops(Turn& turn) const {
    const Counters counters = turn.state.counters;
    const Drops& drops = counters.drops;
    say(turn, "drops/quota", drops.quota);
    say(turn, "drops/not_allowed", drops.not_allowed);
    say(turn, "drops/congested", drops.congested);
    say(turn, "drops/qos0_queue", drops.qos0_queue);
    say(turn, "drops/queue_full", drops.queue_full);
    say(turn, "drops/offline_full", drops.offline_full);
    say(turn, "drops/expired", drops.expired);
    say(turn, "drops/too_large", drops.too_large);
    say(turn, "drops/retained_full", drops.retained_full);
    say(turn, "drops/session_ended", drops.session_ended);
    say(turn, "drops/memory", drops.memory);
    const Denied& denied = counters.denied;
    say(turn, "denied/connects", denied.connects);
    say(turn, "denied/publishes", denied.publishes);
    say(turn, "denied/subscribes", denied.subscribes);
    say(turn, "denied/subscriptions_removed", denied.subscriptions_removed);
    say(turn, "denied/receives", denied.receives);
    say(turn, "denied/retained_sources", denied.retained_sources);
    say(turn, "denied/wills", denied.wills);
    say(turn, "sources/pauses", counters.source_pauses);
    say(turn, "sources/paused", turn.state.paused.size());
    say(turn, "sources/rate_pauses", counters.rate_pauses);
    say(turn, "sources/rate_paused", count_rate_paused(turn.state));
    say(turn, "clients/stalled_disconnects", counters.stalled_disconnects);
}

void SysTopics::publish_refused(Turn& turn) const {
    const Counters counters = turn.state.counters;
    const Refused& refused = counters.refused;
    say(turn, "refused/unauthenticated", counters.strangers_closed);
    say(turn, "refused/sessions", refused.sessions);
    say(turn, "refused/packets", refused.packets);
    say(turn, "refused/user_properties", refused.user_properties);
    say(turn, "refused/topics", refused.topics);
    say(turn, "refused/subscriptions", refused.subscriptions);
    say(turn, "refused/receive_maximum", refused.receive_maximum);
    say(turn, "refused/topic_aliases", refused.topic_aliases);
    say(turn, "refused/input", refused.input);
    say(turn, "refused/retained", refused.retained);
}

void SysTopics::publish_loads(Turn& turn) const {
    for (std::size_t i = 0; i < kLoads.size(); ++i)
        for (std::size_t k = 0; k < kMinutes.size(); ++k)
            say(turn, fmt::format("load/{}/{}min", kLoads[i].name, kMinutes[k]),
                fmt::format("{:.2f}", loads_[i].per_minute()[k]));
}

}  // namespace lotmesh::broker
