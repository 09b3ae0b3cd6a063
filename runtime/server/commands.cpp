#include "runtime/server/commands.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "base/log.h"
#include "compiler/ir/mapping.h"
#include "compiler/route_template.h"
#include "runtime/cluster/coreflux.h"

namespace lotmesh::server {

namespace {

using cluster::RouteReport;

constexpr std::string_view kDiagnosedEntity = "route";
constexpr std::string_view kInactive = "inactive";
constexpr std::string_view kBridgeReason = "this version does not run bridges yet";

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

// A bridge is kept and shown; nothing carries its messages.
Json brief(const ir::Bridge& bridge) {
    return {{"name", bridge.name},
            {"type", "MQTT_BRIDGE"},
            {"connection", "Disconnected"},
            {"health", "Red"}};
}

Json detailed(const ir::Bridge& bridge) {
    Json json = brief(bridge);
    json["state"] = kInactive;
    json["reason"] = kBridgeReason;
    json["flows"] = Json::array();
    for (const ir::Mapping& mapping : bridge.mappings)
        for (const std::string& flow : ir::flows(bridge, mapping))
            json["flows"].push_back(flow);
    return json;
}

std::string plural(std::size_t count, std::string_view word) {
    return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
}

std::optional<RouteEdit::Kind> edit_of(CommandKind kind) {
    switch (kind) {
        case CommandKind::AddRoute: return RouteEdit::Kind::Put;
        case CommandKind::RemoveRoute: return RouteEdit::Kind::Remove;
        case CommandKind::RemoveAllRoutes: return RouteEdit::Kind::RemoveAll;
        case CommandKind::ApplyRoutes: return RouteEdit::Kind::Apply;
        case CommandKind::ConfirmRoutes: return RouteEdit::Kind::Confirm;
        case CommandKind::RollbackRoutes: return RouteEdit::Kind::Rollback;
        case CommandKind::ListRoutes:
        case CommandKind::RouteCode:
        case CommandKind::ListTemplates:
        case CommandKind::CheckRouteConnection:
        case CommandKind::ConnectionStatus:
        case CommandKind::LotDiagnostic: return std::nullopt;
    }
    UNREACHABLE();
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
    const auto kind = command.kind ? edit_of(*command.kind) : std::nullopt;
    if (!kind) return answer(waiting, execute(command));
    // Without a number it is the apply that waits.
    const bool takes_back = kind == RouteEdit::Kind::Rollback && command.rest.empty();
    edit(waiting, takes_back ? RouteEdit::Kind::TakeBack : *kind);
}

// Why it is not even tried; empty: it is.
std::string Commands::objection(const CommandText& command, RouteEdit::Kind kind) const {
    if (reloader_ == nullptr)
        return "this broker was started without --routes FOLDER: there is no place for routes";
    const bool ends_it = kind == RouteEdit::Kind::Confirm || kind == RouteEdit::Kind::TakeBack ||
                         kind == RouteEdit::Kind::Rollback;
    if (unconfirmed_ && !ends_it)
        return "what was applied last waits to be confirmed: -confirmRoutes or -rollbackRoutes";
    if (!command.rest.empty()) return {};
    if (kind == RouteEdit::Kind::Put) return "-addRoute is followed by a route: DEFINE ROUTE ...";
    if (kind == RouteEdit::Kind::Remove) return "-removeRoute is followed by the name of a route";
    return {};
}

void Commands::edit(const Waiting& waiting, RouteEdit::Kind kind) {
    if (std::string why = objection(waiting.command, kind); !why.empty())
        return answer(waiting, refused(std::move(why)));
    editing_ = true;
    reloader_->edit({kind, waiting.command.rest, revisions_},
                    [this, waiting, kind](const Edited& result, const Reload& reload) {
                        edited(waiting, kind, result, reload);
                        editing_ = false;
                        run_waiting();
                    });
}

void Commands::edited(const Waiting& waiting, RouteEdit::Kind kind, const Edited& edited,
                      const Reload& reload) {
    CommandAnswer result = refused(edited.message, edited.route);
    result.success = edited.done && reload.kind != Reload::Kind::Refused;
    add_report(edited.report, result);
    if (edited.done && !result.success)
        result.message = "the routes could not be loaded: " + reload.errors.front();
    if (result.success) {
        result.data["revision"] = reload.revision;
        if (kind == RouteEdit::Kind::Apply || kind == RouteEdit::Kind::Rollback)
            result.data["confirm_within_sec"] = edited.confirm_within_sec;
    }
    answer(waiting, result);
    if (!edited.done) return;
    nothing_waits();
    if (edited.confirm_within_sec == 0) return;
    wait_for_confirmation(reload.revision, edited.confirm_within_sec);
    if (!result.success) take_back("they could not be loaded");
}

void Commands::wait_for_confirmation(std::uint64_t revision, std::uint32_t seconds) {
    unconfirmed_ = true;
    confirm_timer_.start_in(Duration::seconds(seconds));
    say_(kUnconfirmedTopic, Json({{"revision", revision}, {"seconds", seconds}}).dump());
}

void Commands::nothing_waits() {
    if (!std::exchange(unconfirmed_, false)) return;
    confirm_timer_.stop();
    say_(kUnconfirmedTopic, "");
}

void Commands::take_back(const std::string& why) {
    log::warning("routes are taken back: " + why);
    reloader_->edit({RouteEdit::Kind::TakeBack, {}, revisions_},
                    [this](const Edited& edited, const Reload& /*reload*/) {
                        if (!edited.done && unconfirmed_)
                            log::error("routes stay: " + edited.message);
                        nothing_waits();
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
        case CommandKind::RemoveAllRoutes:
        case CommandKind::ApplyRoutes:
        case CommandKind::ConfirmRoutes:
        case CommandKind::RollbackRoutes: break;
    }
    UNREACHABLE();
}

CommandAnswer Commands::list_routes() const {
    Json list = Json::array();
    for (const RouteReport& route : routes_())
        list.push_back(brief(route));
    for (const ir::Bridge& bridge : bridges())
        list.push_back(brief(bridge));
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
    for (const ir::Bridge& bridge : bridges())
        list.push_back(detailed(bridge));
    std::string message =
        fmt::format("{} of {} connected", connected, plural(list.size(), "route"));
    return done(std::move(message), std::move(list));
}

// Of the plan that runs; none where no routes are read.
std::span<const ir::Bridge> Commands::bridges() const {
    if (store_ == nullptr) return {};
    return store_->plan().bridges;
}

// Nothing: there is no such route.
std::optional<Commands::RouteState> Commands::state_of(const std::string& name) const {
    for (const RouteReport& route : routes_())
        if (route.name == name)
            return RouteState{cluster::is_up(route.state), std::string(cluster::name(route.state)),
                              route.reason, detailed(route)};
    for (const ir::Bridge& bridge : bridges())
        if (bridge.name == name)
            return RouteState{false, std::string(kInactive), std::string(kBridgeReason),
                              detailed(bridge)};
    return std::nullopt;
}

CommandAnswer Commands::check_connection(const std::string& name) const {
    std::optional<RouteState> route = state_of(name);
    if (!route) return refused(fmt::format("Route '{}' not found", name), name);
    CommandAnswer answer =
        done(fmt::format("Route '{}' is connected", name), std::move(route->data));
    answer.route = name;
    if (route->up) return answer;
    answer.success = false;
    answer.message = fmt::format("Route '{}' is not connected: {}", name, route->word);
    if (!route->reason.empty()) answer.message += fmt::format(" ({})", route->reason);
    return answer;
}

// `route <name>`
CommandAnswer Commands::diagnose(const std::string& rest) const {
    const std::size_t blank = rest.find(' ');
    if (rest.substr(0, blank) != kDiagnosedEntity || blank == std::string::npos)
        return refused("-lotDiagnostic is followed by `route` and the name of a route");
    const std::string name = rest.substr(blank + 1);
    std::optional<RouteState> route = state_of(name);
    if (!route) return refused(fmt::format("Route '{}' not found", name), name);
    if (store_ != nullptr) {
        const auto source = std::ranges::find(store_->routes(), name, &RouteSource::name);
        if (source != store_->routes().end()) {
            route->data["file"] = source->file;
            route->data["line"] = source->line;
            route->data["code"] = source->text;
        }
    }
    CommandAnswer answer =
        done(fmt::format("Route '{}': {}", name, route->word), std::move(route->data));
    answer.route = name;
    return answer;
}

void Commands::answer(const Waiting& waiting, const CommandAnswer& text) const {
    answer_(waiting.reply_to, to_text(waiting.command, text));
}

}  // namespace lotmesh::server
