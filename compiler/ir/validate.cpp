#include "compiler/ir/validate.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "base/endpoint.h"
#include "compiler/ir/mapping.h"

namespace lotmesh::ir {

namespace {

constexpr std::size_t kNameBytesMax = 128;
constexpr std::size_t kClientIdBytesMax = 64;
constexpr std::size_t kCredentialBytesMax = 65535;  // an MQTT string carries a 16-bit length
constexpr std::uint32_t kValiditySecMax = 86400;
constexpr std::uint32_t kKeepaliveSecMax = 65535;

bool is_printable(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c <= 0x7E; });
}

bool is_client_id(std::string_view text) {
    return !text.empty() && text.size() <= kClientIdBytesMax && is_printable(text);
}

bool is_name(std::string_view name) { return !name.empty() && name.size() <= kNameBytesMax; }

bool fit_into_connect(std::string_view username, const Secret& password) {
    return username.size() <= kCredentialBytesMax &&
           password.reveal().size() <= kCredentialBytesMax;
}

// Says of one route what does not hold.
class Demand {
public:
    Demand(std::string_view kind, std::string_view name, std::vector<std::string>& out)
        : who_(fmt::format("{} `{}`", kind, name)), out_(out) {}

    void operator()(bool holds, std::string_view what) const {
        if (!holds) out_.push_back(fmt::format("{}: {}", who_, what));
    }

private:
    std::string who_;
    std::vector<std::string>& out_;
};

void validate_link(const Link& link, const Demand& demand) {
    demand(is_name(link.name), "name of 1 to 128 bytes");
    demand(is_host(link.address), "address is a host");
    demand(link.port != 0, "port is not 0");
    demand(is_client_id(link.client_id), "client id of 1 to 64 printable characters");
    demand(fit_into_connect(link.username, link.password), "credentials fit into a CONNECT");
    demand(link.message_validity_sec <= kValiditySecMax, "validity is a day at most");
    demand(link.keepalive_sec >= 1 && link.keepalive_sec <= kKeepaliveSecMax,
           "keepalive is 1 to 65535 seconds");
}

void validate_end(const BridgeEnd& end, const Demand& demand) {
    if (end.self) return demand(end == this_broker(), "this broker has nothing to set");
    demand(is_host(end.address), "address is a host");
    demand(end.port != 0, "port is not 0");
    demand(is_client_id(end.client_id), "client id of 1 to 64 printable characters");
    demand(fit_into_connect(end.username, end.password), "credentials fit into a CONNECT");
}

void validate_bridge(const Bridge& bridge, const Demand& demand) {
    demand(is_name(bridge.name), "name of 1 to 128 bytes");
    validate_end(bridge.source, demand);
    validate_end(bridge.destination, demand);
    demand(!bridge.mappings.empty(), "at least one mapping");
    std::set<std::string_view> names;
    for (const Mapping& mapping : bridge.mappings) {
        demand(!mapping.name.empty() && names.insert(mapping.name).second,
               "each mapping has a name of its own");
        demand(
            is_mappable_topic(mapping.source_topic) && is_mappable_topic(mapping.destination_topic),
            "topics that can be mapped");
        demand(wildcards_agree(mapping), "wildcards of both topics agree");
    }
}

bool has_text(Operator op) {
    return is_test(op) && op != Operator::Anonymous && op != Operator::Anybody;
}

void validate_rule(const Rule& rule, const Demand& demand) {
    demand(is_name(rule.name), "name of 1 to 128 bytes");
    demand(rule.priority <= kPriorityMax, "priority is 0 to 65535");
    if (info(rule.scope).has_topic)
        demand(fault_of_topic(rule.scope, rule.topic.value) == TopicFault::None,
               "a topic that its scope can have");
    else
        demand(rule.topic == RuleText{}, "no topic");
    demand(is_well_formed(rule.condition), "a condition with one result");
    for (const ConditionStep& step : rule.condition) {
        demand(step.text.value.empty() != has_text(step.op), "tests have what they compare with");
        if (step.op == Operator::ClientPattern)
            demand(is_client_pattern(step.text.value), "a pattern of client ids");
    }
}

// Of one kind of route.
template <typename Route>
void validate_order(const std::vector<Route>& routes, std::string_view kind,
                    std::vector<std::string>& out) {
    for (std::size_t i = 1; i < routes.size(); ++i)
        Demand(kind, routes[i].name, out)(routes[i - 1].name < routes[i].name,
                                          "ordered by name, each name once");
}

}  // namespace

std::vector<std::string> validate(const Plan& plan) {
    std::vector<std::string> broken;
    std::set<std::string_view> names;
    std::set<std::string_view> client_ids;
    for (const Link& link : plan.links) {
        const Demand demand("link", link.name, broken);
        validate_link(link, demand);
        demand(client_ids.insert(link.client_id).second, "client id is used once");
        names.insert(link.name);
    }
    for (const Bridge& bridge : plan.bridges) {
        const Demand demand("bridge", bridge.name, broken);
        validate_bridge(bridge, demand);
        demand(!names.contains(bridge.name), "name is not that of a link");
    }
    std::set<std::string_view> rules;
    for (const Rule& rule : plan.rules) {
        const Demand demand("rule", rule.name, broken);
        validate_rule(rule, demand);
        demand(rules.insert(rule.name).second, "name is used once");
    }
    if (!std::ranges::is_sorted(plan.rules, {}, [](const Rule& rule) {
            return std::pair<std::uint32_t, std::string_view>(rule.priority, rule.name);
        }))
        broken.emplace_back("rules are ordered by priority and name");
    validate_order(plan.links, "link", broken);
    validate_order(plan.bridges, "bridge", broken);
    return broken;
}

}  // namespace lotmesh::ir
