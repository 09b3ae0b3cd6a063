// Members of a group come, go, end, read, acknowledge and refuse at random: whatever they do, each
// QoS 1 message is acknowledged by one of them, and no QoS 2 message is sent to two.
#include <doctest/doctest.h>

#include <array>
#include <deque>
#include <limits>
#include <map>
#include <memory>
#include <set>

#include "base/rng.h"
#include "tests/support/broker_rig.h"

using namespace lotmesh;
using namespace lotmesh::test;

namespace {

constexpr std::uint32_t kExpirySec = 1000;

struct ToAnswer {
    mqtt::PacketType type = mqtt::PacketType::Publish;
    mqtt::PacketId packet_id = 0;
    QoS qos = kQoS0;
    int number = 0;
};

// A client id. Each of its sessions has a number of its own, for that is what the rules are about.
struct Member {
    std::string name;
    std::unique_ptr<TestClient> client;
    std::deque<ToAnswer> inbox;
    int session = 0;
    Instant session_ends;  // where there is no client
};

class Story {
public:
    explicit Story(std::uint64_t seed) : rng_(seed), rig_(broker::Limits{.inflight_max = 3}) {
        for (std::size_t i = 0; i < members_.size(); ++i) {
            members_[i].name = "member" + std::to_string(i);
            connect(members_[i]);
            join(members_[i]);
        }
    }

    void step() {
        Member& member = members_[rng_.below(members_.size())];
        switch (rng_.below(10)) {
            case 0:
            case 1:
            case 2: publish(); break;
            case 3:
            case 4:
            case 5:
            case 6: answer_one(member); break;
            case 7: come_or_go(member); break;
            case 8: join_or_leave(member); break;
            case 9:
                if (rng_.chance(10)) rig_.advance(Duration::seconds(400));
                break;
        }
        read_all();
    }

    // Everybody but the anchor ends, and the anchor does all that is left.
    void finish() {
        for (Member& member : members_)
            if (!is_anchor(member) && member.client) leave(member);
        if (!anchor().client) connect(anchor());
        rig_.advance(Duration::seconds(kExpirySec + 1));
        for (read_all(); !anchor().inbox.empty(); read_all())
            answer_one(anchor());
    }

    void check() {
        for (int number = 0; number < next_; ++number) {
            CAPTURE(number);
            if (is_qos2(number))
                CHECK(sent_to_[number].size() == 1);  // [MQTT-4.8.2-5]
            else
                CHECK(done_.contains(number));
        }
        CHECK(rig_.core.counters().drops.total() == 0);
        CHECK(rig_.core.counters().shared_subscriptions == 1);
    }

    int published() const { return next_; }
    std::uint64_t moves() const { return rig_.core.counters().shared_moves; }

private:
    static bool is_qos2(int number) { return number % 2 == 0; }
    // Its session never ends, so that there is always somebody.
    Member& anchor() { return members_.front(); }
    bool is_anchor(const Member& member) const { return &member == &members_.front(); }

    void publish() {
        const int number = next_++;
        publisher_.publish("t", std::to_string(number), is_qos2(number) ? kQoS2 : kQoS1, 1);
        if (!is_qos2(number)) {
            publisher_.expect<mqtt::Puback>();
            return;
        }
        publisher_.expect<mqtt::Pubrec>();
        publisher_.pubrel(1);
        publisher_.expect<mqtt::Pubcomp>();
    }

    void connect(Member& member) {
        const bool clean = !is_anchor(member) && rng_.chance(4);
        const std::uint32_t expiry = is_anchor(member) ? mqtt::kSessionExpiryNever : kExpirySec;
        member.client = std::make_unique<TestClient>(
            rig_, Hello{.client_id = member.name,
                        .clean_start = clean,
                        .session_expiry_sec = expiry,
                        .receive_maximum = static_cast<std::uint16_t>(1 + rng_.below(4))});
        if (!member.client->connack.session_present) member.session = next_session_++;
    }
    void leave(Member& member) {
        member.session_ends = rig_.now.instant;
        member.client->leave(ReasonCode::Success, 0);
        forget_connection(member);
    }
    void come_or_go(Member& member) {
        if (!member.client) {
            connect(member);
        } else if (!is_anchor(member) && rng_.chance(3)) {
            leave(member);
        } else if (rng_.chance(4)) {  // a takeover
            forget_connection(member);
            connect(member);
        } else {
            member.client->drop();
            member.session_ends = is_anchor(member)
                                      ? Instant{std::numeric_limits<std::int64_t>::max()}
                                      : rig_.now.instant + Duration::seconds(kExpirySec);
            forget_connection(member);
        }
    }
    // What was sent on it was sent.
    void forget_connection(Member& member) {
        read(member);
        member.inbox.clear();
        member.client.reset();
    }

