#include "tools/lotmesh/status_command.h"

#include <fmt/core.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/assert.h"
#include "compiler/compile.h"
#include "runtime/server/route_store.h"

namespace lotmesh::tool {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kClearScreen = "\x1b[H\x1b[2J";

struct Shown {
    RunningNode node;
    Drift drift = Drift::Unknown;
};

bool is_good(const Shown& shown) {
    const std::string& health = shown.node.health;
    const bool healthy = health == "healthy" || health == "single";
    return healthy && shown.drift != Drift::Refused && shown.drift != Drift::Differs;
}

std::string revision_of(const RunningNode& node) {
    return node.config ? fmt::format("r{}", node.config->revision) : "-";
}

void show_text(const Shown& shown, std::ostream& out) {
    const RunningNode& node = shown.node;
    out << fmt::format("{} ({}), lotmesh {}: {}\n", node.name, to_string(node.where), node.version,
                       node.health);
    for (const std::string& reason : node.reasons)
        out << "    " << reason << "\n";
    if (node.config)
        out << fmt::format("  runs     {} {} since {} ({})\n", revision_of(node), node.config->hash,
                           node.config->at, node.config->cause);
    else
        out << "  runs     no route files\n";
    if (node.config && node.config->unconfirmed)
        out << "  waits    for `lotmesh confirm " << to_string(node.where) << "`\n";
    if (!node.reload.result.empty())
        out << fmt::format("  reload   {} {}, {} applied, {} unchanged, {} refused\n",
                           node.reload.result, node.reload.at, node.reload.applied,
                           node.reload.unchanged, node.reload.refused);
    for (const std::string& line : node.reload.errors)
        out << "    " << line << "\n";
    out << "  drift    " << name(shown.drift) << "\n";
    for (const RunningLink& link : node.links)
        out << fmt::format("  link     {} {} -> {}{}{}\n", link.route, link.state, link.address,
                           link.peer.empty() ? "" : " (" + link.peer + ")",
                           link.reason.empty() ? "" : ": " + link.reason);
}

Json link_json(const RunningLink& link) {
    return {{"route", link.route},
            {"state", link.state},
            {"reason", link.reason},
            {"address", link.address},
            {"peer", link.peer},
            {"queued_messages", link.load.queued_messages},
            {"queued_bytes", link.load.queued_bytes},
            {"remote_subscriptions", link.load.remote_subscriptions}};
}

Json to_json(const Shown& shown) {
    const RunningNode& node = shown.node;
    Json json = {{"broker", to_string(node.where)}, {"name", node.name},
                 {"version", node.version},         {"health", node.health},
                 {"reasons", node.reasons},         {"drift", name(shown.drift)}};
    json["revision"] = node.config ? Json(node.config->revision) : Json();
    json["hash"] = node.config ? Json(node.config->hash) : Json();
    json["since"] = node.config ? Json(node.config->at) : Json();
    json["unconfirmed"] = node.config && node.config->unconfirmed;
    json["reload"] = {{"ok", node.reload.ok},           {"result", node.reload.result},
                      {"at", node.reload.at},           {"errors", node.reload.errors},
                      {"applied", node.reload.applied}, {"unchanged", node.reload.unchanged},
                      {"refused", node.reload.refused}};
    json["links"] = Json::array();
    for (const RunningLink& link : node.links)
        json["links"].push_back(link_json(link));
    return json;
}

// One document with all nodes, those that could not be asked with the reason.
class Collected {
public:
    explicit Collected(OutputFormat format) : format_(format) {}

    void add(const Shown& shown, std::ostream& out) {
        if (!is_good(shown)) worst_ = std::max(worst_, StatusExit::Attention);
        switch (format_) {
            case OutputFormat::Text: show_text(shown, out); return;
            case OutputFormat::Json: nodes_.push_back(to_json(shown)); return;
        }
        UNREACHABLE();
    }
    void add_failure(const std::string& broker, const std::string& why, std::ostream& error) {
        worst_ = StatusExit::CouldNotAsk;
        error << "lotmesh status: " << why << "\n";
        nodes_.push_back({{"broker", broker}, {"error", why}});
    }
    StatusExit finish(std::ostream& out) const {
        if (format_ == OutputFormat::Json)
            out << Json{{"version", 1}, {"nodes", nodes_}}.dump(2, ' ', false,
                                                                Json::error_handler_t::replace)
                << "\n";
        return worst_;
    }

private:
    OutputFormat format_;
    Json nodes_ = Json::array();
    StatusExit worst_ = StatusExit::Good;
};

Result<RunningNode, std::string> ask(const std::string& broker) {
    const auto where = parse_broker(broker);
    if (!where) return failure(where.error());
    return read_running_node(*where);
}

}  // namespace

std::string_view name(Drift drift) {
    switch (drift) {
        case Drift::None: return "none";
        case Drift::Refused: return "its files are refused";
        case Drift::Differs: return "its files say something else";
        case Drift::Unknown: return "unknown";
    }
    UNREACHABLE();
}

Drift drift_of(const RunningNode& node) {
    if (!node.config) return Drift::Unknown;
    if (!node.reload.ok) return Drift::Refused;
    if (!is_this_machine(node.where)) return Drift::Unknown;
    const auto files = server::read_routes(node.config->routes);
    if (!files) return Drift::Unknown;
    const CompileResult compiled = compile(*files);
    if (!compiled.ok()) return Drift::Refused;
    const bool same = server::hash_of(server::view_of(*compiled.plan)) == node.config->hash;
    return same ? Drift::None : Drift::Differs;
}

StatusExit show_status(const StatusOptions& options, std::ostream& out, std::ostream& error) {
    Collected collected(options.format);
    for (const std::string& broker : options.brokers) {
        auto node = ask(broker);
        if (!node) {
            collected.add_failure(broker, node.error(), error);
            continue;
        }
        const Drift drift = drift_of(*node);
        collected.add({std::move(*node), drift}, out);
    }
    return collected.finish(out);
}

void watch_status(const StatusOptions& options, const Watch& watch, std::ostream& out) {
    std::string last;
    while (watch.goes_on()) {
        std::ostringstream page;
        show_status(options, page, page);
        if (page.str() != last) {
            last = page.str();
            out << (watch.clear_screen ? kClearScreen : "") << last << std::flush;
        }
        ::poll(nullptr, 0, static_cast<int>(watch.interval.count()));
    }
}

int run_status(const StatusOptions& options) {
    if (options.watch)
        watch_status(options,
                     {.clear_screen = isatty(STDOUT_FILENO) != 0, .goes_on = [] { return true; }},
                     std::cout);
    return static_cast<int>(show_status(options, std::cout, std::cerr));
}

}  // namespace lotmesh::tool
