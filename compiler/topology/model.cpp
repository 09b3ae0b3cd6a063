#include "compiler/topology/model.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/assert.h"
#include "compiler/diag/suggest.h"
#include "compiler/ir/dump.h"

namespace lotmesh::topology {

namespace {

bool same_host(std::string_view left, std::string_view right) {
    return diag::lower_case(left) == diag::lower_case(right) ||
           (is_loopback(left) && is_loopback(right));
}

bool is_known_as(const Node& node, std::string_view host) {
    return same_host(node.name, host) ||
           std::ranges::any_of(node.declaration.hosts,
                               [&](const Word& known) { return same_host(known.text, host); }) ||
           std::ranges::any_of(node.declaration.listeners, [&](const Listener& listener) {
               return same_host(listener.endpoint.host, host);
           });
}

// The addresses of a machine that others can reach; none: its files name none.
std::set<std::string> machine_of(const Node& node) {
    std::set<std::string> addresses;
    for (const Word& host : node.declaration.hosts)
        if (!is_loopback(host.text)) addresses.insert(diag::lower_case(host.text));
    for (const Listener& listener : node.declaration.listeners)
        if (!is_loopback(listener.endpoint.host) && !is_wildcard(listener.endpoint.host))
            addresses.insert(diag::lower_case(listener.endpoint.host));
    return addresses;
}

// Two listeners that one machine could not have.
bool clash(const Node& left, const Node& right) {
    const auto bound = [](const Node& node) {
        std::set<std::uint16_t> ports;
        for (const Listener& listener : node.declaration.listeners)
            if (is_wildcard(listener.endpoint.host) || is_loopback(listener.endpoint.host))
                ports.insert(listener.endpoint.port);
        return ports;
    };
    const std::set<std::uint16_t> of_left = bound(left);
    return std::ranges::any_of(bound(right),
                               [&](std::uint16_t port) { return of_left.contains(port); });
}

bool share_machine(const Node& left, const Node& right) {
    if (&left == &right) return true;
    if (clash(left, right)) return false;
    const std::set<std::string> of_left = machine_of(left);
    const std::set<std::string> of_right = machine_of(right);
    if (of_left.empty() && of_right.empty()) return true;
    return std::ranges::any_of(of_left,
                               [&](const std::string& host) { return of_right.contains(host); });
}

bool answers(const Model& model, std::size_t from, const Node& node, const Listener& listener,
             const Endpoint& wanted) {
    if (listener.endpoint.port != wanted.port) return false;
    const bool loopback = is_loopback(wanted.host);
    if (loopback && !share_machine(model.nodes[from], node)) return false;
    if (same_host(listener.endpoint.host, wanted.host)) return true;
    return is_wildcard(listener.endpoint.host) && (loopback || is_known_as(node, wanted.host));
}

Target target_of(const Model& model, const Link& link) {
    if (link.route.usable("BROKER_ADDRESS") == nullptr ||
        link.route.usable("BROKER_PORT") == nullptr || !is_host(link.route.link.address))
        return {Aim::Unknown};
    return find_target(model, link.from, {link.route.link.address, link.route.link.port});
}

}  // namespace

bool is_loopback(std::string_view host) {
    return diag::lower_case(host) == "localhost" || host == "::1" ||
           (host.starts_with("127.") && is_ipv4(host));
}

bool is_wildcard(std::string_view host) {
    return host.empty() || host == "0.0.0.0" || host == "::";
}

Target find_target(const Model& model, std::size_t from, const Endpoint& wanted) {
    // Behind a loopback address there is this node before another of its machine; whoever claims an
    // address of another node is told of that, and not of routes to itself as well.
    std::vector<std::size_t> order;
    for (std::size_t node = 0; node < model.nodes.size(); ++node)
        if (node != from) order.push_back(node);
    order.insert(is_loopback(wanted.host) ? order.begin() : order.end(), from);
    for (const std::size_t node : order) {
        const std::vector<Listener>& listeners = model.nodes[node].declaration.listeners;
        for (std::size_t i = 0; i < listeners.size(); ++i)
            if (answers(model, from, model.nodes[node], listeners[i], wanted))
                return {Aim::Node, node, i};
    }
    return {Aim::Nobody};
}

void read_accounts(Node& node, const FilePort& files) {
    const auto take = [&](const std::optional<Word>& path, bool plain) {
        if (!path) return;
        const std::optional<std::string> text = files.read(node.folder, path->text);
        if (!text) return;
        if (!node.accounts) node.accounts.emplace();
        for (std::size_t at = 0; at < text->size();) {
            const std::size_t end = std::min(text->find('\n', at), text->size());
            const std::string line = text->substr(at, end - at);
            at = end + 1;
            const std::size_t colon = line.find(':');
            if (colon == std::string::npos || line.starts_with('#')) continue;
            node.accounts->push_back({line.substr(0, colon), line.substr(colon + 1), !plain});
        }
    };
    take(node.declaration.cluster_credentials, true);
    take(node.declaration.password_file, false);
}

void resolve_targets(Model& model) {
    for (Link& link : model.links)
        link.target = target_of(model, link);
}

bool spans_machines(const Model& model) {
    return std::ranges::any_of(
        model.nodes, [&](const Node& node) { return !share_machine(model.nodes.front(), node); });
}

std::string shown_address(const Link& link) {
    const ir::Link& settings = link.route.link;
    const std::string host = ir::shown(settings, "BROKER_ADDRESS", settings.address);
    const std::string port = ir::shown(settings, "BROKER_PORT", std::to_string(settings.port));
    return is_ipv6(host) ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

bool comes_up(const Model& model, const Link& link) {
    if (!link.is_between_nodes()) return false;
    const Node& target = model.nodes[link.target.node];
    switch (target.declaration.listeners[link.target.listener].transport) {
        case Transport::Plain: return !link.route.link.tls.enabled;
        case Transport::Tls: return link.route.link.tls.enabled;
        case Transport::WebSocket: return false;
    }
    UNREACHABLE();
}

const Link* find_link(const Model& model, std::size_t from, std::size_t to) {
    const auto found = std::ranges::find_if(
        model.links, [&](const Link& link) { return link.from == from && link.leads_to(to); });
    return found == model.links.end() ? nullptr : &*found;
}

}  // namespace lotmesh::topology
