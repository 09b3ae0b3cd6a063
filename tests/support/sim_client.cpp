#include "tests/support/sim_client.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/assert.h"
#include "runtime/mqtt/decode.h"
#include "runtime/mqtt/encode.h"

namespace lotmesh::sim {
namespace {

constexpr std::uint32_t kPacketBytesMax = 4 * 1024 * 1024;
constexpr Duration kTakeoverPatience = Duration::seconds(20);

}  // namespace

Client::Client(ClientServices services, HostId host, ClientConfig config)
    : services_(services), host_(host), config_(std::move(config)), rng_(config_.seed) {
    services_.network.attach(host_, *this);
}

void Client::wrong(std::string_view what, std::string_view invariant) {
    services_.oracle.violation(fmt::format("{}: {:.6f} {} ({}): {}", invariant,
                                           static_cast<double>(now().us) / 1e6, config_.id,
                                           config_.node, what));
}

void Client::connect() {
    if (phase_ == Phase::Stopped) return;
    phase_ = Phase::Dialling;
    services_.network.dial(host_, config_.node_host, ++dial_);
}

void Client::retry() {
    if (phase_ == Phase::Stopped) return;
    phase_ = Phase::Away;
    const auto delay_ms = static_cast<std::int64_t>(20 + rng_.below(600));
    services_.queue.after(Duration::milliseconds(delay_ms), [this] {
        if (phase_ == Phase::Away) connect();
    });
}

void Client::on_socket(const SocketEvent& event) {
    if (superseded_.contains(event.socket)) {
        if (event.kind == SocketEventKind::Closed) superseded_.erase(event.socket);
        return;
    }
    switch (event.kind) {
        case SocketEventKind::Connected:
            socket_ = event.socket;
            phase_ = Phase::Greeting;
            unread_.clear();
            send_connect();
            return;
        case SocketEventKind::Refused:
        case SocketEventKind::TimedOut: retry(); return;
        case SocketEventKind::Bytes:
            if (event.socket == socket_) take_bytes(event.bytes);
            return;
        case SocketEventKind::Closed:
            if (event.socket == socket_) lost(event.reason);
            return;
        case SocketEventKind::Accepted:
        case SocketEventKind::Congested:
        case SocketEventKind::Writable: return;
    }
    UNREACHABLE();
}

void Client::lost(std::string_view reason) {
    if (services_.trace.printing())
        services_.trace.note(now(), config_.id, fmt::format("lost: {}", reason));
    socket_ = {};
    held_answers_.clear();
    subscribing_.clear();
    unsubscribing_.clear();
    services_.oracle.publisher_lost_connection(config_.number, now());
    if (session_) {
        services_.oracle.interrupted(*session_, now());
        if (!config_.persistent) {
            services_.oracle.end_session(*session_, now());
            session_.reset();
            session_kept_ = false;
        }
    }
    retry();
}

void Client::node_crashed(Instant now) {
    session_kept_ = session_possible_ = false;
    if (session_) services_.oracle.end_session(*session_, now);
    session_.reset();
    for (const Socket socket : superseded_)
        services_.network.reset(socket);
    if (!socket_) return;
    services_.oracle.publisher_lost_connection(config_.number, now);
    services_.network.reset(std::exchange(socket_, {}));
    held_answers_.clear();
    subscribing_.clear();
    unsubscribing_.clear();
    retry();
}

void Client::node_stops(Instant now) {
    if (session_) services_.oracle.end_session(*session_, now);
    session_kept_ = session_possible_ = false;
}

void Client::node_frozen(Instant now) {
    services_.oracle.publisher_lost_connection(config_.number, now);
    if (session_) services_.oracle.interrupted(*session_, now);
}

void Client::node_thawed(Instant now) {
    services_.oracle.publisher_lost_connection(config_.number, now);
    if (session_ && ready()) services_.oracle.resumed(*session_, now);
}

void Client::send(const mqtt::Packet& packet) {
    Bytes bytes;
    mqtt::encode(packet, config_.version, bytes);
    services_.network.write(socket_, bytes);
}

void Client::answer(const mqtt::Packet& packet) {
    if (slow_)
        held_answers_.push_back(packet);
    else
        send(packet);
}

void Client::ack_slowly(Duration span, Duration apart) {
    if (!ready() || slow_) return;
    slow_ = true;
    release_answers(apart, now() + span);
}

void Client::release_answers(Duration apart, Instant end) {
    slow_ = now() < end;
    while (!held_answers_.empty()) {
        send(held_answers_.front());
        held_answers_.pop_front();
        if (slow_) break;
    }
    if (!slow_) return;
    services_.queue.at(std::min(now() + apart, end),
                       [this, apart, end] { release_answers(apart, end); });
}

void Client::send_connect() {
    ++connects_;
    greeted_before_ = session_possible_;
    session_possible_ = config_.persistent;
    mqtt::Connect connect;
    connect.version = config_.version;
    connect.clean_start = !config_.persistent;
    connect.client_id = config_.id;
    if (config_.persistent && config_.version == mqtt::ProtocolVersion::V5)
        connect.properties.session_expiry_interval_sec = mqtt::kSessionExpiryNever;
    send(connect);
}

void Client::take_bytes(ByteView bytes) {
    unread_.insert(unread_.end(), bytes.begin(), bytes.end());
    const Socket reading = socket_;
    std::size_t at = 0;
    while (socket_ == reading && socket_) {
        const auto step = mqtt::next_frame(ByteView(unread_).subspan(at), kPacketBytesMax);
        if (!step) return wrong("the node sent a malformed frame");
        if (step->frame.size == 0) break;
        at += step->frame.size;
        take_frame(step->frame);
    }
    if (socket_ == reading)
        unread_.erase(unread_.begin(), unread_.begin() + static_cast<std::ptrdiff_t>(at));
}

void Client::take_frame(const mqtt::Frame& frame) {
    if (frame.type() == mqtt::PacketType::Publish) {
        const auto publish = mqtt::decode_publish(frame, config_.version, mqtt::Sender::Server);
        if (!publish) return wrong("the node sent a malformed PUBLISH");
        return take_publish(*publish);
    }
    const auto packet = mqtt::decode_packet(frame, config_.version, mqtt::Sender::Server);
    if (!packet)
        return wrong(fmt::format("the node sent a malformed packet of type {}",
                                 static_cast<int>(frame.type())));
    take_packet(*packet);
    send_next();
}

void Client::take_packet(const mqtt::Packet& packet) {
    if (const auto* connack = std::get_if<mqtt::Connack>(&packet)) return take_connack(*connack);
    if (phase_ != Phase::Ready) return wrong("a packet before CONNACK");
    if (const auto* puback = std::get_if<mqtt::Puback>(&packet)) {
        take_puback(puback->packet_id, puback->reason);
    } else if (const auto* pubrec = std::get_if<mqtt::Pubrec>(&packet)) {
        take_pubrec(pubrec->packet_id, pubrec->reason);
    } else if (const auto* pubrel = std::get_if<mqtt::Pubrel>(&packet)) {
        receiving_.erase(pubrel->packet_id);
        answer(mqtt::Pubcomp{
            .packet_id = pubrel->packet_id, .reason = mqtt::ReasonCode::Success, .properties = {}});
    } else if (const auto* pubcomp = std::get_if<mqtt::Pubcomp>(&packet)) {
        take_pubcomp(pubcomp->packet_id);
    } else if (const auto* suback = std::get_if<mqtt::Suback>(&packet)) {
        take_suback(*suback);
    } else if (const auto* unsuback = std::get_if<mqtt::Unsuback>(&packet)) {
        if (unsubscribing_.erase(unsuback->packet_id) == 0) wrong("UNSUBACK that nobody asked for");
    } else if (const auto* disconnect = std::get_if<mqtt::Disconnect>(&packet)) {
        if (disconnect->reason != mqtt::ReasonCode::ServerShuttingDown &&
            disconnect->reason != mqtt::ReasonCode::SessionTakenOver)
            wrong(fmt::format("DISCONNECT {:#x}", static_cast<int>(disconnect->reason)));
    }
}

void Client::take_connack(const mqtt::Connack& connack) {
    if (phase_ != Phase::Greeting) return wrong("a second CONNACK");
    if (connack.reason != mqtt::ReasonCode::Success) {
        wrong(fmt::format("CONNACK {:#x}", static_cast<int>(connack.reason)));
        return services_.network.close(socket_);
    }
    phase_ = Phase::Ready;
    if (connack.session_present ? !greeted_before_ : session_kept_)
        wrong(fmt::format("session present is {}", connack.session_present), "I8");
    if (services_.trace.printing())
        services_.trace.note(now(), config_.id,
                             fmt::format("connected, session present {}", connack.session_present));
    if (connack.session_present && session_)
        resume_session();
    else
        new_session();
    for (const Socket socket : superseded_)
        watch_superseded(socket);
    send_next();
}

// One client id has one connection: the one before must be told and closed.
void Client::watch_superseded(Socket socket) {
    services_.queue.after(kTakeoverPatience, [this, socket] {
        if (superseded_.contains(socket))
            wrong("the connection that was taken over lives on", "I7");
    });
}

void Client::resume_session() {
    services_.oracle.resumed(*session_, now());
    for (Outgoing& outgoing : in_flight_) {
        if (outgoing.released)
            send(mqtt::Pubrel{.packet_id = outgoing.packet_id,
                              .reason = mqtt::ReasonCode::Success,
                              .properties = {}});
        else
            send_publish(outgoing, true);
    }
    for (const auto& [filter, wanted] : wanted_)
        if (!wanted.granted) send_subscribe(filter, wanted);
}

void Client::new_session() {
    if (session_) services_.oracle.end_session(*session_, now());
    session_ = services_.oracle.begin_session(config_.id, config_.node, now());
    session_kept_ = config_.persistent;
    receiving_.clear();
    // Nobody knows whether a QoS 2 message of the old session arrived: once at most, so never
    // again.
    std::erase_if(in_flight_, [](const Outgoing& outgoing) {
        return outgoing.write.qos == mqtt::QoS::ExactlyOnce;
    });
    for (Outgoing& outgoing : in_flight_)
        send_publish(outgoing, false);
    for (auto& [filter, wanted] : wanted_) {
        wanted.granted = false;
        send_subscribe(filter, wanted);
    }
}

void Client::subscribe(std::string filter, mqtt::QoS qos, std::function<void()> granted) {
    Wanted& wanted = wanted_[filter];
    wanted = {qos, false, std::move(granted)};
    if (ready()) send_subscribe(filter, wanted);
}

void Client::send_subscribe(const std::string& filter, const Wanted& wanted) {
    mqtt::Subscribe subscribe;
    subscribe.packet_id = next_packet_id();
    mqtt::SubscribeEntry entry;
    entry.filter = filter;
    entry.options.qos = wanted.qos;
    subscribe.entries.push_back(entry);
    subscribing_[subscribe.packet_id] = filter;
    services_.oracle.subscribing(*session_, filter, wanted.qos, now());
    if (services_.trace.printing())
        services_.trace.note(now(), config_.id, "subscribes to " + filter);
    send(subscribe);
}

void Client::take_suback(const mqtt::Suback& suback) {
    const auto it = subscribing_.find(suback.packet_id);
    if (it == subscribing_.end()) return wrong("SUBACK that nobody asked for");
    const std::string filter = std::move(it->second);
    subscribing_.erase(it);
    if (suback.reasons.size() != 1 || mqtt::is_error(suback.reasons[0]))
        return wrong("SUBSCRIBE refused: " + filter);
    const auto wanted = wanted_.find(filter);
    if (wanted == wanted_.end()) return;  // unsubscribed in the meantime
    wanted->second.granted = true;
    services_.oracle.granted(*session_, filter, now());
    if (services_.trace.printing()) services_.trace.note(now(), config_.id, "SUBACK for " + filter);
    if (wanted->second.on_granted) std::exchange(wanted->second.on_granted, {})();
}

void Client::unsubscribe(const std::string& filter) {
    if (!ready() || wanted_.erase(filter) == 0) return;
    services_.oracle.unsubscribing(*session_, filter, now());
    mqtt::Unsubscribe unsubscribe;
    unsubscribe.packet_id = next_packet_id();
    unsubscribe.filters.push_back(filter);
    unsubscribing_.insert(unsubscribe.packet_id);
    send(unsubscribe);
}

void Client::stop() {
    if (ready()) {
        send(mqtt::Disconnect{});
        services_.network.close(socket_);
    } else if (socket_) {
        services_.network.reset(socket_);
    }
    services_.network.cancel_dial(host_, dial_);
    phase_ = Phase::Stopped;
    if (session_) services_.oracle.end_session(*session_, now());
    session_.reset();
}

void Client::disconnect_cleanly() {
    if (!ready()) return;
    send(mqtt::Disconnect{});
    phase_ = Phase::Away;
    services_.network.close(socket_);
}

void Client::drop() {
    if (socket_) services_.network.reset(socket_);
}

void Client::stop_reading(Duration span) {
    if (!ready()) return;
    services_.network.pause(socket_);
    services_.oracle.interrupted(*session_, now());
    services_.queue.after(span, [this, socket = socket_] {
        services_.network.resume(socket);
        if (ready() && socket_ == socket) services_.oracle.resumed(*session_, now());
    });
}

void Client::take_over() {
    if (!ready()) return;
    superseded_.insert(socket_);
    socket_ = {};
    held_answers_.clear();
    subscribing_.clear();
    unsubscribing_.clear();
    services_.oracle.publisher_lost_connection(config_.number, now());
    services_.oracle.interrupted(*session_, now());
    if (!config_.persistent) {
        services_.oracle.end_session(*session_, now());
        session_.reset();
    }
    connect();
}

bool Client::idle() const {
    return ready() && waiting_.empty() && in_flight_.empty() && receiving_.empty() &&
           subscribing_.empty() && unsubscribing_.empty() && superseded_.empty() &&
           held_answers_.empty();
}

std::string Client::status() const {
    return fmt::format(
        "{} at node {}: phase {}, {} waiting, {} in flight, {} receiving, {} "
        "subscribing, {} unsubscribing, {} superseded, {} held",
        config_.id, config_.node, static_cast<int>(phase_), waiting_.size(), in_flight_.size(),
        receiving_.size(), subscribing_.size(), unsubscribing_.size(), superseded_.size(),
        held_answers_.size());
}

}  // namespace lotmesh::sim
