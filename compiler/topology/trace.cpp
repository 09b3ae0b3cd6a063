#include "compiler/topology/trace.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "base/topic.h"
#include "compiler/diag/suggest.h"

namespace lotmesh::topology {

namespace {

Result<std::size_t, std::string> node_named(const Model& model, const std::string& name) {
    const auto found = std::ranges::find(model.nodes, name, &Node::name);
    if (found != model.nodes.end()) return static_cast<std::size_t>(found - model.nodes.begin());
    std::vector<std::string_view> names;
    names.reserve(model.nodes.size());
    for (const Node& node : model.nodes)
        names.push_back(node.name);
    const auto meant = diag::nearest(name, names);
    return failure(
        meant ? fmt::format("there is no node {}, did you mean {}?", name, *meant)
              : fmt::format("there is no node {}: expected {}", name, diag::join_words(names)));
}

// The routes between two nodes that can come up.
std::vector<std::size_t> links_between(const Model& model, std::size_t one, std::size_t two) {
    std::vector<std::size_t> result;
    for (std::size_t i = 0; i < model.links.size(); ++i) {
        const Link& link = model.links[i];
        const bool joins =
            (link.from == one && link.leads_to(two)) || (link.from == two && link.leads_to(one));
        if (joins && comes_up(model, link)) result.push_back(i);
    }
    return result;
}

// How long the publisher's node keeps a message for a peer: as its own route says, otherwise as the
// peer's, which the peer tells it.
std::uint32_t wait_of(const Model& model, std::size_t from, const std::vector<std::size_t>& links) {
    const auto ours = std::ranges::find_if(
        links, [&](std::size_t link) { return model.links[link].from == from; });
    return model.links[ours != links.end() ? *ours : links.front()].route.link.message_validity_sec;
}

std::string_view to_string(Fate fate) {
    switch (fate) {
        case Fate::Heard: return "heard";
        case Fate::Waiting: return "waiting";
        case Fate::Unheard: return "unheard";
    }
    UNREACHABLE();
}

std::string by_routes(const Model& model, const std::vector<std::size_t>& links) {
    std::string text;
    for (const std::size_t index : links) {
        const Link& link = model.links[index];
        text +=
            fmt::format("{}{} ({} dials{})", text.empty() ? "" : ", ", link.route.link.name,
                        model.nodes[link.from].name, link.route.link.tls.enabled ? ", TLS" : "");
    }
    return text;
}

std::string waits(const Station& station) {
    if (station.wait_sec == 0) return "waits until it expires by itself";
    return fmt::format("waits {} seconds, then it is dropped and counted", station.wait_sec);
}

}  // namespace

bool Trace::all_hear() const {
    return std::ranges::none_of(
        stations, [](const Station& station) { return station.fate == Fate::Unheard; });
}

Result<Trace, std::string> trace(const Model& model, const TraceQuestion& question) {
    if (!is_valid_topic_name(question.topic))
        return failure(fmt::format("\"{}\" is no topic that can be published on", question.topic));
    if (question.topic.starts_with('$'))
        return failure("topics that begin with $ belong to each broker alone");
    const auto from = node_named(model, question.from);
    if (!from) return failure(from.error());
    std::vector<std::size_t> away;
    for (const std::string& name : question.without) {
        const auto node = node_named(model, name);
        if (!node) return failure(node.error());
        if (*node == *from)
            return failure(fmt::format("{} cannot be away: the message is published there", name));
        away.push_back(*node);
    }
    Trace result{.from = *from, .topic = question.topic, .stations = {}};
    for (std::size_t node = 0; node < model.nodes.size(); ++node) {
        if (node == *from) continue;
        Station station{
            .node = node, .fate = Fate::Unheard, .links = links_between(model, *from, node)};
        if (!station.links.empty()) {
            const bool is_away = std::ranges::find(away, node) != away.end();
            station.fate = is_away ? Fate::Waiting : Fate::Heard;
            station.wait_sec = wait_of(model, *from, station.links);
        }
        result.stations.push_back(std::move(station));
    }
    return result;
}

std::string trace_text(const Model& model, const Trace& trace) {
    const std::string& from = model.nodes[trace.from].name;
    std::string out = fmt::format("{}, published on {}:\n\n", trace.topic, from);
    std::size_t width = 0;
    for (const Node& node : model.nodes)
        width = std::max(width, node.name.size());
    std::size_t heard = 0;
    for (const Station& station : trace.stations) {
        const std::string& name = model.nodes[station.node].name;
        switch (station.fate) {
            case Fate::Heard:
                ++heard;
                out += fmt::format("    {} -> {:<{}}  over {}\n", from, name, width,
                                   by_routes(model, station.links));
                break;
            case Fate::Waiting:
                out += fmt::format("    {} .. {:<{}}  away: the message {}\n", from, name, width,
                                   waits(station));
                break;
            case Fate::Unheard:
                out += fmt::format("    {}  x {:<{}}  no link with {}\n", from, name, width, from);
                break;
        }
    }
    out += fmt::format("\n{} of {} other nodes hear it.\n", heard, trace.stations.size());
    if (!trace.all_hear())
        out += "Messages go over one link and no further: nobody hands it on to the rest.\n";
    return out;
}

std::string trace_json(const Model& model, const Trace& trace) {
    nlohmann::ordered_json json = {{"version", 1},
                                   {"from", model.nodes[trace.from].name},
                                   {"topic", trace.topic},
                                   {"nodes", nlohmann::ordered_json::array()}};
    for (const Station& station : trace.stations) {
        nlohmann::ordered_json object = {{"name", model.nodes[station.node].name},
                                         {"fate", to_string(station.fate)},
                                         {"routes", nlohmann::ordered_json::array()}};
        for (const std::size_t link : station.links)
            object["routes"].push_back(model.links[link].route.link.name);
        if (station.fate != Fate::Unheard) object["waits_sec"] = station.wait_sec;
        json["nodes"].push_back(std::move(object));
    }
    return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace lotmesh::topology
