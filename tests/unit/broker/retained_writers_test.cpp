#include "runtime/broker/retained_writers.h"

#include <doctest/doctest.h>

#include "runtime/broker/retained.h"
#include "tests/support/rules_policy.h"

using namespace lotmesh;
using namespace lotmesh::broker;
using lotmesh::test::RulesPolicy;

namespace {

const Principal kAda{.client_id = "a", .user_name = "ada"};
const Principal kBob{.client_id = "b", .user_name = "bob"};

struct Bench {
    void write(std::string_view topic, std::string_view payload, const Principal* writer,
               std::optional<Instant> expires_at = std::nullopt) {
        store.apply(MessageRef::make({.topic = topic,
                                      .payload = as_bytes(payload),
                                      .retain = true,
                                      .expires_at = expires_at,
                                      .accepted_at = now.instant,
                                      .version = Version{HlcTime{++version}, NodeId{{1}}}}),
                    now, writer);
    }

    Limits limits;
    RetainedStore store{limits};
    Now now{.instant = {1'000'000}, .wall = {1'000}};
    std::uint64_t version = std::uint64_t{1'000} << 16;
};

}  // namespace

TEST_CASE("a writer is remembered as long as a message of his is, one for all of them") {
    Bench bench;
    bench.write("1", "x", &kAda);
    bench.write("2", "x", &kAda);
    bench.write("3", "x", nullptr);
    CHECK(bench.store.writer_count() == 1);
    bench.write("1", "x", &kBob);
    CHECK(bench.store.writer_count() == 2);
    bench.write("2", "", &kAda);
    CHECK(bench.store.writer_count() == 1);
    bench.write("1", "x", nullptr);  // by a peer
    CHECK(bench.store.writer_count() == 0);
}

TEST_CASE("the writer of a message that has expired is forgotten") {
    Bench bench;
    bench.write("1", "x", &kAda, Instant{2'000'000});
    bench.now.instant = {3'000'000};
    for (std::size_t i = 0; i < kRetainedBuckets; ++i)
        bench.store.sweep(bench.now);
    CHECK(bench.store.writer_count() == 0);
}

TEST_CASE("the policy is asked once for each writer and change of the rules") {
    RetainedWriters writers;
    RulesPolicy policy;
    RetainedWriters::Writer* ada = writers.hold(&kAda);
    CHECK(RetainedWriters::may_still_write(*ada, "t", policy, 1));
    policy.deny("ada", Permission::Retain, "t");
    CHECK(RetainedWriters::may_still_write(*ada, "t", policy, 1));
    CHECK_FALSE(RetainedWriters::may_still_write(*ada, "t", policy, 2));
    CHECK(RetainedWriters::may_still_write(*ada, "u", policy, 2));
    policy.has_rules = false;
    CHECK(RetainedWriters::may_still_write(*ada, "t", policy, 3));
    CHECK(writers.hold(&kAda) == ada);
    writers.release(ada);
    CHECK(writers.size() == 1);
    writers.release(ada);
    CHECK(writers.size() == 0);
    CHECK(writers.hold(nullptr) == nullptr);
}
