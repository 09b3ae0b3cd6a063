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
    bool usable = false;          // the value has been applied to the link
    bool from_reference = false;  // the value is not to be shown
};

// A MQTT_CLUSTER route, as far as it could be understood.
struct CheckedRoute {
    ir::Link link;
    Span name_span;
    std::vector<SetKey> settings;
    std::vector<SetKey> blocks_not_portable;  // key: none; key_span: the ADD

    const SetKey* find(std::string_view key) const;
    // Set, and with a value that could be used.
    const SetKey* usable(std::string_view key) const;
};

// `files` are in the order of `sources`; findings inside of their routes are reported or dropped
// here. The result is in the order of the text.
std::vector<CheckedRoute> check(const std::vector<ast::File>& files,
                                const source::SourceSet& sources, const ValueContext& context,
                                diag::Sink& sink);

}  // namespace lotmesh::sema
