#include "runtime/broker/inflight.h"

#include <algorithm>

#include "base/assert.h"

namespace lotmesh::broker {
namespace {

constexpr std::uint32_t kIdentifiers = 0xFFFF;

}  // namespace

void Inflight::begin_connection(const InflightBounds& bounds) {
    bounds_ = bounds;
    bounds_.entries_max = std::min<std::size_t>(bounds.entries_max, kIdentifiers);
    in_window_ = 0;
    resend_at_ = 0;
    for (std::size_t i = 0; i < entries_.size(); ++i)
        entries_[i].counted = false;
}

const InflightEntry* Inflight::next_to_resend() {
    while (resend_at_ < entries_.size() &&
           entries_[resend_at_].phase == InflightPhase::AwaitPubcomp)
        ++resend_at_;
    return resend_at_ < entries_.size() ? &entries_[resend_at_] : nullptr;
}

void Inflight::resent() {
    ASSERT(resend_at_ < entries_.size() && window_open());
    entries_[resend_at_++].counted = true;
    ++in_window_;
}

void Inflight::drop_resend() {
    ASSERT(resend_at_ < entries_.size());
    remove(resend_at_);
}

mqtt::PacketId Inflight::add(Delivery delivery) {
    ASSERT(has_room() && next_to_resend() == nullptr);
    InflightEntry entry;
    entry.packet_id = next_packet_id();
    entry.sequence = next_sequence_++;
    entry.phase = delivery.qos == mqtt::QoS::ExactlyOnce ? InflightPhase::AwaitPubrec
                                                         : InflightPhase::AwaitPuback;
    entry.counted = true;
    bytes_ += delivery.message->memory_bytes();
    entry.delivery = std::move(delivery);
    const mqtt::PacketId id = entry.packet_id;
    entries_.push_back(std::move(entry));
    ++in_window_;
    resend_at_ = entries_.size();
    return id;
}

bool Inflight::puback(mqtt::PacketId id) {
    const auto at = find(id);
    if (!at || entries_[*at].phase != InflightPhase::AwaitPuback) return false;
    remove(*at);
    return true;
}

Inflight::OnPubrec Inflight::pubrec(mqtt::PacketId id, bool refused) {
    const auto at = find(id);
    // Only a PUBREC acknowledges a PUBLISH of QoS 2 [MQTT-4.3.3-3].
    if (!at || entries_[*at].phase == InflightPhase::AwaitPuback) return OnPubrec::NotFound;
    InflightEntry& entry = entries_[*at];
    if (entry.phase == InflightPhase::AwaitPubcomp) return OnPubrec::SendPubrel;  // said again
    if (refused) {  // [MQTT-4.4.0-2] [MQTT-4.8.2-6]
        remove(*at);
        return OnPubrec::Refused;
    }
    // [MQTT-4.3.3-6]: never a PUBLISH again, so the message is not needed any more.
    bytes_ -= entry.delivery.message->memory_bytes();
    entry.delivery = {};
    entry.phase = InflightPhase::AwaitPubcomp;
    return OnPubrec::SendPubrel;
}

bool Inflight::pubcomp(mqtt::PacketId id) {
    const auto at = find(id);
    if (!at || entries_[*at].phase != InflightPhase::AwaitPubcomp) return false;
    remove(*at);
    return true;
}

std::optional<std::size_t> Inflight::find(mqtt::PacketId id) const {
    for (std::size_t i = 0; i < entries_.size(); ++i)
        if (entries_[i].packet_id == id) return i;
    return std::nullopt;
}

void Inflight::remove(std::size_t at) {
    const InflightEntry& entry = entries_[at];
    if (entry.delivery.message) bytes_ -= entry.delivery.message->memory_bytes();
    if (entry.counted) --in_window_;
    if (at < resend_at_) --resend_at_;
    entries_.erase(at);
}

// [MQTT-2.2.1-4] [MQTT-4.3.2-1] [MQTT-4.3.3-1]: not zero and not in use. Identifiers count up, so
// one can only be in use when all others were given since the oldest entry.
mqtt::PacketId Inflight::next_packet_id() {
    ASSERT(entries_.size() < kIdentifiers);  // so that the search ends
    const auto advance = [this] {
        const mqtt::PacketId id = next_id_;
        next_id_ =
            next_id_ == kIdentifiers ? std::uint16_t{1} : static_cast<std::uint16_t>(next_id_ + 1);
        return id;
    };
    mqtt::PacketId id = advance();
    const bool lapped =
        !entries_.empty() && next_sequence_ - entries_.front().sequence >= kIdentifiers;
    // A skipped identifier counts too, so that a lap is noticed in time.
    while (lapped && find(id)) {
        id = advance();
        ++next_sequence_;
    }
    return id;
}

}  // namespace lotmesh::broker
