#include "runtime/cluster/node.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "runtime/broker/core.h"
#include "runtime/cluster/cluster.h"

namespace lotmesh::cluster {

namespace {

broker::CoreConfig core_config(const NodeConfig& config) {
    broker::CoreConfig core;
    core.node = config.id;
    core.version = config.version;
    core.seed = config.seed;
    core.limits = config.broker_limits;
    core.server_reference = config.server_reference;
    core.response_information = config.response_information;
    core.log_subscriptions = config.log_subscriptions;
    return core;
}

// The connection that an event is about; none for those that are about no connection yet.
struct ConnOf {
    broker::ConnId operator()(const broker::Accepted& event) const { return event.conn; }
    broker::ConnId operator()(const broker::Received& event) const { return event.conn; }
    broker::ConnId operator()(const broker::Closed& event) const { return event.conn; }
    broker::ConnId operator()(const broker::Congested& event) const { return event.conn; }
    broker::ConnId operator()(const broker::Writable& event) const { return event.conn; }
    broker::ConnId operator()(const broker::Tick&) const { return {}; }
    broker::ConnId operator()(const broker::Dialled&) const { return {}; }
    broker::ConnId operator()(const broker::DialFailed&) const { return {}; }
    broker::ConnId operator()(const broker::MemoryPressure&) const { return {}; }
    broker::ConnId operator()(const broker::DiskSpaceChanged&) const { return {}; }
    broker::ConnId operator()(const broker::Authenticated&) const { return {}; }
    broker::ConnId operator()(const broker::PolicyChanged&) const { return {}; }
};

bool is_dial(const broker::Event& event) {
    return std::holds_alternative<broker::Dialled>(event) ||
           std::holds_alternative<broker::DialFailed>(event);
}

}  // namespace

struct Node::Parts {
    explicit Parts(const NodeConfig& config)
        : cluster(config, config.cluster_limits),
          core(core_config(config), cluster,
               config.policy != nullptr ? *config.policy : allow_all) {}

    broker::AllowAll allow_all;
    Cluster cluster;
    broker::Core core;
};

Node::Node(const NodeConfig& config) : parts_(std::make_unique<Parts>(config)) {}
Node::~Node() = default;

void Node::handle(const broker::Event& event, Now now, broker::Effects& effects) {
    const bool tick = std::holds_alternative<broker::Tick>(event);
    if (tick || is_dial(event) || parts_->cluster.owns(std::visit(ConnOf{}, event)))
        parts_->cluster.handle(event, now, parts_->core, effects);
    else
        parts_->core.handle(event, now, effects);
    if (tick) parts_->core.handle(event, now, effects);
}

bool Node::knows(broker::ConnId conn) const {
    return parts_->core.knows(conn) || parts_->cluster.owns(conn);
}

// The core first: what it forwards in doing so leaves in this turn.
void Node::end_turn(Now now, broker::Effects& effects) {
    parts_->core.end_turn(now, effects);
    parts_->cluster.end_turn(now, parts_->core, effects);
}

std::optional<Instant> Node::next_deadline() const {
    const std::optional<Instant> core = parts_->core.next_deadline();
    const std::optional<Instant> cluster = parts_->cluster.next_deadline();
    if (!core || !cluster) return core ? core : cluster;
    return std::min(*core, *cluster);
}

void Node::apply_plan(const ir::Plan& plan, Now now, broker::Effects& effects) {
    parts_->cluster.apply_plan(plan, now, effects);
}

void Node::publish_sys(std::string_view topic, std::string_view payload, Now now,
                       broker::Effects& effects) {
    parts_->core.publish_sys(topic, payload, now, effects);
}

void Node::publish_sys_line(std::string_view topic, std::string_view payload, Now now,
                            broker::Effects& effects) {
    parts_->core.publish_sys_line(topic, payload, now, effects);
}

void Node::answer_command(const broker::ReplyTo& to, std::string_view answer, Now now,
                          broker::Effects& effects) {
    parts_->core.answer_command(to, answer, now, effects);
}

std::vector<RouteReport> Node::routes() const { return parts_->cluster.route_reports(); }

// Clients first, so that their wills reach the peers.
void Node::shut_down(Now now, broker::Effects& effects) {
    parts_->core.shut_down(now, effects);
    parts_->cluster.shut_down(now, parts_->core, effects);
}

}  // namespace lotmesh::cluster