    void join(Member& member) {
        member.client->send_subscribe("$share/g/t", mqtt::SubscriptionOptions{.qos = kQoS2});
    }
    void join_or_leave(Member& member) {
        if (!member.client || is_anchor(member)) return;
        if (rng_.chance(2))
            join(member);
        else
            member.client->send(
                mqtt::Unsubscribe{.packet_id = 1, .filters = {"$share/g/t"}, .properties = {}});
    }

    void read_all() {
        for (Member& member : members_)
            if (member.client) read(member);
    }
    void read(Member& member) {
        TestClient& client = *member.client;
        while (!client.silent()) {
            const mqtt::PacketType type = client.next_type();
            if (type == mqtt::PacketType::Publish)
                read_publish(member);
            else if (type == mqtt::PacketType::Pubrel)
                member.inbox.push_back(
                    {.type = type, .packet_id = client.expect<mqtt::Pubrel>().packet_id});
            else if (type == mqtt::PacketType::Suback)
                client.expect<mqtt::Suback>();
            else
                client.expect<mqtt::Unsuback>();
        }
    }
    void read_publish(Member& member) {
        const auto packet = member.client->expect<mqtt::Publish>();
        const int number = std::stoi(std::string(as_text(packet.payload)));
        CAPTURE(number);
        CHECK(packet.qos == (is_qos2(number) ? kQoS2 : kQoS1));
        CHECK_FALSE(done_.contains(number));  // [MQTT-4.8.2-6]
        std::set<int>& sent_to = sent_to_[number];
        CHECK(packet.dup == sent_to.contains(member.session));
        if (!sent_to.contains(member.session) && !sent_to.empty()) {
            CHECK_FALSE(is_qos2(number));
            CHECK(has_ended(*sent_to.rbegin()));
        }
        sent_to.insert(member.session);
        member.inbox.push_back(
            {.packet_id = packet.packet_id, .qos = packet.qos, .number = number});
    }
    bool has_ended(int session) const {
        for (const Member& member : members_)
            if (member.session == session)
                return !member.client && member.session_ends <= rig_.now.instant;
        return true;  // there is a later one
    }

    void answer_one(Member& member) {
        if (!member.client || member.inbox.empty()) return;
        const ToAnswer packet = member.inbox.front();
        member.inbox.pop_front();
        const auto reason = rng_.chance(10) ? ReasonCode::UnspecifiedError : ReasonCode::Success;
        if (packet.type == mqtt::PacketType::Pubrel) {
            member.client->pubcomp(packet.packet_id);
        } else if (packet.qos == kQoS1) {
            done_.insert(packet.number);
            member.client->puback(packet.packet_id, reason);
        } else {
            if (mqtt::is_error(reason)) done_.insert(packet.number);
            member.client->pubrec(packet.packet_id, reason);
        }
    }

    Rng rng_;
    BrokerRig rig_;
    TestClient publisher_{rig_, {"publisher"}};
    std::array<Member, 4> members_;
    std::map<int, std::set<int>> sent_to_;  // by number: sessions
    std::set<int> done_;                    // acknowledged (QoS 1) or refused
    int next_ = 0;
    int next_session_ = 0;
};

}  // namespace

TEST_CASE(
    "each message is done by one member, through random comings and goings "
    "[MQTT-4.8.2-4] [MQTT-4.8.2-5] [MQTT-4.8.2-6]") {
    std::uint64_t moves = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        CAPTURE(seed);
        Story story(seed);
        for (int i = 0; i < 600; ++i)
            story.step();
        story.finish();
        story.check();
        CHECK(story.published() > 100);
        moves += story.moves();
    }
    CHECK(moves > 1000);
}
