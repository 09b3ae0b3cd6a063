#include "compiler/sema/check.h"

#include <fmt/core.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "compiler/ast/kinds.h"
#include "compiler/diag/suggest.h"
#include "compiler/sema/check_route.h"
#include "compiler/sema/check_rule.h"

namespace lotmesh::sema {

namespace {

using diag::Code;

// Known parts of the language that this broker does not run: one warning each, and an error when
// nothing else is there.
class UnsupportedList {
public:
    void add(Span span, const std::string& what) {
        diag::Diagnostic finding =
            diag::draft(Code::Unsupported, span,
                        fmt::format("{} is known, not supported by this broker", what));
        finding.caption = "left out";
        findings_.push_back(std::move(finding));
    }

    void report(bool only_content, diag::Sink& sink) {
        for (diag::Diagnostic& finding : findings_) {
            if (only_content) finding.severity = diag::Severity::Error;
            sink.report(std::move(finding));
        }
    }

private:
    std::vector<diag::Diagnostic> findings_;
};

void report_unknown_kind(const ast::Foreign& foreign, diag::Sink& sink) {
    std::vector<std::string_view> kinds = {"ROUTE", "RULE"};
    std::ranges::copy(ast::foreign_kinds(), std::back_inserter(kinds));
    const std::optional<std::string_view> meant = diag::nearest(foreign.kind.text, kinds);
    diag::Diagnostic finding =
        diag::draft(Code::UnknownDefinition, foreign.kind.span,
                    fmt::format("`{}` is nothing that can be defined", foreign.kind.text));
    finding.caption = meant ? fmt::format("did you mean `{}`?", *meant) : "expected `ROUTE`";
    sink.report(std::move(finding));
}

// The first of two routes with one text stays; the second is reported.
class Uniqueness {
public:
    Uniqueness(Code code, diag::Sink& sink) : code_(code), sink_(sink) {}

    void add(const std::string& text, Span span, std::string_view message,
             std::string_view first_label) {
        const auto [first, is_new] = first_.try_emplace(text, span);
        if (is_new) return;
        diag::Diagnostic finding =
            diag::draft(code_, span, fmt::format(fmt::runtime(message), text));
        finding.related.push_back({first->second, std::string(first_label)});
        sink_.report(std::move(finding));
    }

    // Is there, and needs no report when it is there already.
    void know(const std::string& text, Span span) { first_.try_emplace(text, span); }

private:
    Code code_;
    diag::Sink& sink_;
    std::unordered_map<std::string, Span> first_;
};

std::string at_broker(const std::string& address, std::uint16_t port,
                      const std::string& client_id) {
    return fmt::format("{} {} {}", diag::lower_case(address), port, client_id);
}

// Names among all routes; a CLIENT_ID among all links, and among the bridges' for one broker.
class UniquenessOfRoutes {
public:
    explicit UniquenessOfRoutes(diag::Sink& sink)
        : names_(Code::DuplicateRoute, sink),
          client_ids_(Code::DuplicateClientId, sink),
          at_brokers_(Code::DuplicateClientId, sink) {}

    void add(const CheckedRoute& route) {
        add_name(route.link.name, route.name_span);
        if (const SetKey* const key = route.usable("CLIENT_ID"))
            client_ids_.add(route.link.client_id, key->value_span,
                            "a second route has this CLIENT_ID", "first used here");
    }

    void add(const CheckedBridge& route) { add_name(route.bridge.name, route.name_span); }

    // After all routes: the ends of bridges against each other and the links.
    void add_ends(const CheckedRoutes& routes) {
        if (routes.bridges.empty()) return;
        for (const CheckedRoute& route : routes.links)
            if (const SetKey* const key = route.usable("CLIENT_ID"))
                at_brokers_.know(
                    at_broker(route.link.address, route.link.port, route.link.client_id),
                    key->value_span);
        for (const CheckedBridge& route : routes.bridges) {
            add_end(route.bridge.source, route.find(BlockTarget::Source));
            add_end(route.bridge.destination, route.find(BlockTarget::Destination));
        }
    }

private:
    void add_name(const std::string& name, Span span) {
        if (!name.empty())
            names_.add(name, span, "a second route is named `{}`", "first defined here");
    }

