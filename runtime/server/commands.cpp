#include "runtime/server/commands.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "compiler/route_template.h"
#include "runtime/cluster/coreflux.h"

namespace lotmesh::server {

namespace {

using cluster::RouteReport;

constexpr std::string_view kDiagnosedEntity = "route";

CommandAnswer refused(std::string message, std::string route = {}) {
    CommandAnswer answer;
    answer.message = std::move(message);
    answer.route = std::move(route);
    return answer;
}

CommandAnswer done(std::string message, Json data) {
    CommandAnswer answer;
    answer.success = true;
    answer.message = std::move(message);
    answer.data = std::move(data);
    return answer;
}

Json brief(const RouteReport& route) {
    return {{"name", route.name},
            {"type", "MQTT_CLUSTER"},
            {"connection", cluster::connection_word(route.state)},
            {"health", cluster::health_word(route)}};
}

Json detailed(const RouteReport& route) {
    Json json = brief(route);
    json["address"] = route.address;
    json["port"] = route.shown_port.empty() ? Json(route.port) : Json(route.shown_port);
    json["state"] = cluster::name(route.state);
    json["reason"] = route.reason;
    json["failedAttempts"] = route.failed_attempts;
    json["peer"] = route.peer ? Json(route.peer->text()) : Json(nullptr);
    return json;
}

const RouteReport* find(const std::vector<RouteReport>& routes, const std::string& name) {
    const auto found = std::ranges::find(routes, name, &RouteReport::name);
    return found == routes.end() ? nullptr : &*found;
}

std::string plural(std::size_t count, std::string_view word) {
    return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
}

CommandAnswer list_templates() {
    Json types = Json::array();
    for (const std::string_view type : template_types())
        types.push_back(type);
    std::string message = plural(types.size(), "template");
    return done(std::move(message), std::move(types));
}

CommandAnswer route_code(const std::string& type) {
    const auto text = route_template(type);
    if (!text)
        return refused(
            fmt::format("there is no template for '{}': -listTemplates names them", type));
    return done(fmt::format("Template of {}", type), {{"type", type}, {"code", *text}});
}

}  // namespace

void Commands::take(broker::Command command) {
    Waiting waiting{read_command(command.text), std::move(command.reply_to), command.text.size()};
    if (command.too_long) return answer(waiting, refused("the command is too long"));
    if (waiting_.size() >= kCommandsWaitingMax || bytes_ + waiting.bytes > kCommandBytesWaitingMax)
        return answer(waiting, refused("too many commands wait: try again later"));
    bytes_ += waiting.bytes;
    waiting_.push_back(std::move(waiting));
    run_waiting();
}

void Commands::run_waiting() {
    while (!editing_ && !waiting_.empty()) {
        const Waiting waiting = std::move(waiting_.front());
        waiting_.pop_front();
        bytes_ -= waiting.bytes;
        run(waiting);
    }
}

void Commands::run(const Waiting& waiting) {
    const CommandText& command = waiting.command;
    if (command.kind == CommandKind::AddRoute) return edit(waiting, RouteEdit::Kind::Put);
    if (command.kind == CommandKind::RemoveRoute) return edit(waiting, RouteEdit::Kind::Remove);
    if (command.kind == CommandKind::RemoveAllRoutes)
        return edit(waiting, RouteEdit::Kind::RemoveAll);
    answer(waiting, execute(command));
}

void Commands::edit(const Waiting& waiting, RouteEdit::Kind kind) {
    if (reloader_ == nullptr)
        return answer(waiting, refused("this broker was started without --routes FOLDER: there is "
                                       "no place for routes"));
    if (kind != RouteEdit::Kind::RemoveAll && waiting.command.rest.empty())
        return answer(waiting, refused(kind == RouteEdit::Kind::Put
                                           ? "-addRoute is followed by a route: DEFINE ROUTE ..."
                                           : "-removeRoute is followed by the name of a route"));
    editing_ = true;
    reloader_->edit(
        {kind, waiting.command.rest}, [this, waiting](const Edited& edited, const Reload& reload) {
            CommandAnswer result = refused(edited.message, edited.route);
            result.success = edited.done && reload.kind != Reload::Kind::Refused;
            add_report(edited.report, result);
            if (edited.done && !result.success)
                result.message = "the routes could not be loaded: " + reload.errors.front();
            if (result.success) result.data["revision"] = reload.revision;
            answer(waiting, result);
            editing_ = false;
            run_waiting();
        });
}

CommandAnswer Commands::execute(const CommandText& command) const {
    if (!command.kind) return refused("Unknown command: " + command.word);
    switch (*command.kind) {
        case CommandKind::ListRoutes: return list_routes();
        case CommandKind::RouteCode: return route_code(command.rest);
        case CommandKind::ListTemplates: return list_templates();
        case CommandKind::CheckRouteConnection: return check_connection(command.rest);
        case CommandKind::ConnectionStatus: return connection_status();
        case CommandKind::LotDiagnostic: return diagnose(command.rest);
        case CommandKind::AddRoute:
        case CommandKind::RemoveRoute:
        case CommandKind::RemoveAllRoutes: break;
    }
    UNREACHABLE();
}

CommandAnswer Commands::list_routes() const {
    Json list = Json::array();
    for (const RouteReport& route : routes_())
        list.push_back(brief(route));
    std::string message = plural(list.size(), "route");
    return done(std::move(message), std::move(list));
}

CommandAnswer Commands::connection_status() const {
    Json list = Json::array();
    std::size_t connected = 0;
    for (const RouteReport& route : routes_()) {
        connected += cluster::is_up(route.state) ? 1 : 0;
        list.push_back(detailed(route));
    }
    std::string message =
        fmt::format("{} of {} connected", connected, plural(list.size(), "route"));
    return done(std::move(message), std::move(list));
}

CommandAnswer Commands::check_connection(const std::string& name) const {
    const std::vector<RouteReport> routes = routes_();
    const RouteReport* route = find(routes, name);
    if (route == nullptr) return refused(fmt::format("Route '{}' not found", name), name);
    CommandAnswer answer = done(fmt::format("Route '{}' is connected", name), detailed(*route));
    answer.route = name;
    if (cluster::is_up(route->state)) return answer;
    answer.success = false;
    answer.message =
        fmt::format("Route '{}' is not connected: {}", name, cluster::name(route->state));
    if (!route->reason.empty()) answer.message += fmt::format(" ({})", route->reason);
    return answer;
}

// `route <name>`
CommandAnswer Commands::diagnose(const std::string& rest) const {
    const std::size_t blank = rest.find(' ');
    if (rest.substr(0, blank) != kDiagnosedEntity || blank == std::string::npos)
        return refused("-lotDiagnostic is followed by `route` and the name of a route");
    const std::string name = rest.substr(blank + 1);
    const std::vector<RouteReport> routes = routes_();
    const RouteReport* route = find(routes, name);
    if (route == nullptr) return refused(fmt::format("Route '{}' not found", name), name);
    Json data = detailed(*route);
    if (store_ != nullptr) {
        const auto source = std::ranges::find(store_->routes(), name, &RouteSource::name);
        if (source != store_->routes().end()) {
            data["file"] = source->file;
            data["line"] = source->line;
            data["code"] = source->text;
        }
    }
    CommandAnswer answer =
        done(fmt::format("Route '{}': {}", name, cluster::name(route->state)), std::move(data));
    answer.route = name;
    return answer;
}

void Commands::answer(const Waiting& waiting, const CommandAnswer& text) const {
    answer_(waiting.reply_to, to_text(waiting.command, text));
}

}  // namespace lotmesh::server
