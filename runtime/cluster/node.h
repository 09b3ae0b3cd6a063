// A whole node as one machine: the broker's Core and the Cluster, introduced to each other. The
// daemon and the simulator are two shells around this class.
//
// Core thread only. Never blocks, throws, logs or reads a clock.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/node_id.h"
#include "base/time.h"
#include "compiler/ir/plan.h"
#include "runtime/broker/effect.h"
#include "runtime/broker/event.h"
#include "runtime/broker/limits.h"
#include "runtime/broker/policy.h"
#include "runtime/cluster/certificate_pins.h"
#include "runtime/cluster/health.h"
#include "runtime/cluster/limits.h"

namespace lotmesh::cluster {

struct NodeConfig {
    NodeId id;
    std::uint64_t incarnation = 1;  // higher at each start with the same id
    std::uint64_t boot_nonce = 0;   // random at each start; tells a cloned identity
    std::string name;               // for people
    std::string version;            // of the program
    std::uint64_t seed = 0;         // of all randomness inside
    // Node hands these to its two machines.
    Limits cluster_limits;
    broker::Limits broker_limits;
    std::string server_reference;
    std::string response_information;
    bool log_subscriptions = false;
    broker::Policy* policy = nullptr;  // borrowed; none: everything is allowed
    CertificatePins pins = {};         // from the last KeepPins
};

class Node {
public:
    explicit Node(const NodeConfig& config);
    ~Node();
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;

    void handle(const broker::Event& event, Now now, broker::Effects& effects);

    // Whether it has been decided who is at the other end: a client, or a peer.
    bool knows(broker::ConnId conn) const;

    // After the last event of a loop turn, before the shell writes: batches leave here.
    void end_turn(Now now, broker::Effects& effects);

    // When to send Tick at the latest; nothing where there is nothing to wait for.
    std::optional<Instant> next_deadline() const;

    // The new plan, already validated. Links that did not change are not touched.
    void apply_plan(const ir::Plan& plan, Now now, broker::Effects& effects);

    // A retained message of the node itself, such as the result of a reload.
    void publish_sys(std::string_view topic, std::string_view payload, Now now,
                     broker::Effects& effects);

    // One line of the node's log, which is not retained.
    void publish_sys_line(std::string_view topic, std::string_view payload, Now now,
                          broker::Effects& effects);

    // The answer to a Command of the effects.
    void answer_command(const broker::ReplyTo& to, std::string_view answer, Now now,
                        broker::Effects& effects);

    // What becomes of the routes, in the order of their names.
    std::vector<RouteReport> routes() const;

    // Tells every client and peer and closes them (v5: DISCONNECT 0x8B). The shell goes on until
    // all connections are closed or its patience ends.
    void shut_down(Now now, broker::Effects& effects);

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace lotmesh::cluster
