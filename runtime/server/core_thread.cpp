#include "runtime/server/core_thread.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "base/log.h"
#include "base/wiped_bytes.h"
#include "runtime/broker/limits.h"
#include "runtime/server/tls_files.h"

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
                       CommandTaker take_command, AuditTaker take_audit, PinsTaker take_pins)
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
                         begin_handshakes();
                     }),
      connections_max_(config.broker_limits.connections_max),
      admission_({.connections_max = config.broker_limits.connections_per_address_max,
                  .per_second = config.broker_limits.new_connections_per_address_per_sec}),
      take_command_(std::move(take_command)),
      take_audit_(std::move(take_audit)),
      take_pins_(std::move(take_pins)) {}

// Counted, and logged by nobody: who floods us shall not fill the log.
bool CoreThread::may_enter(const net::Address& client) {
    switch (admission_.ask(client, loop_.now().instant)) {
        case Admission::Answer::Admitted: return true;
        case Admission::Answer::TooMany: ++refused_.too_many; return false;
        case Admission::Answer::TooFast: ++refused_.too_fast; return false;
    }
    UNREACHABLE();
}

// Of all connections, and of those of this listener.
bool CoreThread::has_room(const SharedRules& rules) {
    if (connections_.size() >= connections_max_) {
        ++refused_.full;
        return false;
    }
    if (!rules || listener_quota_.has_room(rules->listener, rules->connections_max)) return true;
    ++refused_.of_listener;
    return false;
}

// Somebody is refused where nobody has been silent: the newcomer.
bool CoreThread::make_room_to_arrive() {
    if (!transports_.is_full()) return true;
    ++refused_.arriving;
    const auto oldest = transports_.take_oldest_silent();
    if (!oldest) return false;
    transports_.erase(*oldest);
    connections_.abort(*oldest);
    return true;
}

std::map<std::string, std::uint64_t> CoreThread::refused() const {
    return {{"$SYS/broker/refused/connections", refused_.full},
            {"$SYS/broker/refused/connections_of_listener", refused_.of_listener},
            {"$SYS/broker/refused/connections_of_address", refused_.too_many},
            {"$SYS/broker/refused/connection_rate", refused_.too_fast},
            {"$SYS/broker/refused/arriving", refused_.arriving},
            {"$SYS/broker/refused/overdue", refused_.overdue},
            {"$SYS/broker/refused/transport", refused_.transport}};
}

void CoreThread::accepted(net::FileDescriptor socket, const net::Address& remote,
                          const SharedRules& rules) {
    const bool is_plain = !rules || rules->is_plain();
    if (rules && !rules->may_connect(remote))
        return log::debug("connection turned away remote=" + remote.text());
    if (!has_room(rules) || (!is_plain && !make_room_to_arrive())) return;
    // Whom a proxy speaks for is known when it has said so.
    const bool is_proxy = rules && rules->proxy;
    if (!is_proxy && !may_enter(remote)) return;
    const auto id = connections_.adopt(std::move(socket));
    if (!id)
        return log::warning("cannot take connection: " + id.error().text +
                            " remote=" + remote.text());
    if (!is_proxy) admission_.entered(*id, remote);
    if (rules && rules->connections_max != 0) listener_quota_.entered(*id, rules->listener);
    if (is_plain)
        return handle(broker::Accepted{*id,
                                       {.remote_address = remote.text(),
                                        .loopback = remote.is_loopback(),
                                        .listener = rules ? rules->listener : ""},
                                       {}});
    touched_ = true;
    transports_.add(*id, rules, remote, loop_.now().instant);
}

void CoreThread::evict(const std::function<SharedRules(const std::string& listener)>& today) {
    std::vector<net::ConnectionId> strangers;
    transports_.for_each([&](net::ConnectionId id, const Transport& transport) {
        const SharedRules rules = today(transport.rules().listener);
        if (rules && !transport.would_be_accepted_by(*rules)) strangers.push_back(id);
    });
    cut(strangers);
}

void CoreThread::evict_dialled() {
    std::vector<net::ConnectionId> strangers;
    transports_.for_each([&](net::ConnectionId id, const Transport& transport) {
        const auto& dialled = transport.rules().dialled;
        if (!dialled) return;
        const auto context = client_context(dialled->files, dialled->host);
        // Files that cannot be read change nothing for links that are up.
        if (!context) return;
        TransportRules rules;
        rules.tls = *context;
        if (!transport.would_be_accepted_by(rules)) strangers.push_back(id);
    });
    cut(strangers);
}

