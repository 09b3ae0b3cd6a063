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
// Both are the time that a stranger has.
static_assert(kArrivalMax == broker::Limits{}.connect_timeout);

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
                       CommandTaker take_command, AuditTaker take_audit)
    : loop_(loop),
      node_(config),
      connections_(loop, *this),
      connector_(loop, *this),
      timer_(loop,
             [this] {
                 timer_set_to_.reset();
                 handle(broker::Tick{});
             }),
      arrival_timer_(loop,
                     [this] {
                         arrival_timer_set_to_.reset();
                         close_overdue();
                     }),
      take_command_(std::move(take_command)),
      take_audit_(std::move(take_audit)) {}

void CoreThread::accepted(net::FileDescriptor socket, const net::Address& remote,
                          const SharedRules& rules) {
    if (rules && (!rules->may_connect(remote) || transports_.is_full()))
        return log::debug("connection turned away remote=" + remote.text());
    const auto id = connections_.adopt(std::move(socket));
    if (!id)
        return log::warning("cannot take connection: " + id.error().text +
                            " remote=" + remote.text());
    if (!rules)
        return handle(broker::Accepted{*id, {remote.text(), remote.is_loopback(), {}, {}}, {}});
    touched_ = true;
    transports_.add(*id, rules, remote, loop_.now().instant);
}

void CoreThread::apply_plan(const ir::Plan& plan) {
    touched_ = true;
    node_.apply_plan(plan, loop_.now(), effects_);
}

void CoreThread::authenticated(broker::AuthTicket ticket, broker::AuthVerdict verdict) {
    handle(broker::Authenticated{ticket, std::move(verdict)});
}

void CoreThread::publish_sys(std::string_view topic, std::string_view payload) {
    touched_ = true;
    node_.publish_sys(topic, payload, loop_.now(), effects_);
}

void CoreThread::publish_sys_line(std::string_view topic, std::string_view payload) {
    touched_ = true;
    node_.publish_sys_line(topic, payload, loop_.now(), effects_);
}

void CoreThread::answer_command(const broker::ReplyTo& to, std::string_view answer) {
    touched_ = true;
    node_.answer_command(to, answer, loop_.now(), effects_);
}

void CoreThread::shut_down() {
    touched_ = true;
    shutting_down_ = true;
    connections_.hurry();
    for (const net::ConnectionId id : transports_.arriving())
        connections_.close(id);
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
    set_arrival_timer();
}

void CoreThread::on_received(net::ConnectionId id, ByteView bytes) {
    if (Transport* transport = transports_.find(id)) return receive_through(id, *transport, bytes);
    handle(broker::Received{id, bytes});
}

void CoreThread::on_writable(net::ConnectionId id) { handle(broker::Writable{id}); }

void CoreThread::on_closed(net::ConnectionId id, std::string_view reason) {
    const bool unknown = transports_.find(id) != nullptr && !transports_.has_arrived(id);
    transports_.erase(id);
    touched_ = true;
    if (unknown) return;
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

void CoreThread::receive_through(net::ConnectionId id, Transport& transport, ByteView bytes) {
    output_.answer.clear();
    output_.arrival.reset();
    output_.stream.received.clear();
    output_.stream.reply.clear();
    output_.ends = false;
    transport.receive(bytes, loop_.now().instant, output_);
    if (output_.ends)
        log::debug("closing connection: " + std::string(output_.why) +
                   " remote=" + transport.client().text());
    carry_out(id, output_);
}

void CoreThread::carry_out(net::ConnectionId id, const Transport::Output& output) {
    touched_ = true;
    send(id, output.answer);
    if (output.arrival) {
        const Duration waited = transports_.arrive(id, loop_.now().instant);
        if (!transports_.find(id)->is_websocket()) transports_.erase(id);
        handle(broker::Accepted{
            id, {output.arrival->client.text(), output.arrival->loopback, {}, {}}, waited});
    }
    if (!output.stream.received.empty()) handle(broker::Received{id, output.stream.received});
    if (output.ends) {
        flush();  // what MQTT has to say comes before the close frame
        send(id, output.stream.reply);
        return connections_.close(id);
    }
    // A client that takes nothing gets no pongs either.
    if (connections_.unsent_bytes(id) < net::Connections::kUnsentHigh)
        send(id, output.stream.reply);
}

void CoreThread::send(net::ConnectionId id, ByteView bytes) {
    if (bytes.empty()) return;
    const ByteView runs[] = {bytes};
    if (connections_.write(id, runs) == net::WriteOutcome::Congested) congested_.push_back(id);
}

void CoreThread::close(net::ConnectionId id) {
    if (Transport* transport = transports_.find(id)) {
        Bytes goodbye;
        transport->close(shutting_down_ ? ws::CloseCode::GoingAway : ws::CloseCode::Normal,
                         goodbye);
        send(id, goodbye);
    }
    connections_.close(id);
}

void CoreThread::close_overdue() {
    touched_ = true;
    for (const net::ConnectionId id : transports_.take_overdue(loop_.now().instant))
        connections_.close(id);
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
        Transport* transport = transports_.find(id);
        if (transport != nullptr) runs_.emplace_back();
        effects_.output(id).for_each_run([this](ByteView run) { runs_.push_back(run); });
        if (transport != nullptr) runs_[0] = transport->head(std::span(runs_).subspan(1));
        if (connections_.write(id, runs_) == net::WriteOutcome::Congested) congested_.push_back(id);
    }
}

void CoreThread::carry_out(const broker::Action& action) {
    std::visit(Overloaded{
                   [this](const broker::CloseConnection& a) { close(a.conn); },
                   [this](const broker::PauseReading& a) { connections_.pause_reading(a.conn); },
                   [this](const broker::ResumeReading& a) { connections_.resume_reading(a.conn); },
                   [this](const broker::Dial& a) { connector_.dial(a.dial, a.host, a.port); },
                   [this](const broker::CancelDial& a) { connector_.cancel(a.dial); },
                   [](const broker::LogLine& a) { log::write(log_level(a.level), a.text); },
                   [this](const broker::Command& a) { commands_.push_back(a); },
                   [this](const broker::Audit& a) {
                       log::info(broker::to_line(a));
                       take_audit_(a);
                   },
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

void CoreThread::set_arrival_timer() {
    const auto deadline = transports_.next_deadline();
    if (deadline == arrival_timer_set_to_) return;
    arrival_timer_set_to_ = deadline;
    if (deadline) arrival_timer_.start_at(*deadline);
}

}  // namespace lotmesh::server
