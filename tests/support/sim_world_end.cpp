// Route edits, and what is asked of a world when all faults have ended.
#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>

#include "base/assert.h"
#include "tests/support/sim_world.h"

namespace lotmesh::sim {
namespace {

constexpr Duration kPollStep = Duration::milliseconds(250);
constexpr Duration kHealthStep = Duration::milliseconds(500);
// Dead after 3 s, noticed by a heartbeat of 1 s, said within 1 s more.
constexpr Duration kHealthLagMax = Duration::seconds(6);
// Peers that stay linked compare what they retain every 30 s.
constexpr Duration kRetainedInterval = Duration::seconds(32);
constexpr Duration kArrival = Duration::seconds(5);
// Turns with nothing to do but a Tick, for each second: heartbeats and back-off need far less.
constexpr std::uint64_t kIdleTurnsPerSecondMax = 200;
constexpr std::string_view kExpiredKey = "\"expired\":{\"validity\":";
constexpr std::string_view kSpoolKey = "\"spool_bytes\":";
constexpr std::size_t kInterestBytesMax = 32 * 1024;
constexpr std::size_t kUnsentBytesMax = 64 * 1024 * 1024;

}  // namespace

// An edit of one route closes no client and no link to another peer.
void World::edit(NodeIndex node, NodeIndex peer, const ir::Plan& plan) {
    plans_[node] = plan;
    const EditResult result = nodes_[node]->apply_plan(plan);
    for (const HostId host : result.closed)
        if (host != peer)
            oracle_.violation(fmt::format(
                "I16: an edit of the route from {} to {} closed a connection of host {}", node,
                peer, host));
}

void World::edit_validity(NodeIndex node, NodeIndex peer, std::uint32_t validity_sec) {
    ir::Plan plan = plans_[node];
    for (ir::Link& link : plan.links)
        if (link.name == fmt::format("to-n{}", peer)) link.message_validity_sec = validity_sec;
    note("edit", fmt::format("validity {} -> {} is {} s", node, peer, validity_sec));
    edit(node, peer, plan);
    note_validity(node, peer);
}

void World::edit_address(NodeIndex node, NodeIndex peer) {
    ir::Plan plan = plans_[node];
    for (ir::Link& link : plan.links)
        if (link.name == fmt::format("to-n{}", peer))
            link.address =
                fmt::format("n{}{}", peer, link.address.ends_with(".alias") ? "" : ".alias");
    note("edit", fmt::format("address {} -> {}", node, peer));
    edit(node, peer, plan);
}

void World::remove_route(NodeIndex node, NodeIndex peer) {
    if (!has_route(node, peer)) return;
    ir::Plan plan = plans_[node];
    std::erase_if(plan.links,
                  [&](const ir::Link& link) { return link.name == fmt::format("to-n{}", peer); });
    note("edit", fmt::format("remove {} -> {}", node, peer));
    if (!has_route(peer, node)) history_.begin_unrouted(node, peer, now());
    edit(node, peer, plan);
    note_validity(node, peer);
}

void World::restore_route(NodeIndex node, NodeIndex peer) {
    if (has_route(node, peer)) return;
    const bool was_apart = !has_route(peer, node);
    ir::Plan plan = plans_[node];
    plan.links.push_back(make_link(node, peer));
    std::ranges::sort(plan.links, {}, &ir::Link::name);
    if (now() > Instant{}) note("edit", fmt::format("restore {} -> {}", node, peer));
    edit(node, peer, plan);
    note_validity(node, peer);
    if (was_apart && now() > Instant{}) history_.end_unrouted(node, peer, now());
}

std::string World::sys(NodeIndex node, const std::string& name) const {
    const auto it = sys_[node].find(name);
    return it == sys_[node].end() ? std::string() : it->second;
}

bool World::healthy(NodeIndex node) const {
    const std::string status = sys(node, "status");
    const std::size_t key = status.find("\"status\"");
    if (key == std::string::npos) return false;
    return status.substr(key, 24).find("\"healthy\"") != std::string::npos;
}

void World::watch_health() {
    for (NodeIndex node = 0; node < config_.nodes; ++node)
        check_health(node);
    queue_.after(kHealthStep, [this] { watch_health(); });
}

bool World::out_of_reach(NodeIndex node, NodeIndex peer) {
    const Path& there = network_.path(node, peer);
    const Path& back = network_.path(peer, node);
    return !nodes_[peer]->running() || nodes_[peer]->frozen() || there.blocked || back.blocked ||
           there.refusing;
}

// Of a peer that the node has a route to, or has met since it started: a route on one side is a
// full link. Of another it may never have heard, so its own list of peers says which.
void World::check_health(NodeIndex node) {
    const bool speaks = nodes_[node]->running() && !nodes_[node]->frozen() &&
                        now() - thawed_[node] > kHealthLagMax && observers_[node]->ready();
    for (NodeIndex peer = 0; peer < config_.nodes; ++peer) {
        if (peer == node) continue;
        const std::string listed = fmt::format("\"name\":\"n{}\"", peer);
        const bool met =
            has_route(peer, node) && sys(node, "nodes").find(listed) != std::string::npos;
        const bool known = has_route(node, peer) || met;
        if (!speaks || !known || !out_of_reach(node, peer)) {
            gone_since_.erase({node, peer});
            continue;
        }
        Instant& since = gone_since_.try_emplace({node, peer}, now()).first->second;
        since = std::max(since, history_.last_repair(node, peer));
        if (now() - since > kHealthLagMax && healthy(node))
            oracle_.violation(fmt::format(
                "I18: at {:.3f} node {} says healthy, node {} is out of reach since {:.3f}",
                static_cast<double>(now().us) / 1e6, node, peer,
                static_cast<double>(since.us) / 1e6));
    }
}

bool World::settle(Duration patience) {
    const Instant end = now() + patience;
    const auto settled = [this] {
        for (NodeIndex node = 0; node < config_.nodes; ++node)
            if (!nodes_[node]->running() || !healthy(node)) return false;
        return std::ranges::all_of(clients_, [](const auto& client) { return client->idle(); });
    };
    while (!settled()) {
        if (now() >= end) return false;
        run_for(kPollStep);
    }
    return true;
}

std::string World::why_not_settled() const {
    std::string text;
    for (NodeIndex node = 0; node < config_.nodes; ++node)
        if (!nodes_[node]->running() || !healthy(node))
            text += fmt::format("node {} {}: status {}\nnodes {}\n", node,
                                nodes_[node]->running() ? "runs" : "does not run",
                                sys(node, "status"), sys(node, "nodes"));
    for (const auto& client : clients_)
        if (!client->idle()) text += client->status() + "\n";
    return text;
}

void World::check_bounds() {
    const std::uint64_t idle_turns_max =
        kIdleTurnsPerSecondMax * static_cast<std::uint64_t>(1 + now().us / 1'000'000);
    for (const auto& node : nodes_) {
        if (node->idle_turns() > idle_turns_max)
            oracle_.violation(fmt::format("I15: node {} woke {} times for nothing", node->host(),
                                          node->idle_turns()));
        if (node->unsent_bytes_most() > kUnsentBytesMax)
            oracle_.violation(fmt::format("I15: node {} had {} unsent bytes on one connection",
                                          node->host(), node->unsent_bytes_most()));
    }
}

void World::check_retained() {
    for (NodeIndex node = 0; node < config_.nodes; ++node) {
        oracle_.check_retained(node, retained_[node]);
        if (retained_[node] == retained_[0]) continue;
        std::string text = fmt::format("I9: nodes 0 and {} retain different things:", node);
        for (const auto& [topic, number] : retained_[0])
            if (!retained_[node].contains(topic) || retained_[node][topic] != number)
                text += fmt::format("\n    {} at node 0: {}", topic, oracle_.describe(number));
        for (const auto& [topic, number] : retained_[node])
            if (!retained_[0].contains(topic) || retained_[0][topic] != number)
                text +=
                    fmt::format("\n    {} at node {}: {}", topic, node, oracle_.describe(number));
        oracle_.violation(text);
    }
}

// What waits for a peer is bounded. Interest is not refused, it becomes a snapshot.
void World::check_spools(NodeIndex node) {
    const std::string& text = sys_[node]["sync"];
    if (text.find("\"paused\":true") != std::string::npos) ++pauses_seen_;
    for (std::size_t at = text.find(kSpoolKey); at != std::string::npos;
         at = text.find(kSpoolKey, at + 1)) {
        const std::size_t bytes = std::strtoull(text.c_str() + at + kSpoolKey.size(), nullptr, 10);
        if (bytes > config_.limits.cluster.spool_bytes_max + kInterestBytesMax)
            oracle_.violation(fmt::format("I15: node {} keeps {} bytes for a peer", node, bytes));
    }
}

std::size_t World::counted_as_expired(NodeIndex from, NodeIndex to) const {
    const std::string text = sys(from, "sync");
    const std::size_t peer = text.find(fmt::format("\"name\":\"n{}\"", to));
    const std::size_t key = text.find(kExpiredKey, peer);
    if (key == std::string::npos) return 0;
    return std::strtoull(text.c_str() + key + kExpiredKey.size(), nullptr, 10);
}

// What did not arrive since its validity ran out was counted by the node that held it, and once.
void World::check_expiry_counters() {
    for (NodeIndex from = 0; from < config_.nodes; ++from) {
        if (history_.crashed_within(from, Instant{}, now())) continue;  // its counters are new
        for (NodeIndex to = 0; to < config_.nodes; ++to) {
            if (to == from || oracle_.may_have_forgotten(from, to, Instant{}, now())) continue;
            const std::size_t least = oracle_.missing_after_expiry(from, to);
            const std::size_t most = oracle_.expired_at_most(from, to);
            const std::size_t counted = counted_as_expired(from, to);
            if (counted >= least && counted <= most) continue;
            oracle_.violation(
                fmt::format("I25: node {} counts {} messages for node {} as expired, "
                            "{} did not arrive, {} can have expired",
                            from, counted, to, least, most));
        }
    }
}

void World::check_end() {
    run_for(kRetainedInterval);
    // Fresh clients read what is retained, and fresh messages go from every node to every session.
    for (NodeIndex node = 0; node < config_.nodes; ++node) {
        Client& auditor = add_client(fmt::format("auditor{}", node), node, false);
        auditor.on_publish([this, node](const mqtt::Publish& publish) {
            const auto number = read_payload(publish.payload);
            // The snapshot, then what is newer: the last one is what is retained.
            if (!publish.topic.starts_with("r/")) return;
            if (number)
                retained_[node][std::string(publish.topic)] = *number;
            else
                retained_[node].erase(std::string(publish.topic));
        });
        auditor.subscribe("r/#", mqtt::QoS::AtLeastOnce);
        auditor.subscribe("end/#", mqtt::QoS::ExactlyOnce);
    }
    run_for(kArrival);
    for (Client* const observer : observers_) {
        for (const char* topic : {"end/a", "t/0/0", "t/1/1", "t/2/0"})
            observer->publish({.topic = topic,
                               .qos = mqtt::QoS::AtLeastOnce,
                               .retain = false,
                               .deletes = false,
                               .size = 0});
    }
    run_for(kArrival * 2);
    check_retained();
    oracle_.check_losses(now());
    check_expiry_counters();
    check_bounds();
    for (const auto& client : clients_)
        if (!client->idle()) oracle_.violation("live: " + client->status());
}

}  // namespace lotmesh::sim
