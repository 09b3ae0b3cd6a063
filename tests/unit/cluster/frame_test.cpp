#include "runtime/cluster/frame.h"

#include <doctest/doctest.h>

#include <limits>

#include "base/hash.h"
#include "runtime/cluster/frame_bodies.h"
#include "runtime/cluster/limits.h"
#include "runtime/cluster/peer_link.h"
#include "tests/unit/cluster/frame_cases.h"

using namespace lotmesh;
using namespace lotmesh::cluster;
using namespace lotmesh::cluster::testing;

namespace {

// All entries of a frame, or the first error.
Result<std::vector<Entry>, FrameError> decode(ByteView frame) {
    auto reader = FrameReader::open(frame);
    if (!reader) return failure(reader.error());
    std::vector<Entry> entries;
    while (true) {
        const auto entry = reader->next();
        if (!entry) return failure(entry.error());
        if (!*entry) return entries;
        entries.push_back(**entry);
    }
}

Bytes encode(const std::vector<Entry>& entries) {
    FrameWriter writer;
    for (const Entry& entry : entries)
        std::visit([&writer](const auto& value) { writer.add(value); }, entry);
    const ByteView frame = writer.finish();
    return {frame.begin(), frame.end()};
}

// A frame around raw entries, with the right checksum.
Bytes frame_around(ByteView entries) {
    Bytes frame;
    ByteWriter writer(frame);
    writer.u8(kFrameMagic);
    writer.u8(kFrameVersion);
    writer.u64(hash64(entries));
    writer.bytes(entries);
    return frame;
}

Bytes raw_entry(std::uint8_t type, const Bytes& body) {
    Bytes entry;
    ByteWriter writer(entry);
    writer.u8(type);
    writer.u32(static_cast<std::uint32_t>(body.size()));
    writer.bytes(body);
    return entry;
}

}  // namespace

TEST_CASE("every entry comes out of a frame as it went in") {
    for (const FrameCase& one : frame_cases()) {
        INFO(one.name);
        const auto entries = decode(one.frame);
        REQUIRE(entries.has_value());
        REQUIRE(entries->size() == 1);
        CHECK(encode(*entries) == one.frame);
    }
}

TEST_CASE("the values of an entry are those that were written") {
    const auto frame = make_case("hello", sample_hello()).frame;
    const auto entries = decode(frame);
    REQUIRE(entries.has_value());
    CHECK(std::get<Hello>(entries->front()) == sample_hello());

    const auto with_body = make_case("full", BestEffort{8, full_body()}).frame;
    const auto decoded = decode(with_body);
    REQUIRE(decoded.has_value());
    const auto& message = std::get<BestEffort>(decoded->front()).message;
    CHECK(message.topic == "plant/line 1/temperature");
    CHECK(as_text(message.payload) == "21.5");
    CHECK(message.forwarded_properties.size() == 9);
    CHECK(message.version == full_body().version);
    CHECK(message.expires_in_ms == 5'000);
    CHECK(message.age_ms == 250);
    CHECK(message.retain);
    CHECK(message.qos == mqtt::QoS::ExactlyOnce);
}

TEST_CASE("a frame carries a batch in order") {
    const Bytes frame = encode(
        {Start{true, 1, 2, 3}, Ack{Lane::Interest, 1, 2, 3, false}, Nack{Lane::Messages, 1, 2}});
    const auto entries = decode(frame);
    REQUIRE(entries.has_value());
    REQUIRE(entries->size() == 3);
    CHECK(std::get<Ack>((*entries)[1]) == Ack{Lane::Interest, 1, 2, 3, false});
    CHECK(std::get<Nack>((*entries)[2]) == Nack{Lane::Messages, 1, 2});
}

TEST_CASE("a frame cut at any length is refused") {
    for (const FrameCase& one : frame_cases())
        for (std::size_t size = 0; size < one.frame.size(); ++size) {
            INFO(one.name << " cut to " << size);
            CHECK_FALSE(decode(ByteView(one.frame).first(size)).has_value());
        }
}

TEST_CASE("an entry cut at any length is refused although the checksum is right") {
    for (const FrameCase& one : frame_cases()) {
        const ByteView entry = ByteView(one.frame).subspan(kFrameHeadBytes);
        for (std::size_t size = 1; size < entry.size(); ++size) {
            INFO(one.name << " cut to " << size);
            CHECK_FALSE(decode(frame_around(entry.first(size))).has_value());
        }
    }
}

TEST_CASE("one changed bit anywhere in a frame is noticed") {
    for (const FrameCase& one : frame_cases())
        for (std::size_t at = 0; at < one.frame.size(); at += 3) {
            Bytes bad = one.frame;
            bad[at] = static_cast<std::uint8_t>(bad[at] ^ (1U << (at % 8)));
            INFO(one.name << " at " << at);
            CHECK_FALSE(decode(bad).has_value());
        }
}

TEST_CASE("an unknown entry is skipped, one that must be understood is refused") {
    Bytes entries = raw_entry(0x7F, {1, 2, 3});
    const Bytes next = raw_entry(13, {});
    entries.insert(entries.end(), next.begin(), next.end());
    const auto skipped = decode(frame_around(entries));
    REQUIRE(skipped.has_value());
    CHECK(skipped->size() == 1);

    const auto refused = decode(frame_around(raw_entry(0x80, {})));
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error() == FrameError::UnknownEntry);
}

