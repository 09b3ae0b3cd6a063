// The cluster side of a node as one machine: routes, links to peers, the log and its views,
// interest, retained synchronisation and health. Implements ClusterPort for the broker.
//
// Core thread only. Never blocks, throws, logs or reads a clock. It owns every connection that it
// dialled and every one that peer_connected() handed over; events of those go to handle(). Calls
// of the ClusterPort only collect; what they cause leaves at end_turn(). What bounds it: limits.h.
// docs/peer-protocol.md says what travels; section 1 of the cluster design says why.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "compiler/ir/plan.h"
#include "runtime/broker/effect.h"
#include "runtime/broker/event.h"
#include "runtime/broker/ports.h"
#include "runtime/cluster/health.h"
#include "runtime/cluster/limits.h"
#include "runtime/cluster/node.h"

namespace lotmesh::cluster {

class Cluster final : public broker::ClusterPort {
public:
    explicit Cluster(NodeConfig config, Limits limits = {});
    ~Cluster() override;
    Cluster(const Cluster&) = delete;
    Cluster& operator=(const Cluster&) = delete;

    // Events of this connection belong to handle().
    bool owns(broker::ConnId conn) const;

    // Dialled, DialFailed, Tick and all events of owned connections.
    void handle(const broker::Event& event, Now now, broker::BrokerPort& broker,
                broker::Effects& effects);

    // After the last event of a turn: one frame for each link that has something to say.
    void end_turn(Now now, broker::BrokerPort& broker, broker::Effects& effects);

    std::optional<Instant> next_deadline() const;

    // The new plan, already validated. Links that did not change are not touched.
    void apply_plan(const ir::Plan& plan, Now now, broker::Effects& effects);

    // In the order of their names.
    std::vector<RouteReport> route_reports() const;

    // Dials and takes no more. The links go on until linked peers have all that waits for them, or
    // `shutdown_max` is over; then DISCONNECT 0x8B to every peer, and they are closed.
    void shut_down(Now now, broker::BrokerPort& broker, broker::Effects& effects);

    // ClusterPort
    broker::Forwarded forward(const broker::MessageRef& message, Now now) override;
    void interest_added(std::string_view filter, Now now) override;
    void interest_removed(std::string_view filter, Now now) override;
    broker::BarrierTicket subscribe_barrier(std::span<const std::string_view> filters,
                                            Now now) override;
    void peer_connected(const broker::PeerConnection& peer, Now now,
                        broker::Effects& effects) override;
    std::size_t end_unwelcome_peers(const std::function<bool(const broker::Principal&)>& is_welcome,
                                    Now now, broker::Effects& effects) override;
    bool is_starting() const override;
    bool sources_should_pause() const override;
    bool keeps_tombstones(Now now) override;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace lotmesh::cluster
