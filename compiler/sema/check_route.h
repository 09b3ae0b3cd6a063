// One route: its type, its blocks.
#pragma once

#include <optional>

#include "compiler/sema/check_block.h"

namespace lotmesh::sema {

class RouteChecker {
public:
    // Borrows all, for the time of one route.
    RouteChecker(const ast::Route& route, const source::SourceSet& sources,
                 const ValueContext& context, diag::Sink& sink)
        : route_(route), sources_(sources), sink_(sink), blocks_(context, sink) {}

    // A known type that is not ours; its name. Asks nothing else of the route and reports nothing.
    std::optional<std::string_view> unsupported_type() const;
    // Reports the findings of the route and everything else; none when it cannot be understood.
    std::optional<CheckedRoute> check();

private:
    struct PlacedBlock {
        const BlockSchema* schema = nullptr;
        const ast::Block* block = nullptr;
    };

    const ast::Parameter* type_parameter() const;
    bool check_type();
    void report_unknown_type(Span span, std::string_view written);
    void check_type_value(const ast::Parameter& parameter);
    void check_name();
    void check_head_keys();
    void check_blocks();
    void check_block(const ast::Block& block);
    void check_main_block();
    const BlockSchema* understand_block(const ast::Block& block);
    void report_unknown_block(const ast::Block& block, std::optional<std::string_view> meant);
    bool was_met(const BlockSchema& schema) const;
    bool has_main_block() const;
    bool looks_like_cluster() const;
    void report_findings();
    bool is_rest_of_split_key(const diag::Diagnostic& finding) const;
    std::uint32_t next_statement(std::uint32_t behind) const;
    std::string unread_text() const;
    void report(diag::Code code, Span span, std::string message, std::string caption = {},
                std::string help = {});

    const ast::Route& route_;
    const source::SourceSet& sources_;
    diag::Sink& sink_;
    BlockChecker blocks_;
    CheckedRoute result_;
    std::vector<PlacedBlock> placed_;
    std::string unread_;  // what the parser did not understand, up to the next statement each
    bool unknown_block_ = false;
};

}  // namespace lotmesh::sema
