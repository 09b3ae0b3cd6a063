#include "runtime/server/acl_authority.h"

#include <fmt/core.h>

#include <utility>

#include "base/assert.h"
#include "runtime/access/limits.h"
#include "runtime/access/text.h"
#include "runtime/server/files.h"

namespace lotmesh::server {

Result<std::shared_ptr<const access::RuleBook>, std::string> read_acl_file(
    const std::filesystem::path& path) {
    const auto text = read_file(path, access::kTextBytesMax);
    if (!text) return failure(text.error());
    auto rules = access::read_rules(*text);
    if (rules) return std::make_shared<const access::RuleBook>(std::move(*rules));
    std::string why = access::to_string(rules.error().front(), path.string());
    if (const std::size_t more = rules.error().size() - 1; more != 0)
        why += fmt::format(" (and {} more: lotmesh acl check {})", more, path.string());
    return failure(std::move(why));
}

access::Action action_of(broker::Permission permission) {
    using broker::Permission;
    switch (permission) {
        case Permission::Connect: return access::Action::Connect;
        case Permission::Publish: return access::Action::Publish;
        case Permission::Subscribe: return access::Action::Subscribe;
        case Permission::Receive: return access::Action::Receive;
        case Permission::Retain: return access::Action::Retain;
        case Permission::Will: return access::Action::Will;
        case Permission::Sys: return access::Action::Sys;
        case Permission::Admin: return access::Action::Admin;
        case Permission::Cluster: return access::Action::Cluster;
    }
    UNREACHABLE();
}

AclAuthority::AclAuthority(std::shared_ptr<const access::RuleBook> book,
                           const broker::Principal& principal)
    : rights_(std::move(book), {principal.client_id, principal.user_name, principal.groups,
                                principal.origin.listener}) {}

}  // namespace lotmesh::server
