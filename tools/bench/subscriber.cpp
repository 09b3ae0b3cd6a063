#include "tools/bench/subscriber.h"

#include <utility>

#include "runtime/mqtt/decode.h"
#include "runtime/mqtt/encode.h"
#include "tools/bench/payload.h"

namespace lotmesh::bench {

namespace {

constexpr mqtt::PacketId kSubscribeId = 1;

}  // namespace

Subscriber::Subscriber(SubscribeSettings settings, Record& record)
    : settings_(std::move(settings)), record_(record) {}

void Subscriber::connected(Bytes& out) { encode_connect(settings_.client, out); }

void Subscriber::disconnected() { phase_ = Phase::Connecting; }

Outcome Subscriber::handle(const mqtt::Frame& frame, std::int64_t now_us, Bytes& out) {
    if (phase_ == Phase::Connecting) return accepted(frame, out);
    const mqtt::PacketType type = frame.type();
    if (type == mqtt::PacketType::Publish) return publish(frame, now_us, out);
    if (type == mqtt::PacketType::Pubrel) return release(frame, out);
    if (type == mqtt::PacketType::Suback) return subscribed(frame);
    return handle_other(frame, settings_.client.version);
}

Outcome Subscriber::accepted(const mqtt::Frame& frame, Bytes& out) {
    const auto connack = read_connack(frame, settings_.client.version);
    if (!connack) return failure(connack.error());
    if (connack->session_present && subscribed_once_) {
        phase_ = Phase::Ready;
        return {};
    }
    received_.reset();
    mqtt::Subscribe subscribe;
    subscribe.packet_id = kSubscribeId;
    subscribe.entries.push_back({settings_.filter, {.qos = settings_.qos}});
    mqtt::encode(subscribe, settings_.client.version, out);
    phase_ = Phase::Subscribing;
    return {};
}

Outcome Subscriber::subscribed(const mqtt::Frame& frame) {
    const auto packet = mqtt::decode_packet(frame, settings_.client.version, mqtt::Sender::Server);
    const auto* suback = packet ? std::get_if<mqtt::Suback>(&*packet) : nullptr;
    if (suback == nullptr || phase_ != Phase::Subscribing)
        return failure(std::string("unexpected or unreadable SUBACK"));
    if (suback->reasons.size() != 1 ||
        static_cast<std::uint8_t>(suback->reasons[0]) != static_cast<std::uint8_t>(settings_.qos))
        return failure(std::string("the subscription was not granted as asked"));
    if (subscribed_once_) {
        record_.oracle.subscribed_anew(settings_.index);
        ++record_.sessions_lost;
    }
    subscribed_once_ = true;
    phase_ = Phase::Ready;
    return {};
}

Outcome Subscriber::publish(const mqtt::Frame& frame, std::int64_t now_us, Bytes& out) {
    const auto packet = mqtt::decode_publish(frame, settings_.client.version, mqtt::Sender::Server);
    if (!packet) return failure("unreadable PUBLISH: " + std::string(mqtt::name(packet.error())));
    const auto version = settings_.client.version;
    switch (packet->qos) {
        case mqtt::QoS::AtMostOnce: count(packet->payload, now_us); break;
        case mqtt::QoS::AtLeastOnce:
            count(packet->payload, now_us);
            mqtt::encode_ack(mqtt::PacketType::Puback, packet->packet_id, mqtt::ReasonCode::Success,
                             version, out);
            break;
        case mqtt::QoS::ExactlyOnce:
            if (!received_.test(packet->packet_id)) count(packet->payload, now_us);
            received_.set(packet->packet_id);
            mqtt::encode_ack(mqtt::PacketType::Pubrec, packet->packet_id, mqtt::ReasonCode::Success,
                             version, out);
            break;
    }
    return {};
}

Outcome Subscriber::release(const mqtt::Frame& frame, Bytes& out) {
    const auto ack = read_ack(frame);
    if (!ack) return failure(ack.error());
    received_.reset(ack->packet_id);
    mqtt::encode_ack(mqtt::PacketType::Pubcomp, ack->packet_id, mqtt::ReasonCode::Success,
                     settings_.client.version, out);
    return {};
}

void Subscriber::count(ByteView bytes, std::int64_t now_us) {
    const std::optional<Payload> payload = decode_payload(bytes, settings_.payload_bytes);
    if (!payload || payload->run != settings_.run) {
        record_.oracle.alien();
        return;
    }
    const Arrival arrival =
        record_.oracle.delivered(payload->publisher, settings_.index, payload->sequence);
    const bool first = arrival == Arrival::InOrder || arrival == Arrival::Late;
    if (first && record_.measuring) record_.latency.add(now_us - payload->sent_us);
}

}  // namespace lotmesh::bench
