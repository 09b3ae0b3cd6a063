// A subscriber that reads, acknowledges and loses its connection at random: whatever it does, no
// QoS 1 message is lost, no QoS 2 message is lost or doubled, and order is kept.
#include <doctest/doctest.h>

#include <memory>
#include <set>

#include "base/rng.h"
#include "tests/support/broker_rig.h"

using namespace lotmesh;
using namespace lotmesh::test;

namespace {

class Story {
public:
    explicit Story(std::uint64_t seed)
        : rng_(seed), rig_(broker::Limits{.inflight_max = 3}), publisher_(rig_, {"publisher"}) {
        come_back();
        client_->subscribe("one", kQoS1);
        client_->subscribe("two", kQoS2);
    }

    void step() {
        switch (rng_.below(6)) {
            case 0:
            case 1: publish(); break;
            case 2:
            case 3:
            case 4: read_one(); break;
            case 5:
                if (rng_.chance(4)) come_back();
                break;
        }
    }

    void finish() {
        come_back();
        while (!client_->silent())
            read_one();
    }

    std::vector<int> sent[2];
    std::vector<int> received[2];  // as the application sees them

private:
    void publish() {
        const std::size_t which = rng_.below(2);
        sent[which].push_back(next_++);
        const std::string payload = std::to_string(sent[which].back());
        publisher_.publish(which == 0 ? "one" : "two", payload, which == 0 ? kQoS1 : kQoS2, 1);
        if (which == 0) {
            publisher_.expect<mqtt::Puback>();
            return;
        }
        publisher_.expect<mqtt::Pubrec>();
        publisher_.pubrel(1);
        publisher_.expect<mqtt::Pubcomp>();
    }

    // What was not read is lost with the connection.
    void come_back() {
        if (client_) client_->drop();
        client_ = std::make_unique<TestClient>(
            rig_, Hello{.client_id = "subscriber",
                        .clean_start = false,
                        .session_expiry_sec = 1000,
                        .receive_maximum = static_cast<std::uint16_t>(1 + rng_.below(5))});
    }

    void read_one() {
        if (client_->silent()) return;
        if (client_->next_type() == mqtt::PacketType::Pubrel) {
            const mqtt::PacketId id = client_->expect<mqtt::Pubrel>().packet_id;
            unreleased_.erase(id);
            client_->pubcomp(id);
            return;
        }
        const auto packet = client_->expect<mqtt::Publish>();
        const int number = std::stoi(std::string(as_text(packet.payload)));
        if (packet.qos == kQoS1) {
            const bool known = std::ranges::count(received[0], number) > 0;
            CHECK((packet.dup || !known));
            if (!known) received[0].push_back(number);
            if (!rng_.chance(5) || packet.dup)
                client_->puback(packet.packet_id);
            else
                come_back();
            return;
        }
        if (unreleased_.insert(packet.packet_id).second) received[1].push_back(number);
        client_->pubrec(packet.packet_id);
    }

    Rng rng_;
    BrokerRig rig_;
    TestClient publisher_;
    std::unique_ptr<TestClient> client_;
    std::set<mqtt::PacketId> unreleased_;
    int next_ = 0;
};

}  // namespace

TEST_CASE(
    "QoS 1 and 2 keep their promises through random losses of the connection "
    "[MQTT-4.3.2-3] [MQTT-4.3.3-10] [MQTT-4.4.0-1]") {
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        CAPTURE(seed);
        Story story(seed);
        for (int i = 0; i < 400; ++i)
            story.step();
        story.finish();
        CHECK(story.received[0] == story.sent[0]);
        CHECK(story.received[1] == story.sent[1]);
        CHECK(story.sent[0].size() > 20);
    }
}
