// A whole cluster as its files describe it: nodes, listeners, and links that have found their
// target or have not. What lint, graph and trace ask their questions of.
//
// Values; pure. Bounded by the number of folders (limits.h) and of their routes.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "compiler/sema/check.h"
#include "compiler/topology/declaration.h"

namespace lotmesh::topology {

// A GET ENV or GET SECRET in a route that is taken.
struct ReferenceUse {
    ast::TermKind kind = ast::TermKind::Env;
    Word name;  // the span: the whole reference
};

// Files that routes and declarations name. Who implements it decides what may be read.
class FilePort {
public:
    virtual ~FilePort() = default;
    // Nothing: it is not there, or may not be read. A relative path is relative to the folder.
    virtual std::optional<std::string> read(const std::string& folder,
                                            const std::string& path) const = 0;
};

// Who may link with a node, where its files say that and could be read.
struct Account {
    std::string user;
    std::string secret;  // the password, or what is kept of it
    bool hashed = false;
};

struct Node {
    std::string name;
    Span span;  // where it is declared; the beginning of its first file where it is not
    Declaration declaration;
    std::vector<ReferenceUse> references;
    std::string folder;  // as it was named; paths in its files are relative to it
    std::optional<std::vector<Account>> accounts;
};

enum class Aim : std::uint8_t {
    Node,     // a listener of a node that we know
    Nobody,   // no listener that we know
    Unknown,  // the address or the port is wrong, or behind a reference without a value
};

struct Target {
    Aim aim = Aim::Unknown;
    std::size_t node = 0;      // Aim::Node
    std::size_t listener = 0;  // of that node
};

// One route.
struct Link {
    std::size_t from = 0;
    sema::CheckedRoute route;
    Target target;

    bool leads_to(std::size_t node) const { return target.aim == Aim::Node && target.node == node; }
    bool is_between_nodes() const { return target.aim == Aim::Node && target.node != from; }
};

struct Bridge {
    std::size_t from = 0;
    sema::CheckedBridge route;
};

struct Model {
    std::vector<Node> nodes;
    std::vector<Link> links;  // in the order of their nodes, then of the text
    std::vector<Bridge> bridges;
};

bool is_loopback(std::string_view host);
// All addresses of its machine.
bool is_wildcard(std::string_view host);

// Fills in the accounts from the files that the declaration names.
void read_accounts(Node& node, const FilePort& files);

// Whom a node reaches there.
Target find_target(const Model& model, std::size_t from, const Endpoint& wanted);

// Fills in the targets.
void resolve_targets(Model& model);

// Whether the nodes are on more than one machine, as far as their listeners say.
bool spans_machines(const Model& model);

// "10.0.0.2:1883", or the reference where an address came from one.
std::string shown_address(const Link& link);

// Between two nodes, and the listener speaks what the route speaks.
bool comes_up(const Model& model, const Link& link);

// The first link from one node to another.
const Link* find_link(const Model& model, std::size_t from, std::size_t to);

}  // namespace lotmesh::topology
