// The publishing half of the client model, and what it does with messages that it receives.
#include <fmt/core.h>

#include <algorithm>

#include "tests/support/sim_client.h"

namespace lotmesh::sim {
namespace {

constexpr auto kSuccess = mqtt::ReasonCode::Success;

}  // namespace

MessageNumber Client::publish(Write write) {
    MessageFacts facts;
    facts.publisher = config_.number;
    facts.origin = config_.node;
    facts.topic = write.topic;
    facts.qos = write.qos;
    facts.retain = write.retain;
    facts.deletes = write.deletes;
    const MessageNumber number = services_.oracle.plan_message(std::move(facts));
    waiting_.push_back({number, std::move(write), 0, false});
    send_next();
    return number;
}

void Client::send_next() {
    while (ready() && !waiting_.empty()) {
        const bool counts = waiting_.front().write.qos != mqtt::QoS::AtMostOnce;
        if (counts && in_flight_.size() >= config_.window) return;
        Outgoing outgoing = std::move(waiting_.front());
        waiting_.pop_front();
        if (counts) outgoing.packet_id = next_packet_id();
        send_publish(outgoing, false);
        if (counts) in_flight_.push_back(std::move(outgoing));
    }
}

void Client::send_publish(const Outgoing& outgoing, bool dup) {
    services_.oracle.sent(outgoing.number, now());
    if (services_.trace.printing())
        services_.trace.note(now(), config_.id,
                             "sends " + services_.oracle.describe(outgoing.number));
    const Bytes payload =
        outgoing.write.deletes ? Bytes{} : make_payload(outgoing.number, outgoing.write.size);
    mqtt::Publish publish;
    publish.topic = outgoing.write.topic;
    publish.payload = payload;
    publish.qos = outgoing.write.qos;
    publish.retain = outgoing.write.retain;
    publish.dup = dup;
    publish.packet_id = outgoing.packet_id;
    send(publish);
}

mqtt::PacketId Client::next_packet_id() {
    const auto in_use = [this](mqtt::PacketId packet_id) {
        return packet_id == 0 || subscribing_.contains(packet_id) ||
               unsubscribing_.contains(packet_id) || find_outgoing(packet_id) != in_flight_.end();
    };
    while (in_use(++last_packet_id_)) {
    }
    return last_packet_id_;
}

std::deque<Client::Outgoing>::iterator Client::find_outgoing(mqtt::PacketId packet_id) {
    return std::ranges::find_if(
        in_flight_, [&](const Outgoing& outgoing) { return outgoing.packet_id == packet_id; });
}

void Client::take_puback(mqtt::PacketId packet_id, mqtt::ReasonCode reason) {
    const auto it = find_outgoing(packet_id);
    if (it == in_flight_.end() || it->write.qos != mqtt::QoS::AtLeastOnce)
        return wrong(fmt::format("PUBACK {} that nobody waits for", packet_id));
    if (mqtt::is_error(reason))
        services_.oracle.refused(it->number);
    else
        services_.oracle.acked(it->number, now());
    in_flight_.erase(it);
}

void Client::take_pubrec(mqtt::PacketId packet_id, mqtt::ReasonCode reason) {
    const auto it = find_outgoing(packet_id);
    if (it == in_flight_.end() || it->write.qos != mqtt::QoS::ExactlyOnce)
        return wrong(fmt::format("PUBREC {} that nobody waits for", packet_id));
    if (mqtt::is_error(reason)) {
        services_.oracle.refused(it->number);
        in_flight_.erase(it);
        return;
    }
    services_.oracle.acked(it->number, now());
    it->released = true;
    send(mqtt::Pubrel{.packet_id = packet_id, .reason = kSuccess, .properties = {}});
}

void Client::take_pubcomp(mqtt::PacketId packet_id) {
    const auto it = find_outgoing(packet_id);
    if (it == in_flight_.end() || !it->released)
        return wrong(fmt::format("PUBCOMP {} that nobody waits for", packet_id));
    in_flight_.erase(it);
}

void Client::trace_publish(const mqtt::Publish& publish) {
    const auto number = read_payload(publish.payload);
    services_.trace.note(
        now(), config_.id,
        fmt::format("receives {} on {} at QoS {}{}{}", number ? std::to_string(*number) : "?",
                    publish.topic, static_cast<int>(publish.qos), publish.dup ? " dup" : "",
                    publish.retain ? " retained" : ""));
}

void Client::take_publish(const mqtt::Publish& publish) {
    if (phase_ != Phase::Ready) return wrong("a PUBLISH before CONNACK");
    const bool repeated =
        publish.qos == mqtt::QoS::ExactlyOnce && receiving_.contains(publish.packet_id);
    if (services_.trace.printing()) trace_publish(publish);
    if (!repeated) {
        services_.oracle.delivered(*session_,
                                   {.topic = publish.topic,
                                    .payload = publish.payload,
                                    .qos = publish.qos,
                                    .dup = publish.dup,
                                    .retain = publish.retain},
                                   now());
        if (hook_) hook_(publish);
    }
    switch (publish.qos) {
        case mqtt::QoS::AtMostOnce: return;
        case mqtt::QoS::AtLeastOnce:
            answer(
                mqtt::Puback{.packet_id = publish.packet_id, .reason = kSuccess, .properties = {}});
            return;
        case mqtt::QoS::ExactlyOnce:
            receiving_.insert(publish.packet_id);
            answer(
                mqtt::Pubrec{.packet_id = publish.packet_id, .reason = kSuccess, .properties = {}});
            return;
    }
}

}  // namespace lotmesh::sim
