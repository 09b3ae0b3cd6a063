#include "compiler/parse/sources.h"

#include <fmt/core.h>

#include <utility>

#include "base/assert.h"
#include "compiler/source/notebook.h"

namespace lotmesh::parse {

namespace {

void report_invalid_utf8(const source::Source& source, std::uint32_t file, diag::Sink& sink) {
    for (const source::ByteRange& range : source.invalid_utf8()) {
        diag::Diagnostic finding = diag::draft(diag::Code::InvalidUtf8,
                                               {file, range.begin, range.end}, "this is not UTF-8");
        finding.help = "save the file as UTF-8";
        sink.report(std::move(finding));
    }
}

// Only one that is no notebook comes here with its name, see expand_notebooks().
void report_bad_notebook(source::Source& source, std::uint32_t file, diag::Sink& sink) {
    source.blank();
    if (!source.invalid_utf8().empty()) return;
    const auto cells = source::lot_cells({source.name(), std::string(source.text())});
    ASSERT(!cells.has_value());
    const source::NotebookError& error = cells.error();
    diag::Diagnostic finding =
        diag::draft(diag::Code::BadNotebook, {file, error.offset, error.offset + 1}, error.message);
    finding.help =
        "a notebook is `[{\"kind\": 2, \"language\": \"lot\", \"value\": \"DEFINE ROUTE ...\"}, "
        "...]`";
    sink.report(std::move(finding));
}

}  // namespace

source::SourceSet open_sources(std::vector<source::SourceText> files, const CompilerLimits& limits,
                               diag::Sink& sink) {
    source::SourceSet sources;
    sources.reserve(files.size());
    for (std::uint32_t file = 0; file < files.size(); ++file) {
        const bool fits = files[file].text.size() <= limits.file_bytes_max;
        if (!fits)
            sink.report(diag::draft(
                diag::Code::FileTooLarge, {file, 0, 0},
                fmt::format("this file is larger than {} bytes", limits.file_bytes_max)));
        if (!fits) files[file] = {std::move(files[file].name), {}};
        sources.emplace_back(std::move(files[file]));
    }
    for (std::uint32_t file = 0; file < sources.size(); ++file) {
        report_invalid_utf8(sources[file], file, sink);
        if (source::is_notebook(sources[file].name()) && !sources[file].text().empty())
            report_bad_notebook(sources[file], file, sink);
    }
    return sources;
}

}  // namespace lotmesh::parse
