#include <doctest/doctest.h>

#include "tests/support/broker_rig.h"

using namespace lotmesh;
using namespace lotmesh::test;

TEST_CASE("a 5.0 client is accepted and told the limits [MQTT-3.1.4-5] [MQTT-3.2.0-1]") {
    BrokerRig rig;
    TestClient client(rig, Hello{});
    CHECK_FALSE(client.connack.session_present);
    CHECK(client.connack.properties.receive_maximum == 1024);
    CHECK(client.connack.properties.maximum_packet_size == 16U * 1024 * 1024);
    CHECK(client.connack.properties.topic_alias_maximum == 32);
    CHECK(client.connack.properties.shared_subscription_available == 0);
    CHECK_FALSE(client.connack.properties.assigned_client_identifier.has_value());
    CHECK(client.silent());
    CHECK(rig.core.connected_clients() == 1);
}
