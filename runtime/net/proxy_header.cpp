#include "runtime/net/proxy_header.h"

#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <string>

#include "runtime/net/limits.h"

namespace lotmesh::net {

namespace {

constexpr std::string_view kLineBegin = "PROXY ";
constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kBinaryBegin{"\r\n\r\n\0\r\nQUIT\n", 12};
constexpr std::size_t kFixedBytes = 16;  // of version 2: signature, command, family, length

enum class Command : std::uint8_t { Local = 0x20, Proxy = 0x21 };
constexpr std::uint8_t kUnspecified = 0x00;
constexpr std::uint8_t kTcpOverIpv4 = 0x11;
constexpr std::uint8_t kTcpOverIpv6 = 0x21;
constexpr std::uint8_t kUnixStream = 0x31;
constexpr std::size_t kIpv4Bytes = 12;  // two addresses and two ports
constexpr std::size_t kIpv6Bytes = 36;

bool may_begin(ByteView bytes, std::string_view with) {
    const std::size_t size = std::min(bytes.size(), with.size());
    return as_text(bytes.first(size)) == with.substr(0, size);
}

std::string_view take_word(std::string_view& line) {
    const std::size_t end = std::min(line.find(' '), line.size());
    const std::string_view word = line.substr(0, end);
    line.remove_prefix(std::min(end + 1, line.size()));
    return word;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, port);
    const bool padded = text.size() > 1 && text.front() == '0';
    if (padded || error != std::errc{} || stop != end) return std::nullopt;
    return port;
}

std::optional<Address> parse_address(std::string_view text, std::string_view port, int family) {
    const auto number = parse_port(port);
    if (!number) return std::nullopt;
    const auto address = Address::parse(std::string(text), *number);
    if (!address || address->family() != family || text.contains('%')) return std::nullopt;
    return address;
}

// The client's address and port, the other end's behind each of them.
Address ipv4(ByteView bytes) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    std::memcpy(&address.sin_addr, bytes.data(), 4);
    std::memcpy(&address.sin_port, bytes.data() + 8, 2);
    return Address(reinterpret_cast<const sockaddr*>(&address));
}

Address ipv6(ByteView bytes) {
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    std::memcpy(&address.sin6_addr, bytes.data(), 16);
    std::memcpy(&address.sin6_port, bytes.data() + 32, 2);
    return Address(reinterpret_cast<const sockaddr*>(&address));
}

ProxyHeader::Step wrong(std::string_view reason) { return {ProxyState::Wrong, 0, reason}; }

}  // namespace

ProxyHeader::Step ProxyHeader::receive(ByteView bytes) {
    const std::size_t before = held_.size();
    const std::size_t room = kProxyHeaderBytesMax - before;
    const ByteView taken = bytes.first(std::min(bytes.size(), room));
    held_.insert(held_.end(), taken.begin(), taken.end());
    Step result = step();
    // Of these bytes, not of those before them.
    result.used = result.state == ProxyState::Complete ? result.used - before : bytes.size();
    return result;
}

ProxyHeader::Step ProxyHeader::step() {
    if (wanted_ != ProxyVersion::V2 && may_begin(held_, kLineBegin)) return read_line();
    if (wanted_ != ProxyVersion::V1 && may_begin(held_, kBinaryBegin)) return read_binary();
    return wrong("no PROXY header of the version that is expected");
}

ProxyHeader::Step ProxyHeader::read_line() {
    const std::string_view text =
        as_text(ByteView(held_).first(std::min(held_.size(), kProxyLineBytesMax)));
    const std::size_t end = text.find(kLineEnd);
    if (end == std::string_view::npos) {
        if (text.size() == kProxyLineBytesMax) return wrong("a PROXY line that is too long");
        return {};
    }
    if (!read_addresses(text.substr(kLineBegin.size(), end - kLineBegin.size())))
        return wrong("a PROXY line that cannot be read");
    return {ProxyState::Complete, end + kLineEnd.size()};
}

// "TCP4 203.0.113.9 10.0.0.1 51234 1883", or "UNKNOWN" and whatever.
bool ProxyHeader::read_addresses(std::string_view line) {
    const std::string_view family = take_word(line);
    if (family == "UNKNOWN") return true;
    if (family != "TCP4" && family != "TCP6") return false;
    if (std::ranges::count(line, ' ') != 3) return false;
    std::array<std::string_view, 4> words;  // both addresses, both ports; the client's are first
    for (std::string_view& word : words)
        word = take_word(line);
    const int expected = family == "TCP4" ? AF_INET : AF_INET6;
    client_ = parse_address(words[0], words[2], expected);
    return client_ && parse_address(words[1], words[3], expected);
}

ProxyHeader::Step ProxyHeader::read_binary() {
    if (held_.size() < kFixedBytes) return {};
    ByteReader reader(held_);
    reader.take(kBinaryBegin.size());
    const std::uint8_t command = reader.u8();
    const std::uint8_t family = reader.u8();
    const std::size_t length = reader.u16();
    const bool local = command == static_cast<std::uint8_t>(Command::Local);
    if (!local && command != static_cast<std::uint8_t>(Command::Proxy))
        return wrong("a PROXY header with an unknown version or command");
    if (kFixedBytes + length > kProxyHeaderBytesMax)
        return wrong("a PROXY header that is too long");
    if (held_.size() < kFixedBytes + length) return {};
    const Step complete{ProxyState::Complete, kFixedBytes + length};
    if (local || family == kUnspecified || family == kUnixStream) return complete;
    if (family != kTcpOverIpv4 && family != kTcpOverIpv6)
        return wrong("a PROXY header of something that is not TCP");
    if (length < (family == kTcpOverIpv4 ? kIpv4Bytes : kIpv6Bytes))
        return wrong("a PROXY header that is too short");
    const ByteView addresses = reader.take(length);
    client_ = family == kTcpOverIpv4 ? ipv4(addresses) : ipv6(addresses);
    return complete;
}

}  // namespace lotmesh::net
