// One publishing client without I/O: gives out messages within its window, keeps those that are not
// acked, sends them again when its session resumes.
//
// Bounded by PublishSettings::inflight messages; what is sent again is made again, not stored.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "runtime/mqtt/publish_frame.h"
#include "tools/bench/client.h"
#include "tools/bench/oracle.h"

namespace lotmesh::bench {

struct PublishSettings {
    ClientSettings client;
    std::string topic;
    mqtt::QoS qos = mqtt::QoS::AtLeastOnce;
    std::uint32_t payload_bytes = 64;
    std::uint32_t inflight = 100;
    std::uint32_t index = 0;
    std::uint32_t run = 0;
};

class Publisher {
public:
    // The oracle outlives the publisher.
    Publisher(PublishSettings settings, Oracle& oracle);

    void connected(Bytes& out);
    Outcome handle(const mqtt::Frame& frame, Bytes& out);
    void disconnected();

    bool ready() const { return ready_; }
    bool idle() const { return inflight_.empty(); }  // nothing waits for an ack
    std::uint32_t capacity(std::int64_t now_us);     // how many messages it may send now
    void publish(std::uint32_t messages, std::int64_t now_us, Bytes& out);

private:
    enum class Phase : std::uint8_t { Sent, Released, Done };
    struct Entry {
        std::uint64_t sequence = 0;
        std::int64_t sent_us = 0;
        mqtt::PacketId packet_id = 0;
        Phase phase = Phase::Sent;
    };

    Outcome accepted(const mqtt::Frame& frame, Bytes& out);
    Outcome handle_ack(const mqtt::Frame& frame, Bytes& out);
    void resume(bool session_present, Bytes& out);
    void append(const Entry& entry, bool dup, Bytes& out) const;
    bool answers(mqtt::PacketType type, const Entry& entry) const;
    void settle(const Entry& entry, mqtt::ReasonCode reason);
    void finish(Entry& entry);
    Entry* find(mqtt::PacketId packet_id);
    std::uint32_t unlimited_capacity(std::int64_t now_us);

    PublishSettings settings_;
    Oracle& oracle_;
    mqtt::PublishHead head_;
    std::deque<Entry> inflight_;  // in order of sending; done ones leave at the front
    std::uint32_t open_ = 0;      // of them, not done
    std::uint32_t window_ = 0;
    mqtt::PacketId next_packet_id_ = 1;
    bool ready_ = false;
    // QoS 0 has no acks: what has arrived opens the window, and time does where something is lost.
    std::uint64_t sent_ = 0;
    std::uint64_t written_off_ = 0;
    std::uint64_t arrived_seen_ = 0;
    std::int64_t progress_us_ = 0;
};

}  // namespace lotmesh::bench
