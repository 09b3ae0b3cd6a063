// The text of a command and of its answer, as the tools of the Language of Things write and read
// them (docs/commands.md). Pure; any thread.
//
//     -addRoute DEFINE ROUTE ToNode2 ... -requestId 17
//
// A command is one word behind a dash (--add-route is the same) and what follows it. The identifier
// of the request may stand at its end, even behind a comment of the route before it.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "compiler/diag/diagnostic.h"

namespace lotmesh::server {

using Json = nlohmann::ordered_json;

enum class CommandKind : std::uint8_t {
    AddRoute,
    RemoveRoute,
    RemoveAllRoutes,
    ListRoutes,
    RouteCode,
    ListTemplates,
    CheckRouteConnection,
    ConnectionStatus,
    LotDiagnostic,
};

struct CommandText {
    std::string word;  // as written, with its dashes
    std::optional<CommandKind> kind;
    std::string rest;  // without the blanks around it
    std::string request_id;
};

CommandText read_command(std::string_view text);

struct CommandAnswer {
    bool success = false;
    std::string message;          // one line for people
    std::string route;            // that it is about; empty: none
    Json data = Json::object();   // what was asked for
    Json errors = Json::array();  // of the route's text, each as finding_json() makes it
    Json warnings = Json::array();
};

// {message, code, line, column, sourceLines, suggestions}: what `lotmesh lint` says of this text.
Json finding_json(const diag::Diagnostic& finding, const source::SourceSet& sources);

// Adds what a report has; the first error becomes the message, in the words that older tools look
// for. The message is left alone where there is none.
void add_report(const diag::Report& report, CommandAnswer& answer);

// One JSON object.
std::string to_text(const CommandText& command, const CommandAnswer& answer);

}  // namespace lotmesh::server
