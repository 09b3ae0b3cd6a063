#include "tools/bench/publisher.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "runtime/mqtt/encode.h"
#include "tools/bench/payload.h"

namespace lotmesh::bench {

namespace {

// QoS 0: after this long without any arrival, what is on its way counts as gone.
constexpr std::int64_t kStallUs = 500'000;

// Packet identifiers are given out in order and must not meet one that is still in use.
constexpr std::size_t kEntriesMax = 65'000;

constexpr const char* kOutOfOrder = "ack that does not fit what it acks";

}  // namespace

Publisher::Publisher(PublishSettings settings, Oracle& oracle)
    : settings_(std::move(settings)), oracle_(oracle), window_(settings_.inflight) {
    mqtt::PublishContent content;
    content.topic = settings_.topic;
    content.payload_size = settings_.payload_bytes;
    head_.encode(content, settings_.client.version, settings_.qos != mqtt::QoS::AtMostOnce);
}

void Publisher::connected(Bytes& out) { encode_connect(settings_.client, out); }

void Publisher::disconnected() { ready_ = false; }

Outcome Publisher::handle(const mqtt::Frame& frame, Bytes& out) {
    if (!ready_) return accepted(frame, out);
    const mqtt::PacketType type = frame.type();
    if (type == mqtt::PacketType::Puback || type == mqtt::PacketType::Pubrec ||
        type == mqtt::PacketType::Pubcomp)
        return handle_ack(frame, out);
    return handle_other(frame, settings_.client.version);
}

Outcome Publisher::accepted(const mqtt::Frame& frame, Bytes& out) {
    const auto connack = read_connack(frame, settings_.client.version);
    if (!connack) return failure(connack.error());
    window_ = std::min<std::uint32_t>(settings_.inflight, connack->receive_maximum);
    ready_ = true;
    resume(connack->session_present, out);
    return {};
}

// What the broker has answered with PUBREC is its own from then on; if it lost the session after
// that, there is nothing left to release.
void Publisher::resume(bool session_present, Bytes& out) {
    for (Entry& entry : inflight_) {
        if (entry.phase == Phase::Sent) {
            append(entry, session_present, out);
        } else if (entry.phase == Phase::Released && session_present) {
            mqtt::encode_ack(mqtt::PacketType::Pubrel, entry.packet_id, mqtt::ReasonCode::Success,
                             settings_.client.version, out);
        } else if (entry.phase == Phase::Released) {
            finish(entry);
        }
    }
    while (!inflight_.empty() && inflight_.front().phase == Phase::Done)
        inflight_.pop_front();
}

Outcome Publisher::handle_ack(const mqtt::Frame& frame, Bytes& out) {
    const auto ack = read_ack(frame);
    if (!ack) return failure(ack.error());
    Entry* entry = find(ack->packet_id);
    if (entry == nullptr) return failure(std::string("ack of a packet that is not on its way"));
    if (!answers(frame.type(), *entry)) return failure(std::string(kOutOfOrder));
    if (entry->phase == Phase::Sent) settle(*entry, ack->reason);
    if (frame.type() == mqtt::PacketType::Pubrec &&
        (entry->phase == Phase::Released || !mqtt::is_error(ack->reason))) {
        entry->phase = Phase::Released;
        mqtt::encode_ack(mqtt::PacketType::Pubrel, ack->packet_id, mqtt::ReasonCode::Success,
                         settings_.client.version, out);
    } else {
        finish(*entry);
    }
    while (!inflight_.empty() && inflight_.front().phase == Phase::Done)
        inflight_.pop_front();
    return {};
}

// Whether an ack of this type is one that the entry waits for; a repeated PUBREC is.
bool Publisher::answers(mqtt::PacketType type, const Entry& entry) const {
    if (type == mqtt::PacketType::Pubcomp) return entry.phase == Phase::Released;
    const bool once = settings_.qos == mqtt::QoS::ExactlyOnce;
    return once == (type == mqtt::PacketType::Pubrec);
}

void Publisher::settle(const Entry& entry, mqtt::ReasonCode reason) {
    if (mqtt::is_error(reason)) {
        oracle_.refused(settings_.index, entry.sequence);
    } else {
        oracle_.acked(settings_.index, entry.sequence);
    }
}

void Publisher::finish(Entry& entry) {
    ASSERT(entry.phase != Phase::Done && open_ > 0);
    entry.phase = Phase::Done;
    --open_;
}

// Identifiers follow one another (1 to 65535 and round again), so an entry's place is its distance
// from the front.
Publisher::Entry* Publisher::find(mqtt::PacketId packet_id) {
    if (inflight_.empty() || packet_id == 0) return nullptr;
    const int distance = packet_id - inflight_.front().packet_id;
    const auto place = static_cast<std::size_t>(distance >= 0 ? distance : distance + 0xFFFF);
    if (place >= inflight_.size()) return nullptr;
    Entry& entry = inflight_[place];
    return entry.phase == Phase::Done ? nullptr : &entry;
}

std::uint32_t Publisher::capacity(std::int64_t now_us) {
    if (!ready_) return 0;
    if (settings_.qos == mqtt::QoS::AtMostOnce) return unlimited_capacity(now_us);
    if (inflight_.size() >= kEntriesMax || open_ >= window_) return 0;
    const std::size_t room = kEntriesMax - inflight_.size();
    return static_cast<std::uint32_t>(std::min<std::size_t>(window_ - open_, room));
}

std::uint32_t Publisher::unlimited_capacity(std::int64_t now_us) {
    const std::uint64_t arrived = oracle_.arrived_up_to(settings_.index);
    if (arrived != arrived_seen_) {
        arrived_seen_ = arrived;
        progress_us_ = now_us;
    } else if (now_us - progress_us_ > kStallUs) {
        written_off_ = sent_;
        progress_us_ = now_us;
    }
    const std::uint64_t on_the_way = sent_ - std::max(arrived, written_off_);
    return on_the_way >= window_ ? 0 : static_cast<std::uint32_t>(window_ - on_the_way);
}

void Publisher::publish(std::uint32_t messages, std::int64_t now_us, Bytes& out) {
    for (std::uint32_t i = 0; i < messages; ++i) {
        Entry entry{.sequence = oracle_.offer(settings_.index), .sent_us = now_us};
        if (settings_.qos != mqtt::QoS::AtMostOnce) {
            entry.packet_id = next_packet_id_;
            next_packet_id_ = next_packet_id_ == 0xFFFF
                                  ? mqtt::PacketId{1}
                                  : static_cast<mqtt::PacketId>(next_packet_id_ + 1);
            inflight_.push_back(entry);
            ++open_;
        } else {
            oracle_.acked(settings_.index, entry.sequence);
        }
        ++sent_;
        append(entry, false, out);
    }
}

void Publisher::append(const Entry& entry, bool dup, Bytes& out) const {
    head_.append_to(out, settings_.qos, entry.packet_id, dup);
    encode_payload({settings_.run, settings_.index, entry.sequence, entry.sent_us},
                   settings_.payload_bytes, out);
}

}  // namespace lotmesh::bench
