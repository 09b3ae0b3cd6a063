// A simulated cluster: nodes, network, clients, oracle, and the faults that can be done to them.
// Everything depends on the configuration (which holds the seed) and on the calls made.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/rng.h"
#include "tests/support/sim_client.h"
#include "tests/support/sim_clock.h"
#include "tests/support/sim_history.h"
#include "tests/support/sim_network.h"
#include "tests/support/sim_node_shell.h"
#include "tests/support/sim_oracle.h"
#include "tests/support/sim_payload.h"
#include "tests/support/sim_trace.h"

namespace lotmesh::sim {

enum class Routes : std::uint8_t {
    BothSides,  // every node dials every other
    OneSide,    // each pair has one route, on the side of the lower number
    Mixed,      // each pair as the seed says
};

struct WorldConfig {
    std::uint64_t seed = 1;
    std::uint32_t nodes = 3;
    Routes routes = Routes::BothSides;
    std::uint32_t validity_sec = 60;
    std::size_t high_watermark_bytes = 1024 * 1024;
    NodeLimits limits = {};  // of every node
    bool trace = false;
};

class World final : public WireTap {
public:
    explicit World(const WorldConfig& config);
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    void start_all();
    void start_node(NodeIndex node);
    void crash_node(NodeIndex node);
    void shut_down_node(NodeIndex node);
    NodeShell& node(NodeIndex node) { return *nodes_[node]; }
    std::uint32_t node_count() const { return config_.nodes; }
    const NodeLimits& limits() const { return config_.limits; }

    Client& add_client(std::string id, NodeIndex node, bool persistent,
                       mqtt::ProtocolVersion version = mqtt::ProtocolVersion::V5);
    std::vector<std::unique_ptr<Client>>& clients() { return clients_; }

    void run_for(Duration span) { queue_.run_for(span); }
    void after(Duration delay, EventQueue::Task task) { queue_.after(delay, std::move(task)); }
    Instant now() const { return queue_.now(); }

    // Faults. Those with a span end by themselves.
    void cut(NodeIndex a, NodeIndex b);
    void stall(NodeIndex a, NodeIndex b, Duration span);
    void stall_one_way(NodeIndex from, NodeIndex to, Duration span);
    void refuse(NodeIndex a, NodeIndex b, Duration span);
    void partition(const std::vector<NodeIndex>& left, Duration span);
    void freeze(NodeIndex node, Duration span);
    void set_clock_offset(NodeIndex node, std::int64_t ms) { nodes_[node]->set_clock_offset(ms); }
    // Its acknowledgements leave one at a time, so far apart.
    void slow_client(Client& client, Duration span, Duration apart);
    void slow_path(NodeIndex a, NodeIndex b, Duration latency, Duration jitter);

    // Route edits. They tell the oracle what they change, and judge that nothing else is touched.
    void edit_validity(NodeIndex node, NodeIndex peer, std::uint32_t validity_sec);
    void edit_address(NodeIndex node, NodeIndex peer);  // to another name of the same host
    void remove_route(NodeIndex node, NodeIndex peer);
    void restore_route(NodeIndex node, NodeIndex peer);
    bool has_route(NodeIndex node, NodeIndex peer) const;

    // From now on, no node may say that it is healthy while a peer has long been out of reach.
    void watch_health();

    // True within `patience`: every node says that it is healthy and no client waits for anything.
    bool settle(Duration patience);
    // Latest payload of $SYS/broker/cluster/<name> at a node.
    std::string sys(NodeIndex node, const std::string& name) const;
    bool healthy(NodeIndex node) const;
    std::string why_not_settled() const;

    // After settle: probes of interest, losses, retained state.
    void check_end();

    Oracle& oracle() { return oracle_; }
    Network& network() { return network_; }
    FaultHistory& history() { return history_; }
    Rng& workload() { return workload_; }
    Rng& faults() { return faults_; }
    Trace& trace() { return trace_; }
    std::size_t pauses_seen() const { return pauses_seen_; }
    std::uint64_t tasks_run() const { return queue_.tasks_run(); }

    void on_written(Socket socket, HostId from, HostId to, ByteView bytes) override;

private:
    ir::Link make_link(NodeIndex node, NodeIndex peer) const;
    void plan_routes();
    void edit(NodeIndex node, NodeIndex peer, const ir::Plan& plan);
    void note_validity(NodeIndex a, NodeIndex b);
    void add_observers();
    bool out_of_reach(NodeIndex node, NodeIndex peer);
    void check_health(NodeIndex node);
    void check_retained();
    std::size_t counted_as_expired(NodeIndex from, NodeIndex to) const;
    void check_expiry_counters();
    void check_spools(NodeIndex node);
    void check_bounds();
    void note(std::string_view who, std::string_view what) { trace_.note(now(), who, what); }

    WorldConfig config_;
    EventQueue queue_;
    Trace trace_;
    Rng schedule_;
    Rng workload_;
    Rng faults_;
    Network network_;
    FaultHistory history_;
    Oracle oracle_;
    std::map<std::string, HostId> addresses_;
    std::vector<std::unique_ptr<NodeShell>> nodes_;
    std::vector<ir::Plan> plans_;
    std::vector<std::unique_ptr<Client>> clients_;
    std::vector<Client*> observers_;
    std::vector<std::map<std::string, std::string>> sys_;
    std::vector<Instant> thawed_;  // when each node last went on
    std::map<std::pair<NodeIndex, NodeIndex>, Instant> gone_since_;
    std::vector<std::map<std::string, MessageNumber>> retained_;
    std::map<Socket, PayloadScanner> scanners_;
    PublisherNumber last_client_ = 0;
    std::size_t pauses_seen_ = 0;
};

}  // namespace lotmesh::sim
