// One route: its type, its blocks.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "compiler/sema/check_block.h"
#include "compiler/sema/unread_text.h"

namespace lotmesh::sema {

class RouteChecker {
public:
    // Neither where it cannot be understood.
    using Checked = std::variant<std::monostate, CheckedRoute, CheckedBridge>;

    // Borrows all, for the time of one route.
    RouteChecker(const ast::Route& route, const source::SourceSet& sources,
                 const ValueContext& context, diag::Sink& sink)
        : route_(route), sink_(sink), blocks_(context, sink), unread_(route, sources) {}

    // A known type that is not ours; its name. Asks nothing else of the route and reports nothing.
    std::optional<std::string_view> unsupported_type() const;
    // Reports the findings of the route and everything else.
    Checked check();

private:
    struct PlacedBlock {
        const ast::Block* block = nullptr;  // null: keys without an ADD
        CheckedBlock checked;
    };
    // What the route means; what it is not stays empty.
    struct Meaning {
        ir::Link link;
        ir::Bridge bridge;
    };

    const ast::Parameter* type_parameter() const;
    const RouteSchema* check_type();
    void report_missing_type(const RouteSchema* guess);
    void report_unknown_type(Span span, std::string_view written);
    void check_type_value(const ast::Parameter& parameter);
    void check_name();
    void check_head_keys();
    const BlockSchema* block_of_head(const std::vector<ast::Parameter>& keys) const;
    void check_block(const ast::Block& block);
    void check_label(const ast::Block& block, const BlockSchema& schema);
    void check_mapping_name(const ast::Block& block, const BlockSchema& schema);
    void check_mapping(const CheckedBlock& block, const ir::Mapping& mapping);
    void check_placed();
    void place(const BlockSchema& schema, const ast::Block* block,
               const std::vector<ast::Parameter>& parameters);
    static Target target_of(const BlockSchema& schema, Meaning& meaning);
    const BlockSchema* main_block() const;
    bool is_main_key(const ast::Parameter& parameter) const;
    const BlockSchema* understand_block(const ast::Block& block);
    void report_unknown_block(const ast::Block& block, std::optional<std::string_view> meant);
    const PlacedBlock* find_placed(const BlockSchema& schema) const;
    bool has_main_block();
    void report_findings();
    Checked take();
    void report(diag::Code code, Span span, std::string message, std::string caption = {},
                std::string help = {});

    const ast::Route& route_;
    diag::Sink& sink_;
    BlockChecker blocks_;
    const RouteSchema* schema_ = nullptr;  // as soon as the type is known
    Meaning meaning_;
    Span name_span_;
    std::vector<PlacedBlock> placed_;
    std::unordered_map<std::string, Span> mapping_names_;  // where each was first used
    UnreadText unread_;
    std::optional<bool> has_main_block_;  // as soon as somebody asked
    bool unknown_block_ = false;
};

}  // namespace lotmesh::sema
