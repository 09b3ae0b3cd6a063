// Rules of access behind the broker's port, and the file that they come from
// (docs/authorisation.md).
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "runtime/access/rule_book.h"
#include "runtime/broker/policy.h"

namespace lotmesh::server {

// One mistake refuses the whole file, and one that is not there is none: "FILE:3:7: ...", the first
// of them and how many more there are. A file that says nothing denies everything.
Result<std::shared_ptr<const access::RuleBook>, std::string> read_acl_file(
    const std::filesystem::path& path);

access::Action action_of(broker::Permission permission);

// Keeps the book, and of the principal what rules can ask for. Immutable.
class AclAuthority final : public broker::Authority {
public:
    AclAuthority(std::shared_ptr<const access::RuleBook> book, const broker::Principal& principal);

    bool may(broker::Permission permission, std::string_view topic) const override {
        return rights_.may(action_of(permission), topic);
    }

private:
    access::Rights rights_;
};

}  // namespace lotmesh::server
