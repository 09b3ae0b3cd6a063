// The wire codec between peers: one frame is the payload of one PUBLISH to "$cluster" and carries a
// batch of entries. Pure; docs/peer-protocol.md has the layout.
//
//     frame: 'L' version checksum(8) entry*          entry: type(1) size(4) body
//
// The checksum (hash64 of all entries) is verified before any entry is looked at. Entries of an
// unknown type are skipped where it is below 0x80 and refused from there on. Decoded entries borrow
// the frame's bytes. Everything that a peer says is checked here: topics, properties, sizes.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "base/bytes.h"
#include "base/hlc.h"
#include "base/node_id.h"
#include "base/result.h"
#include "runtime/broker/message.h"

namespace lotmesh::cluster {

inline constexpr std::uint8_t kFrameMagic = 'L';
inline constexpr std::uint8_t kFrameVersion = 1;
inline constexpr std::size_t kFrameHeadBytes = 10;
inline constexpr std::uint16_t kProtocolMin = 1;
inline constexpr std::uint16_t kProtocolMax = 1;
// What we understand of Hello::must_understand.
inline constexpr std::uint32_t kUnderstood = 0;
inline constexpr std::uint32_t kNoValidity = 0xFFFF'FFFF;

enum class FrameError : std::uint8_t { NotAFrame, Version, Checksum, Malformed, UnknownEntry };
std::string_view name(FrameError error);

struct Hello {
    std::uint16_t protocol_min = kProtocolMin;
    std::uint16_t protocol_max = kProtocolMax;
    std::uint32_t capabilities = 0;
    std::uint32_t must_understand = 0;
    NodeId id;
    std::uint64_t incarnation = 0;
    std::uint64_t boot_nonce = 0;
    std::int64_t wall_ms = 0;
    std::string_view name;
    std::string_view version;
    std::string_view label;  // CLIENT_ID of the route that dialled; empty from who accepted
    bool operator==(const Hello&) const = default;
};

// A peer has two views of our log, each with a cursor of its own, so that interest never waits
// behind messages that are held back.
enum class Lane : std::uint8_t { Messages, Interest };

// "This is how much of your log I have": the answer to HELLO, after which the link is up.
struct Start {
    bool has_cursor = false;
    std::uint64_t incarnation = 0;
    std::uint64_t messages_lsn = 0;
    std::uint64_t interest_lsn = 0;
    bool operator==(const Start&) const = default;
};

struct Heartbeat {
    std::uint32_t sequence = 0;
    std::uint32_t heard_sequence = 0;  // the highest of the receiver's
    bool wants_answer = false;
    bool settled = false;              // all that we logged for the receiver is acked
    std::uint64_t received_bytes = 0;  // on this link, so that one-way links die
    std::int64_t wall_ms = 0;
    std::uint64_t interest_digest = 0;                 // of the sender's own filters
    std::uint32_t message_validity_sec = kNoValidity;  // of the sender's route to the receiver
    bool operator==(const Heartbeat&) const = default;
};

// Cumulative: everything of this lane up to `lsn`. `cut` is the sender's own position; `paused`
// asks to hold back messages and is said in that lane only.
struct Ack {
    Lane lane = Lane::Messages;
    std::uint64_t incarnation = 0;
    std::uint64_t lsn = 0;
    std::uint64_t cut = 0;
    bool paused = false;
    bool operator==(const Ack&) const = default;
};

// "I have up to `lsn` and then there is a gap."
struct Nack {
    Lane lane = Lane::Messages;
    std::uint64_t incarnation = 0;
    std::uint64_t lsn = 0;
    bool operator==(const Nack&) const = default;
};

// Sets the cursor where the receiver has none for this incarnation.
struct Resume {
    Lane lane = Lane::Messages;
    std::uint64_t incarnation = 0;
    std::uint64_t base = 0;
    bool operator==(const Resume&) const = default;
};

// Whom the sender is linked with at this moment: one id after another, at most kPeersMax.
struct LinkedPeers {
    ByteView ids;
};

struct MessageBody {
    std::string_view topic;
    ByteView forwarded_properties;
    ByteView payload;
    mqtt::QoS qos = mqtt::QoS::AtMostOnce;
    bool retain = false;
    std::optional<Version> version;
    std::optional<std::uint64_t> expires_in_ms;
    std::uint32_t age_ms = 0;
};

enum class RecordType : std::uint8_t {
    Message,
    InterestAdd,
    InterestRemove,
    SnapshotBegin,
    SnapshotEnd,
    Expired,
};
Lane lane_of(RecordType type);

// One entry of the sender's log. `previous` is the lsn of the record before it in its view.
struct Record {
    RecordType type = RecordType::Message;
    std::uint64_t lsn = 0;
    std::uint64_t previous = 0;
    MessageBody message;              // Message
    ByteView filters;                 // InterestAdd, InterestRemove: see for_each_filter
    std::uint32_t expired_count = 0;  // Expired
};

// QoS 0: numbered only so that late ones from a dying link can be dropped.
struct BestEffort {
    std::uint64_t sequence = 0;
    MessageBody message;
};

struct SnapshotRequest {
    bool operator==(const SnapshotRequest&) const = default;
};

struct RetainedDigests {
    bool force = false;  // answer although retained records are on their way
    ByteView digests;    // kRetainedBuckets × 8
};
enum class RetainedVerdict : std::uint8_t { Equal, Busy, Differs };
// `wanted` has a bit for each bucket that differs.
struct RetainedAnswer {
    RetainedVerdict verdict = RetainedVerdict::Equal;
    ByteView wanted;  // kRetainedBuckets / 8
};
// Without has_message a tombstone.
struct RetainedItem {
    Version version;
    bool has_message = false;
    MessageBody message;
};
// After the items of a chunk; the receiver answers each with RetainedNext.
struct RetainedChunkEnd {
    bool last = false;
    bool operator==(const RetainedChunkEnd&) const = default;
};
struct RetainedNext {
    bool operator==(const RetainedNext&) const = default;
};
// After the last chunk of the other side: how many of its items were not here, as far as no log
// brings them.
struct RetainedResult {
    std::uint32_t missing = 0;
    bool operator==(const RetainedResult&) const = default;
};

using Entry = std::variant<Hello, Start, Heartbeat, Ack, Nack, Resume, Record, BestEffort,
                           SnapshotRequest, RetainedDigests, RetainedAnswer, RetainedItem,
                           RetainedChunkEnd, RetainedNext, RetainedResult, LinkedPeers>;

class FrameReader {
public:
    static Result<FrameReader, FrameError> open(ByteView frame);

