// From what was written to a value of the right kind: numbers, booleans, choices, addresses, client
// ids, and references through the port.
#pragma once

#include <optional>

#include "compiler/ast/ast.h"
#include "compiler/diag/sink.h"
#include "compiler/sema/references.h"
#include "compiler/sema/schema.h"

namespace lotmesh::sema {

enum class OnUnresolved : std::uint8_t { Placeholder, Error };

// What was read for a key.
struct ReadValue {
    std::optional<Setting> setting;  // none: it cannot be used
    std::string written;             // as it may be shown; empty: no part is a reference
};

// Borrowed, for the time of one call.
struct ValueContext {
    const ReferenceResolver* resolver = nullptr;
    OnUnresolved on_unresolved = OnUnresolved::Placeholder;
    std::size_t value_bytes_max = 0;
};

// The value for this key, or nothing when it cannot be used, which has then been reported. Nothing
// without a report: a number or a word behind a reference that was not resolved (placeholder mode).
ReadValue read_value(const KeySchema& key, const ast::Parameter& parameter,
                     const ValueContext& context, diag::Sink& sink);

}  // namespace lotmesh::sema
