#include "runtime/server/limit_names.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

using namespace lotmesh;
using namespace lotmesh::server;

namespace {

constexpr const char* kPage = LOTMESH_SOURCE_DIR "/docs/limits.md";

std::string complaint(std::string_view text) {
    broker::Limits limits;
    const auto set = set_limit(limits, text);
    return set ? std::string() : set.error();
}

}  // namespace

TEST_CASE("each limit can be set to its smallest and its largest value, and no further") {
    for (const LimitInfo& info : limit_infos()) {
        CAPTURE(info.name);
        broker::Limits limits;
        for (const std::uint64_t value : {info.min, info.max}) {
            CHECK(set_limit(limits, std::string(info.name) + "=" + std::to_string(value)));
            CHECK(info.get(limits) == value);
        }
        CHECK_FALSE(complaint(std::string(info.name) + "=" + std::to_string(info.max + 1)).empty());
        if (info.min > 0)
            CHECK_FALSE(
                complaint(std::string(info.name) + "=" + std::to_string(info.min - 1)).empty());
    }
}

TEST_CASE("the default of each limit is within its own bounds, and names are used once") {
    std::set<std::string_view> names;
    for (const LimitInfo& info : limit_infos()) {
        CAPTURE(info.name);
        const std::uint64_t value = info.get(broker::Limits{});
        CHECK(value >= info.min);
        CHECK(value <= info.max);
        CHECK(names.insert(info.name).second);
    }
}

TEST_CASE("setting one limit changes that one") {
    broker::Limits limits;
    REQUIRE(set_limit(limits, "connect-timeout-sec=3"));
    CHECK(limits.connect_timeout == Duration::seconds(3));
    REQUIRE(set_limit(limits, "queue-bytes=5"));
    CHECK(limits.queue.bytes_max == 5);
    REQUIRE(set_limit(limits, "maximum-qos=1"));
    CHECK(limits.maximum_qos == mqtt::QoS::AtLeastOnce);
    REQUIRE(set_limit(limits, "retain-available=0"));
    CHECK_FALSE(limits.retain_available);
    CHECK(limits.packet_bytes_max == broker::Limits{}.packet_bytes_max);
}

TEST_CASE("what is no limit is told") {
    CHECK(complaint("packets=1") == "there is no limit \"packets\": docs/limits.md lists them");
    CHECK(complaint("") == "there is no limit \"\": docs/limits.md lists them");
    for (const char* const text : {"maximum-qos", "maximum-qos=", "maximum-qos=3", "maximum-qos=x",
                                   "maximum-qos=1 ", "maximum-qos=-1"})
        CHECK(complaint(text) == "maximum-qos is a number from 0 to 2");
}

// LOTMESH_UPDATE_GOLDEN=1 writes the page anew.
TEST_CASE("docs/limits.md lists what there is") {
    if (std::getenv("LOTMESH_UPDATE_GOLDEN") != nullptr)
        std::ofstream(kPage, std::ios::binary) << limits_page();
    std::ifstream in(kPage, std::ios::binary);
    const std::string page{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    CHECK(page == limits_page());
}

TEST_CASE("the page says where it is counted what a limit refuses") {
    const std::string page = limits_page();
    for (const LimitInfo& info : limit_infos())
        if (!info.counter.empty())
            CHECK(page.find(" | `" + std::string(info.counter) + "` |\n") != std::string::npos);
}
