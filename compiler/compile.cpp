#include "compiler/compile.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/assert.h"
#include "compiler/diag/sink.h"
#include "compiler/ir/validate.h"
#include "compiler/lint/allow.h"
#include "compiler/lint/rules.h"
#include "compiler/parse/parser.h"
#include "compiler/parse/sources.h"
#include "compiler/sema/check.h"
#include "compiler/sema/redact.h"
#include "compiler/source/notebook.h"

namespace lotmesh {

namespace {

ir::Plan make_plan(sema::CheckedRoutes routes) {
    ir::Plan plan;
    plan.links.reserve(routes.links.size());
    for (sema::CheckedRoute& route : routes.links)
        plan.links.push_back(std::move(route.link));
    std::ranges::sort(plan.links, {}, &ir::Link::name);
    for (sema::CheckedBridge& route : routes.bridges)
        plan.bridges.push_back(std::move(route.bridge));
    std::ranges::sort(plan.bridges, {}, &ir::Bridge::name);
    for (sema::CheckedRule& rule : routes.rules)
        plan.rules.push_back(std::move(rule.rule));
    std::ranges::sort(plan.rules, [](const ir::Rule& left, const ir::Rule& right) {
        return std::tie(left.priority, left.name) < std::tie(right.priority, right.name);
    });
    return plan;
}

std::vector<RouteText> rule_texts(const std::vector<ast::File>& trees) {
    std::vector<RouteText> rules;
    for (const ast::File& tree : trees)
        for (const ast::Rule& rule : tree.rules)
            rules.push_back({rule.name.text, {rule.span.file, rule.span.begin, rule.end}});
    return rules;
}

std::vector<RouteText> route_texts(const std::vector<ast::File>& trees) {
    std::vector<RouteText> routes;
    for (const ast::File& tree : trees)
        for (const ast::Route& route : tree.routes)
            routes.push_back({route.name.text, {route.span.file, route.span.begin, route.end}});
    return routes;
}

}  // namespace

std::string shown_text(const source::SourceSet& sources, source::Span span) {
    const source::Source& source = sources[span.file];
    std::string text;
    for (std::uint32_t line = source.line_of(span.begin);
         line <= source.line_count() && source.line_begin(line) < span.end; ++line) {
        const std::string whole = source.display_line(line);
        const std::uint32_t begin = source.line_begin(line);
        const std::size_t from = span.begin > begin ? span.begin - begin : 0;
        const std::size_t to = std::min<std::size_t>(whole.size(), span.end - begin);
        text += whole.substr(from, to - from) + "\n";
    }
    return text;
}

CompileResult compile(std::span<const SourceText> files, const CompileOptions& options) {
    return compile(std::vector<SourceText>(files.begin(), files.end()), options);
}

CompileResult compile(std::vector<SourceText>&& files, const CompileOptions& options) {
    if (std::ranges::any_of(files, source::is_notebook, &SourceText::name))
        files = source::expand_notebooks(files, options.limits.file_bytes_max);
    diag::Sink sink(files.size(), options.limits);
    source::SourceSet sources = parse::open_sources(std::move(files), options.limits, sink);
    std::vector<ast::File> trees;
    for (std::uint32_t file = 0; file < sources.size(); ++file) {
        trees.push_back(parse::parse(sources[file], file, options.limits, sink));
        sema::redact_secrets(sources[file], trees.back());
        lint::apply_allowances(trees.back(), sources[file], lint::Reach::Plan, sink);
    }
    const bool load = options.mode == CompileMode::Load;
    const sema::ValueContext context{
        options.resolver, load ? sema::OnUnresolved::Error : sema::OnUnresolved::Placeholder,
        options.limits.value_bytes_max};
    sema::CheckedRoutes routes = sema::check(trees, sources, context, sink);
    lint::lint(routes, options.portable ? lint::Portability::Warn : lint::Portability::Ignore,
               sink);

    CompileResult result;
    result.routes = route_texts(trees);
    result.rules = rule_texts(trees);
    if (!sink.has_errors()) {
        result.plan = make_plan(std::move(routes));
        if (load) ASSERT(ir::validate(*result.plan).empty());
    }
    result.report = sink.finish(std::move(sources), options.levels);
    return result;
}

}  // namespace lotmesh
