// What both ends of the codec share, and the parts of entries that have a grammar of their own:
// lists of filters and message bodies. Pure.
#pragma once

#include <algorithm>
#include <string_view>

#include "base/bytes.h"
#include "runtime/cluster/frame.h"

namespace lotmesh::cluster {

// The first byte of an entry. Never reused for something else.
enum class EntryType : std::uint8_t {
    Hello = 1,
    Start = 2,
    Heartbeat = 3,
    Ack = 4,
    Nack = 5,
    Resume = 6,
    BestEffort = 7,
    SnapshotRequest = 8,
    RetainedDigests = 9,
    RetainedAnswer = 10,
    RetainedItem = 11,
    RetainedChunkEnd = 12,
    RetainedNext = 13,
    RetainedResult = 14,
    LinkedPeers = 15,
    RecordFirst = 32,  // + RecordType
};

// Of a name, version or label in HELLO; longer ones are cut.
inline constexpr std::size_t kHelloTextMax = 256;

constexpr std::uint8_t number(EntryType type) { return static_cast<std::uint8_t>(type); }
constexpr std::uint8_t number(RecordType type) {
    return static_cast<std::uint8_t>(number(EntryType::RecordFirst) +
                                     static_cast<std::uint8_t>(type));
}

// A list of filters is { size(2) text }*. False: `filter` was not appended, it is too long.
bool append_filter(Bytes& list, std::string_view filter);

// Calls visit(std::string_view) for each; the list comes from the decoder or append_filter.
template <typename Visit>
void for_each_filter(ByteView list, Visit&& visit) {
    ByteReader reader(list);
    while (reader.ok() && !reader.at_end()) {
        const ByteView text = reader.take(reader.u16());
        if (reader.ok()) visit(as_text(text));
    }
}

// Every filter valid, nothing left over.
bool is_filter_list(ByteView list);

// What mqtt::PublishProperties::forwarded may hold, whole and valid.
bool are_forwarded_properties(ByteView properties);

// Whole ids, and not more of them than there can be peers.
bool is_id_list(ByteView ids);

template <typename Visit>
void for_each_id(ByteView ids, Visit&& visit) {
    NodeId id;
    for (; ids.size() >= id.bytes.size(); ids = ids.subspan(id.bytes.size())) {
        std::copy_n(ids.begin(), id.bytes.size(), id.bytes.begin());
        visit(id);
    }
}

// Fails the reader where the body is not valid. Takes all that remains.
MessageBody read_message(ByteReader& reader);

}  // namespace lotmesh::cluster
