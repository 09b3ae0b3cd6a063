// `lotmesh acl check FILE`: whether a file of rules is right, and what it says to a question. A
// folder, or a file of the route language, is read for the rules that are in it.
// `lotmesh import acl FILE`: mosquitto's acl_file as such a file, on standard output.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>

#include "runtime/access/rule_book.h"

namespace lotmesh::tool {

struct AclQuestion {
    access::Action action = access::Action::Connect;
    std::string topic;  // valid for the action; empty where it has none
    bool operator==(const AclQuestion&) const = default;
};

struct AclOptions {
    std::string file;
    access::Principal who;                // who asks
    std::optional<AclQuestion> question;  // nothing: only whether the file is right
    bool operator==(const AclOptions&) const = default;
};

struct ImportAclOptions {
    std::string file;
    bool operator==(const ImportAclOptions&) const = default;
};

enum class AclExit : int {
    Yes = 0,          // allowed, or a file without mistakes
    Denied = 1,       // also by a file that says nothing
    CouldNotRun = 2,  // unreadable, or with mistakes
};

struct AclStreams {
    std::ostream& out;
    std::ostream& error;
};

AclExit check_acl(const AclOptions& options, AclStreams streams);
AclExit import_acl(const ImportAclOptions& options, AclStreams streams);

// With the process's own streams. The exit code.
int run_acl(const AclOptions& options);
int run_import_acl(const ImportAclOptions& options);

}  // namespace lotmesh::tool
