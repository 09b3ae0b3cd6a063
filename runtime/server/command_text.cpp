#include "runtime/server/command_text.h"

#include <fmt/core.h>

#include <array>
#include <cctype>
#include <utility>

namespace lotmesh::server {

namespace {

constexpr std::string_view kBlanks = " \t\r\n";

struct Named {
    std::string_view word;   // -addRoute
    std::string_view kebab;  // --add-route
    std::string_view answer;
    CommandKind kind;
};

constexpr std::array kCommands = {
    Named{"-addRoute", "--add-route", "AddRoute", CommandKind::AddRoute},
    Named{"-removeRoute", "--remove-route", "RemoveRoute", CommandKind::RemoveRoute},
    Named{"-removeAllRoutes", "--remove-all-routes", "RemoveAllRoutes",
          CommandKind::RemoveAllRoutes},
    Named{"-listRoutes", "--list-routes", "ListRoutes", CommandKind::ListRoutes},
    Named{"-routeCode", "--route-code", "RouteCode", CommandKind::RouteCode},
    Named{"-listTemplates", "--list-templates", "ListTemplates", CommandKind::ListTemplates},
    Named{"-checkRouteConnection", "--check-route-connection", "CheckRouteConnection",
          CommandKind::CheckRouteConnection},
    Named{"-connectionStatus", "--connection-status", "ConnectionStatus",
          CommandKind::ConnectionStatus},
    Named{"-lotDiagnostic", "--lot-diagnostic", "LotDiagnostic", CommandKind::LotDiagnostic},
    Named{"-applyRoutes", "--apply-routes", "ApplyRoutes", CommandKind::ApplyRoutes},
    Named{"-confirmRoutes", "--confirm-routes", "ConfirmRoutes", CommandKind::ConfirmRoutes},
    Named{"-rollbackRoutes", "--rollback-routes", "RollbackRoutes", CommandKind::RollbackRoutes},
};

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(kBlanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

// The last word, taken off; with the blanks before it.
std::string_view take_last_word(std::string_view& text) {
    const std::size_t blank = text.find_last_of(kBlanks);
    const std::size_t begin = blank == std::string_view::npos ? 0 : blank + 1;
    const std::string_view word = text.substr(begin);
    text = trimmed(text.substr(0, begin));
    return word;
}

// Before the rest is read: a comment without a line's end would swallow it.
std::string take_request_id(std::string_view& text) {
    std::string_view shorter = text;
    const std::string_view id = take_last_word(shorter);
    const std::string_view option = take_last_word(shorter);
    if (shorter.empty() || (option != "-requestId" && option != "--request-id")) return {};
    text = shorter;
    return std::string(id);
}

std::string name_of(const CommandText& command) {
    for (const Named& named : kCommands)
        if (command.kind == named.kind) return std::string(named.answer);
    return command.word;
}

std::string source_line(const diag::Diagnostic& finding, const source::SourceSet& sources) {
    const source::Source& source = sources[finding.span.file];
    return source.display_line(source.line_of(finding.span.begin));
}

}  // namespace

CommandText read_command(std::string_view text) {
    CommandText command;
    std::string_view rest = trimmed(text);
    command.request_id = take_request_id(rest);
    const std::size_t end = std::min(rest.find_first_of(kBlanks), rest.size());
    command.word = rest.substr(0, end);
    command.rest = trimmed(rest.substr(end));
    for (const Named& named : kCommands)
        if (command.word == named.word || command.word == named.kebab) command.kind = named.kind;
    return command;
}

Json finding_json(const diag::Diagnostic& finding, const source::SourceSet& sources) {
    const source::Position position = source::position_of(sources, finding.span);
    Json suggestions = Json::array();
    if (!finding.help.empty()) suggestions.push_back(finding.help);
    for (const diag::Fix& fix : finding.fixes)
        suggestions.push_back(fix.title);
    return {{"message", finding.message},
            {"code", diag::to_string(finding.code)},
            {"line", position.line},
            {"column", position.column},
            {"sourceLines", Json::array({source_line(finding, sources)})},
            {"suggestions", std::move(suggestions)}};
}

void add_report(const diag::Report& report, CommandAnswer& answer) {
    for (const diag::Diagnostic& finding : report.diagnostics) {
        const bool is_error = finding.severity == diag::Severity::Error;
        if (is_error && answer.errors.empty()) {
            const source::Position at = source::position_of(report.sources, finding.span);
            answer.message =
                fmt::format("Parsing error: {} ({},{})", finding.message, at.line, at.column);
        }
        (is_error ? answer.errors : answer.warnings)
            .push_back(finding_json(finding, report.sources));
    }
}

std::string to_text(const CommandText& command, const CommandAnswer& answer) {
    Json json = {{"success", answer.success},
                 {"command", name_of(command)},
                 {"requestId", command.request_id},
                 {"message", answer.message},
                 {"entityType", "Route"},
                 {"entityName", answer.route},
                 {"data", answer.data}};
    if (!answer.errors.empty()) json["errors"] = answer.errors;
    if (!answer.warnings.empty()) json["warnings"] = answer.warnings;
    // What a client wrote may be any bytes; they must not end the program.
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace lotmesh::server
