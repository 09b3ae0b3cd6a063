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
