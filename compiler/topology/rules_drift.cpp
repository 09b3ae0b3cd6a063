// LOT0620: what runs against what is written.
#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "compiler/ir/dump.h"
#include "compiler/topology/rules.h"

namespace lotmesh::topology {

namespace {

using diag::Code;

void check_route(const Node& node, const Link& link, const LiveNode& live, diag::Sink& sink) {
    const ir::Link& written = link.route.link;
    const auto running = std::ranges::find(live.routes, written.name, &LiveRoute::name);
    if (running == live.routes.end())
        return sink.report(finding(Code::Drift, link.route.name_span,
                                   fmt::format("node `{}` does not run this route", node.name)));
    const std::pair<std::string_view, std::pair<std::string, std::string>> settings[] = {
        {"BROKER_ADDRESS",
         {ir::shown(written, "BROKER_ADDRESS", written.address), running->address}},
        {"BROKER_PORT",
         {ir::shown(written, "BROKER_PORT", std::to_string(written.port)), running->port}},
        {"CLIENT_ID", {ir::shown(written, "CLIENT_ID", written.client_id), running->client_id}},
    };
    for (const auto& [key, values] : settings) {
        const sema::SetKey* const set = link.route.usable(key);
        if (set == nullptr || values.first == values.second) continue;
        sink.report(finding(Code::Drift, set->value_span,
                            fmt::format("node `{}` runs another {}", node.name, key),
                            fmt::format("it is {} there", values.second)));
    }
}

void check_node(const Model& model, std::size_t index, const LiveNode& live, diag::Sink& sink) {
    const Node& node = model.nodes[index];
    if (live.name != node.name)
        sink.report(finding(Code::Drift, node.span,
                            fmt::format("the node that answers calls itself `{}`", live.name)));
    std::vector<std::string_view> written;
    for (const Link& link : model.links) {
        if (link.from != index) continue;
        written.push_back(link.route.link.name);
        check_route(node, link, live, sink);
    }
    for (const LiveRoute& route : live.routes)
        if (std::ranges::find(written, route.name) == written.end())
            sink.report(finding(Code::Drift, node.span,
                                fmt::format("node `{}` runs a route `{}` that is not written here",
                                            node.name, route.name),
                                fmt::format("it leads to {}:{}", route.address, route.port)));
}

}  // namespace

void check_drift(const Model& model, const std::vector<Answer>& answers, diag::Sink& sink) {
    for (const Answer& answer : answers) {
        const auto node = std::ranges::find(model.nodes, answer.node, &Node::name);
        if (node == model.nodes.end()) continue;
        if (answer.live)
            check_node(model, static_cast<std::size_t>(node - model.nodes.begin()), *answer.live,
                       sink);
        else
            sink.report(finding(Code::Drift, node->span,
                                fmt::format("node `{}` does not answer", node->name),
                                answer.live.error()));
    }
}

}  // namespace lotmesh::topology
