// mosquitto's acl_file as rules of ours (docs/authorisation.md, "From mosquitto"). In their order:
// of each user, and of the anonymous, what is denied and then what is allowed; then the same of
// patterns. What cannot be said in our rules is a mistake in its line, and refuses the whole text.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "runtime/access/lines.h"
#include "runtime/access/rules.h"

namespace lotmesh::access {

// What is read has no faults (faults_of). The lines of the rules are those of `text`.
Result<Rules, std::vector<Mistake>> read_mosquitto_acl(std::string_view text);

}  // namespace lotmesh::access
