#include "compiler/diag/render.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/assert.h"

namespace lotmesh::diag {

namespace {

// What GitHub's runner takes for a line end or for its own punctuation.
std::string escape_github(std::string_view text, std::string_view special) {
    std::string result;
    for (const char c : text) {
        const bool escaped =
            c == '%' || c == '\r' || c == '\n' || special.find(c) != std::string_view::npos;
        result +=
            escaped ? fmt::format("%{:02X}", static_cast<unsigned char>(c)) : std::string(1, c);
    }
    return result;
}

std::string_view github_command(Severity severity) {
    switch (severity) {
        case Severity::Error: return "error";
        case Severity::Warning: return "warning";
        case Severity::Note: return "notice";
    }
    UNREACHABLE();
}

std::string escape_xml(std::string_view text) {
    std::string result;
    for (const char c : text) {
        switch (c) {
            case '&': result += "&amp;"; break;
            case '<': result += "&lt;"; break;
            case '>': result += "&gt;"; break;
            case '"': result += "&quot;"; break;
            // XML 1.0 has no way to write the other control characters.
            default: result += static_cast<unsigned char>(c) < 0x20 && c != '\n' ? ' ' : c;
        }
    }
    return result;
}

std::string sentence(const Diagnostic& diagnostic) {
    if (diagnostic.caption.empty()) return diagnostic.message;
    return fmt::format("{}: {}", diagnostic.message, diagnostic.caption);
}

std::string junit_case(const Report& report, std::uint32_t file) {
    const std::string name = escape_xml(report.sources[file].name());
    std::string failures;
    for (const Diagnostic& diagnostic : report.diagnostics) {
        if (diagnostic.span.file != file) continue;
        const std::string text = escape_xml(render_text(diagnostic, report.sources));
        if (diagnostic.severity == Severity::Error)
            failures +=
                fmt::format("      <failure type=\"{}\" message=\"{}\">{}</failure>\n",
                            to_string(diagnostic.code), escape_xml(diagnostic.message), text);
        else
            failures += fmt::format("      <system-out>{}</system-out>\n", text);
    }
    const std::string head =
        fmt::format("    <testcase classname=\"lotmesh.lint\" name=\"{}\"", name);
    return failures.empty() ? head + "/>\n" : head + ">\n" + failures + "    </testcase>\n";
}

}  // namespace

const std::vector<std::string_view>& format_words() {
    static const std::vector<std::string_view> words = {"text",  "short",  "json",
                                                        "sarif", "github", "junit"};
    return words;
}

std::optional<Format> parse_format(std::string_view word) {
    const auto found = std::ranges::find(format_words(), word);
    if (found == format_words().end()) return std::nullopt;
    return static_cast<Format>(found - format_words().begin());
}

std::string render(const Report& report, Format format, const TextStyle& style,
                   std::string_view version) {
    switch (format) {
        case Format::Text: return render_text(report, style);
        case Format::Short: return render_short(report);
        case Format::Json: return render_json(report);
        case Format::Sarif: return render_sarif(report, version);
        case Format::Github: return render_github(report);
        case Format::Junit: return render_junit(report);
    }
    UNREACHABLE();
}

std::string render_short(const Report& report) {
    std::string out;
    for (const Diagnostic& diagnostic : report.diagnostics)
        out += render_line(diagnostic, report.sources) + "\n";
    return out;
}

std::string render_github(const Report& report) {
    std::string out;
    for (const Diagnostic& diagnostic : report.diagnostics) {
        const source::Source& source = report.sources[diagnostic.span.file];
        const source::Position begin = source.position(diagnostic.span.begin);
        const source::Position end = source.position(diagnostic.span.end);
        out += fmt::format("::{} file={},line={},endLine={},col={},endColumn={},title={}::{}\n",
                           github_command(diagnostic.severity), escape_github(source.name(), ",:"),
                           begin.line, end.line, begin.column, end.column,
                           to_string(diagnostic.code), escape_github(sentence(diagnostic), ""));
    }
    return out;
}

std::string render_junit(const Report& report) {
    std::string cases;
    std::size_t failed = 0;
    for (std::uint32_t file = 0; file < report.sources.size(); ++file) {
        cases += junit_case(report, file);
        failed += std::ranges::any_of(report.diagnostics, [&](const Diagnostic& diagnostic) {
            return diagnostic.span.file == file && diagnostic.severity == Severity::Error;
        });
    }
    return fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
        "  <testsuite name=\"lotmesh lint\" tests=\"{}\" failures=\"{}\">\n{}"
        "  </testsuite>\n</testsuites>\n",
        report.sources.size(), failed, cases);
}

}  // namespace lotmesh::diag
