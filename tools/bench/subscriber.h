// One subscribing client without I/O: subscribes, acks, and tells the oracle what arrived.
#pragma once

#include <bitset>
#include <cstdint>
#include <string>

#include "tools/bench/client.h"
#include "tools/bench/histogram.h"
#include "tools/bench/oracle.h"

namespace lotmesh::bench {

struct SubscribeSettings {
    ClientSettings client;
    std::string filter;
    mqtt::QoS qos = mqtt::QoS::AtLeastOnce;
    std::uint32_t payload_bytes = 64;
    std::uint32_t index = 0;
    std::uint32_t run = 0;
};

// What all subscribers of a run write to; it outlives them.
struct Record {
    Oracle& oracle;
    Histogram latency;
    bool measuring = false;  // latencies count
    std::uint64_t sessions_lost = 0;
};

class Subscriber {
public:
    Subscriber(SubscribeSettings settings, Record& record);

    void connected(Bytes& out);
    Outcome handle(const mqtt::Frame& frame, std::int64_t now_us, Bytes& out);
    void disconnected();

    bool ready() const { return phase_ == Phase::Ready; }

private:
    enum class Phase : std::uint8_t { Connecting, Subscribing, Ready };

    Outcome accepted(const mqtt::Frame& frame, Bytes& out);
    Outcome subscribed(const mqtt::Frame& frame);
    Outcome publish(const mqtt::Frame& frame, std::int64_t now_us, Bytes& out);
    Outcome release(const mqtt::Frame& frame, Bytes& out);
    void count(ByteView bytes, std::int64_t now_us);

    SubscribeSettings settings_;
    Record& record_;
    Phase phase_ = Phase::Connecting;
    bool subscribed_once_ = false;
    std::bitset<0x10000> received_;  // QoS 2: packet identifiers between PUBLISH and PUBREL
};

}  // namespace lotmesh::bench
