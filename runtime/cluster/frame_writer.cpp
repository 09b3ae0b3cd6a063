#include <cstring>

#include "base/assert.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "runtime/cluster/frame.h"
#include "runtime/cluster/frame_bodies.h"

namespace lotmesh::cluster {

namespace {

constexpr std::size_t kEntryHeadBytes = 5;
constexpr std::size_t kVersionBytes = 24;

template <typename Number>
std::uint8_t* put(std::uint8_t* to, Number value) {
    for (std::size_t i = 0; i < sizeof(Number); ++i)
        to[i] = static_cast<std::uint8_t>(value >> (8 * (sizeof(Number) - 1 - i)));
    return to + sizeof(Number);
}

std::uint8_t* put(std::uint8_t* to, ByteView bytes) {
    if (!bytes.empty()) std::memcpy(to, bytes.data(), bytes.size());
    return to + bytes.size();
}

void text(ByteWriter& writer, std::string_view value) {
    std::string_view cut = value.substr(0, kHelloTextMax);
    cut = cut.substr(0, valid_utf8_prefix(cut));
    writer.u16(static_cast<std::uint16_t>(cut.size()));
    writer.bytes(as_bytes(cut));
}

}  // namespace

void FrameWriter::clear() {
    bytes_.assign(kFrameHeadBytes, 0);
    bytes_[0] = kFrameMagic;
    bytes_[1] = kFrameVersion;
}

ByteView FrameWriter::finish() {
    put(bytes_.data() + 2, hash64(ByteView(bytes_).subspan(kFrameHeadBytes)));
    return bytes_;
}

std::size_t FrameWriter::begin(std::uint8_t type) {
    const std::size_t at = bytes_.size();
    bytes_.resize(at + kEntryHeadBytes);
    bytes_[at] = type;
    return at;
}

void FrameWriter::end(std::size_t at) {
    const std::size_t size = bytes_.size() - at - kEntryHeadBytes;
    ASSERT(size <= 0xFFFF'FFFF);
    put(bytes_.data() + at + 1, static_cast<std::uint32_t>(size));
}

// The hot path: one resize, then stores.
void FrameWriter::message(const MessageBody& body) {
    const std::size_t head = 11 + (body.version ? kVersionBytes : 0) + (body.expires_in_ms ? 8 : 0);
    const std::size_t at = bytes_.size();
    bytes_.resize(at + head + body.topic.size() + body.forwarded_properties.size() +
                  body.payload.size());
    std::uint8_t* to = bytes_.data() + at;
    to = put(to, static_cast<std::uint8_t>(
                     static_cast<unsigned>(body.qos) | (body.retain ? 0x04U : 0U) |
                     (body.version ? 0x08U : 0U) | (body.expires_in_ms ? 0x10U : 0U)));
    to = put(to, body.age_ms);
    if (body.version) {
        to = put(to, body.version->time.value);
        to = put(to, ByteView(body.version->node.bytes));
    }
    if (body.expires_in_ms) to = put(to, *body.expires_in_ms);
    to = put(to, static_cast<std::uint16_t>(body.topic.size()));
    to = put(to, static_cast<std::uint32_t>(body.forwarded_properties.size()));
    to = put(to, as_bytes(body.topic));
    to = put(to, body.forwarded_properties);
    put(to, body.payload);
}

void FrameWriter::add(const Hello& hello) {
    const std::size_t at = begin(number(EntryType::Hello));
    ByteWriter writer(bytes_);
    writer.u16(hello.protocol_min);
    writer.u16(hello.protocol_max);
    writer.u32(hello.capabilities);
    writer.u32(hello.must_understand);
    writer.bytes(hello.id.bytes);
    writer.u64(hello.incarnation);
    writer.u64(hello.boot_nonce);
    writer.u64(static_cast<std::uint64_t>(hello.wall_ms));
    text(writer, hello.name);
    text(writer, hello.version);
    text(writer, hello.label);
    end(at);
}

void FrameWriter::add(const Start& start) {
    const std::size_t at = begin(number(EntryType::Start));
    ByteWriter writer(bytes_);
    writer.u8(start.has_cursor ? 1 : 0);
    writer.u64(start.incarnation);
    writer.u64(start.messages_lsn);
    writer.u64(start.interest_lsn);
    end(at);
}

void FrameWriter::add(const Heartbeat& heartbeat) {
    const std::size_t at = begin(number(EntryType::Heartbeat));
    ByteWriter writer(bytes_);
    writer.u32(heartbeat.sequence);
    writer.u32(heartbeat.heard_sequence);
    writer.u8(heartbeat.wants_answer ? 1 : 0);
    writer.u8(heartbeat.settled ? 1 : 0);
    writer.u64(heartbeat.received_bytes);
    writer.u64(static_cast<std::uint64_t>(heartbeat.wall_ms));
    writer.u64(heartbeat.interest_digest);
    writer.u32(heartbeat.message_validity_sec);
    end(at);
}

void FrameWriter::add(const Ack& ack) {
    const std::size_t at = begin(number(EntryType::Ack));
    ByteWriter writer(bytes_);
    writer.u8(static_cast<std::uint8_t>(ack.lane));
    writer.u64(ack.incarnation);
    writer.u64(ack.lsn);
    writer.u64(ack.cut);
    writer.u8(ack.paused ? 1 : 0);
    end(at);
}

void FrameWriter::add(const Nack& nack) {
    const std::size_t at = begin(number(EntryType::Nack));
    ByteWriter writer(bytes_);
    writer.u8(static_cast<std::uint8_t>(nack.lane));
    writer.u64(nack.incarnation);
    writer.u64(nack.lsn);
    end(at);
}

void FrameWriter::add(const Resume& resume) {
    const std::size_t at = begin(number(EntryType::Resume));
    ByteWriter writer(bytes_);
    writer.u8(static_cast<std::uint8_t>(resume.lane));
    writer.u64(resume.incarnation);
    writer.u64(resume.base);
    end(at);
}

void FrameWriter::add(const Record& record) {
    const std::size_t at = begin(number(record.type));
    bytes_.resize(bytes_.size() + 16);
    put(put(bytes_.data() + at + kEntryHeadBytes, record.lsn), record.previous);
    switch (record.type) {
        case RecordType::Message: message(record.message); break;
        case RecordType::InterestAdd:
        case RecordType::InterestRemove: ByteWriter(bytes_).bytes(record.filters); break;
        case RecordType::SnapshotBegin:
        case RecordType::SnapshotEnd: break;
        case RecordType::Expired: ByteWriter(bytes_).u32(record.expired_count); break;
    }
    end(at);
}

void FrameWriter::add(const BestEffort& best_effort) {
    const std::size_t at = begin(number(EntryType::BestEffort));
    ByteWriter(bytes_).u64(best_effort.sequence);
    message(best_effort.message);
    end(at);
}

void FrameWriter::add(const SnapshotRequest& /*request*/) {
    end(begin(number(EntryType::SnapshotRequest)));
}

void FrameWriter::add(const RetainedDigests& digests) {
    const std::size_t at = begin(number(EntryType::RetainedDigests));
    ByteWriter writer(bytes_);
    writer.u8(digests.force ? 1 : 0);
    writer.bytes(digests.digests);
    end(at);
}

void FrameWriter::add(const RetainedAnswer& answer) {
    const std::size_t at = begin(number(EntryType::RetainedAnswer));
    ByteWriter writer(bytes_);
    writer.u8(static_cast<std::uint8_t>(answer.verdict));
    writer.bytes(answer.wanted);
    end(at);
}

void FrameWriter::add(const RetainedItem& item) {
    ASSERT(item.message.version == item.version);
    const std::size_t at = begin(number(EntryType::RetainedItem));
    ByteWriter(bytes_).u8(item.has_message ? 1 : 0);
    message(item.message);
    end(at);
}

void FrameWriter::add(const RetainedChunkEnd& chunk_end) {
    const std::size_t at = begin(number(EntryType::RetainedChunkEnd));
    ByteWriter(bytes_).u8(chunk_end.last ? 1 : 0);
    end(at);
}

void FrameWriter::add(const RetainedNext& /*next*/) { end(begin(number(EntryType::RetainedNext))); }

void FrameWriter::add(const LinkedPeers& peers) {
    const std::size_t at = begin(number(EntryType::LinkedPeers));
    ByteWriter(bytes_).bytes(peers.ids);
    end(at);
}

void FrameWriter::add(const RetainedResult& result) {
    const std::size_t at = begin(number(EntryType::RetainedResult));
    ByteWriter(bytes_).u32(result.missing);
    end(at);
}

}  // namespace lotmesh::cluster
