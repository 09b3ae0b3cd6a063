#include "compiler/ir/validate.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "base/endpoint.h"

namespace lotmesh::ir {

namespace {

constexpr std::size_t kNameBytesMax = 128;
constexpr std::size_t kClientIdBytesMax = 64;
constexpr std::size_t kCredentialBytesMax = 65535;  // an MQTT string carries a 16-bit length
constexpr std::uint32_t kValiditySecMax = 86400;
constexpr std::uint32_t kKeepaliveSecMax = 65535;

bool is_printable(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c <= 0x7E; });
}

void validate_link(const Link& link, std::vector<std::string>& out) {
    const auto demand = [&](bool holds, std::string_view what) {
        if (!holds) out.push_back(fmt::format("link `{}`: {}", link.name, what));
    };
    demand(!link.name.empty() && link.name.size() <= kNameBytesMax, "name of 1 to 128 bytes");
    demand(is_host(link.address), "address is a host");
    demand(link.port != 0, "port is not 0");
    demand(!link.client_id.empty() && link.client_id.size() <= kClientIdBytesMax &&
               is_printable(link.client_id),
           "client id of 1 to 64 printable characters");
    demand(link.username.size() <= kCredentialBytesMax &&
               link.password.reveal().size() <= kCredentialBytesMax,
           "credentials fit into a CONNECT");
    demand(link.message_validity_sec <= kValiditySecMax, "validity is a day at most");
    demand(link.keepalive_sec >= 1 && link.keepalive_sec <= kKeepaliveSecMax,
           "keepalive is 1 to 65535 seconds");
}

}  // namespace

std::vector<std::string> validate(const Plan& plan) {
    std::vector<std::string> broken;
    std::set<std::string_view> client_ids;
    for (std::size_t i = 0; i < plan.links.size(); ++i) {
        const Link& link = plan.links[i];
        validate_link(link, broken);
        if (i != 0 && !(plan.links[i - 1].name < link.name))
            broken.push_back(fmt::format("link `{}`: ordered by name, each name once", link.name));
        if (!client_ids.insert(link.client_id).second)
            broken.push_back(fmt::format("link `{}`: client id is used once", link.name));
    }
    return broken;
}

}  // namespace lotmesh::ir
