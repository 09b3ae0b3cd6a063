#include "runtime/server/listener_quota.h"

#include <doctest/doctest.h>

using namespace lotmesh;
using namespace lotmesh::server;

TEST_CASE("each listener has as many connections as it may, and not one more") {
    ListenerQuota quota;
    CHECK(quota.has_room("a", 1));
    quota.entered({0, 1}, "a");
    CHECK_FALSE(quota.has_room("a", 1));
    CHECK(quota.has_room("a", 2));
    CHECK(quota.has_room("b", 1));
    quota.entered({7, 1}, "a");
    CHECK_FALSE(quota.has_room("a", 2));
    quota.left({0, 1});
    quota.left({0, 1});  // once is enough
    CHECK(quota.has_room("a", 2));
    CHECK_FALSE(quota.has_room("a", 1));
}

TEST_CASE("a listener without a quota always has room, and who is not counted is not missed") {
    ListenerQuota quota;
    CHECK(quota.has_room("a", 0));
    quota.left({3, 1});
    quota.entered({3, 1}, "a");
    quota.left({3, 2});
    CHECK_FALSE(quota.has_room("a", 1));
}
