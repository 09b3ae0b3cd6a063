#include "compiler/compile.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "compiler/diag/sink.h"
#include "compiler/ir/validate.h"
#include "compiler/lint/allow.h"
#include "compiler/lint/rules.h"
#include "compiler/parse/parser.h"
#include "compiler/sema/check.h"
#include "compiler/sema/redact.h"

namespace lotmesh {

namespace {

// A file that is too large is not looked into: its text is dropped.
source::SourceSet open_sources(std::span<const SourceText> files, const CompilerLimits& limits,
                               diag::Sink& sink) {
    source::SourceSet sources;
    sources.reserve(files.size());
    for (std::uint32_t file = 0; file < files.size(); ++file) {
        const bool fits = files[file].text.size() <= limits.file_bytes_max;
        if (!fits)
            sink.report(diag::draft(
                diag::Code::FileTooLarge, {file, 0, 0},
                fmt::format("this file is larger than {} bytes", limits.file_bytes_max)));
        sources.emplace_back(fits ? files[file] : SourceText{files[file].name, {}});
    }
    return sources;
}

void report_invalid_utf8(const source::Source& source, std::uint32_t file, diag::Sink& sink) {
    for (const source::ByteRange& range : source.invalid_utf8()) {
        diag::Diagnostic finding = diag::draft(diag::Code::InvalidUtf8,
                                               {file, range.begin, range.end}, "this is not UTF-8");
        finding.help = "save the file as UTF-8";
        sink.report(std::move(finding));
    }
}

ir::Plan make_plan(std::vector<sema::CheckedRoute> routes) {
    ir::Plan plan;
    plan.links.reserve(routes.size());
    for (sema::CheckedRoute& route : routes)
        plan.links.push_back(std::move(route.link));
    std::ranges::sort(plan.links, {}, &ir::Link::name);
    return plan;
}

}  // namespace

CompileResult compile(std::span<const SourceText> files, const CompileOptions& options) {
    diag::Sink sink(files.size(), options.limits);
    source::SourceSet sources = open_sources(files, options.limits, sink);
    std::vector<ast::File> trees;
    for (std::uint32_t file = 0; file < sources.size(); ++file) {
        report_invalid_utf8(sources[file], file, sink);
        trees.push_back(parse::parse(sources[file], file, options.limits, sink));
        sema::redact_secrets(sources[file], trees.back());
        lint::apply_allowances(trees.back(), sources[file], sink);
    }
    const bool load = options.mode == CompileMode::Load;
    const sema::ValueContext context{
        options.resolver, load ? sema::OnUnresolved::Error : sema::OnUnresolved::Placeholder,
        options.limits.value_bytes_max};
    std::vector<sema::CheckedRoute> routes = sema::check(trees, sources, context, sink);
    lint::lint(routes, options.portable ? lint::Portability::Warn : lint::Portability::Ignore,
               sink);

    CompileResult result;
    if (!sink.has_errors()) {
        result.plan = make_plan(std::move(routes));
        if (load) ASSERT(ir::validate(*result.plan).empty());
    }
    result.report = sink.finish(std::move(sources), options.levels);
    return result;
}

}  // namespace lotmesh
