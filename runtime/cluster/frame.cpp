#include "runtime/cluster/frame.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/assert.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "runtime/broker/ports.h"
#include "runtime/cluster/frame_bodies.h"

namespace lotmesh::cluster {

namespace {

constexpr std::uint8_t kMustUnderstand = 0x80;
constexpr std::size_t kDigestBytes = broker::kRetainedBuckets * 8;
constexpr std::size_t kBucketMapBytes = broker::kRetainedBuckets / 8;

NodeId read_id(ByteReader& reader) {
    NodeId id;
    const ByteView bytes = reader.take(id.bytes.size());
    std::copy(bytes.begin(), bytes.end(), id.bytes.begin());
    return id;
}

std::string_view read_text(ByteReader& reader) {
    const std::string_view text = as_text(reader.take(reader.u16()));
    if (text.size() > kHelloTextMax || !is_mqtt_utf8(text)) reader.fail();
    return text;
}

bool read_bool(ByteReader& reader) {
    const std::uint8_t value = reader.u8();
    if (value > 1) reader.fail();
    return value == 1;
}

// No clock says a time beyond these; differences of what is within them do not overflow.
std::int64_t read_wall_ms(ByteReader& reader) {
    constexpr std::int64_t kFurthest_ms = std::int64_t{1} << 53;
    return std::clamp(static_cast<std::int64_t>(reader.u64()), -kFurthest_ms, kFurthest_ms);
}

Hello read_hello(ByteReader& reader) {
    Hello hello;
    hello.protocol_min = reader.u16();
    hello.protocol_max = reader.u16();
    hello.capabilities = reader.u32();
    hello.must_understand = reader.u32();
    hello.id = read_id(reader);
    hello.incarnation = reader.u64();
    hello.boot_nonce = reader.u64();
    hello.wall_ms = read_wall_ms(reader);
    hello.name = read_text(reader);
    hello.version = read_text(reader);
    hello.label = read_text(reader);
    // A later protocol may say more in its HELLO; what we know of it comes first.
    reader.rest();
    return hello;
}

Heartbeat read_heartbeat(ByteReader& reader) {
    Heartbeat heartbeat;
    heartbeat.sequence = reader.u32();
    heartbeat.heard_sequence = reader.u32();
    heartbeat.wants_answer = read_bool(reader);
    heartbeat.settled = read_bool(reader);
    heartbeat.received_bytes = reader.u64();
    heartbeat.wall_ms = read_wall_ms(reader);
    heartbeat.interest_digest = reader.u64();
    heartbeat.message_validity_sec = reader.u32();
    return heartbeat;
}

Start read_start(ByteReader& reader) {
    Start start;
    start.has_cursor = read_bool(reader);
    start.incarnation = reader.u64();
    start.messages_lsn = reader.u64();
    start.interest_lsn = reader.u64();
    return start;
}

Lane read_lane(ByteReader& reader) {
    const std::uint8_t lane = reader.u8();
    if (lane > static_cast<std::uint8_t>(Lane::Interest)) reader.fail();
    return static_cast<Lane>(lane);
}

Ack read_ack(ByteReader& reader) {
    Ack ack;
    ack.lane = read_lane(reader);
    ack.incarnation = reader.u64();
    ack.lsn = reader.u64();
    ack.cut = reader.u64();
    ack.paused = read_bool(reader);
    return ack;
}

Record read_record(ByteReader& reader, RecordType type) {
    Record record;
    record.type = type;
    record.lsn = reader.u64();
    record.previous = reader.u64();
    if (record.previous >= record.lsn) reader.fail();
    switch (type) {
        case RecordType::Message: record.message = read_message(reader); break;
        case RecordType::InterestAdd:
        case RecordType::InterestRemove:
            record.filters = reader.rest();
            if (!is_filter_list(record.filters)) reader.fail();
            break;
        case RecordType::SnapshotBegin:
        case RecordType::SnapshotEnd: break;
        case RecordType::Expired: record.expired_count = reader.u32(); break;
    }
    return record;
}

RetainedAnswer read_retained_answer(ByteReader& reader) {
    RetainedAnswer answer;
    const std::uint8_t verdict = reader.u8();
    if (verdict > static_cast<std::uint8_t>(RetainedVerdict::Differs)) reader.fail();
    answer.verdict = static_cast<RetainedVerdict>(verdict);
    if (answer.verdict == RetainedVerdict::Differs) answer.wanted = reader.take(kBucketMapBytes);
    return answer;
}

RetainedItem read_retained_item(ByteReader& reader) {
    RetainedItem item;
    item.has_message = read_bool(reader);
    item.message = read_message(reader);
    if (!item.message.version) reader.fail();
    item.version = item.message.version.value_or(Version{});
    return item;
}

// Nullopt: a type that we do not know.
std::optional<Entry> read_entry(std::uint8_t type, ByteReader& reader) {
    const std::uint8_t record_first = number(RecordType::Message);
    if (type >= record_first && type <= number(RecordType::Expired))
        return read_record(reader, static_cast<RecordType>(type - record_first));
    switch (static_cast<EntryType>(type)) {
        case EntryType::Hello: return read_hello(reader);
        case EntryType::Start: return read_start(reader);
        case EntryType::Heartbeat: return read_heartbeat(reader);
        case EntryType::Ack: return read_ack(reader);
        case EntryType::Nack: {
            const Lane lane = read_lane(reader);
            const std::uint64_t incarnation = reader.u64();
            return Nack{lane, incarnation, reader.u64()};
        }
        case EntryType::Resume: {
            const Lane lane = read_lane(reader);
            const std::uint64_t incarnation = reader.u64();
            return Resume{lane, incarnation, reader.u64()};
        }
        case EntryType::BestEffort: {
            const std::uint64_t sequence = reader.u64();
            return BestEffort{sequence, read_message(reader)};
        }
        case EntryType::SnapshotRequest: return SnapshotRequest{};
        case EntryType::RetainedDigests: {
            const bool force = read_bool(reader);
            return RetainedDigests{force, reader.take(kDigestBytes)};
        }
        case EntryType::RetainedAnswer: return read_retained_answer(reader);
        case EntryType::RetainedItem: return read_retained_item(reader);
        case EntryType::RetainedChunkEnd: return RetainedChunkEnd{read_bool(reader)};
        case EntryType::RetainedNext: return RetainedNext{};
        case EntryType::RetainedResult: return RetainedResult{reader.u32()};
        case EntryType::LinkedPeers: {
            const LinkedPeers linked{reader.rest()};
            if (!is_id_list(linked.ids)) reader.fail();
            return linked;
        }
        case EntryType::RecordFirst: break;
    }
    return std::nullopt;
}

}  // namespace

std::string_view name(FrameError error) {
    switch (error) {
        case FrameError::NotAFrame: return "not a frame";
        case FrameError::Version: return "unknown frame version";
        case FrameError::Checksum: return "wrong checksum";
        case FrameError::Malformed: return "malformed entry";
        case FrameError::UnknownEntry: return "an entry that must be understood and is not";
    }
    UNREACHABLE();
}

Lane lane_of(RecordType type) {
    switch (type) {
        case RecordType::Message:
        case RecordType::Expired: return Lane::Messages;
        case RecordType::InterestAdd:
        case RecordType::InterestRemove:
        case RecordType::SnapshotBegin:
        case RecordType::SnapshotEnd: return Lane::Interest;
    }
    UNREACHABLE();
}

Result<FrameReader, FrameError> FrameReader::open(ByteView frame) {
    ByteReader head(frame);
    if (head.u8() != kFrameMagic) return failure(FrameError::NotAFrame);
    const std::uint8_t version = head.u8();
    const std::uint64_t checksum = head.u64();
    if (!head.ok()) return failure(FrameError::NotAFrame);
    if (version != kFrameVersion) return failure(FrameError::Version);
    const ByteView entries = head.rest();
    if (hash64(entries) != checksum) return failure(FrameError::Checksum);
    return FrameReader(entries);
}

Result<std::optional<Entry>, FrameError> FrameReader::next() {
    while (!reader_.at_end()) {
        const std::uint8_t type = reader_.u8();
        ByteReader body(reader_.take(reader_.u32()));
        if (!reader_.ok()) return failure(FrameError::Malformed);
        std::optional<Entry> entry = read_entry(type, body);
        if (entry) {
            if (!body.ok() || !body.at_end()) return failure(FrameError::Malformed);
            return entry;
        }
        if (type >= kMustUnderstand) return failure(FrameError::UnknownEntry);
    }
    return std::optional<Entry>{};
}

MessageBody body_of(const broker::Message& message, Instant now) {
    MessageBody body;
    body.topic = message.topic();
    body.forwarded_properties = message.forwarded_properties();
    body.payload = message.payload();
    body.qos = message.qos();
    body.retain = message.retain();
    body.version = message.version();
    if (message.expires_at())
        body.expires_in_ms = static_cast<std::uint64_t>(
            std::max<std::int64_t>(0, (*message.expires_at() - now).ms()));
    const std::int64_t age_ms = (now - message.accepted_at()).ms();
    body.age_ms =
        static_cast<std::uint32_t>(std::clamp<std::int64_t>(age_ms, 0, std::int64_t{0xFFFF'FFFF}));
    return body;
}

broker::MessageRef message_of(const MessageBody& body, Instant now) {
    broker::MessageParts parts;
    parts.topic = body.topic;
    parts.forwarded_properties = body.forwarded_properties;
    parts.payload = body.payload;
    parts.qos = body.qos;
    parts.retain = body.retain;
    parts.version = body.version;
    if (body.expires_in_ms)
        parts.expires_at =
            now + Duration::milliseconds(static_cast<std::int64_t>(*body.expires_in_ms));
    parts.accepted_at = now - Duration::milliseconds(body.age_ms);
    return broker::MessageRef::make(parts);
}

}  // namespace lotmesh::cluster
