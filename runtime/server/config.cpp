#include "runtime/server/config.h"

#include <sys/stat.h>

#include <charconv>

#include "runtime/server/files.h"

namespace lotmesh::server {

namespace {

constexpr std::size_t kCredentialsBytesMax = 4096;

std::optional<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const char* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, port);
    if (parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
    return port;
}

std::string expected_form(std::string_view text) {
    return "\"" + std::string(text) + "\" is not an address to listen on: expected [HOST:]PORT, " +
           "like 1883, 127.0.0.1:1883 or [::1]:1883";
}

}  // namespace

Result<ListenAddress, std::string> parse_listen(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    const bool has_host = colon != std::string_view::npos;
    const auto port = parse_port(has_host ? text.substr(colon + 1) : text);
    if (!port) return failure(expected_form(text));
    if (!has_host) return ListenAddress{"", *port};
    std::string_view host = text.substr(0, colon);
    const bool bracketed = host.starts_with('[') && host.ends_with(']');
    if (bracketed) host = host.substr(1, host.size() - 2);
    const bool is_ipv6 = host.contains(':');
    // "::1:1883" could be read in two ways, so IPv6 needs its brackets and nothing else has them.
    if (host.empty() || is_ipv6 != bracketed) return failure(expected_form(text));
    return ListenAddress{std::string(host), *port};
}

std::string to_string(const ListenAddress& address) {
    const bool is_ipv6 = address.host.contains(':');
    return (is_ipv6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

Result<ClusterCredentials, std::string> read_credentials(const std::filesystem::path& path) {
    const auto text = read_file(path, kCredentialsBytesMax);
    if (!text) return failure(text.error());
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0) return failure(os_complaint("read", path));
    if ((status.st_mode & S_IROTH) != 0)
        return failure(path.string() + " holds a password and everybody can read it: chmod o-r");
    std::string_view line = *text;
    if (line.ends_with('\n')) line.remove_suffix(1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0 || line.contains('\n'))
        return failure(path.string() + " is not one line \"user:password\"");
    return ClusterCredentials{std::string(line.substr(0, colon)),
                              std::string(line.substr(colon + 1))};
}

}  // namespace lotmesh::server
