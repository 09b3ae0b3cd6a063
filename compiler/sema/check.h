// What a route means: type, blocks, keys and values against the schema, then all routes against
// each other. Reports everything that is wrong; what can still be understood is, so that one
// mistake does not hide or make another.
#pragma once

#include <string_view>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/diag/sink.h"
#include "compiler/sema/schema.h"
#include "compiler/sema/values.h"

namespace lotmesh::sema {

using source::Span;

// A key that was set, and where.
struct SetKey {
    const KeySchema* key = nullptr;
    Span key_span;
    Span value_span;
    bool usable = false;          // the value has been applied
    bool from_reference = false;  // the value is not to be shown
    bool placeholder = false;     // and it is not known either
};

// A block that was understood, or keys that were read as if they stood in one.
struct CheckedBlock {
    const BlockSchema* schema = nullptr;
    Span span;  // ADD NAME
    std::vector<SetKey> settings;
    bool self = false;  // an end of a bridge that is this broker, or is meant to be

    const SetKey* find(std::string_view key) const;
    // Set, and with a value that could be used.
    const SetKey* usable(std::string_view key) const;
};

// A MQTT_CLUSTER route, as far as it could be understood. No two of its blocks share a key.
struct CheckedRoute {
    ir::Link link;
    Span name_span;
    std::vector<CheckedBlock> blocks;

    const SetKey* find(std::string_view key) const;
    const SetKey* usable(std::string_view key) const;
};

// A MQTT_BRIDGE route. Its mappings stand in the order of their blocks.
struct CheckedBridge {
    ir::Bridge bridge;
    Span name_span;
    std::vector<CheckedBlock> blocks;

    const CheckedBlock* find(BlockTarget target) const;  // the first
};

// A rule without a mistake, and where its parts stand.
struct CheckedRule {
    ir::Rule rule;
    Span name_span;
    Span priority_span;
    Span scope_span;
    Span condition_span;
    bool placeholder = false;  // its topic is not known
};

// Each in the order of the text.
struct CheckedRoutes {
    std::vector<CheckedRoute> links;
    std::vector<CheckedBridge> bridges;
    std::vector<CheckedRule> rules;
};

// `files` are in the order of `sources`; findings inside of their routes are reported or dropped
// here.
CheckedRoutes check(const std::vector<ast::File>& files, const source::SourceSet& sources,
                    const ValueContext& context, diag::Sink& sink);

}  // namespace lotmesh::sema
