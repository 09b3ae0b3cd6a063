#include "base/endpoint.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <vector>

namespace lotmesh {

namespace {

constexpr std::size_t kHostBytesMax = 253;
constexpr std::size_t kLabelBytesMax = 63;
constexpr std::size_t kIpv6Groups = 8;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (;;) {
        const std::size_t at = text.find(separator);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos) return parts;
        text.remove_prefix(at + 1);
    }
}

std::optional<std::uint32_t> parse_number(std::string_view text, std::uint32_t max) {
    std::uint32_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (text.empty() || error != std::errc{} || stop != end || value > max) return std::nullopt;
    return value;
}

// One side of "::", or the whole address. The number of 16-bit groups, or nothing.
std::optional<std::size_t> count_groups(std::string_view text) {
    if (text.empty()) return 0;
    const std::vector<std::string_view> parts = split(text, ':');
    std::size_t groups = parts.size();
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const bool last = i + 1 == parts.size();
        if (last && is_ipv4(parts[i])) {
            ++groups;
            continue;
        }
        const bool good =
            !parts[i].empty() && parts[i].size() <= 4 && std::ranges::all_of(parts[i], is_hex);
        if (!good) return std::nullopt;
    }
    return groups;
}

bool is_label(std::string_view label) {
    if (label.empty() || label.size() > kLabelBytesMax) return false;
    if (label.front() == '-' || label.back() == '-') return false;
    return std::ranges::all_of(
        label, [](char c) { return is_digit(c) || is_letter(c) || c == '-' || c == '_'; });
}

bool is_host_name(std::string_view text) {
    if (text.ends_with('.')) text.remove_suffix(1);
    const std::vector<std::string_view> labels = split(text, '.');
    // A name whose last label is a number would be read as an address: 1.2.3 or 999.1.1.1.
    return std::ranges::all_of(labels, is_label) && !std::ranges::all_of(labels.back(), is_digit);
}

}  // namespace

bool is_ipv4(std::string_view text) {
    const std::vector<std::string_view> parts = split(text, '.');
    return parts.size() == 4 && std::ranges::all_of(parts, [](std::string_view part) {
               const bool padded = part.size() > 1 && part.front() == '0';
               return !padded && parse_number(part, 255).has_value();
           });
}

bool is_ipv6(std::string_view text) {
    const std::size_t zone = text.find('%');
    if (zone != std::string_view::npos) {
        if (zone + 1 == text.size()) return false;
        text = text.substr(0, zone);
    }
    const std::size_t gap = text.find("::");
    if (gap == std::string_view::npos) return count_groups(text) == kIpv6Groups;
    const std::string_view left = text.substr(0, gap);
    const auto left_groups =
        left.find('.') == std::string_view::npos ? count_groups(left) : std::nullopt;
    const auto right_groups = count_groups(text.substr(gap + 2));
    return left_groups && right_groups && *left_groups + *right_groups < kIpv6Groups;
}

bool is_host(std::string_view text) {
    if (text.empty() || text.size() > kHostBytesMax) return false;
    return is_ipv4(text) || is_ipv6(text) || is_host_name(text);
}

std::optional<Endpoint> parse_endpoint(std::string_view text) {
    std::string_view host;
    std::string_view port = text;
    if (text.starts_with('[')) {
        const std::size_t close = text.find("]:");
        if (close == std::string_view::npos) return std::nullopt;
        host = text.substr(1, close - 1);
        port = text.substr(close + 2);
        if (!is_ipv6(host)) return std::nullopt;
    } else if (const std::size_t colon = text.rfind(':'); colon != std::string_view::npos) {
        host = text.substr(0, colon);
        port = text.substr(colon + 1);
        if (!host.empty() && (!is_host(host) || is_ipv6(host))) return std::nullopt;
    }
    const std::optional<std::uint32_t> number = parse_number(port, 65535);
    if (!number) return std::nullopt;
    return Endpoint{std::string(host), static_cast<std::uint16_t>(*number)};
}

std::string to_string(const Endpoint& endpoint) {
    const bool brackets = endpoint.host.find(':') != std::string::npos;
    return brackets ? fmt::format("[{}]:{}", endpoint.host, endpoint.port)
                    : fmt::format("{}:{}", endpoint.host, endpoint.port);
}

}  // namespace lotmesh
