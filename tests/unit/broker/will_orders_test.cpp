// Will delay, session expiry and the client's return, in every order.
#include <doctest/doctest.h>

#include "tests/support/broker_rig.h"

using namespace lotmesh;
using namespace lotmesh::test;

namespace {

// Seconds; 0: never comes back.
struct Order {
    std::uint32_t delay_sec = 0;
    std::uint32_t expiry_sec = 0;
    std::uint32_t back_after_sec = 0;
    bool clean_start = false;
    bool taken_over = false;  // comes back while the old connection is still there
};

// When the will is to be sent, in seconds after the connection went; nothing: not at all.
std::optional<std::uint32_t> expected(const Order& order) {
    const std::uint32_t due = std::min(order.delay_sec, order.expiry_sec);
    const bool in_time = order.back_after_sec != 0 && order.back_after_sec < due;
    if (!in_time && !(order.taken_over && due > 0)) return due;
    if (!order.clean_start) return std::nullopt;  // [MQTT-3.1.3-9]
    return order.taken_over ? 0 : order.back_after_sec;
}

mqtt::Will make_will(std::uint32_t delay_sec) {
    mqtt::Will will{.topic = "w", .payload = as_bytes("gone"), .properties = {}};
    will.properties.will_delay_interval_sec = delay_sec;
    return will;
}

struct Bench {
    Bench() { watcher.subscribe("w"); }

    Hello hello(const Order& order) const {
        return {.clean_start = false,
                .session_expiry_sec = order.expiry_sec,
                .will = make_will(order.delay_sec)};
    }
    void come_back(const Order& order) {
        const TestClient again(rig, Hello{.clean_start = order.clean_start});
        const bool kept =
            order.taken_over ? order.expiry_sec > 0 : order.back_after_sec < order.expiry_sec;
        CHECK(again.connack.session_present == (kept && !order.clean_start));
    }
    // In which seconds the will came.
    std::vector<std::uint32_t> run(const Order& order) {
        std::vector<std::uint32_t> seconds;
        TestClient client(rig, hello(order));
        if (order.taken_over)
            come_back(order);
        else
            client.drop();
        for (std::uint32_t second = 0; second < 30; ++second) {
            if (second != 0 && second == order.back_after_sec) come_back(order);
            while (!watcher.silent()) {
                CHECK(watcher.expect_message() == "w=gone");
                seconds.push_back(second);
            }
            rig.advance(Duration::seconds(1));
        }
        return seconds;
    }

    BrokerRig rig;
    TestClient watcher{rig, Hello{.client_id = "watcher"}};
};

}  // namespace

TEST_CASE("S12 every order of will delay, session expiry and return sends the will once or not") {
    std::vector<Order> orders;
    for (const std::uint32_t delay_sec : {0U, 5U, 10U, 20U})
        for (const std::uint32_t expiry_sec : {0U, 5U, 10U, 20U})
            for (const bool clean_start : {false, true}) {
                orders.push_back({delay_sec, expiry_sec, 0, clean_start, true});
                for (const std::uint32_t back_after_sec : {0U, 3U, 7U, 12U, 25U})
                    orders.push_back({delay_sec, expiry_sec, back_after_sec, clean_start, false});
            }
    for (const Order& order : orders) {
        CAPTURE(order.delay_sec);
        CAPTURE(order.expiry_sec);
        CAPTURE(order.back_after_sec);
        CAPTURE(order.clean_start);
        CAPTURE(order.taken_over);
        Bench bench;
        std::vector<std::uint32_t> wanted;
        if (const auto second = expected(order)) wanted.push_back(*second);
        CHECK(bench.run(order) == wanted);
    }
}
