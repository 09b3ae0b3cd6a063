#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "compiler/diag/render.h"

namespace lotmesh::diag {

namespace {

using Json = nlohmann::ordered_json;
using source::Position;
using source::Span;

// A path as a relative URI reference; the cell behind a notebook's name is its fragment.
std::string to_uri(std::string_view path) {
    static constexpr std::string_view kPlain = "-._~/#";
    std::string uri;
    for (const char c : path) {
        const auto byte = static_cast<unsigned char>(c);
        const bool word =
            (c >= '0' && c <= '9') || ((byte | 0x20U) >= 'a' && (byte | 0x20U) <= 'z');
        if (word || kPlain.find(c) != std::string_view::npos)
            uri += c;
        else
            uri += fmt::format("%{:02X}", byte);
    }
    return uri;
}

Json region_of(const source::Source& source, const Span& span) {
    const Position begin = source.position(span.begin);
    const Position end = source.position(span.end);
    return {{"startLine", begin.line},  {"startColumn", begin.column},
            {"endLine", end.line},      {"endColumn", end.column},
            {"byteOffset", span.begin}, {"byteLength", span.end - span.begin}};
}

Json location_of(const source::SourceSet& sources, const Span& span) {
    const source::Source& source = sources[span.file];
    return {{"physicalLocation",
             {{"artifactLocation", {{"uri", to_uri(source.name())}}},
              {"region", region_of(source, span)}}}};
}

Json fix_of(const Fix& fix, const source::SourceSet& sources) {
    Json changes = Json::array();
    for (const Edit& edit : fix.edits) {
        const source::Source& source = sources[edit.span.file];
        Json replacement = {{"deletedRegion", region_of(source, edit.span)},
                            {"insertedContent", {{"text", edit.text}}}};
        changes.push_back({{"artifactLocation", {{"uri", to_uri(source.name())}}},
                           {"replacements", Json::array({std::move(replacement)})}});
    }
    return {{"description", {{"text", fix.title}}}, {"artifactChanges", std::move(changes)}};
}

Json result_of(const Diagnostic& diagnostic, const source::SourceSet& sources) {
    std::string text = diagnostic.message;
    if (!diagnostic.caption.empty()) text += ": " + diagnostic.caption;
    Json result = {{"ruleId", to_string(diagnostic.code)},
                   {"level", to_string(diagnostic.severity)},
                   {"message", {{"text", text}}},
                   {"locations", Json::array({location_of(sources, diagnostic.span)})}};
    for (const Label& label : diagnostic.related) {
        Json location = location_of(sources, label.span);
        location["message"] = {{"text", label.text}};
        result["relatedLocations"].push_back(std::move(location));
    }
    for (const Fix& fix : diagnostic.fixes)
        result["fixes"].push_back(fix_of(fix, sources));
    return result;
}

Json rules() {
    Json rules = Json::array();
    for (const CodeInfo& code : all_codes())
        rules.push_back({{"id", to_string(code.code)},
                         {"shortDescription", {{"text", code.title}}},
                         {"defaultConfiguration", {{"level", to_string(code.severity)}}}});
    return rules;
}

}  // namespace

std::string render_sarif(const Report& report, std::string_view version) {
    Json results = Json::array();
    for (const Diagnostic& diagnostic : report.diagnostics)
        results.push_back(result_of(diagnostic, report.sources));
    const Json driver = {{"name", "lotmesh"}, {"version", version}, {"rules", rules()}};
    const Json run = {{"tool", {{"driver", driver}}},
                      {"columnKind", "unicodeCodePoints"},
                      {"results", std::move(results)}};
    const Json log = {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                      {"version", "2.1.0"},
                      {"runs", Json::array({run})}};
    return log.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace lotmesh::diag
