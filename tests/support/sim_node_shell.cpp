#include "tests/support/sim_node_shell.h"

#include <fmt/core.h>

#include <algorithm>
#include <variant>

#include "base/assert.h"

namespace lotmesh::sim {
namespace {

constexpr std::int64_t kWallStart_ms = 1'800'000'000'000;
constexpr std::size_t kEventsPerTurnMax = 64;
constexpr std::size_t kLogLinesMax = 400;
// The resolution of a loop's timers.
constexpr Duration kTimerStep = Duration::milliseconds(1);
constexpr Duration kShutDownPatience = Duration::seconds(3);

NodeId identity_of(std::uint32_t index) {
    NodeId id;
    for (std::size_t i = 0; i < id.bytes.size(); ++i)
        id.bytes[i] = static_cast<std::uint8_t>(17 * (index + 1) + i);
    return id;
}

constexpr const char* kNoSuchHost = "no such host";

broker::DialError dial_error(SocketEventKind kind, std::string_view reason) {
    if (reason == kNoSuchHost) return broker::DialError::Unresolvable;
    return kind == SocketEventKind::TimedOut ? broker::DialError::TimedOut
                                             : broker::DialError::Refused;
}

}  // namespace

NodeShell::NodeShell(ShellServices services, HostId host, std::uint32_t index)
    : services_(services), host_(host), index_(index), name_(fmt::format("n{}", index)) {}

Now NodeShell::now() const {
    const Instant instant = services_.queue.now();
    return {instant, {kWallStart_ms + wall_offset_ms_ + instant.us / 1'000}};
}

void NodeShell::start(const ir::Plan& plan) {
    ASSERT(!running());
    ++incarnation_;
    ++life_;
    cluster::NodeConfig config;
    config.id = identity_of(index_);
    config.incarnation = incarnation_;
    config.boot_nonce = services_.schedule.next();
    config.name = name_;
    config.version = "sim";
    config.seed = services_.schedule.next();
    config.cluster_limits = services_.limits.cluster;
    config.broker_limits = services_.limits.broker;
    node_ = std::make_unique<cluster::Node>(std::move(config));
    services_.network.attach(host_, *this);
    services_.trace.note(services_.queue.now(), name_, fmt::format("start {}", incarnation_));
    plan_ = plan;
    node_->apply_plan(plan_, now(), effects_);
    node_->end_turn(now(), effects_);
    drain();
    arm_timer();
}

void NodeShell::crash() {
    if (!running()) return;
    services_.trace.note(services_.queue.now(), name_, "crash");
    ++life_;
    node_.reset();
    services_.network.crash(host_);
    conns_ = {};
    by_socket_.clear();
    inbox_.clear();
    resolving_.clear();
    effects_.reset();
    turn_wanted_ = frozen_ = shutting_down_ = false;
}

void NodeShell::shut_down() {
    if (!running()) return;
    services_.trace.note(services_.queue.now(), name_, "shut down");
    shutting_down_ = true;
    node_->shut_down(now(), effects_);
    node_->end_turn(now(), effects_);
    drain();
    services_.queue.after(kShutDownPatience, [this, life = life_] {
        if (life == life_) crash();
    });
}

EditResult NodeShell::apply_plan(const ir::Plan& plan) {
    plan_ = plan;
    if (!running()) return {};
    edit_.emplace();
    node_->apply_plan(plan_, now(), effects_);
    node_->end_turn(now(), effects_);
    drain();
    arm_timer();
    EditResult result = std::move(*edit_);
    edit_.reset();
    return result;
}

void NodeShell::set_frozen(bool frozen) {
    frozen_ = frozen;
    if (!frozen && running()) want_turn(Duration{});
}

void NodeShell::on_socket(const SocketEvent& event) {
    if (!running()) return;
    inbox_.push_back({event.kind, event.socket, event.peer, event.dial,
                      Bytes(event.bytes.begin(), event.bytes.end()), std::string(event.reason)});
    const std::uint64_t delay_us = services_.schedule.chance(20) ? services_.schedule.below(5'000)
                                                                 : services_.schedule.below(100);
    want_turn(Duration::microseconds(static_cast<std::int64_t>(delay_us)));
}

void NodeShell::want_turn(Duration delay) {
    if (turn_wanted_) return;
    turn_wanted_ = true;
    services_.queue.after(delay, [this, life = life_] {
        if (life == life_) turn();
    });
}

void NodeShell::turn() {
    turn_wanted_ = false;
    if (frozen_) return;
    if (const auto deadline = node_->next_deadline(); deadline && *deadline <= now().instant) {
        if (inbox_.empty()) ++idle_turns_;
        node_->handle(broker::Tick{}, now(), effects_);
    }
    for (std::size_t taken = 0; taken < kEventsPerTurnMax && !inbox_.empty(); ++taken) {
        Inbound inbound = std::move(inbox_.front());
        inbox_.pop_front();
        take(std::move(inbound));
        if (effects_.flush_wanted()) drain();
    }
    node_->end_turn(now(), effects_);
    drain();
    if (!inbox_.empty()) want_turn(Duration{});
    if (shutting_down_ && conns_.size() == 0) return crash();
    arm_timer();
}

void NodeShell::take(Inbound inbound) {
    switch (inbound.kind) {
        case SocketEventKind::Accepted: {
            const broker::ConnId id =
                conns_.insert(Conn{inbound.socket, inbound.peer, false, false, {}});
            by_socket_[inbound.socket] = id;
            node_->handle(
                broker::Accepted{id, {.remote_address = fmt::format("h{}:9", inbound.peer)}}, now(),
                effects_);
            return;
        }
        case SocketEventKind::Connected: {
            const broker::ConnId id =
                conns_.insert(Conn{inbound.socket, inbound.peer, false, false, {}});
            by_socket_[inbound.socket] = id;
            node_->handle(broker::Dialled{inbound.dial, id, fmt::format("h{}:1883", inbound.peer)},
                          now(), effects_);
            return;
        }
        case SocketEventKind::Refused:
        case SocketEventKind::TimedOut:
            node_->handle(broker::DialFailed{inbound.dial, dial_error(inbound.kind, inbound.reason),
                                             inbound.reason},
                          now(), effects_);
            return;
        case SocketEventKind::Bytes:
        case SocketEventKind::Closed:
        case SocketEventKind::Congested:
        case SocketEventKind::Writable: {
            const auto it = by_socket_.find(inbound.socket);
            if (it != by_socket_.end()) take_of_conn(it->second, std::move(inbound));
            return;
        }
    }
    UNREACHABLE();
}

void NodeShell::take_of_conn(broker::ConnId id, Inbound inbound) {
    Conn* const conn = conns_.find(id);
    ASSERT(conn != nullptr);
    const bool ends = inbound.kind == SocketEventKind::Closed;
    const bool is_read = inbound.kind == SocketEventKind::Bytes || inbound.reason == "end of file";
    if (is_read && conn->paused && !conn->closing) {
        conn->held.push_back(std::move(inbound));
        return;
    }
    if (ends) {
        by_socket_.erase(conn->socket);
        conns_.erase(id);
        node_->handle(broker::Closed{id, std::move(inbound.reason)}, now(), effects_);
    } else if (inbound.kind == SocketEventKind::Bytes) {
        if (!conn->closing) node_->handle(broker::Received{id, inbound.bytes}, now(), effects_);
    } else if (inbound.kind == SocketEventKind::Congested) {
        node_->handle(broker::Congested{id}, now(), effects_);
    } else {
        node_->handle(broker::Writable{id}, now(), effects_);
    }
    // What a handler decided is carried out before the next read, or at the end of the turn.
    // Either order is right, so both are tried.
    if (!effects_.actions().empty() && services_.schedule.chance(2)) drain();
}

void NodeShell::drain() {
    write_outputs();
    // Actions can only add to the network's queues, never to the effects.
    for (const broker::Action& action : effects_.actions())
        act(action);
    effects_.reset();
}

void NodeShell::write_outputs() {
    for (const broker::ConnId id : effects_.dirty()) {
        const Conn* const conn = conns_.find(id);
        if (conn == nullptr || conn->closing || effects_.pending_bytes(id) == 0) continue;
        effects_.output(id).for_each_run(
            [&](ByteView run) { services_.network.write(conn->socket, run); });
        unsent_bytes_most_ =
            std::max(unsent_bytes_most_, services_.network.unsent_bytes(conn->socket));
    }
}

void NodeShell::act(const broker::Action& action) {
    if (const auto* close = std::get_if<broker::CloseConnection>(&action)) {
        Conn* const conn = conns_.find(close->conn);
        if (conn == nullptr || conn->closing) return;
        conn->closing = true;
        conn->held.clear();
        if (edit_) edit_->closed.push_back(conn->peer);
        services_.network.resume(conn->socket);
        services_.network.close(conn->socket);
    } else if (const auto* pause = std::get_if<broker::PauseReading>(&action)) {
        Conn* const conn = conns_.find(pause->conn);
        if (conn == nullptr) return;
        conn->paused = true;
        services_.network.pause(conn->socket);
    } else if (const auto* wake = std::get_if<broker::ResumeReading>(&action)) {
        resume(wake->conn);
    } else if (const auto* call = std::get_if<broker::Dial>(&action)) {
        dial(*call);
    } else if (const auto* cancel = std::get_if<broker::CancelDial>(&action)) {
        cancel_dial(cancel->dial);
    } else if (const auto* line = std::get_if<broker::LogLine>(&action)) {
        if (services_.trace.printing())
            services_.trace.note(services_.queue.now(), name_, "log: " + line->text);
        if (log_.size() < kLogLinesMax) log_.push_back(line->text);
    }
}

void NodeShell::dial(const broker::Dial& dial) {
    if (edit_) ++edit_->dials;
    const auto it = services_.addresses.find(dial.host);
    if (it != services_.addresses.end())
        return services_.network.dial(host_, it->second, dial.dial);
    resolving_.insert(dial.dial);
    services_.queue.after(Duration::milliseconds(2), [this, life = life_, id = dial.dial] {
        if (life != life_ || resolving_.erase(id) == 0) return;
        on_socket({.kind = SocketEventKind::Refused,
                   .socket = {},
                   .peer = 0,
                   .dial = id,
                   .bytes = {},
                   .reason = kNoSuchHost});
    });
}

// A dial that was cancelled is not answered, also where the answer is here already.
void NodeShell::cancel_dial(std::uint64_t dial) {
    resolving_.erase(dial);
    services_.network.cancel_dial(host_, dial);
    std::erase_if(inbox_, [&](const Inbound& inbound) {
        if (inbound.dial != dial || inbound.kind == SocketEventKind::Accepted) return false;
        if (inbound.kind == SocketEventKind::Connected) services_.network.reset(inbound.socket);
        return inbound.kind == SocketEventKind::Connected ||
               inbound.kind == SocketEventKind::Refused ||
               inbound.kind == SocketEventKind::TimedOut;
    });
}

void NodeShell::resume(broker::ConnId id) {
    Conn* const conn = conns_.find(id);
    if (conn == nullptr || !conn->paused) return;
    conn->paused = false;
    services_.network.resume(conn->socket);
    if (conn->held.empty()) return;
    for (; !conn->held.empty(); conn->held.pop_back())
        inbox_.push_front(std::move(conn->held.back()));
    want_turn(Duration{});
}

void NodeShell::arm_timer() {
    if (!running()) return;
    const auto deadline = node_->next_deadline();
    const std::uint64_t timer = ++timer_;
    if (!deadline) return;
    const Instant due = std::max(*deadline, services_.queue.now() + kTimerStep);
    services_.queue.at(due, [this, timer, life = life_] {
        if (life == life_ && timer == timer_) want_turn(Duration{});
    });
}

}  // namespace lotmesh::sim
