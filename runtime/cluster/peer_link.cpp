#include "runtime/cluster/peer_link.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/assert.h"
#include "runtime/broker/ports.h"
#include "runtime/mqtt/decode.h"
#include "runtime/mqtt/encode.h"

namespace lotmesh::cluster {

namespace {

constexpr std::string_view kTopic = broker::kPeerTopic;
constexpr std::uint8_t kPublishQos0 = 0x30;
constexpr std::uint8_t kConnack = 0x20;
constexpr std::uint8_t kTlsAlert = 0x15;
constexpr std::uint8_t kTlsHandshake = 0x16;
constexpr std::uint8_t kTlsMajor = 0x03;

LinkFailure foreign(std::string reason) { return {RouteState::Foreign, std::move(reason)}; }

// What a person must repair there as well as here; the rest is of no concern to the other side.
bool is_told(RouteState state) {
    switch (state) {
        case RouteState::Cloned:
        case RouteState::Alias:
        case RouteState::Refused:
        case RouteState::Incompatible: return true;
        case RouteState::Connecting:
        case RouteState::Unresolvable:
        case RouteState::Unreachable:
        case RouteState::TlsExpected:
        case RouteState::Foreign:
        case RouteState::Self:
        case RouteState::TlsFailed:
        case RouteState::UpPrimary:
        case RouteState::UpStandby:
        case RouteState::Draining: return false;
    }
    UNREACHABLE();
}

// A peer that may have room, or be back, in a moment.
bool is_transient(mqtt::ReasonCode reason) {
    return reason == mqtt::ReasonCode::QuotaExceeded || reason == mqtt::ReasonCode::ServerBusy ||
           reason == mqtt::ReasonCode::ServerUnavailable ||
           reason == mqtt::ReasonCode::ServerShuttingDown ||
           reason == mqtt::ReasonCode::ConnectionRateExceeded;
}

LinkFailure failure_of(const mqtt::Frame& disconnect) {
    const auto packet =
        mqtt::decode_packet(disconnect, mqtt::ProtocolVersion::V5, mqtt::Sender::Server);
    if (!packet) return foreign("its DISCONNECT is malformed");
    const auto& said = std::get<mqtt::Disconnect>(*packet);
    const std::string reason(said.reason == mqtt::ReasonCode::Success ? "normal disconnection"
                                                                      : mqtt::name(said.reason));
    for (const mqtt::UserProperty& property : said.properties.user_properties)
        for (const RouteState state :
             {RouteState::Cloned, RouteState::Alias, RouteState::Refused, RouteState::Incompatible})
            if (property.name == broker::kPeerProperty && property.value == name(state))
                return {state, "it said DISCONNECT: " + std::string(property.value)};
    return {RouteState::Unreachable, "it said DISCONNECT: " + reason};
}

// Topic and empty properties, as append_frame() writes them.
std::optional<ByteView> frame_of(const mqtt::Frame& packet) {
    ByteReader reader(packet.body);
    const std::string_view topic = as_text(reader.take(reader.u16()));
    const std::uint8_t properties_size = reader.u8();
    if (!reader.ok() || packet.first_byte != kPublishQos0 || topic != kTopic ||
        properties_size != 0)
        return std::nullopt;
    return reader.rest();
}

}  // namespace

PeerLink::PeerLink(LinkRole role, broker::ConnId conn, std::string remote_address, Instant now)
    : role_(role),
      conn_(conn),
      remote_address_(std::move(remote_address)),
      phase_(role == LinkRole::Dialler ? LinkPhase::AwaitConnack : LinkPhase::AwaitHello),
      opened_at_(now),
      heard_at_(now),
      arrived_at_(now) {}

void PeerLink::take(ByteView bytes, Instant now) {
    received_bytes_ += bytes.size();
    heard_at_ = now;
    if (!buffered_.empty()) buffered_.insert(buffered_.end(), bytes.begin(), bytes.end());
}

// `rest` may be the end of buffered_ itself.
void PeerLink::keep(ByteView rest) {
    if (buffered_.empty()) {
        buffered_.assign(rest.begin(), rest.end());
    } else if (rest.size() < buffered_.size()) {
        buffered_.erase(buffered_.begin(),
                        buffered_.end() - static_cast<std::ptrdiff_t>(rest.size()));
    }
    constexpr std::size_t kIdleBytesMax = 64 * 1024;
    if (buffered_.empty() && buffered_.capacity() > kIdleBytesMax) buffered_ = {};
}

Result<void, LinkFailure> PeerLink::on_connack(const mqtt::Frame& frame) {
    if (frame.type() != mqtt::PacketType::Connack)
        return failure(foreign("what answers is not an MQTT broker"));
    const auto packet = mqtt::decode_packet(frame, mqtt::ProtocolVersion::V5, mqtt::Sender::Server);
    if (!packet) return failure(foreign("its CONNACK is not MQTT 5"));
    const auto& connack = std::get<mqtt::Connack>(*packet);
    if (mqtt::is_error(connack.reason))
        return failure(LinkFailure{
            is_transient(connack.reason) ? RouteState::Unreachable : RouteState::Refused,
            std::string(mqtt::name(connack.reason))});
    const auto& properties = connack.properties.user_properties;
    const bool ours = std::any_of(properties.begin(), properties.end(), [](const auto& property) {
        return property.name == broker::kPeerProperty;
    });
    if (!ours) return failure(foreign("an MQTT broker of another kind"));
    phase_ = LinkPhase::AwaitHello;
    return {};
}

Result<PeerLink::Step, LinkFailure> PeerLink::next_packet(ByteView bytes, const Limits& limits,
                                                          Bytes& out) {
    const bool waits_connack = phase_ == LinkPhase::AwaitConnack;
    const bool tls = !bytes.empty() && (bytes[0] == kTlsAlert || bytes[0] == kTlsHandshake);
    if (waits_connack && tls && bytes.size() >= 2 && bytes[1] == kTlsMajor)
        return failure(LinkFailure{RouteState::TlsExpected, "the port speaks TLS"});
    // At once, and not when as many bytes have come as its "length" says.
    const bool other = !bytes.empty() && bytes[0] != kConnack && !tls;
    if (waits_connack && other) return failure(foreign("what answers is not an MQTT broker"));
    const auto framed =
        mqtt::next_frame(bytes, up() ? limits.packet_bytes_max : limits.hello_packet_bytes_max);
    if (!framed)
        return failure(
            foreign(waits_connack ? "what answers is not an MQTT broker" : "not a packet of ours"));
    const mqtt::Frame& frame = framed->frame;
    Step step{frame.size, std::nullopt};
    if (frame.size == 0) return step;
    if (waits_connack) {
        auto accepted = on_connack(frame);
        if (!accepted) return failure(std::move(accepted.error()));
        return step;
    }
    switch (frame.type()) {
        case mqtt::PacketType::Publish:
            step.frame = frame_of(frame);
            if (!step.frame) return failure(foreign("a PUBLISH that is not a frame"));
            return step;
        case mqtt::PacketType::Pingreq:
            mqtt::encode(mqtt::Pingresp{}, mqtt::ProtocolVersion::V5, out);
            return step;
        case mqtt::PacketType::Pingresp: return step;
        case mqtt::PacketType::Disconnect:
            // 0x00, or no reason at all: it ends the link on purpose.
            said_goodbye_ = frame.body.empty() || frame.body.front() == 0;
            return failure(failure_of(frame));
        case mqtt::PacketType::Connect:
        case mqtt::PacketType::Connack:
        case mqtt::PacketType::Puback:
        case mqtt::PacketType::Pubrec:
        case mqtt::PacketType::Pubrel:
        case mqtt::PacketType::Pubcomp:
        case mqtt::PacketType::Subscribe:
        case mqtt::PacketType::Suback:
        case mqtt::PacketType::Unsubscribe:
        case mqtt::PacketType::Unsuback:
        case mqtt::PacketType::Auth: break;
    }
    return failure(foreign("a packet that peers do not send"));
}

void PeerLink::on_hello(const Hello& hello) {
    ASSERT(!hello_ && phase_ == LinkPhase::AwaitHello);
    hello_ = PeerHello{hello.id,
                       hello.incarnation,
                       hello.boot_nonce,
                       std::string(hello.name),
                       std::string(hello.version),
                       std::string(hello.label)};
    phase_ = LinkPhase::AwaitStart;
}

void PeerLink::on_start(Instant now) {
    ASSERT(phase_ == LinkPhase::AwaitStart);
    phase_ = LinkPhase::Up;
    arrived_at_ = now;
    beat_now_ = true;
}

bool PeerLink::wants_heartbeat(Instant now, const Limits& limits) const {
    if (phase_ != LinkPhase::Up) return false;
    return beat_now_ || answer_now_ || !beat_at_ || now - *beat_at_ >= limits.heartbeat_interval;
}

Heartbeat PeerLink::make_heartbeat(Instant now, const Limits& limits) {
    Heartbeat heartbeat;
    // An answer has no number of its own: it says what was heard, and asks for nothing.
    if (beat_now_ || !beat_at_ || now - *beat_at_ >= limits.heartbeat_interval) {
        heartbeat.wants_answer = true;
        ++sequence_;
        beat_at_ = now;
    }
    heartbeat.sequence = sequence_;
    heartbeat.heard_sequence = heard_sequence_;
    heartbeat.received_bytes = received_bytes_;
    beat_now_ = false;
    answer_now_ = false;
    return heartbeat;
}

void PeerLink::on_heartbeat(const Heartbeat& heartbeat, Instant now) {
    heard_sequence_ = std::max(heard_sequence_, heartbeat.sequence);
    if (heartbeat.wants_answer) answer_now_ = true;
    if (heartbeat.heard_sequence > arrived_sequence_ && heartbeat.heard_sequence <= sequence_) {
        arrived_sequence_ = heartbeat.heard_sequence;
        if (arrived_sequence_ == sequence_ && beat_at_) round_trip_ = now - *beat_at_;
    }
    if (heartbeat.received_bytes > arrived_bytes_) {
        arrived_bytes_ = heartbeat.received_bytes;
        arrived_at_ = now;
    }
}

std::uint32_t PeerLink::probe() {
    beat_now_ = true;
    return sequence_ + 1;
}

// Heartbeats keep every keep alive; a short one makes the acceptor notice a silence sooner.
Duration PeerLink::silence_max(const Limits& limits) const {
    const Duration one_and_a_half = Duration::milliseconds(keep_alive_sec_ * std::int64_t{1'500});
    return keep_alive_sec_ == 0 ? limits.dead_after : std::min(limits.dead_after, one_and_a_half);
}

std::optional<LinkFailure> PeerLink::timed_out(Instant now, const Limits& limits) const {
    if (phase_ != LinkPhase::Up) {
        if (now - opened_at_ < limits.hello_timeout) return std::nullopt;
        // It said that it is a peer, so it is slow or stopped: it may go on at any moment.
        const bool connack = phase_ != LinkPhase::AwaitConnack;
        return LinkFailure{RouteState::Unreachable,
                           connack ? "no HELLO in time" : "no CONNACK in time"};
    }
    if (proof_ends_at_ && now >= *proof_ends_at_)
        return LinkFailure{RouteState::Refused, "its token has ended"};
    if (now - heard_at_ >= silence_max(limits))
        return LinkFailure{RouteState::Unreachable, "nothing heard from it"};
    // One heartbeat more than the silence: its answer tells what arrived before it.
    if (now - arrived_at_ >= limits.dead_after + limits.heartbeat_interval)
        return LinkFailure{RouteState::Unreachable, "it does not hear us"};
    return std::nullopt;
}

Instant PeerLink::next_deadline(const Limits& limits) const {
    if (phase_ != LinkPhase::Up) return opened_at_ + limits.hello_timeout;
    Instant earliest = std::min(heard_at_ + silence_max(limits),
                                arrived_at_ + limits.dead_after + limits.heartbeat_interval);
    if (beat_at_) earliest = std::min(earliest, *beat_at_ + limits.heartbeat_interval);
    if (proof_ends_at_) earliest = std::min(earliest, *proof_ends_at_);
    return earliest;
}

void append_connect(Bytes& out, const ir::Link& settings) {
    mqtt::Connect connect;
    connect.client_id = settings.client_id;
    connect.keep_alive_sec =
        static_cast<std::uint16_t>(std::min<std::uint32_t>(settings.keepalive_sec, 0xFFFF));
    if (!settings.username.empty()) connect.user_name = settings.username;
    if (!settings.password.empty()) connect.password = as_bytes(settings.password.reveal());
    connect.properties.user_properties.push_back({broker::kPeerProperty, "1"});
    mqtt::encode(connect, mqtt::ProtocolVersion::V5, out);
}

// RFC 5246 section 7.4.1.2; it never comes to a handshake, so its random bytes need not be random.
void append_tls_question(Bytes& out) {
    constexpr std::size_t kRandomBytes = 32;
    constexpr std::array<std::uint8_t, 11> kRecordHead{
        kTlsHandshake, kTlsMajor, 1, 0, 51, 1, 0, 0, 47, 3, 3};
    // No session; four ECDHE suites with AES-GCM; no compression.
    constexpr std::array<std::uint8_t, 13> kOffer{0,    0,    8,    0xC0, 0x2F, 0xC0, 0x30,
                                                  0xC0, 0x2B, 0xC0, 0x2C, 1,    0};
    ByteWriter writer(out);
    writer.bytes(kRecordHead);
    for (std::size_t i = 0; i < kRandomBytes; ++i)
        writer.u8(static_cast<std::uint8_t>(i));
    writer.bytes(kOffer);
}

void append_connack(Bytes& out, mqtt::ReasonCode reason) {
    mqtt::Connack connack;
    connack.reason = reason;
    connack.properties.user_properties.push_back({broker::kPeerProperty, "1"});
    mqtt::encode(connack, mqtt::ProtocolVersion::V5, out);
}

void append_disconnect(Bytes& out, mqtt::ReasonCode reason, std::optional<RouteState> why) {
    mqtt::Disconnect disconnect{reason, {}};
    if (why && is_told(*why))
        disconnect.properties.user_properties.push_back({broker::kPeerProperty, name(*why)});
    mqtt::encode(disconnect, mqtt::ProtocolVersion::V5, out);
}

void append_frame(Bytes& out, ByteView frame) {
    std::size_t remaining = 2 + kTopic.size() + 1 + frame.size();
    ASSERT(remaining <= 268'435'455);
    ByteWriter writer(out);
    writer.u8(kPublishQos0);
    do {
        const auto seven = static_cast<std::uint8_t>(remaining & 0x7F);
        remaining >>= 7;
        writer.u8(remaining != 0 ? static_cast<std::uint8_t>(seven | 0x80) : seven);
    } while (remaining != 0);
    writer.u16(static_cast<std::uint16_t>(kTopic.size()));
    writer.bytes(as_bytes(kTopic));
    writer.u8(0);
    writer.bytes(frame);
}

}  // namespace lotmesh::cluster
