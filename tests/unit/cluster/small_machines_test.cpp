#include <doctest/doctest.h>

#include "base/rng.h"
#include "base/topic.h"
#include "runtime/cluster/ack_watch.h"
#include "runtime/cluster/barrier.h"
#include "runtime/cluster/identity.h"
#include "runtime/cluster/interest.h"
#include "runtime/cluster/json_writer.h"
#include "runtime/cluster/peer_link.h"
#include "runtime/cluster/turned_away.h"
#include "runtime/cluster/view.h"

using namespace lotmesh;
using namespace lotmesh::cluster;

TEST_CASE("interest matches as MQTT does, peers as bits") {
    RemoteInterest interest(16, 1);
    interest.add(0, "a/b");
    interest.add(1, "a/+");
    interest.add(2, "a/#");
    interest.add(3, "#");
    interest.add(4, "+/b");
    CHECK(interest.match("a/b") == 0b11111);
    CHECK(interest.match("a/c") == 0b01110);
    CHECK(interest.match("a") == 0b01100);
    CHECK(interest.match("x") == 0b01000);
    CHECK(interest.match("a/b/c") == 0b01100);
    CHECK(interest.match("$SYS/b") == 0);
}

TEST_CASE("interest that changes is seen at once, also by topics that were asked for before") {
    RemoteInterest interest(1, 1);
    CHECK(interest.match("a") == 0);
    interest.add(5, "a");
    CHECK(interest.match("a") == 1U << 5);
    interest.add(5, "a");
    CHECK(interest.filters(5) == 1);
    interest.remove(5, "a");
    interest.remove(5, "a");
    CHECK(interest.match("a") == 0);
    CHECK(interest.filters(5) == 0);
}

TEST_CASE("clearing one peer leaves the others' filters") {
    RemoteInterest interest(16, 1);
    for (const char* filter : {"a/b/c", "a/+/c", "x/#", "#"}) {
        interest.add(1, filter);
        interest.add(2, filter);
    }
    interest.add(1, "only/one");
    const std::uint64_t digest = interest.digest(2);
    interest.clear(1);
    CHECK(interest.match("a/b/c") == 0b100);
    CHECK(interest.match("only/one") == 0b100);  // by #
    CHECK(interest.filters(1) == 0);
    CHECK(interest.digest(2) == digest);
}

TEST_CASE("interest agrees with plain matching over random filters and topics") {
    Rng rng(11);
    const auto random_topic = [&rng](bool filter) {
        static const char* kLevels[] = {"a", "b", "", "+", "#"};
        std::string topic;
        for (std::size_t levels = 1 + rng.below(4); levels > 0; --levels) {
            const std::size_t pick = rng.below(filter ? 5 : 3);
            topic += kLevels[pick];
            if (pick == 4) break;
            if (levels > 1) topic += '/';
        }
        return topic.empty() ? std::string("a") : topic;
    };
    RemoteInterest interest(4, 3);
    std::vector<std::string> filters;
    for (int i = 0; i < 3'000; ++i) {
        if (filters.size() < 30) {
            filters.push_back(random_topic(true));
            interest.add(filters.size() % 7, filters.back());
        }
        const std::string topic = random_topic(false);
        PeerSet expected = 0;
        for (std::size_t k = 0; k < filters.size(); ++k)
            if (topic_matches(filters[k], topic)) expected |= PeerSet{1} << ((k + 1) % 7);
        REQUIRE(interest.match(topic) == expected);
        if (rng.chance(20)) {
            for (std::size_t k = 0; k < filters.size(); ++k)
                interest.remove((k + 1) % 7, filters[k]);
            filters.clear();
        }
    }
}

TEST_CASE("a digest does not depend on the order and comes back after removal") {
    InterestDigest one;
    InterestDigest other;
    one.add("a");
    one.add("b");
    other.add("b");
    other.add("a");
    CHECK(one.value() == other.value());
    other.add("c");
    CHECK(one.value() != other.value());
    other.remove("c");
    CHECK(one.value() == other.value());
}

