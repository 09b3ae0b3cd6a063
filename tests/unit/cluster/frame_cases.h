// One of each entry that peers send; drives round trips, truncation, corruption and fuzz seeds.
#pragma once

#include <string>
#include <vector>

#include "runtime/broker/ports.h"
#include "runtime/cluster/frame.h"
#include "runtime/cluster/frame_bodies.h"

namespace lotmesh::cluster::testing {

struct FrameCase {
    std::string name;
    Bytes frame;
};

inline MessageBody sample_body() {
    MessageBody body;
    body.topic = "plant/line 1/temperature";
    body.payload = as_bytes("21.5");
    body.qos = mqtt::QoS::AtLeastOnce;
    body.age_ms = 250;
    return body;
}

inline NodeId sample_id(std::uint8_t fill) {
    NodeId id;
    id.bytes.fill(fill);
    return id;
}

template <typename E>
FrameCase make_case(std::string name, const E& entry) {
    FrameWriter writer;
    writer.add(entry);
    const ByteView frame = writer.finish();
    return {std::move(name), Bytes(frame.begin(), frame.end())};
}

inline Hello sample_hello() {
    Hello hello;
    hello.id = sample_id(7);
    hello.incarnation = 3;
    hello.boot_nonce = 99;
    hello.wall_ms = 1'700'000'000'000;
    hello.name = "north";
    hello.version = "0.1.0";
    hello.label = "ClusterNode1";
    return hello;
}

inline Record record_of(RecordType type) {
    static const Bytes filters = [] {
        Bytes list;
        append_filter(list, "a/+");
        append_filter(list, "b/#");
        return list;
    }();
    Record record;
    record.type = type;
    record.lsn = 12;
    record.previous = 10;
    if (type == RecordType::Message) record.message = sample_body();
    if (type == RecordType::InterestAdd || type == RecordType::InterestRemove)
        record.filters = filters;
    if (type == RecordType::Expired) record.expired_count = 5;
    return record;
}

inline MessageBody full_body() {
    static const Bytes properties = {0x01, 0x01, 0x26, 0x00, 0x01, 'k', 0x00, 0x01, 'v'};
    MessageBody body = sample_body();
    body.retain = true;
    body.qos = mqtt::QoS::ExactlyOnce;
    body.forwarded_properties = properties;
    body.version = Version{{77}, sample_id(4)};
    body.expires_in_ms = 5'000;
    return body;
}

inline std::vector<FrameCase> frame_cases() {
    static const Bytes digests(broker::kRetainedBuckets * 8, 3);
    static const Bytes wanted(broker::kRetainedBuckets / 8, 0x81);
    Heartbeat heartbeat;
    heartbeat.sequence = 4;
    heartbeat.heard_sequence = 3;
    heartbeat.wants_answer = true;
    heartbeat.received_bytes = 1'000;
    heartbeat.interest_digest = 0xABCD;
    heartbeat.message_validity_sec = 30;
    Record full = record_of(RecordType::Message);
    full.message = full_body();
    RetainedItem tombstone;
    tombstone.message.topic = "gone";
    tombstone.message.version = tombstone.version = Version{{5}, sample_id(1)};
    RetainedItem item{*full_body().version, true, full_body()};
    static const Bytes ids(32, 7);
    return {make_case("hello", sample_hello()),
            make_case("start", Start{true, 3, 1'000, 900}),
            make_case("heartbeat", heartbeat),
            make_case("ack", Ack{Lane::Messages, 3, 900, 1'200, true}),
            make_case("ack of interest", Ack{Lane::Interest, 3, 900, 1'200, false}),
            make_case("nack", Nack{Lane::Interest, 3, 900}),
            make_case("resume", Resume{Lane::Messages, 3, 899}),
            make_case("message", record_of(RecordType::Message)),
            make_case("full message", full),
            make_case("interest add", record_of(RecordType::InterestAdd)),
            make_case("interest remove", record_of(RecordType::InterestRemove)),
            make_case("snapshot begin", record_of(RecordType::SnapshotBegin)),
            make_case("snapshot end", record_of(RecordType::SnapshotEnd)),
            make_case("expired", record_of(RecordType::Expired)),
            make_case("best effort", BestEffort{8, sample_body()}),
            make_case("snapshot request", SnapshotRequest{}),
            make_case("digests", RetainedDigests{true, digests}),
            make_case("equal", RetainedAnswer{RetainedVerdict::Equal, {}}),
            make_case("differs", RetainedAnswer{RetainedVerdict::Differs, wanted}),
            make_case("item", item),
            make_case("tombstone", tombstone),
            make_case("chunk end", RetainedChunkEnd{true}),
            make_case("next", RetainedNext{}),
            make_case("result", RetainedResult{7}),
            make_case("linked peers", LinkedPeers{ids})};
}

}  // namespace lotmesh::cluster::testing
