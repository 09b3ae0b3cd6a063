// The simulator's shell around one cluster::Node: what the daemon does with sockets and timers,
// done with the simulated network and virtual time. Loop turns come some time after the first
// event, so that events pile up as they do in a real loop; how long is drawn from the schedule's
// Rng.
//
// A crash loses all memory; a start has the same identity and the next incarnation.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/rng.h"
#include "base/slot_map.h"
#include "compiler/ir/plan.h"
#include "runtime/broker/effect.h"
#include "runtime/broker/event.h"
#include "runtime/cluster/node.h"
#include "tests/support/sim_clock.h"
#include "tests/support/sim_network.h"
#include "tests/support/sim_trace.h"

namespace lotmesh::sim {

struct NodeLimits {
    cluster::Limits cluster;
    broker::Limits broker;
};

// What all shells of a world share.
struct ShellServices {
    EventQueue& queue;
    Network& network;
    Trace& trace;
    Rng& schedule;
    std::map<std::string, HostId>& addresses;  // what a route may name
    const NodeLimits& limits;
};

// What a plan edit did in its turn.
struct EditResult {
    std::vector<HostId> closed;  // hosts at the other end of connections that were closed
    std::size_t dials = 0;
};

class NodeShell final : public SocketOwner {
public:
    NodeShell(ShellServices services, HostId host, std::uint32_t index);

    void start(const ir::Plan& plan);
    void crash();
    void shut_down();  // cleanly; not running any more after it
    bool running() const { return node_ != nullptr; }
    EditResult apply_plan(const ir::Plan& plan);
    const ir::Plan& plan() const { return plan_; }

    // Stopped like a process with SIGSTOP: no turn is run.
    void set_frozen(bool frozen);
    bool frozen() const { return frozen_; }
    // The wall clock jumps to so much beside virtual time.
    void set_clock_offset(std::int64_t ms) { wall_offset_ms_ = ms; }

    void on_socket(const SocketEvent& event) override;

    HostId host() const { return host_; }
    std::uint64_t incarnation() const { return incarnation_; }
    std::uint64_t idle_turns() const { return idle_turns_; }  // for finding busy loops
    std::size_t unsent_bytes_most() const { return unsent_bytes_most_; }
    std::vector<std::string>& log() { return log_; }

private:
    struct Inbound {
        SocketEventKind kind = SocketEventKind::Closed;
        Socket socket;
        HostId peer = 0;
        std::uint64_t dial = 0;
        Bytes bytes;
        std::string reason;
    };
    struct Conn {
        Socket socket;
        HostId peer = 0;
        bool paused = false;
        bool closing = false;
        std::deque<Inbound> held;  // arrived, not read while paused
    };

    Now now() const;
    void want_turn(Duration delay);
    void turn();
    void take(Inbound inbound);
    void take_of_conn(broker::ConnId id, Inbound inbound);
    void drain();
    void write_outputs();
    void act(const broker::Action& action);
    void dial(const broker::Dial& dial);
    void cancel_dial(std::uint64_t dial);
    void resume(broker::ConnId id);
    void arm_timer();

    ShellServices services_;
    HostId host_;
    std::uint32_t index_;
    std::string name_;
    std::unique_ptr<cluster::Node> node_;
    broker::Effects effects_;
    ir::Plan plan_;
    SlotMap<Conn> conns_;
    std::map<Socket, broker::ConnId> by_socket_;
    std::deque<Inbound> inbox_;
    std::set<std::uint64_t> resolving_;  // dials of names that do not exist
    std::uint64_t incarnation_ = 0;
    std::uint64_t life_ = 0;  // tells tasks of an earlier life
    std::uint64_t timer_ = 0;
    bool turn_wanted_ = false;
    bool frozen_ = false;
    bool shutting_down_ = false;
    std::int64_t wall_offset_ms_ = 0;
    std::uint64_t idle_turns_ = 0;
    std::size_t unsent_bytes_most_ = 0;
    std::optional<EditResult> edit_;
    std::vector<std::string> log_;
};

}  // namespace lotmesh::sim
