#include "runtime/cluster/view.h"

#include <doctest/doctest.h>

#include "runtime/cluster/inbound.h"

using namespace lotmesh;
using namespace lotmesh::cluster;

namespace {

constexpr Duration kSecond = Duration::seconds(1);

Instant at_sec(std::int64_t seconds) { return Instant{seconds * 1'000'000}; }

broker::MessageRef message(std::string_view payload, std::optional<Instant> expires = {}) {
    broker::MessageParts parts;
    parts.topic = "t";
    parts.payload = as_bytes(payload);
    parts.qos = mqtt::QoS::AtLeastOnce;
    parts.expires_at = expires;
    return broker::MessageRef::make(parts);
}

// A view and what a receiver makes of it.
struct Pair {
    Log log;
    View view;
    Inbound inbound{Lane::Messages};
    std::vector<std::string> applied;

    Pair() {
        inbound.begin(1);
        inbound.resume({Lane::Messages, 1, 0});
    }
    void append(std::string_view payload, Instant now = {}) {
        view.append_message(log.next(), message(payload), now);
    }
    Inbound::Verdict take(const Record& record, Instant now = {}) {
        const auto verdict = inbound.offer(record, now, kSecond);
        if (verdict == Inbound::Verdict::Apply && record.type == RecordType::Message)
            applied.emplace_back(as_text(record.message.payload));
        return verdict;
    }
    void send_all(Instant now = {}) {
        while (view.has_unsent())
            take(view.send_next(now), now);
    }
};

}  // namespace

TEST_CASE("records arrive in order, are acked once and leave the view") {
    Pair pair;
    pair.append("1");
    pair.append("2");
    pair.send_all();
    CHECK(pair.applied == std::vector<std::string>{"1", "2"});
    const auto ack = pair.inbound.take_ack(40, false);
    REQUIRE(ack.has_value());
    CHECK(*ack == Ack{Lane::Messages, 1, 2, 40, false});
    CHECK_FALSE(pair.inbound.take_ack(40, false).has_value());
    pair.view.acked(ack->lsn);
    CHECK(pair.view.empty());
    CHECK(pair.view.bytes() == 0);
    CHECK(pair.view.in_flight_bytes() == 0);
    CHECK(pair.view.base() == 2);
}

TEST_CASE("a resend after a lost ack is suppressed and acked again") {
    Pair pair;
    pair.append("1");
    pair.send_all();
    pair.inbound.take_ack(0, false);
    pair.view.rewind();
    CHECK(pair.take(pair.view.send_next({})) == Inbound::Verdict::Duplicate);
    CHECK(pair.inbound.counters().dup_suppressed == 1);
    CHECK(pair.view.counters().resent == 1);
    CHECK(pair.inbound.take_ack(0, false).has_value());
    CHECK(pair.applied.size() == 1);
}

TEST_CASE("a gap is never applied past and asks once for a resend") {
    Pair pair;
    pair.append("1");
    pair.append("2");
    pair.append("3");
    const Record lost = pair.view.send_next({});
    CHECK(lost.lsn == 1);
    CHECK(pair.take(pair.view.send_next({})) == Inbound::Verdict::Gap);
    CHECK(pair.take(pair.view.send_next({})) == Inbound::Verdict::Gap);
    const auto nack = pair.inbound.take_nack();
    REQUIRE(nack.has_value());
    CHECK(*nack == Nack{Lane::Messages, 1, 0});
    CHECK_FALSE(pair.inbound.take_nack().has_value());
    pair.view.acked(nack->lsn);
    pair.view.rewind();
    pair.send_all();
    CHECK(pair.applied == std::vector<std::string>{"1", "2", "3"});
}

TEST_CASE("a gap that lasts is complained about again after a while") {
    Pair pair;
    pair.append("1");
    pair.append("2");
    pair.view.send_next({});
    const Record second = pair.view.send_next({});
    pair.take(second, at_sec(0));
    CHECK(pair.inbound.take_nack().has_value());
    pair.take(second, at_sec(1));
    CHECK(pair.inbound.take_nack().has_value());
}

TEST_CASE("a receiver without a cursor applies nothing until RESUME, and a second one is ignored") {
    Pair pair;
    pair.inbound.begin(2);
    pair.append("1");
    const Record record = pair.view.send_next({});
    CHECK(pair.take(record) == Inbound::Verdict::Gap);
    CHECK_FALSE(pair.inbound.take_ack(0, true).has_value());
    pair.inbound.resume({Lane::Messages, 7, 0});  // of another incarnation
    CHECK_FALSE(pair.inbound.has_cursor());
    pair.inbound.resume({Lane::Messages, 2, 0});
    CHECK(pair.take(record) == Inbound::Verdict::Apply);
    pair.inbound.resume({Lane::Messages, 2, 0});
    CHECK(pair.inbound.cursor() == 1);
}

TEST_CASE("acks outside of what was logged change nothing") {
    Pair pair;
    pair.append("1");
    pair.append("2");
    pair.view.acked(9);
    CHECK(pair.view.size() == 2);
    pair.view.acked(2);
    pair.view.acked(1);
    CHECK(pair.view.base() == 2);
}

