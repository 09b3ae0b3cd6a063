#include <nlohmann/json.hpp>

#include "compiler/diag/render.h"
#include "compiler/source/notebook.h"

namespace lotmesh::diag {

namespace {

using Json = nlohmann::ordered_json;
using source::Position;
using source::Span;

// A file name, or a line of a file that is not UTF-8, must not end the program.
std::string dump(const Json& json) {
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

void add_place(const source::SourceSet& sources, const Span& span, Json& json) {
    const source::Source& source = sources[span.file];
    const Position begin = source.position(span.begin);
    const Position end = source.position(span.end);
    json["file"] = source.name();
    json["line"] = begin.line;
    json["column"] = begin.column;
    json["end_line"] = end.line;
    json["end_column"] = end.column;
    json["begin"] = span.begin;
    json["end"] = span.end;
    if (const auto& cell = source.cell())
        json["notebook"] = {{"file", cell->notebook},
                            {"cell", cell->number},
                            {"begin", source::notebook_offset(*cell, span.begin)},
                            {"end", source::notebook_offset(*cell, span.end)}};
}

Json notes_of(const Diagnostic& diagnostic, const source::SourceSet& sources) {
    Json notes = Json::array();
    if (!diagnostic.caption.empty()) {
        Json note = {{"message", diagnostic.caption}};
        add_place(sources, diagnostic.span, note);
        notes.push_back(std::move(note));
    }
    for (const Label& label : diagnostic.related) {
        Json note = {{"message", label.text}};
        add_place(sources, label.span, note);
        notes.push_back(std::move(note));
    }
    for (const std::string& text : diagnostic.notes)
        notes.push_back({{"message", text}});
    if (!diagnostic.help.empty()) notes.push_back({{"message", "help: " + diagnostic.help}});
    return notes;
}

Json fix_of(const Fix& fix, const source::SourceSet& sources) {
    Json edits = Json::array();
    for (const Edit& edit : fix.edits) {
        Json item = Json::object();
        add_place(sources, edit.span, item);
        item["text"] = edit.text;
        edits.push_back(std::move(item));
    }
    return {{"title", fix.title},
            {"applicability", to_string(fix.applicability)},
            {"edits", std::move(edits)}};
}

}  // namespace

std::string render_json(const Report& report) {
    Json diagnostics = Json::array();
    for (const Diagnostic& diagnostic : report.diagnostics) {
        Json item = {{"code", to_string(diagnostic.code)},
                     {"severity", to_string(diagnostic.severity)},
                     {"message", diagnostic.message}};
        add_place(report.sources, diagnostic.span, item);
        item["notes"] = notes_of(diagnostic, report.sources);
        item["fixes"] = Json::array();
        for (const Fix& fix : diagnostic.fixes)
            item["fixes"].push_back(fix_of(fix, report.sources));
        diagnostics.push_back(std::move(item));
    }
    Json omitted = Json::array();
    for (std::size_t file = 0; file < report.omitted.size(); ++file)
        if (report.omitted[file] != 0)
            omitted.push_back(
                {{"file", report.sources[file].name()}, {"count", report.omitted[file]}});
    return dump(
        {{"version", 1}, {"diagnostics", std::move(diagnostics)}, {"omitted", std::move(omitted)}});
}

}  // namespace lotmesh::diag
