#include "compiler/format_file.h"

#include <fmt/core.h>

#include <utility>

#include "compiler/diag/sink.h"
#include "compiler/format/format.h"
#include "compiler/parse/parser.h"
#include "compiler/parse/sources.h"
#include "compiler/sema/redact.h"

namespace lotmesh {

FormatResult format_file(const source::SourceText& file, const CompilerLimits& limits) {
    diag::Sink sink(1, limits);
    source::SourceSet sources = parse::open_sources({&file, 1}, limits, sink);
    ast::File tree = parse::parse(sources[0], 0, limits, sink, ast::KeepComments::All);
    sema::redact_secrets(sources[0], tree);
    for (ast::Route& route : tree.routes)
        for (diag::Diagnostic& finding : route.findings)
            if (format::is_formatted(route)) sink.report(std::move(finding));
    FormatResult result;
    if (!sink.has_errors()) result.text = format::format(tree, sources[0]);
    result.report = sink.finish(std::move(sources));
    return result;
}

}  // namespace lotmesh