    void add_end(const ir::BridgeEnd& end, const CheckedBlock* block) {
        if (block == nullptr || block->self) return;
        const SetKey* const key = block->usable("CLIENT_ID");
        if (key == nullptr || !block->usable("BROKER_ADDRESS") || !block->usable("BROKER_PORT"))
            return;
        at_brokers_.add(at_broker(end.address, end.port, end.client_id), key->value_span,
                        "this broker knows another client of ours by this CLIENT_ID",
                        "first used here");
    }

    Uniqueness names_;
    Uniqueness client_ids_;
    Uniqueness at_brokers_;
};

// All rules, in all files: their names, and how many there are.
class RulesOfPlan {
public:
    explicit RulesOfPlan(diag::Sink& sink) : names_(Code::DuplicateRule, sink), sink_(sink) {}

    void add(const ast::Rule& rule) {
        if (!rule.name.text.empty())
            names_.add(rule.name.text, rule.name.span, "a second rule is named `{}`",
                       "first defined here");
        if (++count_ != sink_.limits().rules_max + 1) return;
        diag::Diagnostic finding =
            diag::draft(Code::TooManyRules, rule.span,
                        fmt::format("a plan has {} rules at most", sink_.limits().rules_max));
        finding.help = "groups, and `%u` and `%c` in topics, save many";
        sink_.report(std::move(finding));
    }

private:
    Uniqueness names_;
    diag::Sink& sink_;
    std::size_t count_ = 0;
};

const SetKey* find_in(const std::vector<CheckedBlock>& blocks, std::string_view key) {
    for (const CheckedBlock& block : blocks)
        if (const SetKey* const found = block.find(key)) return found;
    return nullptr;
}

}  // namespace

const SetKey* CheckedBlock::find(std::string_view key) const {
    const auto found =
        std::ranges::find(settings, key, [](const SetKey& setting) { return setting.key->name; });
    return found == settings.end() ? nullptr : &*found;
}

const SetKey* CheckedBlock::usable(std::string_view key) const {
    const SetKey* const found = find(key);
    return found != nullptr && found->usable ? found : nullptr;
}

const SetKey* CheckedRoute::find(std::string_view key) const { return find_in(blocks, key); }

const SetKey* CheckedRoute::usable(std::string_view key) const {
    const SetKey* const found = find(key);
    return found != nullptr && found->usable ? found : nullptr;
}

const CheckedBlock* CheckedBridge::find(BlockTarget target) const {
    const auto found = std::ranges::find(
        blocks, target, [](const CheckedBlock& block) { return block.schema->target; });
    return found == blocks.end() ? nullptr : &*found;
}

CheckedRoutes check(const std::vector<ast::File>& files, const source::SourceSet& sources,
                    const ValueContext& context, diag::Sink& sink) {
    CheckedRoutes result;
    UnsupportedList unsupported;
    UniquenessOfRoutes uniqueness(sink);
    RulesOfPlan rules(sink);
    bool only_unsupported = true;
    for (const ast::File& file : files) {
        for (const ast::Foreign& foreign : file.foreigns) {
            if (ast::is_foreign_kind(foreign.kind.text)) {
                unsupported.add(foreign.span, fmt::format("`DEFINE {}`", foreign.kind.text));
            } else {
                only_unsupported = false;
                report_unknown_kind(foreign, sink);
            }
        }
        for (const ast::Route& route : file.routes) {
            RouteChecker checker(route, sources, context, sink);
            if (const std::optional<std::string_view> type = checker.unsupported_type()) {
                unsupported.add(route.span, fmt::format("route type `{}`", *type));
                continue;
            }
            only_unsupported = false;
            RouteChecker::Checked checked = checker.check();
            if (auto* const link = std::get_if<CheckedRoute>(&checked)) {
                uniqueness.add(*link);
                result.links.push_back(std::move(*link));
            } else if (auto* const bridge = std::get_if<CheckedBridge>(&checked)) {
                uniqueness.add(*bridge);
                result.bridges.push_back(std::move(*bridge));
            }
        }
        for (const ast::Rule& rule : file.rules) {
            only_unsupported = false;
            rules.add(rule);
            if (auto checked = RuleChecker(rule, context, sink).check())
                result.rules.push_back(std::move(*checked));
        }
    }
    unsupported.report(only_unsupported, sink);
    uniqueness.add_ends(result);
    return result;
}

}  // namespace lotmesh::sema
