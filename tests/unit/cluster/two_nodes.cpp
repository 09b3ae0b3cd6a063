#include "tests/unit/cluster/two_nodes.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "base/hash.h"
#include "base/topic.h"
#include "runtime/mqtt/decode.h"
#include "runtime/mqtt/framer.h"

namespace lotmesh::cluster::testing {

namespace {

std::string text(std::string_view view) { return std::string(view); }

std::size_t bucket_of(std::string_view topic) { return hash64(topic) % broker::kRetainedBuckets; }

}  // namespace

void FakeBroker::deliver(const broker::MessageRef& message, Now, broker::Effects&) {
    delivered.push_back({text(message->topic()), text(as_text(message->payload())),
                         static_cast<int>(message->qos())});
    messages.push_back(message);
    if (!message->version()) return;
    auto& [version, kept] = retained[text(message->topic())];
    if (*message->version() > version) {
        version = *message->version();
        kept = message->payload().empty() ? broker::MessageRef() : message;
    }
    recompute_digests();
}

void FakeBroker::barrier_passed(broker::BarrierTicket ticket, Now, broker::Effects&) {
    passed.push_back(ticket);
}

void FakeBroker::for_each_interest(const std::function<void(std::string_view)>& visit) const {
    for (const std::string& filter : filters)
        visit(filter);
}

void FakeBroker::for_each_retained(
    std::size_t bucket, const std::function<void(const broker::RetainedEntry&)>& visit) const {
    for (const auto& [topic, value] : retained)
        if (bucket_of(topic) == bucket) visit({topic, value.first, value.second});
}

bool FakeBroker::same_retained(const FakeBroker& other) const {
    const auto same = [](const auto& one, const auto& two) {
        const auto& [version, message] = one.second;
        const auto& [other_version, other_message] = two.second;
        if (one.first != two.first || version != other_version) return false;
        if (static_cast<bool>(message) != static_cast<bool>(other_message)) return false;
        return !message || as_text(message->payload()) == as_text(other_message->payload());
    };
    return std::equal(retained.begin(), retained.end(), other.retained.begin(),
                      other.retained.end(), same);
}

broker::Merged FakeBroker::merge_retained(const broker::RetainedEntry& entry, Now,
                                          broker::Effects&) {
    if (refuse_merges) return broker::Merged::Refused;
    auto& [version, message] = retained[text(entry.topic)];
    if (entry.version <= version) return broker::Merged::Known;
    version = entry.version;
    message = entry.message;
    ++merged_live;
    recompute_digests();
    return broker::Merged::Changed;
}

void FakeBroker::recompute_digests() {
    std::fill(digests_.begin(), digests_.end(), 0);
    for (const auto& [topic, value] : retained)
        digests_[bucket_of(topic)] += mix64(hash64(topic) ^ value.first.time.value);
}

std::vector<std::string> FakeBroker::payloads(const std::string& topic) const {
    std::vector<std::string> found;
    for (const Delivered& one : delivered)
        if (one.topic == topic) found.push_back(one.payload);
    return found;
}

void TestNode::subscribe(const std::string& filter, Now now) {
    if (broker.filters.insert(filter).second) cluster->interest_added(filter, now);
}

void TestNode::unsubscribe(const std::string& filter, Now now) {
    if (broker.filters.erase(filter) != 0) cluster->interest_removed(filter, now);
}

std::string TestNode::sys(const std::string& name) const {
    const auto found = broker.sys.find("$SYS/broker/cluster/" + name);
    return found == broker.sys.end() ? std::string() : found->second;
}

TestNode& Net::add(const std::string& host, std::uint8_t id, Limits limits) {
    auto node = std::make_unique<TestNode>();
    node->host = host;
    node->limits = limits;
    node->config.id.bytes.fill(id);
    node->config.boot_nonce = 1000U + id;
    node->config.name = "node-" + host;
    node->config.version = "1.0";
    node->config.seed = id;
    node->cluster = std::make_unique<Cluster>(node->config, limits);
    nodes_.push_back(std::move(node));
    return *nodes_.back();
}

void Net::kill(TestNode& node) {
    node.alive = false;
    for (std::size_t i = 0; i < ends.size(); ++i)
        if (ends[i].node == &node && !ends[i].gone) close(i);
    node.effects.reset();
}

void Net::restart(TestNode& node) {
    kill(node);
    node.alive = true;
    node.config.incarnation += 1;
    node.config.boot_nonce += 100;
    node.broker.filters.clear();
    node.broker.sys.clear();
    node.cluster = std::make_unique<Cluster>(node.config, node.limits);
}

ir::Link Net::route_to(const std::string& host, const std::string& name) {
    ir::Link link;
    link.name = name.empty() ? "to_" + host : name;
    link.address = host;
    link.port = kPort;
    link.client_id = "label_" + link.name;
    link.message_validity_sec = 30;
    return link;
}

void Net::set_routes(TestNode& node, std::vector<ir::Link> links) {
    std::sort(links.begin(), links.end(),
              [](const ir::Link& a, const ir::Link& b) { return a.name < b.name; });
    node.cluster->apply_plan({std::move(links)}, now_of(node), node.effects);
}

Now Net::now_of(const TestNode& node) const {
    Now at = now();
    const auto skewed = skew_ms.find(node.host);
    if (skewed != skew_ms.end()) at.wall.ms += skewed->second;
    return at;
}

std::size_t Net::find(broker::ConnId conn) const {
    for (std::size_t i = 0; i < ends.size(); ++i)
        if (ends[i].conn == conn) return i;
    return ends.size();  // one that a test made up
}

void Net::dial(TestNode& node, const broker::Dial& dial) {
    ++dials;
    const auto target = std::find_if(nodes_.begin(), nodes_.end(),
                                     [&](const auto& other) { return other->host == dial.host; });
    const bool scripted = scripts_.contains(dial.host);
    broker::Event event;
    if (target == nodes_.end() && !scripted) {
        event = broker::DialFailed{dial.dial, broker::DialError::Unresolvable, "no such host"};
    } else if (refuse_dials || (target != nodes_.end() && !(*target)->alive)) {
        event = broker::DialFailed{dial.dial, broker::DialError::Refused, "connection refused"};
    } else if (dial.tls && !refuse_tls.empty()) {
        event = broker::DialFailed{dial.dial, broker::DialError::Tls, refuse_tls};
    } else {
        const std::size_t first = ends.size();
        ends.emplace_back(&node, "", broker::ConnId{++last_conn_, 1}, first + 1);
        ends.emplace_back(scripted ? nullptr : target->get(), dial.host,
                          broker::ConnId{++last_conn_, 1}, first);
        ends[first].connected = true;
        for (std::size_t i = first; i < ends.size(); ++i)
            ends[i].frozen = frozen_ || (ends[i].node != nullptr && ends[i].node == deaf_);
        if (dial.tls) tls_dials.push_back(*dial.tls);
        event = broker::Dialled{dial.dial, ends[first].conn, dial.host + ":1883",
                                dial.tls ? certificate : ""};
    }
    node.cluster->handle(event, now_of(node), node.broker, node.effects);
}

void Net::close(std::size_t index) {
    if (index == ends.size() || ends[index].gone) return;
    End& end = ends[index];
    end.gone = true;
    ends[end.other].closing = true;
    if (end.node != nullptr && end.node->alive)
        end.node->cluster->handle(broker::Closed{end.conn, "closed by us"}, now_of(*end.node),
                                  end.node->broker, end.node->effects);
}

bool Net::carry_out(TestNode& node) {
    if (!node.alive) return false;
    node.cluster->end_turn(now_of(node), node.broker, node.effects);
    bool something = false;
    for (const broker::ConnId conn : node.effects.dirty()) {
        const std::size_t index = find(conn);
        if (index == ends.size() || ends[index].gone) continue;
        const End& end = ends[index];
        End& other = ends[end.other];
        node.effects.output(conn).for_each_run([&](ByteView run) {
            something = true;
            other.travelling.emplace_back(instant_ + latency, Bytes(run.begin(), run.end()));
        });
    }
    const std::vector<broker::Action> actions = node.effects.actions();
    node.effects.reset();
    for (const broker::Action& action : actions) {
        if (const auto* line = std::get_if<broker::LogLine>(&action)) {
            node.log.push_back(line->text);
        } else if (const auto* kept = std::get_if<broker::KeepPins>(&action)) {
            node.kept_pins = kept->text;
        } else if (const auto* to_dial = std::get_if<broker::Dial>(&action)) {
            dial(node, *to_dial);
            something = true;
        } else if (const auto* closed = std::get_if<broker::CloseConnection>(&action)) {
            close(find(closed->conn));
            something = true;
        }
    }
    return something;
}

// What the broker does with the first packet of a connection: everybody is who he says.
void Net::hand_over(End& end) {
    const auto step = mqtt::next_frame(end.incoming, 64 * 1024);
    ASSERT(step.has_value());
    if (step->frame.size == 0) return;
    const auto connect = mqtt::decode_connect(step->frame);
    ASSERT(connect.has_value());
    const Bytes bytes = std::move(end.incoming);
    end.incoming.clear();
    end.connected = true;
    const broker::Principal principal{.client_id = std::string(connect->client_id),
                                      .user_name = std::string(connect->user_name.value_or("")),
                                      .origin = {.remote_address = "10.0.0.1:50000"}};
    end.node->cluster->peer_connected(
        {end.conn, principal, *connect, ByteView(bytes).subspan(step->frame.size), true,
         end.node->proof_ends_at},
        now_of(*end.node), end.node->effects);
}

void Net::arrive(End& end) const {
    while (!end.travelling.empty() && end.travelling.front().first <= instant_) {
        const Bytes& bytes = end.travelling.front().second;
        end.incoming.insert(end.incoming.end(), bytes.begin(), bytes.end());
        end.travelling.pop_front();
    }
}

bool Net::deliver(std::size_t index) {
    End& end = ends[index];
    if (end.gone || end.frozen) return false;
    arrive(end);
    if (!end.incoming.empty()) {
        if (end.node == nullptr) {
            if (std::exchange(end.connected, true)) return false;  // said what it had to say
            End& other = ends[end.other];
            const Bytes& answer = scripts_.at(end.script);
            other.incoming.insert(other.incoming.end(), answer.begin(), answer.end());
            end.incoming.clear();
            return true;
        }
        if (!end.connected) {
            hand_over(end);
            return true;
        }
        TestNode& node = *end.node;
        const Bytes bytes = std::move(end.incoming);
        end.incoming.clear();
        const broker::ConnId conn = end.conn;
        if (node.cluster->owns(conn))
            node.cluster->handle(broker::Received{conn, bytes}, now_of(node), node.broker,
                                 node.effects);
        return true;
    }
    if (!end.closing || !end.travelling.empty()) return false;
    end.gone = true;
    if (end.node != nullptr && end.node->alive)
        end.node->cluster->handle(broker::Closed{end.conn, "reset"}, now_of(*end.node),
                                  end.node->broker, end.node->effects);
    return true;
}

bool Net::step() {
    bool something = false;
    for (const auto& node : nodes_)
        something |= carry_out(*node);
    for (std::size_t i = 0; i < ends.size(); ++i)
        something |= deliver(i);
    return something;
}

void Net::settle() {
    for (int i = 0; i < 100'000; ++i)
        if (!step()) return;
    ASSERT(false);
}

bool Net::run_until(const std::function<bool()>& condition, Duration limit) {
    const Instant end = instant_ + limit;
    while (true) {
        settle();
        if (condition()) return true;
        if (instant_ >= end) return false;
        Instant next = end;
        for (const auto& node : nodes_)
            if (node->alive)
                if (const auto deadline = node->cluster->next_deadline())
                    next = std::min(next, std::max(*deadline, instant_ + Duration{1'000}));
        for (const End& one : ends)
            if (!one.gone && !one.frozen && !one.travelling.empty())
                next = std::min(next, one.travelling.front().first);
        instant_ = next;
        for (const auto& node : nodes_)
            if (node->alive)
                node->cluster->handle(broker::Tick{}, now_of(*node), node->broker, node->effects);
    }
}

void Net::run(Duration duration) {
    run_until([] { return false; }, duration);
}

broker::Forwarded Net::publish(TestNode& node, const std::string& topic, const std::string& payload,
                               int qos) {
    broker::MessageParts parts;
    parts.topic = topic;
    parts.payload = as_bytes(payload);
    parts.qos = static_cast<mqtt::QoS>(qos);
    parts.accepted_at = instant_;
    return node.cluster->forward(broker::MessageRef::make(parts), now_of(node));
}

broker::Forwarded Net::publish_retained(TestNode& node, const std::string& topic,
                                        const std::string& payload) {
    broker::MessageParts parts;
    parts.topic = topic;
    parts.payload = as_bytes(payload);
    parts.qos = mqtt::QoS::AtLeastOnce;
    parts.retain = true;
    parts.accepted_at = instant_;
    parts.version = Version{{++last_version_}, node.config.id};
    const auto message = broker::MessageRef::make(parts);
    broker::Effects none;
    const broker::RetainedEntry entry{message->topic(), *message->version(),
                                      payload.empty() ? broker::MessageRef() : message};
    node.broker.merge_retained(entry, now_of(node), none);
    return node.cluster->forward(message, now_of(node));
}

void Net::cut_all(const std::string&) {
    for (End& end : ends)
        if (!end.gone) {
            end.incoming.clear();
            end.travelling.clear();
            end.closing = true;
        }
}

void Net::freeze(bool frozen) {
    frozen_ = frozen;
    for (End& end : ends)
        end.frozen = frozen;
}

void Net::freeze_towards(const TestNode& node, bool frozen) {
    deaf_ = frozen ? &node : nullptr;
    for (End& end : ends)
        if (end.node == &node) end.frozen = frozen;
}

std::size_t Net::open_connections() const {
    return static_cast<std::size_t>(
               std::count_if(ends.begin(), ends.end(), [](const End& end) { return !end.gone; })) /
           2;
}

}  // namespace lotmesh::cluster::testing