    // The next entry; nullopt at the end.
    Result<std::optional<Entry>, FrameError> next();

private:
    explicit FrameReader(ByteView entries) : reader_(entries) {}

    ByteReader reader_;
};

// Collects entries; used again for each frame, so that its memory is.
class FrameWriter {
public:
    FrameWriter() { clear(); }

    void add(const Hello& hello);
    void add(const Start& start);
    void add(const Heartbeat& heartbeat);
    void add(const Ack& ack);
    void add(const Nack& nack);
    void add(const Resume& resume);
    void add(const Record& record);
    void add(const BestEffort& best_effort);
    void add(const SnapshotRequest& request);
    void add(const RetainedDigests& digests);
    void add(const RetainedAnswer& answer);
    void add(const RetainedItem& item);
    void add(const RetainedChunkEnd& end);
    void add(const RetainedNext& next);
    void add(const RetainedResult& result);
    void add(const LinkedPeers& peers);

    std::size_t size() const { return bytes_.size(); }
    bool empty() const { return bytes_.size() == kFrameHeadBytes; }

    // The finished frame, valid until the next call.
    ByteView finish();
    void clear();

private:
    std::size_t begin(std::uint8_t type);
    void end(std::size_t at);
    void message(const MessageBody& body);

    Bytes bytes_;
};

// Messages <-> bodies. A body borrows from its message.
MessageBody body_of(const broker::Message& message, Instant now);
broker::MessageRef message_of(const MessageBody& body, Instant now);

}  // namespace lotmesh::cluster
