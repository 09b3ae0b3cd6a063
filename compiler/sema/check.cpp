#include "compiler/sema/check.h"

#include <fmt/core.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "compiler/ast/kinds.h"
#include "compiler/diag/suggest.h"
#include "compiler/sema/check_route.h"

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
    std::vector<std::string_view> kinds = {"ROUTE"};
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

private:
    Code code_;
    diag::Sink& sink_;
    std::unordered_map<std::string, Span> first_;
};

void check_uniqueness(const std::vector<CheckedRoute>& routes, diag::Sink& sink) {
    Uniqueness names(Code::DuplicateRoute, sink);
    Uniqueness client_ids(Code::DuplicateClientId, sink);
    for (const CheckedRoute& route : routes) {
        if (!route.link.name.empty())
            names.add(route.link.name, route.name_span, "a second route is named `{}`",
                      "first defined here");
        if (const SetKey* const key = route.usable("CLIENT_ID"))
            client_ids.add(route.link.client_id, key->value_span,
                           "a second route has this CLIENT_ID", "first used here");
    }
}

}  // namespace

const SetKey* CheckedRoute::find(std::string_view key) const {
    const auto found =
        std::ranges::find(settings, key, [](const SetKey& setting) { return setting.key->name; });
    return found == settings.end() ? nullptr : &*found;
}

const SetKey* CheckedRoute::usable(std::string_view key) const {
    const SetKey* const found = find(key);
    return found != nullptr && found->usable ? found : nullptr;
}

std::vector<CheckedRoute> check(const std::vector<ast::File>& files,
                                const source::SourceSet& sources, const ValueContext& context,
                                diag::Sink& sink) {
    std::vector<CheckedRoute> result;
    UnsupportedList unsupported;
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
            if (std::optional<CheckedRoute> checked = checker.check())
                result.push_back(std::move(*checked));
        }
    }
    unsupported.report(only_unsupported, sink);
    check_uniqueness(result, sink);
    return result;
}

}  // namespace lotmesh::sema
