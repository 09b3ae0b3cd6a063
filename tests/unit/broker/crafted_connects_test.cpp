// A million CONNECT packets that are nearly right: with wills, properties, user names and
// passwords, each bent at some place. Whatever was kept of one is gone with its connection; what is
// not, the leak check of this build finds at the end, and here, that what is resident does not
// grow.
#include <doctest/doctest.h>

#include <fstream>
#include <string>

#include "base/rng.h"
#include "tests/support/broker_rig.h"

using namespace lotmesh;
using namespace lotmesh::test;

namespace {

constexpr int kConnects = 1'000'000;
// Until then what is freed waits in the quarantine of the address checker.
constexpr int kWarmUp = 300'000;
constexpr std::uint64_t kGrowthPagesMax = 4'096;  // 16 MiB

std::uint64_t resident_pages() {
    std::ifstream file("/proc/self/statm");
    std::uint64_t size = 0;
    std::uint64_t resident = 0;
    file >> size >> resident;
    REQUIRE(file.good());
    return resident;
}

Bytes well_made() {
    mqtt::Connect connect = TestClient::connect_packet(
        Hello{.client_id = "crafted", .user_name = "user", .session_expiry_sec = 60});
    connect.password = as_bytes("password");
    connect.properties.user_properties.push_back({"key", "value"});
    mqtt::Will will{.topic = "will/topic", .payload = as_bytes("payload"), .properties = {}};
    will.properties.will_delay_interval_sec = 5;
    // Content type, response topic, correlation data, a user property.
    will.properties.forwarded = {0x03, 0, 1,    't', 0x08, 0,   1, 'r', 0x09, 0,
                                 1,    9, 0x26, 0,   1,    'k', 0, 1,   'v'};
    connect.will = will;
    Bytes bytes;
    mqtt::encode(connect, ProtocolVersion::V5, bytes);
    return bytes;
}

// A byte changed, taken out or put in; or some of the end is missing.
Bytes bent(const Bytes& whole, Rng& rng) {
    Bytes bytes = whole;
    const auto at = static_cast<std::ptrdiff_t>(rng.below(bytes.size()));
    const auto byte = static_cast<std::uint8_t>(rng.below(256));
    switch (rng.below(4)) {
        case 0: bytes[static_cast<std::size_t>(at)] = byte; break;
        case 1: bytes.erase(bytes.begin() + at); break;
        case 2: bytes.insert(bytes.begin() + at, byte); break;
        default: bytes.resize(static_cast<std::size_t>(at)); break;
    }
    return bytes;
}

}  // namespace

TEST_CASE("S5: a million crafted CONNECT packets leave nothing behind") {
    const Bytes whole = well_made();
    Rng rng(5);
    BrokerRig rig;
    std::uint64_t before = 0;
    for (int i = 0; i < kConnects; ++i) {
        if (i == kWarmUp) before = resident_pages();
        const ConnId conn = {0, static_cast<std::uint32_t>(i + 1)};
        rig.core.handle(broker::Accepted{conn, {.remote_address = "192.0.2.1:1"}}, rig.now,
                        rig.effects);
        rig.core.handle(broker::Received{conn, bent(whole, rng)}, rig.now, rig.effects);
        rig.core.handle(broker::Closed{conn, "gone"}, rig.now, rig.effects);
        rig.core.end_turn(rig.now, rig.effects);
        rig.effects.reset();
        // Delays and expiries pass.
        if (i % 1000 == 0) {
            rig.advance(Duration::seconds(100));
            rig.outputs.clear();
            rig.actions.clear();
            rig.audits.clear();
        }
    }
    CHECK(rig.core.connected_clients() == 0);
    CHECK(rig.core.counters().connections_opened > 1000);
    CHECK(resident_pages() < before + kGrowthPagesMax);
}
