// The keys of one block against its schema.
#pragma once

#include <variant>
#include <vector>

#include "compiler/sema/check.h"
#include "compiler/sema/unread_text.h"

namespace lotmesh::sema {

// The key of a block that was written in two words, `WITH BROKER ADDRESS "x"`; none: it was not.
const KeySchema* split_key(const BlockSchema& block, const ast::Parameter& parameter);

// What the values of a block are applied to, and where its references are kept.
struct Target {
    std::variant<ir::Link*, ir::BridgeEnd*, ir::Mapping*, ir::Overload*> part;
    std::vector<ir::Reference>* references = nullptr;
};

class BlockChecker {
public:
    // Borrows all, for the time of one route.
    BlockChecker(const ValueContext& context, diag::Sink& sink) : context_(context), sink_(sink) {}

    // Checks each parameter of a block of this type of route and applies the good ones.
    void check_keys(const RouteSchema& route, const std::vector<ast::Parameter>& parameters,
                    const Target& target, CheckedBlock& block);
    // After all blocks: required keys that nobody mentioned. `written`: null for keys without an
    // ADD. What stands in `unread` is not missing.
    void check_required(const CheckedBlock& block, const ast::Block* written, UnreadText& unread);

private:
    const KeySchema* understand_key(const RouteSchema& route, const BlockSchema& block,
                                    const ast::Parameter& parameter);
    const KeySchema* suggested_key(const BlockSchema& block, std::string_view name) const;
    void report_misplaced(const BlockSchema& wrong, const BlockSchema& right,
                          const ast::Parameter& parameter);
    void report_missing_value(const KeySchema& key, const ast::Parameter& parameter);
    ReadValue read(const KeySchema& key, const ast::Parameter& parameter);

    const ValueContext& context_;
    diag::Sink& sink_;
    std::vector<std::string_view> present_;    // keys of the block at hand that are set in it
    std::vector<std::string_view> misplaced_;  // keys of other blocks that were met
};

}  // namespace lotmesh::sema
