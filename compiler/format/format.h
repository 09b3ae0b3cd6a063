// A file in its canonical form: four spaces a level, one statement a line, keys in the order of
// the reference, values as canonical.h writes them, comments where they were. Pure; formatting
// what is formatted changes nothing, and never what a route means.
//
// A definition that is not ours (a foreign kind, another route type) is left as it is. A comment
// inside of a statement moves behind it, or above it where there are several.
#pragma once

#include <string>

#include "compiler/ast/ast.h"
#include "compiler/source/source.h"

namespace lotmesh::format {

// Whether a route is put into form, or left as it is.
bool is_formatted(const ast::Route& route);
// A rule that lacks something is not: it is for lint to tell.
bool is_formatted(const ast::Rule& rule);

// `file` is the tree of `source`, with all its comments, and was read without a mistake in the
// writing.
std::string format(const ast::File& file, const source::Source& source);

}  // namespace lotmesh::format
