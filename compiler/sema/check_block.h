// The keys of one block against its schema.
#pragma once

#include <vector>

#include "compiler/sema/check.h"

namespace lotmesh::sema {

// The key of a block that was written in two words, `WITH BROKER ADDRESS "x"`; none: it was not.
const KeySchema* split_key(const BlockSchema& block, const ast::Parameter& parameter);

class BlockChecker {
public:
    // Borrows all, for the time of one route.
    BlockChecker(const ValueContext& context, diag::Sink& sink) : context_(context), sink_(sink) {}

    // Checks each parameter and applies the good ones to the route.
    void check_keys(const BlockSchema& block, const std::vector<ast::Parameter>& parameters,
                    CheckedRoute& route);
    // After all blocks: required keys that nobody mentioned. `written` is the block where there is
    // one, `at` where it is shown; `unread` is the text of the route that was not understood: what
    // stands there is not missing as well.
    void check_required(const BlockSchema& block, const ast::Block* written, Span at,
                        std::string_view unread, const CheckedRoute& route);

private:
    const KeySchema* understand_key(const BlockSchema& block, const ast::Parameter& parameter);
    const KeySchema* suggested_key(const BlockSchema& block, std::string_view name) const;
    void report_misplaced(const BlockSchema& wrong, const BlockSchema& right,
                          const ast::Parameter& parameter);
    void report_missing_value(const KeySchema& key, const ast::Parameter& parameter);
    void check_value(const KeySchema& key, const ast::Parameter& parameter, CheckedRoute& route);

    const ValueContext& context_;
    diag::Sink& sink_;
    std::vector<std::string_view> present_;    // keys of the block at hand that are set in it
    std::vector<std::string_view> misplaced_;  // keys of other blocks that were met
};

}  // namespace lotmesh::sema
