// n independent mistakes give exactly n diagnostics: every subset of size 1 and 2 of a list of
// mistakes, and many larger ones from a seed, put into a file of four routes.
#include <doctest/doctest.h>

#include <fmt/core.h>

#include <array>

#include "base/rng.h"
#include "tests/unit/compiler/golden.h"

using namespace lotmesh;
using namespace lotmesh::test;

namespace {

// A line of a good route, and what it becomes.
struct Mistake {
    std::string_view good;
    std::string_view bad;
};

constexpr std::array kMistakes = {
    Mistake{"DEFINE ROUTE", "DEFNIE ROUTE"},
    Mistake{"WITH TYPE MQTT_CLUSTER", "WITH TYPE MQTT_CLUSTERS"},
    Mistake{"    ADD CLUSTER_CONFIG", "    CLUSTER_CONFIG"},
    Mistake{"WITH BROKER_ADDRESS", "WIHT BROKER_ADDRESS"},
    Mistake{"WITH BROKER_PORT '1883'", "WITH BROKER_PORT"},
    Mistake{"WITH BROKER_PORT '1883'", "BROKER_PORT '1883'"},
    Mistake{"WITH BROKER_PORT '1883'", "WITH BROKER_PORT '99999'"},
    Mistake{"WITH BROKER_PORT '1883'", "WITH BROKER_PORT '18' '83'"},
    Mistake{"WITH USERNAME \"u", "WITH USERNAM \"u"},
    Mistake{"WITH USERNAME", "with USERNAME"},
    Mistake{"WITH MESSAGE_VALIDITY_SEC '30'", "WITH MESSAGE_VALIDITY_SEC \"30"},
    Mistake{"WITH USE_TLS false", "WITH USE_TLS perhaps"},
    Mistake{"WITH USE_TLS false", "WITH USE_TLS = false"},
    Mistake{"WITH KEEPALIVE_SEC '10'", "WITH WARP_FACTOR '10'"},
    Mistake{"    ADD ROUTE_CONFIG", "    ADDD ROUTE_CONFIG"},
    Mistake{"\"balanced\"", "\"balancd\""},
    Mistake{"DEFINE ROUTE R", "DEFINE ROUTE 2R"},
    Mistake{"    ADD CLUSTER_CONFIG", "    # the link with node two\n    ADD CLUSTER_CONFIG"},
    Mistake{"    ADD CLUSTER_CONFIG", "    ADDCLUSTER_CONFIG"},
    Mistake{"WITH BROKER_ADDRESS", "WITHBROKER_ADDRESS"},
    Mistake{"WITH CLIENT_ID \"", "WITH CLIENT_ID 'it's with all that' // \""},
    Mistake{"WITH USERNAME \"", "WITH USERNAME my user with many words // \""},
};

std::string good_route(std::size_t number) {
    return fmt::format(R"(DEFINE ROUTE R{0} WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "n{0}.example"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "c{0}"
        WITH USERNAME "u{0}"
        WITH MESSAGE_VALIDITY_SEC '30'
        WITH USE_TLS false
        WITH KEEPALIVE_SEC '10'
    ADD ROUTE_CONFIG
        WITH OVERLOAD_POLICY "balanced"
)",
                       number);
}

// False when the line has been spoilt already.
bool spoil(std::string& route, const Mistake& mistake) {
    const std::size_t at = route.find(mistake.good);
    if (at == std::string::npos) return false;
    route.replace(at, mistake.good.size(), mistake.bad);
    return true;
}

std::vector<std::string> diagnose(const std::string& text) {
    const SourceText file{"seeded.lot", text};
    return summaries(compile({&file, 1}).report);
}

void check_count(const std::string& text, std::size_t count) {
    const std::vector<std::string> found = diagnose(text);
    CAPTURE(text);
    std::string listed;
    for (const std::string& line : found)
        listed += line + "\n";
    CAPTURE(listed);
    CHECK(found.size() == count);
}

}  // namespace

TEST_CASE("a file without a mistake has no diagnostic") {
    check_count(good_route(1) + good_route(2), 0);
}

TEST_CASE("one mistake gives one diagnostic") {
    for (const Mistake& mistake : kMistakes) {
        std::string route = good_route(1);
        REQUIRE(spoil(route, mistake));
        check_count(good_route(0) + route + good_route(2), 1);
    }
}

TEST_CASE("two mistakes in one route give two diagnostics") {
    for (const Mistake& first : kMistakes)
        for (const Mistake& second : kMistakes) {
            std::string route = good_route(1);
            if (first.good == second.good || !spoil(route, first) || !spoil(route, second))
                continue;
            check_count(good_route(0) + route + good_route(2), 2);
        }
}

TEST_CASE("n mistakes over many routes give n diagnostics") {
    Rng rng(20240607);
    for (int round = 0; round < 300; ++round) {
        std::string text;
        std::size_t count = 0;
        for (std::size_t number = 0; number < 4; ++number) {
            std::string route = good_route(number);
            for (const Mistake& mistake : kMistakes)
                if (rng.below(4) == 0 && spoil(route, mistake)) ++count;
            text += route;
        }
        check_count(text, count);
    }
}
