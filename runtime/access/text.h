// Rules of access in a file, one a line (docs/authorisation.md):
//
//     group operators = alice, bob
//     allow user alice write,subscribe plant/%u/#
//     deny anybody publish plant/secret/#
//     allow user node2 cluster
//
// Any mistake refuses the whole text; all of them are told, up to kMistakesMax. A text that says
// nothing is a good one: it denies everything.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "runtime/access/lines.h"
#include "runtime/access/rules.h"

namespace lotmesh::access {

// What is read has no faults (faults_of).
Result<Rules, std::vector<Mistake>> read_rules(std::string_view text);

}  // namespace lotmesh::access
