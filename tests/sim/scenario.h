// A world for stories that are told step by step: starts linked and healthy, ends with the oracle's
// judgement of everything that happened.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "tests/support/sim_world.h"

namespace lotmesh::sim {

inline constexpr mqtt::QoS kQos0 = mqtt::QoS::AtMostOnce;
inline constexpr mqtt::QoS kQos1 = mqtt::QoS::AtLeastOnce;
inline constexpr mqtt::QoS kQos2 = mqtt::QoS::ExactlyOnce;

inline Duration seconds(std::int64_t n) { return Duration::seconds(n); }
inline Duration milliseconds(std::int64_t n) { return Duration::milliseconds(n); }

struct Scenario {
    explicit Scenario(std::uint32_t nodes, Routes routes = Routes::BothSides,
                      std::uint32_t validity_sec = 60)
        : Scenario(WorldConfig{
              .seed = 11, .nodes = nodes, .routes = routes, .validity_sec = validity_sec}) {}
    explicit Scenario(const WorldConfig& config) : world(config) {
        world.start_all();
        settle();
        world.watch_health();
    }

    void settle() { REQUIRE_MESSAGE(world.settle(seconds(30)), world.why_not_settled()); }

    Client& client(std::string id, NodeIndex node, bool persistent = false) {
        Client& added = world.add_client(std::move(id), node, persistent);
        settle();
        return added;
    }
    Client& subscriber(std::string id, NodeIndex node, std::string filter, mqtt::QoS qos = kQos2,
                       bool persistent = false) {
        Client& added = world.add_client(std::move(id), node, persistent);
        added.subscribe(std::move(filter), qos);
        settle();
        return added;
    }

    static void publish(Client& from, std::string topic, mqtt::QoS qos, int count = 1) {
        for (int i = 0; i < count; ++i)
            from.publish(
                {.topic = topic, .qos = qos, .retain = false, .deletes = false, .size = 0});
    }
    static void retain(Client& from, std::string topic) {
        from.publish(
            {.topic = std::move(topic), .qos = kQos1, .retain = true, .deletes = false, .size = 0});
    }
    static void clear(Client& from, std::string topic) {
        from.publish(
            {.topic = std::move(topic), .qos = kQos1, .retain = true, .deletes = true, .size = 0});
    }

    std::size_t deliveries() { return world.oracle().deliveries(); }

    // Everything that was promised was kept, and the cluster is whole.
    void finish() {
        settle();
        world.check_end();
        for (const std::string& violation : world.oracle().violations())
            FAIL_CHECK(violation);
    }

    World world;
};

}  // namespace lotmesh::sim
