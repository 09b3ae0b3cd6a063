#include "runtime/server/core_thread.h"

#include <string>
#include <utility>
#include <variant>

#include "base/log.h"
#include "runtime/broker/limits.h"

namespace lotmesh::server {

// What the broker was told of the shell.
static_assert(net::Connections::kUnsentHigh == broker::kCongestedBytes);
static_assert(net::Connections::kUnsentLow == broker::kWritableBytes);
static_assert(net::Connections::kDrainMax == broker::kCloseGrace);

namespace {

broker::DialError dial_error(net::DialFailure failure) {
    switch (failure) {
        case net::DialFailure::Unresolvable: return broker::DialError::Unresolvable;
        case net::DialFailure::Refused: return broker::DialError::Refused;
        case net::DialFailure::TimedOut: return broker::DialError::TimedOut;
        case net::DialFailure::Unreachable: return broker::DialError::Unreachable;
        case net::DialFailure::Other: return broker::DialError::Other;
    }
    UNREACHABLE();
}

log::Level log_level(broker::LogLevel level) {
    switch (level) {
        case broker::LogLevel::Debug: return log::Level::Debug;
        case broker::LogLevel::Info: return log::Level::Info;
        case broker::LogLevel::Warning: return log::Level::Warning;
        case broker::LogLevel::Error: return log::Level::Error;
    }
    UNREACHABLE();
}

template <typename... Functions>
struct Overloaded : Functions... {
    using Functions::operator()...;
};

}  // namespace

CoreThread::CoreThread(net::Loop& loop, const cluster::NodeConfig& config,
                       CommandTaker take_command)
    : loop_(loop),
      node_(config),
      connections_(loop, *this),
      connector_(loop, *this),
      timer_(loop,
             [this] {
                 timer_set_to_.reset();
                 handle(broker::Tick{});
             }),
      take_command_(std::move(take_command)) {}

void CoreThread::accepted(net::FileDescriptor socket, const net::Address& remote) {
    const auto id = connections_.adopt(std::move(socket));
    if (!id)
        log::warning("cannot take connection: " + id.error().text + " remote=" + remote.text());
    else
        handle(broker::Accepted{*id, remote.text(), remote.is_loopback()});
}

void CoreThread::apply_plan(const ir::Plan& plan) {
    touched_ = true;
    node_.apply_plan(plan, loop_.now(), effects_);
}

void CoreThread::publish_sys(std::string_view topic, std::string_view payload) {
    touched_ = true;
    node_.publish_sys(topic, payload, loop_.now(), effects_);
}

void CoreThread::answer_command(const broker::ReplyTo& to, std::string_view answer) {
    touched_ = true;
    node_.answer_command(to, answer, loop_.now(), effects_);
}

void CoreThread::shut_down() {
    touched_ = true;
    connections_.hurry();
    node_.shut_down(loop_.now(), effects_);
}

void CoreThread::end_turn() {
    if (!touched_) return;
    // Telling of congestion is an event, too, so it may take a second round.
    while (std::exchange(touched_, false)) {
        node_.end_turn(loop_.now(), effects_);
        flush();
    }
    set_timer();
}

void CoreThread::on_received(net::ConnectionId id, ByteView bytes) {
    handle(broker::Received{id, bytes});
}

void CoreThread::on_writable(net::ConnectionId id) { handle(broker::Writable{id}); }

void CoreThread::on_closed(net::ConnectionId id, std::string_view reason) {
    handle(broker::Closed{id, std::string(reason)});
}

void CoreThread::on_dialled(std::uint64_t dial, net::FileDescriptor socket,
                            const net::Address& remote) {
    const auto id = connections_.adopt(std::move(socket));
    if (!id)
        handle(broker::DialFailed{dial, broker::DialError::Other, id.error().text});
    else
        handle(broker::Dialled{dial, *id, remote.text()});
}

void CoreThread::on_dial_failed(std::uint64_t dial, net::DialFailure failure,
                                const std::string& reason) {
    handle(broker::DialFailed{dial, dial_error(failure), reason});
}

void CoreThread::handle(const broker::Event& event) {
    touched_ = true;
    node_.handle(event, loop_.now(), effects_);
    if (effects_.flush_wanted()) flush();
}

void CoreThread::flush() {
    write_dirty();
    for (const broker::Action& action : effects_.actions())
        carry_out(action);
    effects_.reset();
    for (const net::ConnectionId id : std::exchange(congested_, {})) {
        touched_ = true;
        node_.handle(broker::Congested{id}, loop_.now(), effects_);
    }
    for (broker::Command& command : std::exchange(commands_, {}))
        take_command_(std::move(command));
}

void CoreThread::write_dirty() {
    for (const net::ConnectionId id : effects_.dirty()) {
        if (effects_.pending_bytes(id) == 0) continue;
        runs_.clear();
        effects_.output(id).for_each_run([this](ByteView run) { runs_.push_back(run); });
        if (connections_.write(id, runs_) == net::WriteOutcome::Congested) congested_.push_back(id);
    }
}

void CoreThread::carry_out(const broker::Action& action) {
    std::visit(Overloaded{
                   [this](const broker::CloseConnection& a) { connections_.close(a.conn); },
                   [this](const broker::PauseReading& a) { connections_.pause_reading(a.conn); },
                   [this](const broker::ResumeReading& a) { connections_.resume_reading(a.conn); },
                   [this](const broker::Dial& a) { connector_.dial(a.dial, a.host, a.port); },
                   [this](const broker::CancelDial& a) { connector_.cancel(a.dial); },
                   [](const broker::LogLine& a) { log::write(log_level(a.level), a.text); },
                   [this](const broker::Command& a) { commands_.push_back(a); },
               },
               action);
}

void CoreThread::set_timer() {
    const auto deadline = node_.next_deadline();
    if (deadline == timer_set_to_) return;
    timer_set_to_ = deadline;
    if (deadline)
        timer_.start_at(*deadline);
    else
        timer_.stop();
}

}  // namespace lotmesh::server
