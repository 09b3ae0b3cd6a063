#include "tools/bench/publisher.h"

#include <doctest/doctest.h>

#include <vector>

#include "runtime/mqtt/decode.h"
#include "runtime/mqtt/encode.h"

namespace lotmesh::bench {

namespace {

constexpr auto kVersion = mqtt::ProtocolVersion::V5;

template <typename Packet>
Packet ack(mqtt::PacketId packet_id, mqtt::ReasonCode reason = mqtt::ReasonCode::Success) {
    return Packet{packet_id, reason, {}};
}

// A publisher with the broker's side played by the test.
struct Stage {
    explicit Stage(mqtt::QoS qos, std::uint32_t inflight = 10)
        : oracle(Layout(Workload::Pairs, 1)),
          publisher({.client = {.version = kVersion, .client_id = "p", .resumable = true},
                     .topic = "t",
                     .qos = qos,
                     .payload_bytes = 24,
                     .inflight = inflight},
                    oracle) {}

    Outcome answer(const mqtt::Packet& packet) {
        Bytes bytes;
        mqtt::encode(packet, kVersion, bytes);
        return publisher.handle(mqtt::next_frame(bytes, kPacketBytesMax)->frame, out);
    }

    void connect(bool session_present) {
        publisher.connected(out);
        out.clear();
        CHECK(answer(mqtt::Connack{session_present, mqtt::ReasonCode::Success, {}}));
    }

    // The first bytes of all frames sent since the last call: type and flags.
    std::vector<unsigned> sent() {
        std::vector<unsigned> first_bytes;
        ByteView bytes = out;
        while (!bytes.empty()) {
            const auto step = mqtt::next_frame(bytes, kPacketBytesMax);
            first_bytes.push_back(step->frame.first_byte);
            bytes = bytes.subspan(step->frame.size);
        }
        out.clear();
        return first_bytes;
    }

    Oracle oracle;
    Publisher publisher;
    Bytes out;
};

using Sent = std::vector<unsigned>;

}  // namespace

TEST_CASE("a publisher fills its window and no more") {
    Stage stage(mqtt::QoS::AtLeastOnce, 3);
    CHECK(stage.publisher.capacity(0) == 0);
    stage.connect(false);
    CHECK(stage.publisher.capacity(0) == 3);
    stage.publisher.publish(3, 0, stage.out);
    CHECK(stage.publisher.capacity(0) == 0);
    CHECK(stage.sent() == Sent{0x32, 0x32, 0x32});
    CHECK(stage.answer(ack<mqtt::Puback>(2)));
    CHECK(stage.publisher.capacity(0) == 1);
    CHECK(stage.oracle.acked() == 1);
}

TEST_CASE("a broker's receive maximum narrows the window") {
    Stage stage(mqtt::QoS::AtLeastOnce, 100);
    stage.publisher.connected(stage.out);
    mqtt::Connack connack;
    connack.properties.receive_maximum = 5;
    CHECK(stage.answer(connack));
    CHECK(stage.publisher.capacity(0) == 5);
}

TEST_CASE("what was not acked is sent again with DUP when the session resumes") {
    Stage stage(mqtt::QoS::AtLeastOnce);
    stage.connect(false);
    stage.publisher.publish(2, 0, stage.out);
    CHECK(stage.answer(ack<mqtt::Puback>(1)));
    stage.publisher.disconnected();
    stage.connect(true);
    CHECK(stage.sent() == Sent{0x3A});
    CHECK(stage.answer(ack<mqtt::Puback>(2)));
    CHECK(stage.publisher.idle());
    CHECK(stage.oracle.acked() == 2);
}

TEST_CASE("a broker that forgot the session gets the messages as new ones") {
    Stage stage(mqtt::QoS::AtLeastOnce);
    stage.connect(false);
    stage.publisher.publish(1, 0, stage.out);
    stage.publisher.disconnected();
    stage.connect(false);
    CHECK(stage.sent() == Sent{0x32});
}

TEST_CASE("QoS 2 goes through PUBREC, PUBREL and PUBCOMP, and resumes with PUBREL") {
    Stage stage(mqtt::QoS::ExactlyOnce);
    stage.connect(false);
    stage.publisher.publish(1, 0, stage.out);
    CHECK(stage.sent() == Sent{0x34});
    CHECK(stage.answer(ack<mqtt::Pubrec>(1)));
    CHECK(stage.sent() == Sent{0x62});
    CHECK(stage.oracle.acked() == 1);
    stage.publisher.disconnected();
    stage.connect(true);
    CHECK(stage.sent() == Sent{0x62});
    CHECK(stage.answer(ack<mqtt::Pubcomp>(1)));
    CHECK(stage.publisher.idle());
}

TEST_CASE("acks that fit nothing end the connection") {
    Stage stage(mqtt::QoS::AtLeastOnce);
    stage.connect(false);
    CHECK_FALSE(stage.answer(ack<mqtt::Puback>(1)));
    stage.publisher.publish(1, 0, stage.out);
    CHECK_FALSE(stage.answer(ack<mqtt::Pubrec>(1)));
    CHECK_FALSE(stage.answer(ack<mqtt::Pubcomp>(1)));
}

TEST_CASE("a refused message is counted and its place is free again") {
    Stage stage(mqtt::QoS::ExactlyOnce);
    stage.connect(false);
    stage.publisher.publish(1, 0, stage.out);
    CHECK(stage.answer(ack<mqtt::Pubrec>(1, mqtt::ReasonCode::QuotaExceeded)));
    CHECK(stage.oracle.verdict().refused == 1);
    CHECK(stage.publisher.idle());
}

TEST_CASE("packet identifiers go round without 0 and acks still find their message") {
    Stage stage(mqtt::QoS::AtLeastOnce);
    stage.connect(false);
    for (std::uint32_t i = 0; i < 65'535 + 5; ++i) {
        stage.publisher.publish(1, 0, stage.out);
        const auto packet_id = static_cast<mqtt::PacketId>(i % 65'535 + 1);
        REQUIRE(stage.answer(ack<mqtt::Puback>(packet_id)));
        stage.out.clear();
    }
    CHECK(stage.oracle.acked() == 65'540);
}

TEST_CASE("at QoS 0 arrivals open the window, and time does where they stay away") {
    Stage stage(mqtt::QoS::AtMostOnce, 4);
    stage.connect(false);
    stage.publisher.publish(4, 0, stage.out);
    CHECK(stage.publisher.capacity(1'000) == 0);
    stage.oracle.delivered(0, 0, 1);
    CHECK(stage.publisher.capacity(2'000) == 2);
    CHECK(stage.publisher.capacity(3'000'000) == 4);
}

}  // namespace lotmesh::bench