TEST_CASE("a list of peers has whole ids, and not more than there can be peers") {
    const auto listed = [](std::size_t bytes) {
        return decode(frame_around(raw_entry(15, Bytes(bytes, 7)))).has_value();
    };
    CHECK(listed(0));
    CHECK(listed(16 * kPeersMax));
    CHECK_FALSE(listed(16 * kPeersMax + 16));
    CHECK_FALSE(listed(17));
}

TEST_CASE("another frame version is refused as such") {
    Bytes frame = frame_cases().front().frame;
    frame[1] = 9;
    REQUIRE_FALSE(decode(frame).has_value());
    CHECK(decode(frame).error() == FrameError::Version);
}

TEST_CASE("what a peer may not say is refused") {
    const auto refused = [](MessageBody body) {
        return !decode(make_case("", BestEffort{1, body}).frame).has_value();
    };
    MessageBody body = sample_body();
    body.topic = "a/#";
    CHECK(refused(body));
    body.topic = "";
    CHECK(refused(body));
    body.topic = "$SYS/broker/version";
    CHECK(refused(body));
    body = sample_body();
    const Bytes not_forwarded = {0x02, 0, 0, 0, 1};  // message expiry interval
    body.forwarded_properties = not_forwarded;
    CHECK(refused(body));
    Record record = record_of(RecordType::Message);
    record.previous = record.lsn;
    CHECK_FALSE(decode(make_case("", record).frame).has_value());
    Bytes list;
    append_filter(list, "a/#/b");
    record = record_of(RecordType::InterestAdd);
    record.filters = list;
    CHECK_FALSE(decode(make_case("", record).frame).has_value());
}

TEST_CASE("a message lives through a body, age and expiry counted from now") {
    broker::MessageParts parts;
    parts.topic = "t";
    parts.payload = as_bytes("p");
    parts.qos = mqtt::QoS::AtLeastOnce;
    parts.accepted_at = Instant{1'000'000};
    parts.expires_at = Instant{9'000'000};
    const auto message = broker::MessageRef::make(parts);
    const MessageBody body = body_of(*message, Instant{3'000'000});
    CHECK(body.age_ms == 2'000);
    CHECK(body.expires_in_ms == 6'000);
    const auto there = message_of(body, Instant{500'000'000});
    CHECK(there->accepted_at() == Instant{498'000'000});
    CHECK(there->expires_at() == Instant{506'000'000});
    CHECK(there->topic() == "t");
}

TEST_CASE("a link finds its frames wherever the bytes are split") {
    Bytes stream;
    for (const FrameCase& one : frame_cases())
        append_frame(stream, one.frame);
    const std::size_t count = frame_cases().size();
    Limits limits;
    for (std::size_t split = 0; split <= stream.size(); ++split) {
        PeerLink link(LinkRole::Acceptor, {1, 1}, "", Instant{});
        std::vector<Bytes> frames;
        Bytes out;
        const auto take = [&](ByteView bytes) {
            return link.receive(bytes, limits, Instant{}, out,
                                [&](ByteView frame) -> Result<void, LinkFailure> {
                                    frames.emplace_back(frame.begin(), frame.end());
                                    return {};
                                });
        };
        REQUIRE(take(ByteView(stream).first(split)).has_value());
        REQUIRE(take(ByteView(stream).subspan(split)).has_value());
        REQUIRE(frames.size() == count);
        CHECK(frames.back() == frame_cases().back().frame);
    }
}

TEST_CASE("a wall clock beyond all times is taken for the last one") {
    Heartbeat heartbeat;
    heartbeat.wall_ms = std::numeric_limits<std::int64_t>::min();
    Hello hello = sample_hello();
    hello.wall_ms = std::numeric_limits<std::int64_t>::max();
    const Bytes frame = encode({heartbeat, hello});
    const auto entries = decode(frame);
    REQUIRE(entries.has_value());
    CHECK(std::get<Heartbeat>((*entries)[0]).wall_ms == -(std::int64_t{1} << 53));
    CHECK(std::get<Hello>((*entries)[1]).wall_ms == std::int64_t{1} << 53);
}
