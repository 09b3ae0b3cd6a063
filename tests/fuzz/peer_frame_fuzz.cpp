// Any bytes through the decoder of peer frames, twice: as they are, and as the entries of a frame
// whose checksum is right (which a fuzzer would never guess). What decodes must encode to the very
// same entries.
#include <cstdint>
#include <vector>

#include "base/assert.h"
#include "base/hash.h"
#include "runtime/cluster/frame.h"

namespace {

using namespace lotmesh;
using namespace lotmesh::cluster;

// The entries that decode, up to the first error.
std::vector<Entry> decode(ByteView frame) {
    std::vector<Entry> entries;
    Result<FrameReader, FrameError> reader = FrameReader::open(frame);
    if (!reader) return entries;
    while (true) {
        const auto entry = reader->next();
        if (!entry || !*entry) return entries;
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

void check(ByteView frame) {
    const std::vector<Entry> entries = decode(frame);
    const Bytes once = encode(entries);
    const std::vector<Entry> again = decode(once);
    ASSERT(again.size() == entries.size());
    ASSERT(encode(again) == once);
    for (const Entry& entry : entries)
        if (const auto* record = std::get_if<Record>(&entry);
            record != nullptr && record->type == RecordType::Message)
            ASSERT(message_of(record->message, Instant{})->topic() == record->message.topic);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView input(data, size);
    check(input);
    Bytes frame;
    ByteWriter writer(frame);
    writer.u8(kFrameMagic);
    writer.u8(kFrameVersion);
    writer.u64(hash64(input));
    writer.bytes(input);
    check(frame);
    return 0;
}
