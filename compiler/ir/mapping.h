// What bridges say: which way their messages go, and whether topics can be mapped onto each other.
// Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/ir/plan.h"

namespace lotmesh::ir {

// The end of a bridge that is the broker itself.
BridgeEnd this_broker();

// A filter of its own: a subscription that is shared with others cannot be mapped.
bool is_mappable_topic(std::string_view topic);

// `+` and `#` of one topic go to those of the other, the first to the first and so on. In the
// directions that a mapping has, what is written to has the wildcards of what is read, or none.
bool wildcards_agree(const Mapping& mapping);

std::string_view to_string(Direction direction);

// One line for each way: "this broker `a/#` -> cloud.example:1883 `site1/a/#`".
std::vector<std::string> flows(const Bridge& bridge, const Mapping& mapping);

}  // namespace lotmesh::ir
