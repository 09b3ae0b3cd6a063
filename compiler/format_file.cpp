#include "compiler/format_file.h"

#include <fmt/core.h>

#include <utility>

#include "compiler/diag/sink.h"
#include "compiler/format/format.h"
#include "compiler/parse/parser.h"
#include "compiler/parse/sources.h"
#include "compiler/sema/redact.h"
#include "compiler/source/notebook.h"

namespace lotmesh {

namespace {

FormatResult format_text(const source::SourceText& file, const CompilerLimits& limits) {
    diag::Sink sink(1, limits);
    source::SourceSet sources = parse::open_sources({file}, limits, sink);
    ast::File tree = parse::parse(sources[0], 0, limits, sink, ast::KeepComments::All);
    sema::redact_secrets(sources[0], tree);
    for (ast::Route& route : tree.routes)
        for (diag::Diagnostic& finding : route.findings)
            if (format::is_formatted(route)) sink.report(std::move(finding));
    for (ast::Rule& rule : tree.rules)
        for (diag::Diagnostic& finding : rule.findings)
            sink.report(std::move(finding));
    FormatResult result;
    if (!sink.has_errors()) result.text = format::format(tree, sources[0]);
    result.report = sink.finish(std::move(sources));
    return result;
}

// Cells are written without the last line's end, as editors of notebooks do.
FormatResult format_notebook(const source::SourceText& notebook,
                             const std::vector<source::SourceText>& cells,
                             const CompilerLimits& limits) {
    FormatResult whole;
    std::vector<std::string> texts;
    bool good = true;
    for (const source::SourceText& cell : cells) {
        FormatResult result = format_text(cell, limits);
        whole.report.append(std::move(result.report));
        good = good && result.text.has_value();
        if (!good) continue;
        if (result.text->ends_with('\n') && !cell.text.ends_with('\n')) result.text->pop_back();
        texts.push_back(std::move(*result.text));
    }
    if (good) whole.text = source::with_cells(notebook, texts);
    return whole;
}

}  // namespace

FormatResult format_file(const source::SourceText& file, const CompilerLimits& limits) {
    if (source::is_notebook(file.name) && file.text.size() <= limits.file_bytes_max)
        if (const auto cells = source::lot_cells(file))
            return format_notebook(file, *cells, limits);
    return format_text(file, limits);
}

}  // namespace lotmesh
