// One handler for each family of packets (on_*.cpp), called by input.cpp with whole frames. A
// handler decodes the frame, checks it against the state of the connection and acts. Where the
// client broke a rule the handler has ended the connection when it returns.
#pragma once

#include "runtime/broker/state.h"
#include "runtime/mqtt/framer.h"
#include "runtime/mqtt/packet.h"

namespace lotmesh::broker {

enum class Handled : std::uint8_t {
    Done,
    NotTaken,  // the connection is paused; the same frame comes again later
    Gone,      // the connection is a peer's now and the Connection does not exist any more
};

Handled on_connect(Turn& turn, Connection& connection, const mqtt::Frame& frame, ByteView rest);
Handled on_publish(Turn& turn, Connection& connection, const mqtt::Frame& frame);
Handled on_ack(Turn& turn, Connection& connection, const mqtt::Frame& frame);

// Each is answered with its identifier, once. [MQTT-2.2.1-6]
Handled on_subscribe(Turn& turn, Connection& connection, const mqtt::Frame& frame);
Handled on_unsubscribe(Turn& turn, Connection& connection, const mqtt::Frame& frame);

Handled on_disconnect(Turn& turn, Connection& connection, const mqtt::Frame& frame);
Handled on_pingreq(Turn& turn, Connection& connection, const mqtt::Frame& frame);
Handled on_auth(Turn& turn, Connection& connection, const mqtt::Frame& frame);

// What enhanced authentication has to say in the CONNACK; empty where there was none.
struct AuthResult {
    std::string_view method;
    std::string_view data;
};

// A CONNECT about which the policy has decided; `rest` followed it. A peer's is the cluster's then.
Handled finish_connect(Turn& turn, Connection& connection, const mqtt::Connect& connect,
                       AuthVerdict verdict, ByteView rest);
// A CONNECT whose sender is who it says: its session, its CONNACK, and what waits for it.
void complete_connect(Turn& turn, Connection& connection, const mqtt::Connect& connect,
                      const AuthResult& result);
// A CONNECT that names a method, whole in `packet`. The connection is Authenticating after it, or
// refused, or Open.
void begin_authentication(Turn& turn, Connection& connection, const mqtt::Connect& connect,
                          ByteView packet);

// A CONNECT, whole in `packet`, about which the policy says later what it thinks: the connection is
// Authenticating and not read from until then.
void await_verdict(Turn& turn, Connection& connection, ByteView packet, AuthTicket ticket);
void on_authenticated(Turn& turn, const Authenticated& event);

// The peers have the filters of a SUBSCRIBE (or were waited for long enough).
void on_barrier_passed(Turn& turn, BarrierTicket ticket);

}  // namespace lotmesh::broker