TEST_CASE("messages wait for an unreachable peer until their validity, in elapsed time") {
    Pair pair;
    pair.append("old", at_sec(0));
    pair.append("older", at_sec(4));
    pair.append("young", at_sec(25));
    const Patience patience{at_sec(10), Duration::seconds(30)};
    CHECK(pair.view.next_expiry(patience) == at_sec(40));
    pair.view.expire(patience, at_sec(39));
    CHECK(pair.view.counters().expired_validity == 0);
    pair.view.expire(patience, at_sec(40));
    CHECK(pair.view.counters().expired_validity == 2);
    CHECK(pair.view.size() == 2);  // one marker for both, and the young one
    CHECK(pair.view.next_expiry(patience) == at_sec(55));
    pair.send_all(at_sec(41));
    CHECK(pair.applied == std::vector<std::string>{"young"});
}

TEST_CASE("without a validity a message waits until its own time is over") {
    Pair pair;
    pair.view.append_message(pair.log.next(), message("1", at_sec(5)), at_sec(0));
    pair.append("2");
    pair.view.expire({at_sec(0), std::nullopt}, at_sec(1'000));
    CHECK(pair.view.counters().expired_validity == 0);
    pair.view.sweep_expired_messages(at_sec(4));
    CHECK(pair.view.counters().expired_message == 0);
    pair.view.sweep_expired_messages(at_sec(5));
    CHECK(pair.view.counters().expired_message == 1);
    pair.send_all(at_sec(6));
    CHECK(pair.applied == std::vector<std::string>{"2"});
}

TEST_CASE("a message that expires before it is sent goes as a marker") {
    Pair pair;
    pair.view.append_message(pair.log.next(), message("1", at_sec(5)), at_sec(0));
    const Record record = pair.view.send_next(at_sec(6));
    CHECK(record.type == RecordType::Expired);
    CHECK(record.expired_count == 1);
    CHECK(pair.take(record) == Inbound::Verdict::Apply);
    CHECK(pair.view.counters().expired_message == 1);
}

TEST_CASE("an expired record that had been applied already is no gap at resume") {
    Pair pair;
    pair.append("1", at_sec(0));
    pair.append("2", at_sec(0));
    pair.take(pair.view.send_next(at_sec(0)));  // its ack is lost with the link
    pair.view.rewind();
    pair.view.expire({at_sec(0), Duration::seconds(1)}, at_sec(2));
    pair.append("3", at_sec(2));
    pair.view.acked(pair.inbound.cursor());
    pair.send_all(at_sec(3));
    CHECK(pair.applied == std::vector<std::string>{"1", "3"});
    CHECK(pair.inbound.counters().gaps == 0);
}

TEST_CASE("a restart gives what waits new numbers") {
    Pair pair;
    pair.append("1");
    pair.append("2");
    pair.view.send_next({});
    pair.view.restart(pair.log.last(), pair.log);
    CHECK(pair.view.base() == 2);
    CHECK(pair.view.size() == 2);
    CHECK(pair.view.in_flight_bytes() == 0);
    pair.inbound.begin(2);
    pair.inbound.resume({Lane::Messages, 2, pair.view.base()});
    pair.send_all();
    CHECK(pair.applied == std::vector<std::string>{"1", "2"});
    CHECK(pair.inbound.cursor() == pair.log.last());
    CHECK(pair.view.counters().resent == 0);
}

TEST_CASE("a snapshot is framed by its begin and its end, and counts until it is acked") {
    Pair pair;
    pair.view.append_snapshot({message("list")}, pair.log, at_sec(1));
    CHECK(pair.view.size() == 3);
    CHECK(pair.view.last_lsn() == 3);
    CHECK(pair.view.send_next({}).type == RecordType::SnapshotBegin);
    CHECK(pair.view.send_next({}).type == RecordType::InterestAdd);
    CHECK(pair.view.send_next({}).type == RecordType::SnapshotEnd);
    pair.view.rewind();
    pair.view.clear();
    CHECK(pair.view.last_lsn() == 0);
    CHECK(pair.view.bytes() == 0);
}

TEST_CASE("a late best-effort message is dropped and counted") {
    Inbound inbound{Lane::Messages};
    inbound.begin(1);
    CHECK(inbound.offer_best_effort(2));
    CHECK_FALSE(inbound.offer_best_effort(1));
    CHECK_FALSE(inbound.offer_best_effort(2));
    CHECK(inbound.offer_best_effort(3));
    CHECK(inbound.counters().best_effort_late == 2);
}

TEST_CASE("a changed pause is told even when nothing was applied") {
    Inbound inbound{Lane::Messages};
    inbound.begin(1);
    inbound.resume({Lane::Messages, 1, 5});
    CHECK(inbound.take_ack(9, true) == Ack{Lane::Messages, 1, 5, 9, true});
    CHECK_FALSE(inbound.take_ack(9, true).has_value());
    CHECK(inbound.take_ack(9, false) == Ack{Lane::Messages, 1, 5, 9, false});
}
