#include "runtime/cluster/identity.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/bytes.h"

namespace lotmesh::cluster {

namespace {

// The value of "key value\n" at the beginning of `text`, which is moved behind it.
std::optional<std::string_view> take_line(std::string_view& text, std::string_view key) {
    if (!text.starts_with(key) || text.size() <= key.size() || text[key.size()] != ' ')
        return std::nullopt;
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    std::string_view value = text.substr(key.size() + 1, end - key.size() - 1);
    text.remove_prefix(end + 1);
    if (value.ends_with('\r')) value.remove_suffix(1);
    return value;
}

}  // namespace

std::string format_identity(const Identity& identity) {
    return "uuid " + identity.id.text() + "\nincarnation " + std::to_string(identity.incarnation) +
           "\n";
}

Result<Identity, std::string> parse_identity(std::string_view text) {
    const auto uuid = take_line(text, "uuid");
    if (!uuid) return failure(std::string("the first line is not \"uuid UUID\""));
    const auto id = NodeId::parse(*uuid);
    if (!id || *id == NodeId{}) return failure(std::string("the uuid is not valid"));
    const auto number = take_line(text, "incarnation");
    if (!number) return failure(std::string("the second line is not \"incarnation NUMBER\""));
    Identity identity{*id, 0};
    const char* end = number->data() + number->size();
    const auto parsed = std::from_chars(number->data(), end, identity.incarnation);
    if (parsed.ec != std::errc{} || parsed.ptr != end)
        return failure(std::string("the incarnation is not a number"));
    if (!text.empty()) return failure(std::string("there is something after the second line"));
    return identity;
}

NodeId make_node_id(std::uint64_t random_high, std::uint64_t random_low) {
    Bytes bytes;
    ByteWriter writer(bytes);
    writer.u64((random_high & ~0xF000ULL) | 0x4000ULL);
    writer.u64((random_low & ~(3ULL << 62)) | (2ULL << 62));
    NodeId id;
    std::copy(bytes.begin(), bytes.end(), id.bytes.begin());
    return id;
}

}  // namespace lotmesh::cluster
