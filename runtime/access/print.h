// Rules as the text that read_rules() reads (text.h).
#pragma once

#include <string>

#include "runtime/access/rules.h"

namespace lotmesh::access {

std::string to_string(const Subject& subject);  // "user alice"

// A line, without its end. Of a rule that has a name, this and what it says, for people: its
// condition has no place in such a text.
std::string to_string(const Rule& rule);
std::string to_string(const Group& group);

// Groups, then rules.
std::string to_string(const Rules& rules);

}  // namespace lotmesh::access
