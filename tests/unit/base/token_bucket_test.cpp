#include "base/token_bucket.h"

#include <doctest/doctest.h>

using namespace lotmesh;

namespace {

int taken(TokenBucket& bucket, Instant now) {
    int count = 0;
    while (bucket.take(now))
        ++count;
    return count;
}

constexpr Instant kStart{5'000'000};

}  // namespace

TEST_CASE("a bucket gives what it holds at once, and then one after the other") {
    TokenBucket bucket(10, 3);
    CHECK(taken(bucket, kStart) == 3);
    CHECK(bucket.next() == kStart + Duration::milliseconds(100));
    CHECK(taken(bucket, kStart + Duration::microseconds(99'999)) == 0);
    CHECK(taken(bucket, kStart + Duration::milliseconds(100)) == 1);
    CHECK(taken(bucket, kStart + Duration::milliseconds(300)) == 2);
}

TEST_CASE("a bucket that was left alone is full, and not more") {
    TokenBucket bucket(10, 3);
    CHECK(taken(bucket, kStart) == 3);
    CHECK_FALSE(bucket.is_full(kStart + Duration::milliseconds(299)));
    CHECK(bucket.is_full(kStart + Duration::milliseconds(300)));
    CHECK(taken(bucket, kStart + Duration::seconds(60)) == 3);
}

TEST_CASE("a bucket of one gives one at a time") {
    TokenBucket bucket(1, 1);
    CHECK(taken(bucket, kStart) == 1);
    CHECK(taken(bucket, kStart + Duration::seconds(1)) == 1);
}

TEST_CASE("what is taken beyond what there is has to be waited for, to the last of a million") {
    const auto after = [](std::int64_t us) { return kStart + Duration::microseconds(us); };
    TokenBucket bucket(1'000'000, 1'000'000);
    bucket.charge(kStart, 1'000'000);
    CHECK(bucket.next() == after(1));
    bucket.charge(kStart, 200'000);
    CHECK(bucket.next() == after(200'001));
    for (int i = 0; i < 100'000; ++i)
        bucket.charge(kStart, 1);
    CHECK(bucket.next() == after(300'001));
    CHECK_FALSE(bucket.take(after(300'000)));
    CHECK(bucket.take(after(300'001)));
}

TEST_CASE("a rate that no microsecond is a multiple of is kept") {
    TokenBucket bucket(3, 1);
    for (int i = 0; i < 3; ++i)
        bucket.charge(kStart, 1);
    CHECK(bucket.is_full(kStart + Duration::seconds(1)));
    CHECK_FALSE(bucket.is_full(kStart + Duration::microseconds(999'999)));
}
