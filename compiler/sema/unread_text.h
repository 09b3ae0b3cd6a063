// What of a route the parser did not understand. What stands in there is not missing as well: it
// was reported as what it is. Linear in the route, however many mistakes it has.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/source/source.h"

namespace lotmesh::sema {

class UnreadText {
public:
    // Borrows the route. Its findings are those of the parser.
    UnreadText(const ast::Route& route, const source::SourceSet& sources);

    // Text that was read and means nothing.
    void add(std::string_view text);
    bool contains(std::string_view word);

    // `WITH BROKER ADDRESS "x"`: the key is reported, and that explains the value which is one too
    // many.
    bool is_rest_of_split_key(const diag::Diagnostic& finding) const;

private:
    std::uint32_t next_statement(std::uint32_t behind) const;

    const ast::Route& route_;
    std::vector<std::uint32_t> statements_;      // where each begins, ascending
    std::vector<source::ByteRange> split_keys_;  // and what follows them; ascending
    std::string text_;
    std::map<std::string, bool, std::less<>> known_;  // what contains() has said of this text
};

}  // namespace lotmesh::sema
