// What the broker says to a client: packets into the output of the connection, counted, and never
// larger than the client takes.
#pragma once

#include "runtime/broker/state.h"
#include "runtime/mqtt/packet.h"

namespace lotmesh::broker {

// Reason string and user properties are left out where the packet would be too large; where it
// still is, it is not sent. [MQTT-3.1.2-24] A client cannot go on without its CONNACK, SUBACK or
// UNSUBACK: the connection is closed then, and its session may be gone.
void send(Turn& turn, Connection& connection, mqtt::Packet packet);

// PUBACK, PUBREC, PUBREL, PUBCOMP, without properties, also for who asks for none [MQTT-3.1.2-29].
void send_ack(Turn& turn, Connection& connection, mqtt::PacketType type, mqtt::PacketId packet_id,
              mqtt::ReasonCode reason);

struct PublishPatch {
    mqtt::QoS qos = mqtt::QoS::AtMostOnce;
    mqtt::PacketId packet_id = 0;
    bool dup = false;  // never that of the publisher [MQTT-3.3.1-3] [MQTT-4.3.2-2] [MQTT-4.3.3-2]
};

// The head must be of this message and must fit the client: see fits().
void send_publish(Turn& turn, Connection& connection, const MessageRef& message,
                  const mqtt::PublishHead& head, const PublishPatch& patch);

inline bool fits(const Connection& connection, const mqtt::PublishHead& head) {
    return head.packet_size <= connection.packet_bytes_max;
}

}  // namespace lotmesh::broker