TEST_CASE("a barrier passes when every target has acked") {
    BarrierTable table;
    CHECK(table.open({}, Instant{1}) == 0);
    const auto ticket = table.open({{1, 10}, {2, 11}}, Instant{1'000});
    table.acked(1, 10);
    table.acked(2, 10);
    CHECK_FALSE(table.has_passed());
    table.acked(2, 12);
    CHECK(table.take_passed() == std::vector{ticket});
    CHECK(table.size() == 0);
}

TEST_CASE("a barrier does not wait for a peer that went away, and passes late with its name") {
    BarrierTable table;
    const auto first = table.open({{1, 10}}, Instant{1'000});
    const auto second = table.open({{1, 10}, {2, 10}}, Instant{2'000});
    table.unreachable(1);
    CHECK(table.take_passed() == std::vector{first});
    CHECK(table.next_deadline() == Instant{2'000});
    CHECK(table.time_out(Instant{1'999}) == 0);
    CHECK(table.time_out(Instant{2'000}) == 0b100);
    CHECK(table.take_passed() == std::vector{second});
}

TEST_CASE("what was turned away is said once, and of many strangers a few") {
    TurnedAway away;
    CHECK(away.is_news("one", Instant{0}));
    CHECK(away.is_news("two", Instant{0}));
    CHECK_FALSE(away.is_news("one", Instant{1}));
    CHECK_FALSE(away.is_news("two", Instant{1}));
    for (std::size_t i = 2; i < TurnedAway::kTextsMax; ++i)
        CHECK(away.is_news(std::to_string(i), Instant{1}));
    CHECK_FALSE(away.is_news("one too many", Instant{1}));
    CHECK(away.is_news("one", Instant{} + TurnedAway::kQuiet));
}

TEST_CASE("a record that has arrived and is not acked for long is overdue") {
    Limits limits;
    PeerLink link(LinkRole::Acceptor, {1, 1}, "", Instant{});
    link.on_hello({});
    AckWatch watch;
    if (link.phase() != LinkPhase::AwaitStart) FAIL("no HELLO");
    link.on_start(Instant{});
    Log log;
    View view;
    const auto at = [](std::int64_t seconds) { return Instant{} + Duration::seconds(seconds); };
    const auto overdue = [&](std::int64_t seconds) {
        return watch.overdue(view, link, at(seconds), Duration::seconds(30));
    };
    view.append_interest(log.next(), RecordType::SnapshotBegin, {}, Instant{});
    view.append_interest(log.next(), RecordType::SnapshotEnd, {}, Instant{});
    CHECK_FALSE(overdue(0));  // not sent
    view.send_next(Instant{});
    view.send_next(Instant{});
    CHECK_FALSE(overdue(1));
    CHECK_FALSE(overdue(100));  // still on its way
    Heartbeat answer;
    answer.heard_sequence = link.make_heartbeat(at(100), limits).sequence;
    link.on_heartbeat(answer, at(101));
    CHECK_FALSE(overdue(101));
    CHECK_FALSE(overdue(130));
    CHECK(overdue(131));
    view.acked(1);  // it moves
    CHECK_FALSE(overdue(131));
    view.acked(2);
    CHECK_FALSE(overdue(500));
}

TEST_CASE("an identity is read back as it was written") {
    const Identity identity{make_node_id(0x0123456789ABCDEFULL, 0xFFFFFFFFFFFFFFFFULL), 7};
    const auto read = parse_identity(format_identity(identity));
    REQUIRE(read.has_value());
    CHECK(*read == identity);
    CHECK(identity.id.text()[14] == '4');
    CHECK(identity.id.text()[19] == 'b');
}

TEST_CASE("an identity file that is cut or changed is refused with a reason") {
    const std::string good = format_identity({make_node_id(1, 2), 7});
    for (std::size_t size = 0; size < good.size(); ++size)
        CHECK_FALSE(parse_identity(good.substr(0, size)).has_value());
    CHECK_FALSE(parse_identity(good + "more").has_value());
    CHECK_FALSE(parse_identity("uuid x\nincarnation 7\n").has_value());
    const auto bad = parse_identity(good.substr(0, good.size() - 2) + "x\n");
    REQUIRE_FALSE(bad.has_value());
    CHECK(bad.error() == "the incarnation is not a number");
}

TEST_CASE("JSON is separated and escaped") {
    JsonWriter json;
    json.begin_object();
    json.field("a", "x\"\\\n\x7f").field("b", true).field("n", std::int64_t{-3});
    json.key("list").begin_array().value(std::uint64_t{1}).null().begin_object().end_object();
    json.end_array().end_object();
    CHECK(json.take() == R"({"a":"x\"\\\u000a\u007f","b":true,"n":-3,"list":[1,null,{}]})");
}
