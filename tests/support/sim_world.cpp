#include "tests/support/sim_world.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/assert.h"
#include "runtime/broker/limits.h"

namespace lotmesh::sim {
namespace {

constexpr std::uint16_t kPort = 1883;
constexpr std::uint32_t kDefaultValidity_sec = 60;
constexpr std::string_view kSysPrefix = "$SYS/broker/cluster/";

std::string node_name(NodeIndex node) { return fmt::format("n{}", node); }

std::uint64_t seed_of(std::uint64_t seed, std::uint64_t concern) {
    return Rng(seed * 1'000'003 + concern).next();
}

}  // namespace

World::World(const WorldConfig& config)
    : config_(config),
      trace_(config.trace),
      schedule_(seed_of(config.seed, 1)),
      workload_(seed_of(config.seed, 2)),
      faults_(seed_of(config.seed, 3)),
      network_(queue_, trace_, seed_of(config.seed, 4)),
      oracle_(history_),
      sys_(config.nodes),
      thawed_(config.nodes),
      retained_(config.nodes) {
    network_.set_tap(*this);
    network_.set_high_watermark(config.high_watermark_bytes);
    if (config.high_watermark_bytes < broker::kCongestedBytes) oracle_.excuse_best_effort();
    for (NodeIndex node = 0; node < config_.nodes; ++node) {
        const HostId host = network_.add_host();
        ASSERT(host == node);
        addresses_[node_name(node)] = addresses_[node_name(node) + ".alias"] = host;
        nodes_.push_back(std::make_unique<NodeShell>(
            ShellServices{queue_, network_, trace_, schedule_, addresses_, config_.limits}, host,
            node));
        history_.begin_node(node, config_.nodes, now());  // until it is started
    }
    plan_routes();
    add_observers();
}

ir::Link World::make_link(NodeIndex node, NodeIndex peer) const {
    ir::Link link;
    link.name = "to-" + node_name(peer);
    link.address = node_name(peer);
    link.port = kPort;
    link.client_id = node_name(node) + "-" + node_name(peer);
    link.message_validity_sec = config_.validity_sec;
    return link;
}

void World::plan_routes() {
    Rng choice(seed_of(config_.seed, 5));
    plans_.resize(config_.nodes);
    for (NodeIndex a = 0; a < config_.nodes; ++a)
        for (NodeIndex b = a + 1; b < config_.nodes; ++b) {
            std::uint64_t sides = 3;
            if (config_.routes == Routes::OneSide) sides = 1;
            if (config_.routes == Routes::Mixed) sides = 1 + choice.below(3);
            if ((sides & 1) != 0) restore_route(a, b);
            if ((sides & 2) != 0) restore_route(b, a);
        }
}

void World::add_observers() {
    for (NodeIndex node = 0; node < config_.nodes; ++node) {
        Client& observer = add_client(fmt::format("observer{}", node), node, false);
        observer.on_publish([this, node](const mqtt::Publish& publish) {
            if (!publish.topic.starts_with(kSysPrefix)) return;
            sys_[node][std::string(publish.topic.substr(kSysPrefix.size()))] =
                as_text(publish.payload);
            check_spools(node);
        });
        observer.subscribe(std::string(kSysPrefix) + "#", mqtt::QoS::AtLeastOnce);
        observers_.push_back(&observer);
    }
}

Client& World::add_client(std::string id, NodeIndex node, bool persistent,
                          mqtt::ProtocolVersion version) {
    ClientConfig config;
    config.id = std::move(id);
    config.version = version;
    config.persistent = persistent;
    config.node = node;
    config.node_host = nodes_[node]->host();
    config.number = ++last_client_;
    config.seed = seed_of(config_.seed, 100 + last_client_);
    clients_.push_back(std::make_unique<Client>(ClientServices{queue_, network_, oracle_, trace_},
                                                network_.add_host(), std::move(config)));
    Client* const client = clients_.back().get();
    queue_.after(Duration{}, [client] { client->start(); });
    return *client;
}

void World::start_all() {
    for (NodeIndex node = 0; node < config_.nodes; ++node)
        start_node(node);
}

void World::start_node(NodeIndex node) {
    if (nodes_[node]->running()) return;
    nodes_[node]->start(plans_[node]);
    history_.end_node(node, config_.nodes, now());
}

void World::crash_node(NodeIndex node) {
    if (!nodes_[node]->running()) return;
    history_.begin_node(node, config_.nodes, now());
    history_.note_crash(node, now());
    nodes_[node]->crash();
    sys_[node].clear();
    for (const auto& client : clients_)
        if (client->config().node == node) client->node_crashed(now());
}

void World::shut_down_node(NodeIndex node) {
    if (!nodes_[node]->running()) return;
    history_.begin_node(node, config_.nodes, now());
    history_.note_crash(node, now());
    nodes_[node]->shut_down();
    sys_[node].clear();
    for (const auto& client : clients_)
        if (client->config().node == node) client->node_stops(now());
}

void World::cut(NodeIndex a, NodeIndex b) {
    note("fault", fmt::format("cut {} {}", a, b));
    history_.begin_pair(a, b, now());
    network_.reset_between(a, b);
    history_.end_pair(a, b, now());
}

void World::stall(NodeIndex a, NodeIndex b, Duration span) {
    stall_one_way(a, b, span);
    stall_one_way(b, a, span);
}

void World::stall_one_way(NodeIndex from, NodeIndex to, Duration span) {
    if (network_.path(from, to).blocked) return;
    note("fault", fmt::format("stall {} -> {} for {} ms", from, to, span.ms()));
    history_.begin_pair(from, to, now());
    network_.set_blocked(from, to, true);
    queue_.after(span, [this, from, to] {
        network_.set_blocked(from, to, false);
        history_.end_pair(from, to, now());
        note("fault", fmt::format("stall {} -> {} ends", from, to));
    });
}

void World::refuse(NodeIndex a, NodeIndex b, Duration span) {
    if (network_.path(a, b).refusing) return;
    note("fault", fmt::format("refuse {} {} for {} ms", a, b, span.ms()));
    history_.begin_pair(a, b, now());
    network_.path(a, b).refusing = network_.path(b, a).refusing = true;
    network_.reset_between(a, b);
    queue_.after(span, [this, a, b] {
        network_.path(a, b).refusing = network_.path(b, a).refusing = false;
        history_.end_pair(a, b, now());
    });
}

void World::partition(const std::vector<NodeIndex>& left, Duration span) {
    for (NodeIndex other = 0; other < config_.nodes; ++other) {
        if (std::ranges::find(left, other) != left.end()) continue;
        for (const NodeIndex one : left)
            stall(one, other, span);
    }
}

void World::freeze(NodeIndex node, Duration span) {
    if (!nodes_[node]->running() || nodes_[node]->frozen()) return;
    note("fault", fmt::format("freeze {} for {} ms", node, span.ms()));
    history_.begin_node(node, config_.nodes, now());
    nodes_[node]->set_frozen(true);
    for (const auto& client : clients_)
        if (client->config().node == node) client->node_frozen(now());
    queue_.after(span, [this, node] {
        nodes_[node]->set_frozen(false);
        thawed_[node] = now();
        history_.end_node(node, config_.nodes, now());
        for (const auto& client : clients_)
            if (client->config().node == node) client->node_thawed(now());
    });
}

void World::slow_client(Client& client, Duration span, Duration apart) {
    if (!client.ready()) return;
    note("fault", fmt::format("{} is slow for {} ms", client.config().id, span.ms()));
    client.ack_slowly(span, apart);
    const Instant begun = now();
    history_.begin_slow(begun);
    queue_.after(span, [this, begun] { history_.end_slow(begun, now()); });
}

void World::slow_path(NodeIndex a, NodeIndex b, Duration latency, Duration jitter) {
    for (Path* path : {&network_.path(a, b), &network_.path(b, a)}) {
        path->latency = latency;
        path->jitter = jitter;
    }
}

void World::on_written(Socket socket, HostId from, HostId to, ByteView bytes) {
    if (from >= config_.nodes || to >= config_.nodes) return;
    const auto [it, is_new] = scanners_.try_emplace(socket);
    if (is_new && socket.side == 0) oracle_.linked(from, to, now());
    it->second.feed(bytes, [&](MessageNumber number) {
        oracle_.crossed(number, {from, to, socket.connection}, now());
    });
}

bool World::has_route(NodeIndex node, NodeIndex peer) const {
    const std::string name = "to-" + node_name(peer);
    return std::ranges::any_of(plans_[node].links,
                               [&](const ir::Link& link) { return link.name == name; });
}

void World::note_validity(NodeIndex a, NodeIndex b) {
    std::optional<Duration> least;
    for (const auto& [node, peer] : {std::pair{a, b}, std::pair{b, a}}) {
        std::uint32_t validity_sec = kDefaultValidity_sec;  // of a side without a route
        for (const ir::Link& link : plans_[node].links)
            if (link.name == "to-" + node_name(peer)) validity_sec = link.message_validity_sec;
        if (validity_sec == 0) continue;
        const Duration validity = Duration::seconds(validity_sec);
        least = least ? std::min(*least, validity) : validity;
    }
    oracle_.set_validity(a, b, least);
    oracle_.set_validity(b, a, least);
}

}  // namespace lotmesh::sim
