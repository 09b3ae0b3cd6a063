// The oracle finds what it is there to find, and excuses what nobody promised.
#include <doctest/doctest.h>

#include <string>

#include "tests/support/sim_oracle.h"
#include "tests/support/sim_topic.h"

namespace lotmesh::sim {
namespace {

Instant at(std::int64_t ms) { return Instant{} + Duration::milliseconds(ms); }

// A subscriber at node 1, a publisher at node 0.
struct Story {
    Story() {
        session = oracle.begin_session("subscriber", 1, at(0));
        oracle.subscribing(session, "t/#", mqtt::QoS::ExactlyOnce, at(1));
        oracle.granted(session, "t/#", at(2));
    }
    MessageNumber publish(mqtt::QoS qos, std::int64_t ms) {
        MessageFacts facts;
        facts.publisher = 5;
        facts.topic = "t/a";
        facts.qos = qos;
        const MessageNumber number = oracle.plan_message(facts);
        oracle.sent(number, at(ms));
        if (qos != mqtt::QoS::AtMostOnce) oracle.acked(number, at(ms + 1));
        return number;
    }
    void deliver(MessageNumber number, mqtt::QoS qos, bool dup = false) {
        const Bytes payload = make_payload(number, 40);
        oracle.delivered(session, {"t/a", payload, qos, dup, false}, at(9'000));
    }
    std::string found() {
        oracle.check_losses(at(60'000));
        if (oracle.violations().empty()) return {};
        return std::string(invariant_of(oracle.violations().front()));
    }

    FaultHistory history;
    Oracle oracle{history};
    SessionNumber session = 0;
};

TEST_CASE("a story without mistakes is clean") {
    Story story;
    const auto one = story.publish(mqtt::QoS::AtLeastOnce, 10);
    const auto two = story.publish(mqtt::QoS::AtLeastOnce, 20);
    story.deliver(one, mqtt::QoS::AtLeastOnce);
    story.deliver(two, mqtt::QoS::AtLeastOnce);
    CHECK(story.found().empty());
    CHECK(story.oracle.obligations() == 2);
}

TEST_CASE("a missing message is found") {
    Story story;
    story.publish(mqtt::QoS::AtLeastOnce, 5'000);
    CHECK(story.found() == "I1");
}

TEST_CASE("a message that a new subscription misses is the barrier's fault") {
    Story story;
    story.publish(mqtt::QoS::AtLeastOnce, 10);
    CHECK(story.found() == "I10");
}

TEST_CASE("a second QoS 2 delivery is found") {
    Story story;
    const auto one = story.publish(mqtt::QoS::ExactlyOnce, 10);
    story.deliver(one, mqtt::QoS::ExactlyOnce);
    story.deliver(one, mqtt::QoS::ExactlyOnce);
    CHECK(story.found() == "I2");
}

TEST_CASE("a second QoS 1 copy is found, a repetition with DUP is none") {
    Story story;
    const auto one = story.publish(mqtt::QoS::AtLeastOnce, 10);
    story.deliver(one, mqtt::QoS::AtLeastOnce);
    story.deliver(one, mqtt::QoS::AtLeastOnce, true);
    CHECK(story.found().empty());
    story.deliver(one, mqtt::QoS::AtLeastOnce);
    CHECK(story.found() == "I3");
}

TEST_CASE("a wrong order is found") {
    Story story;
    const auto one = story.publish(mqtt::QoS::AtLeastOnce, 10);
    const auto two = story.publish(mqtt::QoS::AtLeastOnce, 20);
    story.deliver(two, mqtt::QoS::AtLeastOnce);
    story.deliver(one, mqtt::QoS::AtLeastOnce);
    CHECK(story.found() == "I4");
}

TEST_CASE("a message that crosses a connection twice, or was sent on, is found") {
    Story story;
    const auto one = story.publish(mqtt::QoS::AtLeastOnce, 10);
    story.oracle.crossed(one, {0, 1, 7}, at(11));
    CHECK(story.oracle.violations().empty());
    story.oracle.crossed(one, {0, 1, 7}, at(11));
    CHECK(story.oracle.violations().size() == 1);
    story.oracle.crossed(one, {1, 2, 8}, at(12));
    CHECK(story.oracle.violations().size() == 2);
}

TEST_CASE("what the origin had not handed over when it crashed is excused") {
    Story story;
    story.history.begin_pair(0, 1, at(5'000));
    story.publish(mqtt::QoS::AtLeastOnce, 5'100);
    story.history.note_crash(0, at(5'200));
    story.history.end_pair(0, 1, at(6'000));
    CHECK(story.found().empty());
}

TEST_CASE("a message accepted during a stall is owed, unless its validity ran out") {
    for (const bool expires : {false, true}) {
        Story story;
        if (expires) story.oracle.set_validity(0, 1, Duration::seconds(1));
        story.history.begin_pair(0, 1, at(5'000));
        story.publish(mqtt::QoS::AtLeastOnce, 5'100);
        story.history.end_pair(0, 1, at(8'000));
        CHECK(story.found() == (expires ? "" : "I1"));
        CHECK(story.oracle.missing_after_expiry(0, 1) == (expires ? 1 : 0));
    }
}

TEST_CASE("a message that was on its way when a stall began may expire like any other") {
    Story story;
    story.oracle.set_validity(0, 1, Duration::seconds(10));
    story.publish(mqtt::QoS::AtLeastOnce, 5'000);
    story.history.begin_pair(0, 1, at(5'050));
    story.history.end_pair(0, 1, at(20'000));
    CHECK(story.found().empty());
    CHECK(story.oracle.missing_after_expiry(0, 1) == 1);
}

TEST_CASE(
    "what can have expired has a most: what waited for so long, and did not cross after that") {
    Story story;
    story.oracle.set_validity(0, 1, Duration::seconds(10));
    story.history.begin_pair(0, 1, at(5'000));
    story.publish(mqtt::QoS::AtLeastOnce, 5'100);
    const auto late = story.publish(mqtt::QoS::AtLeastOnce, 5'200);
    story.publish(mqtt::QoS::AtLeastOnce, 19'000);
    story.history.end_pair(0, 1, at(20'000));
    story.publish(mqtt::QoS::AtLeastOnce, 40'000);
    CHECK(story.oracle.expired_at_most(0, 1) == 2);
    story.oracle.crossed(late, {0, 1, 7}, at(20'500));
    CHECK(story.oracle.expired_at_most(0, 1) == 1);
    CHECK(story.oracle.expired_at_most(1, 0) == 0);
}

TEST_CASE("a subscription made while apart counts from when they have met again") {
    Story story;
    story.history.begin_pair(0, 1, at(10'000));
    story.oracle.subscribing(story.session, "u", mqtt::QoS::AtLeastOnce, at(11'000));
    story.oracle.granted(story.session, "u", at(12'000));
    MessageFacts facts;
    facts.topic = "u";
    facts.qos = mqtt::QoS::AtLeastOnce;
    const auto early = story.oracle.plan_message(facts);
    story.oracle.sent(early, at(13'000));
    story.oracle.acked(early, at(13'001));
    story.history.end_pair(0, 1, at(14'000));
    CHECK(story.found().empty());
    const auto late = story.oracle.plan_message(facts);
    story.oracle.sent(late, at(40'000));
    story.oracle.acked(late, at(40'001));
    CHECK(story.found() == "I1");
}

TEST_CASE("what was refused and yet delivered is found") {
    Story story;
    const auto one = story.publish(mqtt::QoS::AtLeastOnce, 5'000);
    story.oracle.refused(one);
    CHECK(story.found().empty());
    story.deliver(one, mqtt::QoS::AtLeastOnce);
    CHECK(story.found() == "I25");
}

TEST_CASE("with pauses a session that ends is owed only what came while all was calm") {
    for (const bool slow : {false, true}) {
        Story story;
        story.oracle.expect_pauses();
        if (slow) story.history.begin_slow(at(20'000));
        story.publish(mqtt::QoS::AtLeastOnce, 20'500);
        if (slow) story.history.end_slow(at(20'000), at(21'000));
        story.oracle.end_session(story.session, at(25'000));
        CHECK(story.found() == (slow ? "" : "I1"));
    }
}

TEST_CASE("a subscription made while somebody was slow counts from when all is calm") {
    Story story;
    story.oracle.expect_pauses();
    story.history.begin_slow(at(1));
    story.history.end_slow(at(1), at(3'000));
    CHECK(story.history.calm_after(at(2)) == at(3'000) + FaultHistory::kBacklog);
    story.publish(mqtt::QoS::AtLeastOnce, 12'000);
    CHECK(story.found().empty());
    story.publish(mqtt::QoS::AtLeastOnce, 14'000);
    CHECK(story.found() == "I1");
}

TEST_CASE("nodes that were apart for long enough may have forgotten what waited") {
    for (const bool forgets : {false, true}) {
        Story story;
        if (forgets) story.oracle.set_forget_after(Duration::seconds(5));
        story.history.begin_pair(0, 1, at(5'000));
        story.publish(mqtt::QoS::AtLeastOnce, 5'100);
        story.history.end_pair(0, 1, at(10'000));
        CHECK(story.found() == (forgets ? "" : "I1"));
    }
}

TEST_CASE("what is said while no route is there is not promised, and what was said before is") {
    for (const std::int64_t sent_ms : {4'900, 5'100, 19'000}) {
        Story story;
        story.history.begin_unrouted(0, 1, at(5'000));
        story.history.end_unrouted(0, 1, at(6'000));
        story.publish(mqtt::QoS::AtLeastOnce, sent_ms);
        CHECK(story.found() == (sent_ms == 5'100 ? "" : "I1"));
    }
}

TEST_CASE("what waits when the last route is removed is lost with the peer") {
    for (const std::int64_t fault_ms : {4'000, 5'010, 15'000}) {
        Story story;
        if (fault_ms < 5'000) story.history.begin_pair(0, 1, at(fault_ms));
        story.history.begin_unrouted(0, 1, at(5'000));
        if (fault_ms >= 5'000) story.history.begin_pair(0, 1, at(fault_ms));
        story.publish(mqtt::QoS::AtLeastOnce, 4'990);
        story.history.end_pair(0, 1, at(fault_ms + 2'000));
        story.history.end_unrouted(0, 1, at(20'000));
        CHECK(story.found() == (fault_ms == 15'000 ? "I1" : ""));
    }
}

TEST_CASE("what arrived long before the last route was removed is promised") {
    Story story;
    story.publish(mqtt::QoS::AtLeastOnce, 5'000);
    story.history.begin_pair(0, 1, at(10'000));
    story.history.begin_unrouted(0, 1, at(10'500));
    story.history.end_pair(0, 1, at(11'000));
    story.history.end_unrouted(0, 1, at(20'000));
    CHECK(story.found() == "I1");
}

TEST_CASE("a fault that lasts excuses no second delivery") {
    Story story;
    story.history.begin_pair(0, 1, at(5'000));
    const auto one = story.publish(mqtt::QoS::ExactlyOnce, 5'100);
    story.deliver(one, mqtt::QoS::ExactlyOnce);
    story.deliver(one, mqtt::QoS::ExactlyOnce);
    CHECK(story.found() == "I2");
}

TEST_CASE("a retained value older than an acknowledged one is found") {
    Story story;
    MessageFacts facts;
    facts.topic = "r/1";
    facts.qos = mqtt::QoS::AtLeastOnce;
    facts.retain = true;
    const auto older = story.oracle.plan_message(facts);
    const auto newer = story.oracle.plan_message(facts);
    for (const auto number : {older, newer}) {
        story.oracle.sent(number, at(100 + number));
        story.oracle.acked(number, at(200 + number));
    }
    story.oracle.check_retained(0, {{"r/1", newer}});
    CHECK(story.oracle.violations().empty());
    story.oracle.check_retained(0, {{"r/1", older}});
    CHECK(story.oracle.violations().size() == 1);
    story.oracle.check_retained(0, {});
    CHECK(story.oracle.violations().size() == 2);
}

TEST_CASE("a damaged payload is no payload") {
    Bytes payload = make_payload(77, 64);
    CHECK(read_payload(payload) == 77);
    payload[40] ^= 1;
    CHECK_FALSE(read_payload(payload));
}

TEST_CASE("payloads are found in a stream that is cut anywhere") {
    Bytes stream;
    for (const MessageNumber number : {1U, 2U, 3U}) {
        stream.push_back(0xC7);  // looks like a beginning
        const Bytes payload = make_payload(number, 30);
        stream.insert(stream.end(), payload.begin(), payload.end());
    }
    for (std::size_t step = 1; step < 40; ++step) {
        PayloadScanner scanner;
        std::string found;
        for (std::size_t at_byte = 0; at_byte < stream.size(); at_byte += step)
            scanner.feed(ByteView(stream).subspan(at_byte, std::min(step, stream.size() - at_byte)),
                         [&](MessageNumber number) { found += std::to_string(number); });
        CHECK(found == "123");
    }
}

TEST_CASE("the oracle's own matching follows the examples of the standard") {
    CHECK(filter_matches("sport/tennis/player1/#", "sport/tennis/player1"));
    CHECK(filter_matches("sport/#", "sport"));
    CHECK(filter_matches("sport/tennis/+", "sport/tennis/player1"));
    CHECK_FALSE(filter_matches("sport/tennis/+", "sport/tennis/player1/ranking"));
    CHECK_FALSE(filter_matches("sport/+", "sport"));
    CHECK(filter_matches("sport/+", "sport/"));
    CHECK(filter_matches("+/+", "/finance"));
    CHECK_FALSE(filter_matches("+", "/finance"));
    CHECK_FALSE(filter_matches("#", "$SYS/a"));
    CHECK(filter_matches("$SYS/#", "$SYS/a"));
}

}  // namespace
}  // namespace lotmesh::sim
