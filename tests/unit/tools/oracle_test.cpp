#include "tools/bench/oracle.h"

#include <doctest/doctest.h>

#include "tools/bench/histogram.h"
#include "tools/bench/payload.h"

namespace lotmesh::bench {

namespace {

// One pair that has offered, and had acked, `messages` messages.
Oracle pair_with(std::uint64_t messages) {
    Oracle oracle(Layout(Workload::Pairs, 1));
    for (std::uint64_t i = 0; i < messages; ++i)
        oracle.acked(0, oracle.offer(0));
    return oracle;
}

}  // namespace

TEST_CASE("a message that was acked and never arrives is lost") {
    Oracle oracle = pair_with(3);
    oracle.delivered(0, 0, 0);
    oracle.delivered(0, 0, 2);
    CHECK_FALSE(oracle.complete());
    CHECK(oracle.verdict().lost == 1);
    CHECK(oracle.verdict().delivered == 2);
}

TEST_CASE("a message that was never acked may be missing") {
    Oracle oracle = pair_with(1);
    oracle.offer(0);
    oracle.delivered(0, 0, 0);
    CHECK(oracle.complete());
    CHECK(oracle.verdict().lost == 0);
}

TEST_CASE("an arrival of a message that was not acked does not hide a lost one") {
    Oracle oracle = pair_with(1);
    const std::uint64_t unacked = oracle.offer(0);
    oracle.delivered(0, 0, unacked);
    CHECK_FALSE(oracle.complete());
    CHECK(oracle.verdict().lost == 1);
}

TEST_CASE("a second arrival is a duplicate and no delivery") {
    Oracle oracle = pair_with(1);
    CHECK(oracle.delivered(0, 0, 0) == Arrival::InOrder);
    CHECK(oracle.delivered(0, 0, 0) == Arrival::Duplicate);
    CHECK(oracle.verdict().duplicated == 1);
    CHECK(oracle.verdict().delivered == 1);
}

TEST_CASE("a message that arrives after a later one is reordered, not lost") {
    Oracle oracle = pair_with(2);
    CHECK(oracle.delivered(0, 0, 1) == Arrival::InOrder);
    CHECK(oracle.delivered(0, 0, 0) == Arrival::Late);
    CHECK(oracle.verdict().reordered == 1);
    CHECK(oracle.complete());
}

TEST_CASE("what was never offered, or is not for that subscriber, is alien") {
    Oracle oracle(Layout(Workload::Pairs, 2));
    oracle.acked(0, oracle.offer(0));
    CHECK(oracle.delivered(0, 0, 1) == Arrival::Alien);
    CHECK(oracle.delivered(0, 1, 0) == Arrival::Alien);
    CHECK(oracle.delivered(9, 0, 0) == Arrival::Alien);
    CHECK(oracle.verdict().alien == 3);
}

TEST_CASE("every subscriber of a fan-out must get every message") {
    Oracle oracle(Layout(Workload::FanOut, 3));
    oracle.acked(0, oracle.offer(0));
    oracle.delivered(0, 0, 0);
    oracle.delivered(0, 2, 0);
    CHECK(oracle.verdict().lost == 1);
    oracle.delivered(0, 1, 0);
    CHECK(oracle.complete());
}

TEST_CASE("each publisher of a fan-in has its own sequence") {
    Oracle oracle(Layout(Workload::FanIn, 2));
    oracle.acked(0, oracle.offer(0));
    oracle.acked(1, oracle.offer(1));
    CHECK(oracle.delivered(1, 0, 0) == Arrival::InOrder);
    CHECK(oracle.delivered(0, 0, 0) == Arrival::InOrder);
    CHECK(oracle.complete());
}

TEST_CASE("a new subscription excuses what came between, not before and not after") {
    Oracle oracle = pair_with(3);  // 0 is lost, 1 arrives, 2 goes down with the session
    oracle.delivered(0, 0, 1);
    oracle.subscribed_anew(0);
    oracle.acked(0, oracle.offer(0));
    const Verdict verdict = oracle.verdict();
    CHECK(verdict.excused == 1);
    CHECK(verdict.lost == 2);
}

TEST_CASE("payloads come back as they were, and damage shows") {
    const Payload payload{.run = 7, .publisher = 3, .sequence = 1ULL << 40U, .sent_us = 123456};
    Bytes bytes;
    encode_payload(payload, 64, bytes);
    CHECK(bytes.size() == 64);
    CHECK(decode_payload(bytes, 64) == payload);
    CHECK(decode_payload(ByteView(bytes).first(63), 64) == std::nullopt);
    bytes.back() ^= 1U;
    CHECK(decode_payload(bytes, 64) == std::nullopt);
}

TEST_CASE("quantiles are exact for small values and within two percent for large ones") {
    Histogram histogram;
    CHECK(histogram.quantile(0.5) == 0);
    for (std::int64_t value = 1; value <= 50; ++value)
        histogram.add(value);
    CHECK(histogram.quantile(0.5) == 25);
    CHECK(histogram.quantile(1.0) == 50);
    Histogram large;
    for (std::int64_t value = 1; value <= 100'000; ++value)
        large.add(value);
    CHECK(static_cast<double>(large.quantile(0.99)) == doctest::Approx(99'000).epsilon(0.02));
    CHECK(large.max() == 100'000);
}

}  // namespace lotmesh::bench
