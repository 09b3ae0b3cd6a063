// The rules about a cluster as a whole, LOT0601 to LOT0622: what no node's files show by
// themselves. docs/cluster-lint.md lists them.
//
// Pure. What one file shows alone is said by sema and lint, and not once more here.
#pragma once

#include "compiler/diag/sink.h"
#include "compiler/topology/crypto_port.h"
#include "compiler/topology/live.h"
#include "compiler/topology/model.h"

namespace lotmesh::topology {

// Whether all that a node needs must be there already.
enum class Profile : std::uint8_t {
    Check,   // on the way: a reference that its node does not name is a warning
    Deploy,  // about to run: it is an error
};

void check_declarations(const Model& model, diag::Sink& sink);
void check_links(const Model& model, diag::Sink& sink);
void check_shape(const Model& model, diag::Sink& sink);
void check_bridges(const Model& model, diag::Sink& sink);
// `crypto`: borrowed; none: hashes of passwords are not looked into.
void check_settings(const Model& model, Profile profile, const CryptoPort* crypto,
                    diag::Sink& sink);

// What was heard of the nodes that were asked, by their names in the model.
struct Answer {
    std::string node;
    Result<LiveNode, std::string> live;  // or why there is none
};
void check_drift(const Model& model, const std::vector<Answer>& answers, diag::Sink& sink);

// Helpers that the rules share.
diag::Diagnostic finding(diag::Code code, Span span, std::string message, std::string caption = {},
                         std::string help = {});
// "`a`, `b` and `c`"
std::string list_nodes(const Model& model, const std::vector<std::size_t>& nodes);

}  // namespace lotmesh::topology
