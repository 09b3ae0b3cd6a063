// Links, one by one and in pairs: who dials whom, and under which name.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "base/assert.h"
#include "compiler/diag/suggest.h"
#include "compiler/topology/rules.h"

namespace lotmesh::topology {

namespace {

using diag::Code;

Span address_span(const Link& link) { return link.route.find("BROKER_ADDRESS")->value_span; }
Span port_span(const Link& link) { return link.route.find("BROKER_PORT")->value_span; }

const Listener& listener_of(const Model& model, const Link& link) {
    return model.nodes[link.target.node].declaration.listeners[link.target.listener];
}

// LOT0601. Two of one node have been told of by sema.
void check_client_ids(const Model& model, diag::Sink& sink) {
    std::map<std::pair<std::size_t, std::string>, const Link*> first;
    for (const Link& link : model.links) {
        const sema::SetKey* const key = link.route.usable("CLIENT_ID");
        if (key == nullptr || !link.is_between_nodes()) continue;
        const auto [other, is_new] =
            first.try_emplace({link.target.node, link.route.link.client_id}, &link);
        if (is_new || other->second->from == link.from) continue;
        const std::string& target = model.nodes[link.target.node].name;
        diag::Diagnostic second =
            finding(Code::SharedClientId, key->value_span,
                    fmt::format("a second link into node `{}` has this CLIENT_ID", target),
                    "each of the two ends the other's connection");
        second.related.push_back(
            {other->second->route.find("CLIENT_ID")->value_span,
             fmt::format("the link of node `{}`", model.nodes[other->second->from].name)});
        sink.report(std::move(second));
    }
}

// LOT0602
void check_self(const Model& model, const Link& link, diag::Sink& sink) {
    if (!link.leads_to(link.from)) return;
    const Node& node = model.nodes[link.from];
    diag::Diagnostic self =
        finding(Code::RouteToItself, address_span(link),
                fmt::format("node `{}` has a route to itself", node.name),
                "a node is no peer of its own", "name the address and port of another node");
    self.related.push_back({listener_of(model, link).span, "it listens here"});
    sink.report(std::move(self));
}

// What was probably meant by an address that nobody listens on.
std::string nearest_listener(const Model& model, const Link& link) {
    const Endpoint wanted{link.route.link.address, link.route.link.port};
    std::vector<std::string> known;
    for (std::size_t node = 0; node < model.nodes.size(); ++node) {
        if (node == link.from) continue;
        const Declaration& declaration = model.nodes[node].declaration;
        for (const Listener& listener : declaration.listeners) {
            std::vector<std::string> hosts = {listener.endpoint.host};
            if (is_wildcard(listener.endpoint.host)) {
                hosts = {model.nodes[node].name};
                for (const Word& host : declaration.hosts)
                    hosts.push_back(host.text);
            }
            for (std::string& host : hosts) {
                if (diag::lower_case(host) == diag::lower_case(wanted.host))
                    return fmt::format("node `{}` listens on {}", model.nodes[node].name,
                                       to_string(listener.endpoint));
                known.push_back(to_string(Endpoint{std::move(host), listener.endpoint.port}));
            }
        }
    }
    const std::vector<std::string_view> words(known.begin(), known.end());
    const auto meant = diag::nearest(to_string(wanted), words);
    return meant ? fmt::format("did you mean {}?", *meant) : "";
}

// LOT0603, and LOT0616 where the reason is plain.
void check_known(const Model& model, const Link& link, bool machines, diag::Sink& sink) {
    const sema::SetKey* const address = link.route.usable("BROKER_ADDRESS");
    const bool hidden = address == nullptr || address->from_reference;
    if (address != nullptr && machines && is_loopback(link.route.link.address) &&
        !link.leads_to(link.from))
        return sink.report(finding(Code::LoopbackTarget, address->value_span,
                                   "a loopback address never leaves its machine",
                                   "the nodes are on several machines",
                                   "name the address under which the peer is reached"));
    if (link.target.aim != Aim::Nobody) return;
    const bool port_hidden = link.route.find("BROKER_PORT")->from_reference;
    sink.report(finding(Code::UnknownTarget, address_span(link),
                        fmt::format("no node of this cluster listens on {}", shown_address(link)),
                        hidden || port_hidden ? "" : nearest_listener(model, link)));
}

// LOT0604
void check_transport(const Model& model, const Link& link, diag::Sink& sink) {
    if (!link.is_between_nodes()) return;
    const sema::SetKey* const tls = link.route.find("USE_TLS");
    if (tls != nullptr && !tls->usable) return;  // not known yet
    const Listener& listener = listener_of(model, link);
    const bool encrypts = link.route.link.tls.enabled;
    std::string caption;
    std::string help;
    switch (listener.transport) {
        case Transport::Plain:
            if (!encrypts) return;
            caption = "plain text is spoken there, and this route uses TLS";
            break;
        case Transport::Tls:
            if (encrypts) return;
            caption = "TLS is spoken there, and this route does not use it";
            help = "WITH USE_TLS true";
            break;
        case Transport::WebSocket:
            caption = "WebSocket is spoken there, and links speak MQTT over TCP";
            break;
    }
    diag::Diagnostic mismatch = finding(
        Code::TransportMismatch, port_span(link),
        fmt::format("node `{}` does not understand this link", model.nodes[link.target.node].name),
        std::move(caption), std::move(help));
    mismatch.related.push_back({listener.span, "the listener"});
    sink.report(std::move(mismatch));
}

// LOT0605. Where the peer has a route that leads to no other node, it is meant to be the one back.
void check_way_back(const Model& model, const Link& link, diag::Sink& sink) {
    if (!link.is_between_nodes()) return;
    const bool may_be = std::ranges::any_of(model.links, [&](const Link& other) {
        return other.from == link.target.node && !other.is_between_nodes();
    });
    if (may_be || find_link(model, link.target.node, link.from) != nullptr) return;
    const std::string& peer = model.nodes[link.target.node].name;
    diag::Diagnostic one_way = finding(
        Code::OneWayLink, link.route.name_span,
        fmt::format("node `{}` has no route back to node `{}`", peer, model.nodes[link.from].name),
        fmt::format("messages go both ways, but only `{}` dials", model.nodes[link.from].name));
    one_way.related.push_back({model.nodes[link.target.node].span, fmt::format("node `{}`", peer)});
    sink.report(std::move(one_way));
}

// LOT0608. The same address twice has been told of by lint.
void check_same_node(const Model& model, diag::Sink& sink) {
    std::map<std::pair<std::size_t, std::size_t>, const Link*> first;
    for (const Link& link : model.links) {
        if (!link.is_between_nodes()) continue;
        const auto [other, is_new] = first.try_emplace({link.from, link.target.node}, &link);
        if (is_new) continue;
        const ir::Link& one = other->second->route.link;
        const ir::Link& two = link.route.link;
        if (one.port == two.port && diag::lower_case(one.address) == diag::lower_case(two.address))
            continue;
        diag::Diagnostic second = finding(
            Code::SameNode, address_span(link),
            fmt::format("a second route leads to node `{}`", model.nodes[link.target.node].name),
            "one link to a node is enough");
        second.related.push_back({address_span(*other->second), "the first one"});
        sink.report(std::move(second));
    }
}

// LOT0617: marks of tools that fill in files, in a text that stands as it is.
void check_template(const Link& link, diag::Sink& sink) {
    constexpr std::array<std::string_view, 6> kMarks = {"{", "}", "${", "<", ">", "%"};
    const sema::SetKey* const key = link.route.usable("CLIENT_ID");
    if (key == nullptr || key->from_reference) return;
    const std::string& id = link.route.link.client_id;
    if (std::ranges::none_of(kMarks, [&](std::string_view mark) { return id.contains(mark); }))
        return;
    sink.report(finding(Code::ClientIdTemplate, key->value_span,
                        "this CLIENT_ID is a template that nobody filled in",
                        "nodes made from it would all have the same one",
                        "WITH CLIENT_ID \"node1-to-node2\""));
}

// LOT0619
void check_route_names(const Model& model, diag::Sink& sink) {
    std::map<std::string, const Link*> first;
    for (const Link& link : model.links) {
        if (!link.is_between_nodes()) continue;
        const auto [other, is_new] = first.try_emplace(link.route.link.name, &link);
        const Link& one = *other->second;
        if (is_new || one.from == link.from || one.target.node == link.target.node) continue;
        diag::Diagnostic second =
            finding(Code::SameRouteName, link.route.name_span,
                    fmt::format("`{}` means another link on node `{}`", link.route.link.name,
                                model.nodes[one.from].name),
                    fmt::format("leads to `{}` here", model.nodes[link.target.node].name));
        second.related.push_back(
            {one.route.name_span,
             fmt::format("leads to `{}` here", model.nodes[one.target.node].name)});
        sink.report(std::move(second));
    }
}

}  // namespace

void check_links(const Model& model, diag::Sink& sink) {
    const bool machines = spans_machines(model);
    check_client_ids(model, sink);
    for (const Link& link : model.links) {
        check_self(model, link, sink);
        check_known(model, link, machines, sink);
        check_transport(model, link, sink);
        check_way_back(model, link, sink);
        check_template(link, sink);
    }
    check_same_node(model, sink);
    check_route_names(model, sink);
}

}  // namespace lotmesh::topology