void CoreThread::cut(const std::vector<net::ConnectionId>& strangers) {
    for (const net::ConnectionId id : strangers) {
        log::warning("connection cut: its certificate or key is not accepted any more remote=" +
                     transports_.find(id)->client().text());
        connections_.abort(id);
    }
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

void CoreThread::memory_pressure(broker::Pressure level) { handle(broker::MemoryPressure{level}); }

void CoreThread::disk_space(broker::DiskSpace level) { handle(broker::DiskSpaceChanged{level}); }

void CoreThread::policy_changed() { handle(broker::PolicyChanged{}); }

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

// What somebody says before it is known who he is may be a password.
void CoreThread::on_received(net::ConnectionId id, std::span<std::uint8_t> bytes) {
    const bool is_secret = !node_.knows(id);
    if (Transport* transport = transports_.find(id))
        receive_through(id, *transport, bytes);
    else
        handle(broker::Received{id, bytes});
    if (!is_secret) return;
    wipe(bytes);
    output_.wipe();
}

void CoreThread::on_writable(net::ConnectionId id) { handle(broker::Writable{id}); }

void CoreThread::on_closed(net::ConnectionId id, std::string_view reason) {
    const bool unknown = transports_.find(id) != nullptr && !transports_.has_arrived(id);
    transports_.erase(id);
    admission_.left(id);
    listener_quota_.left(id);
    touched_ = true;
    if (unknown) return tls_failed(id, broker::DialError::Tls, reason);
    handle(broker::Closed{id, std::string(reason)});
}

void CoreThread::on_dialled(std::uint64_t dial, net::FileDescriptor socket,
                            const net::Address& remote) {
    const auto id = connections_.adopt(std::move(socket));
    if (!id) {
        tls_dials_.erase(dial);
        handle(broker::DialFailed{dial, broker::DialError::Other, id.error().text});
    } else if (tls_dials_.contains(dial)) {
        begin_tls(dial, *id, remote);
    } else {
        handle(broker::Dialled{dial, *id, remote.text(), {}});
    }
}

void CoreThread::on_dial_failed(std::uint64_t dial, net::DialFailure failure,
                                const std::string& reason) {
    tls_dials_.erase(dial);
    handle(broker::DialFailed{dial, dial_error(failure), reason});
}

void CoreThread::receive_through(net::ConnectionId id, Transport& transport, ByteView bytes) {
    const Instant now = loop_.now().instant;
    transports_.has_spoken(id);
    if (transport.awaits_handshake() && !transports_.may_begin_handshake(id, bytes, now)) {
        connections_.pause_reading(id);
        if (bytes.size() > kHeldHelloBytesMax) connections_.abort(id);
        return;
    }
    take_in(id, transport, bytes);
}

void CoreThread::take_in(net::ConnectionId id, Transport& transport, ByteView bytes) {
    output_.clear();
    transport.receive(bytes, loop_.now().instant, output_);
    if (output_.ends && !transports_.has_arrived(id) && !output_.arrival) ++refused_.transport;
    if (output_.ends)
        log::debug("closing connection: " + std::string(output_.why) +
                   " remote=" + transport.client().text());
    carry_out(id, output_);
}

void CoreThread::carry_out(net::ConnectionId id, const Transport::Output& output) {
    touched_ = true;
    send_wire(id, output.wire);
    send(id, output.answer);
    if (output.arrival) arrive(id, *output.arrival);
    if (!output.stream.received.empty()) handle(broker::Received{id, output.stream.received});
    if (output.ends) {
        flush();  // what MQTT has to say comes before the close frame
        send(id, output.stream.reply);
        tls_failed(id, broker::DialError::Tls, output.why);
        return connections_.close(id);
    }
    // A client that takes nothing gets no pongs either.
    if (connections_.unsent_bytes(id) < net::Connections::kUnsentHigh)
        send(id, output.stream.reply);
}

void CoreThread::arrive(net::ConnectionId id, const Transport::Arrival& arrival) {
    const Duration waited = transports_.arrive(id, loop_.now().instant);
    const TransportRules& rules = transports_.find(id)->rules();
    const std::string listener = rules.listener;
    if (rules.proxy) {
        if (!may_enter(arrival.client)) return connections_.abort(id);
        admission_.entered(id, arrival.client);
    }
    if (!transports_.find(id)->is_needed()) transports_.erase(id);
    const auto dial =
        std::ranges::find_if(tls_dials_, [id](const auto& item) { return item.second.conn == id; });
    if (dial == tls_dials_.end())
        return handle(broker::Accepted{id,
                                       {.remote_address = arrival.client.text(),
                                        .loopback = arrival.loopback,
                                        .listener = listener,
                                        .certificate_name = arrival.tls.name},
                                       waited});
    const broker::DialId number = dial->first;
    tls_dials_.erase(dial);
    handle(broker::Dialled{number, id, arrival.client.text(), arrival.tls.fingerprint});
}

// Whole, in TLS or not, as the connection is.
void CoreThread::send(net::ConnectionId id, ByteView bytes) {
    Transport* transport = transports_.find(id);
    if (transport == nullptr || bytes.empty()) return send_wire(id, bytes);
    sealed_.clear();
    transport->seal(bytes, sealed_);
    send_wire(id, sealed_);
}

void CoreThread::send_wire(net::ConnectionId id, ByteView bytes) {
    if (bytes.empty()) return;
    const ByteView runs[] = {bytes};
    if (connections_.write(id, runs) == net::WriteOutcome::Congested) congested_.push_back(id);
}

void CoreThread::close(net::ConnectionId id) {
    if (Transport* transport = transports_.find(id)) {
        Bytes goodbye;
        transport->close(shutting_down_ ? ws::CloseCode::GoingAway : ws::CloseCode::Normal,
                         goodbye);
        send_wire(id, goodbye);
    }
    connections_.close(id);
}

void CoreThread::close_overdue() {
    touched_ = true;
    for (const net::ConnectionId id : transports_.take_overdue(loop_.now().instant)) {
        ++refused_.overdue;
        tls_failed(id, broker::DialError::TimedOut, "no TLS handshake in time");
        connections_.close(id);
    }
}

void CoreThread::begin_handshakes() {
    for (const Transports::Ready& ready : transports_.take_ready(loop_.now().instant)) {
        connections_.resume_reading(ready.connection);
        take_in(ready.connection, *transports_.find(ready.connection), ready.bytes);
    }
}

// Its files are read now, so that renewed certificates are taken with the next attempt.
void CoreThread::dial(const broker::Dial& dial) {
    if (dial.tls) {
        auto context = client_context(*dial.tls, dial.host);
        if (!context) {
            failed_.push_back({dial.dial, broker::DialError::Tls, context.error()});
            return;
        }
        TransportRules rules;
        rules.tls = std::move(*context);
        rules.dialled = DialledTls{*dial.tls, dial.host};
        rules.arrival_max = net::Connector::kTotal;
        tls_dials_[dial.dial].rules = std::make_shared<const TransportRules>(std::move(rules));
    }
    connector_.dial(dial.dial, dial.host, dial.port);
}

void CoreThread::cancel(broker::DialId dial) {
    const auto found = tls_dials_.find(dial);
    const net::ConnectionId conn =
        found == tls_dials_.end() ? net::ConnectionId() : found->second.conn;
    tls_dials_.erase(dial);
    if (conn)
        connections_.close(conn);
    else
        connector_.cancel(dial);
}

void CoreThread::begin_tls(broker::DialId dial, net::ConnectionId id, const net::Address& remote) {
    touched_ = true;
    TlsDial& tls = tls_dials_.at(dial);
    tls.conn = id;
    output_.clear();
    transports_.add(id, tls.rules, remote, loop_.now().instant).begin(output_);
    transports_.has_spoken(id);  // strangers shall not push it out
    carry_out(id, output_);
}

// Nothing where it was not dialled, or is answered already.
void CoreThread::tls_failed(net::ConnectionId id, broker::DialError error, std::string_view why) {
    const auto dial =
        std::ranges::find_if(tls_dials_, [id](const auto& item) { return item.second.conn == id; });
    if (dial == tls_dials_.end()) return;
    const broker::DialId number = dial->first;
    tls_dials_.erase(dial);
    handle(broker::DialFailed{number, error, std::string(why)});
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
    for (const broker::DialFailed& event : std::exchange(failed_, {})) {
        touched_ = true;
        node_.handle(event, loop_.now(), effects_);
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
        if (transport != nullptr) transport->pack(runs_, sealed_);
        if (connections_.write(id, runs_) == net::WriteOutcome::Congested) congested_.push_back(id);
    }
}

void CoreThread::carry_out(const broker::Action& action) {
    std::visit(Overloaded{
                   [this](const broker::CloseConnection& a) { close(a.conn); },
                   [this](const broker::PauseReading& a) { connections_.pause_reading(a.conn); },
                   [this](const broker::ResumeReading& a) { connections_.resume_reading(a.conn); },
                   [this](const broker::Dial& a) { dial(a); },
                   [this](const broker::CancelDial& a) { cancel(a.dial); },
                   [](const broker::LogLine& a) { log::write(log_level(a.level), a.text); },
                   [this](const broker::Command& a) { commands_.push_back(a); },
                   [this](const broker::Audit& a) {
                       log::info(broker::to_line(a));
                       take_audit_(a);
                   },
                   [this](const broker::KeepPins& a) { take_pins_(a.text); },
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
    auto deadline = transports_.next_deadline();
    if (const auto next = transports_.next_handshake(); next && (!deadline || *next < *deadline))
        deadline = next;
    if (deadline == arrival_timer_set_to_) return;
    arrival_timer_set_to_ = deadline;
    if (deadline) arrival_timer_.start_at(*deadline);
}

}  // namespace lotmesh::server
