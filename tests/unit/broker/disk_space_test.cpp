#include "runtime/broker/disk_space.h"

#include <doctest/doctest.h>

#include "tests/support/broker_rig.h"

using namespace lotmesh;
using namespace lotmesh::test;
using broker::disk_space_at;
using broker::DiskSpace;
using broker::DiskSpaceChanged;

TEST_CASE("disk space is low below 10 % and full below 2 %, and recovers 1 % above that") {
    CHECK(disk_space_at(1000, 10'000, DiskSpace::Enough) == DiskSpace::Enough);
    CHECK(disk_space_at(999, 10'000, DiskSpace::Enough) == DiskSpace::Low);
    CHECK(disk_space_at(1099, 10'000, DiskSpace::Low) == DiskSpace::Low);
    CHECK(disk_space_at(1100, 10'000, DiskSpace::Low) == DiskSpace::Enough);
    CHECK(disk_space_at(200, 10'000, DiskSpace::Low) == DiskSpace::Low);
    CHECK(disk_space_at(199, 10'000, DiskSpace::Enough) == DiskSpace::Full);
    CHECK(disk_space_at(299, 10'000, DiskSpace::Full) == DiskSpace::Full);
    CHECK(disk_space_at(300, 10'000, DiskSpace::Full) == DiskSpace::Low);
    CHECK(disk_space_at(1100, 10'000, DiskSpace::Full) == DiskSpace::Enough);
}

TEST_CASE("of a disk of which nothing is known nothing is said") {
    CHECK(disk_space_at(0, 0, DiskSpace::Enough) == DiskSpace::Enough);
    CHECK(disk_space_at(0, 0, DiskSpace::Full) == DiskSpace::Full);
}

TEST_CASE("while the disk is full no session is begun that lasts, and old ones come back") {
    BrokerRig rig;
    const auto answer = [&rig](std::string_view id, std::uint32_t expiry_sec) {
        TestClient client(rig);
        client.connect(
            Hello{.client_id = id, .clean_start = false, .session_expiry_sec = expiry_sec});
        const ReasonCode reason = client.expect<mqtt::Connack>().reason;
        client.drop();
        return reason;
    };
    CHECK(answer("old", 100) == ReasonCode::Success);
    rig.handle(DiskSpaceChanged{DiskSpace::Low});
    CHECK(answer("other", 100) == ReasonCode::Success);
    rig.handle(DiskSpaceChanged{DiskSpace::Full});
    CHECK(answer("new", 100) == ReasonCode::QuotaExceeded);
    CHECK(rig.core.counters().refused.sessions == 1);
    CHECK(answer("new", 0) == ReasonCode::Success);
    CHECK(answer("old", 100) == ReasonCode::Success);
    rig.handle(DiskSpaceChanged{DiskSpace::Low});
    CHECK(answer("new", 100) == ReasonCode::Success);
}

TEST_CASE("while the disk is full nothing new is retained, and what is there can be deleted") {
    BrokerRig rig;
    TestClient client(rig, Hello{});
    const auto answer = [&client](std::string_view payload, bool retain) {
        client.publish("a", payload, kQoS1, 1, retain);
        return client.expect<mqtt::Puback>().reason;
    };
    CHECK(answer("old", true) == ReasonCode::NoMatchingSubscribers);
    rig.handle(DiskSpaceChanged{DiskSpace::Full});
    CHECK(answer("new", true) == ReasonCode::QuotaExceeded);
    CHECK(rig.core.counters().refused.retained == 1);
    CHECK(answer("passing", false) == ReasonCode::NoMatchingSubscribers);
    TestClient reader(rig, Hello{.client_id = "reader"});
    CHECK(reader.subscribe("a") == ReasonCode::Success);
    CHECK(reader.expect_message() == "a=old");
    CHECK(answer("", true) == ReasonCode::Success);
}
