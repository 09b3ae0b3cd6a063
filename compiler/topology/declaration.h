// What is said about a node beside its routes: its name, where it listens, what it has.
//
// Two ways to write it. A file `node.toml` in the node's folder, a small part of TOML: `key =
// "text"`, `key = 1883`, `key = ["a", "b"]`; the names that it shares with the configuration of
// `lotmesh serve` mean the same. Or one comment in a route file:
// `//! node: a listen: 10.0.0.1:1883, 10.0.0.1:8883 tls`. Pure; bounded by the file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/endpoint.h"
#include "compiler/ast/ast.h"
#include "compiler/diag/sink.h"

namespace lotmesh::topology {

using source::Span;

enum class Transport : std::uint8_t { Plain, Tls, WebSocket };

// A text, and where it stands.
struct Word {
    std::string text;
    Span span;
    bool operator==(const Word&) const = default;
};

struct Listener {
    Endpoint endpoint;  // an empty host, 0.0.0.0 and ::: on all addresses
    Transport transport = Transport::Plain;
    Span span;
    bool operator==(const Listener&) const = default;
};

struct Declaration {
    Word name;
    std::vector<Listener> listeners;
    std::vector<Word> hosts;    // names and addresses under which others reach the node
    std::vector<Word> env;      // NAME=value
    std::vector<Word> secrets;  // names
    std::optional<Word> cluster_credentials;  // path: one line user:password
    std::optional<Word> password_file;        // path: as mosquitto_passwd writes it
    std::optional<Word> tls_certificate;      // path: PEM, what its listeners show
    std::optional<Word> tls_key;              // path: PEM; none: in the same file
    bool operator==(const Declaration&) const = default;
};

// The marker of a comment that declares a node, in front of `node:`.
inline constexpr std::string_view kPragma = "//!";

// What is wrong is reported and left out.
Declaration read_declaration(const source::Source& source, std::uint32_t file, diag::Sink& sink);

// Nothing: the comment is none of ours.
std::optional<Declaration> read_pragma(const source::Source& source, const ast::Comment& comment,
                                       diag::Sink& sink);

}  // namespace lotmesh::topology
