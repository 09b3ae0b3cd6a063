// MQTT_BRIDGE routes: ir (diff, validate, dump, fingerprint), and from text to plan and back.
#include <doctest/doctest.h>

#include <fmt/core.h>

#include <algorithm>

#include "base/rng.h"
#include "compiler/compile.h"
#include "compiler/format_file.h"
#include "compiler/ir/diff.h"
#include "compiler/ir/dump.h"
#include "compiler/ir/mapping.h"
#include "compiler/ir/validate.h"

using namespace lotmesh;
using namespace lotmesh::ir;

namespace {

Mapping mapping(std::string source, std::string destination, Direction direction) {
    Mapping result;
    result.name = "m";
    result.source_topic = std::move(source);
    result.destination_topic = std::move(destination);
    result.direction = direction;
    return result;
}

Bridge bridge(std::string name) {
    Bridge result;
    result.name = std::move(name);
    result.source = this_broker();
    result.destination.address = "cloud.example";
    result.destination.port = 1883;
    result.destination.client_id = "site1";
    result.mappings = {mapping("a/#", "b/#", Direction::Out)};
    return result;
}

template <typename Change>
BridgeDiff diff_after(Change change) {
    const Plan before{{}, {bridge("a")}};
    Plan after = before;
    change(after.bridges[0]);
    return diff(before, after).bridges;
}

template <typename Change>
std::size_t broken_after(Change change) {
    Plan plan{{}, {bridge("a")}};
    change(plan.bridges[0]);
    return validate(plan).size();
}

std::string in_quotes(std::string_view text) { return fmt::format("\"{}\"", text); }

std::string setting(std::string_view key, std::string_view value) {
    return fmt::format("        WITH {} {}\n", key, value);
}

std::string to_lot(const Overload& overload) {
    constexpr std::string_view kPolicies[] = {"lossless", "balanced", "realtime"};
    return "    ADD ROUTE_CONFIG\n" +
           setting("OVERLOAD_POLICY",
                   in_quotes(kPolicies[static_cast<std::size_t>(overload.policy)])) +
           setting("OVERLOAD_TIMEOUT", std::to_string(overload.timeout_ms)) +
           setting("OVERLOAD_CAPACITY", std::to_string(overload.capacity));
}

// What a link and an end of a bridge have in common.
template <typename Connection>
std::string to_lot(const Connection& to) {
    return setting("BROKER_ADDRESS", in_quotes(to.address)) +
           setting("BROKER_PORT", std::to_string(to.port)) +
           setting("CLIENT_ID", in_quotes(to.client_id)) +
           setting("USERNAME", in_quotes(to.username)) +
           setting("PASSWORD", in_quotes(to.password.reveal())) +
           setting("USE_TLS", to.tls.enabled ? "true" : "false") +
           setting("ALLOW_UNTRUSTED_CERTS", to.tls.allow_untrusted_certs ? "true" : "false") +
           setting("SERVER_CA_CERT_PATH", in_quotes(to.tls.server_ca_cert_path)) +
           setting("CLIENT_CERT_PATH", in_quotes(to.tls.client_cert_path)) +
           setting("CLIENT_CERT_PASS", in_quotes(to.tls.client_cert_pass.reveal())) +
           setting("RECONNECTION_RETRIES", std::to_string(to.reconnection_retries));
}

std::string end_to_lot(std::string_view block, const BridgeEnd& end) {
    return fmt::format("    ADD {}\n{}", block,
                       end.self ? setting("BROKER", "SELF") : to_lot<BridgeEnd>(end));
}

std::string route_to_lot(const Bridge& route) {
    std::string text = fmt::format("DEFINE ROUTE {} WITH TYPE MQTT_BRIDGE\n", route.name);
    text += end_to_lot("SOURCE_CONFIG", route.source);
    text += end_to_lot("DESTINATION_CONFIG", route.destination);
    for (const Mapping& one : route.mappings)
        text += fmt::format("    ADD MAPPING {}\n", one.name) +
                setting("SOURCE_TOPIC", in_quotes(one.source_topic)) +
                setting("DESTINATION_TOPIC", in_quotes(one.destination_topic)) +
                setting("DIRECTION", in_quotes(to_string(one.direction)));
    return text + to_lot(route.overload);
}

std::string route_to_lot(const Link& link) {
    return fmt::format("DEFINE ROUTE {} WITH TYPE MQTT_CLUSTER\n    ADD CLUSTER_CONFIG\n",
                       link.name) +
           to_lot<Link>(link) +
           setting("MESSAGE_VALIDITY_SEC", std::to_string(link.message_validity_sec)) +
           setting("KEEPALIVE_SEC", std::to_string(link.keepalive_sec)) + to_lot(link.overload);
}

std::string plan_to_lot(const Plan& plan) {
    std::string text;
    for (const Bridge& route : plan.bridges)
        text += route_to_lot(route);
    for (const Link& link : plan.links)
        text += route_to_lot(link);
    return text;
}

// Values of every kind, by chance.
class Maker {
public:
    explicit Maker(std::uint64_t seed) : random_(seed) {}

    Plan plan() {
        Plan plan;
        for (std::uint32_t i = 0, count = below(4); i < count; ++i)
            plan.links.push_back(link(fmt::format("link{}", i)));
        for (std::uint32_t i = 0, count = below(4); i < count; ++i)
            plan.bridges.push_back(random_bridge(fmt::format("bridge{}", i)));
        return plan;
    }

private:
    std::uint32_t below(std::uint32_t bound) {
        return static_cast<std::uint32_t>(random_.below(bound));
    }
    std::string word() { return below(3) == 0 ? "" : fmt::format("word{}", below(1000)); }

    Overload overload() {
        const auto policy = static_cast<OverloadPolicy>(below(3));
        return {policy, below(1000), policy == OverloadPolicy::Lossless ? 0 : below(1000)};
    }

    template <typename Connection>
    void connect(Connection& to, const std::string& who) {
        to.address = fmt::format("host{}.example", below(1000));
        to.port = static_cast<std::uint16_t>(1 + below(65535));
        to.client_id = who;
        to.username = word();
        to.password = Secret(word());
        to.tls = {below(2) == 0, below(2) == 0, word(), word(), Secret(word())};
        to.reconnection_retries = below(100);
    }

    Link link(const std::string& name) {
        Link link;
        connect(link, name);
        link.name = name;
        link.message_validity_sec = below(86401);
        link.keepalive_sec = 1 + below(65535);
        link.overload = overload();
        return link;
    }

    BridgeEnd end(const std::string& who) {
        if (below(3) == 0) return this_broker();
        BridgeEnd end;
        connect(end, who);
        return end;
    }

    Bridge random_bridge(const std::string& name) {
        constexpr std::string_view kTopics[] = {"a", "+/b", "a/+/#", "#", "/"};
        Bridge bridge;
        bridge.name = name;
        bridge.source = end(name + "-source");
        bridge.destination = end(name + "-destination");
        for (std::uint32_t i = 0, count = 1 + below(4); i < count; ++i) {
            const std::string topic(kTopics[below(std::size(kTopics))]);
            bridge.mappings.push_back(
                mapping(topic, "site/" + topic, static_cast<Direction>(below(3))));
            bridge.mappings.back().name = fmt::format("m{}", i);
        }
        bridge.overload = overload();
        return bridge;
    }

    Rng random_;
};

Plan plan_of(const std::string& text) {
    const SourceText file{"plan.lot", text};
    CompileOptions options;
    options.mode = CompileMode::Load;
    CompileResult result = compile({&file, 1}, options);
    REQUIRE_MESSAGE(result.ok(), text);
    return std::move(*result.plan);
}

}  // namespace

TEST_CASE("a plan that is written as routes and read again is the same plan") {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        CAPTURE(seed);
        const Plan plan = Maker(seed).plan();
        CHECK(validate(plan).empty());
        const std::string text = plan_to_lot(plan);
        CHECK(plan_of(text) == plan);
        const FormatResult formatted = format_file({"plan.lot", text});
        REQUIRE(formatted.text);
        CHECK(plan_of(*formatted.text) == plan);
        CHECK(format_file({"plan.lot", *formatted.text}).text == formatted.text);
    }
}

TEST_CASE("bridges are written with their keys in order, SELF bare and words in small letters") {
    const FormatResult result = format_file({"a.lot", R"(DEFINE ROUTE A WITH TYPE MQTT_BRIDGE
 ADD DESTINATION_CONFIG
  WITH CLIENT_ID 'x' WITH BROKER_PORT 1883 WITH BROKER_ADDRESS "b.example"
 ADD MAPPING "m" WITH DIRECTION "OUT" WITH SOURCE_TOPIC 'a' WITH DESTINATION_TOPIC "b"
 ADD SOURCE_CONFIG WITH BROKER "self"
)"});
    CHECK(result.text == R"(DEFINE ROUTE A WITH TYPE MQTT_BRIDGE
    ADD DESTINATION_CONFIG
        WITH BROKER_ADDRESS "b.example"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "x"
    ADD MAPPING m
        WITH SOURCE_TOPIC "a"
        WITH DESTINATION_TOPIC "b"
        WITH DIRECTION "out"
    ADD SOURCE_CONFIG
        WITH BROKER SELF
)");
}

TEST_CASE("bridges that come, go and change are told apart from links") {
    const PlanDiff result =
        diff({{}, {bridge("a"), bridge("c")}}, {{}, {bridge("b"), bridge("c")}});
    CHECK(result.bridges.added == std::vector{bridge("b")});
    CHECK(result.bridges.removed == std::vector{bridge("a")});
    CHECK(result.added.empty());
    CHECK_FALSE(result.empty());
    CHECK(diff_after([](Bridge&) {}).empty());
    CHECK(diff_after([](Bridge& b) { b.mappings[0].source_topic = "x/#"; }).retuned.size() == 1);
    CHECK(diff_after([](Bridge& b) { b.overload.capacity = 1; }).retuned.size() == 1);
    CHECK(diff_after([](Bridge& b) { b.destination.reconnection_retries = 1; }).retuned.size() ==
          1);
    CHECK(diff_after([](Bridge& b) { b.destination.port = 1; }).reconnect.size() == 1);
    CHECK(diff_after([](Bridge& b) { b.destination.password = Secret("x"); }).reconnect.size() ==
          1);
    CHECK(diff_after([](Bridge& b) { b.destination = this_broker(); }).reconnect.size() == 1);
    CHECK(diff_after([](Bridge& b) { b.destination.port = 1; }).retuned.empty());
}

TEST_CASE("each rule of a bridge is asked") {
    CHECK(broken_after([](Bridge&) {}) == 0);
    CHECK(broken_after([](Bridge& b) { b.name = ""; }) == 1);
    CHECK(broken_after([](Bridge& b) { b.name = std::string(129, 'n'); }) == 1);
    CHECK(broken_after([](Bridge& b) { b.source.port = 1; }) == 1);
    CHECK(broken_after([](Bridge& b) { b.destination.address = ""; }) == 1);
    CHECK(broken_after([](Bridge& b) { b.destination.port = 0; }) == 1);
    CHECK(broken_after([](Bridge& b) { b.destination.client_id = ""; }) == 1);
    CHECK(broken_after([](Bridge& b) { b.destination.username = std::string(65536, 'u'); }) == 1);
    CHECK(broken_after([](Bridge& b) { b.mappings.clear(); }) == 1);
    CHECK(broken_after([](Bridge& b) { b.mappings.push_back(b.mappings[0]); }) == 1);
    CHECK(broken_after([](Bridge& b) { b.mappings[0].name = ""; }) == 1);
    CHECK(broken_after([](Bridge& b) { b.mappings[0].source_topic = "$share/g/#"; }) == 1);
    CHECK(broken_after([](Bridge& b) { b.mappings[0].destination_topic = "b/+"; }) == 1);
    Link link;
    link.name = "a";
    link.address = "peer.example";
    link.port = 1883;
    link.client_id = "a";
    CHECK(validate({{link}, {bridge("a")}}).size() == 1);
    CHECK(validate({{}, {bridge("b"), bridge("a")}}).size() == 1);
}

TEST_CASE("wildcards agree where they are the same, or where what is sent to has none") {
    CHECK(wildcards_agree(mapping("a", "b", Direction::Both)));
    CHECK(wildcards_agree(mapping("+/a/#", "b/+/#", Direction::Both)));
    CHECK_FALSE(wildcards_agree(mapping("a/+", "b", Direction::Both)));
    CHECK(wildcards_agree(mapping("a/+", "b", Direction::Out)));
    CHECK_FALSE(wildcards_agree(mapping("a/+", "b", Direction::In)));
    CHECK(wildcards_agree(mapping("a", "b/#", Direction::In)));
    CHECK_FALSE(wildcards_agree(mapping("a", "b/#", Direction::Out)));
    CHECK_FALSE(wildcards_agree(mapping("a/+", "b/#", Direction::Out)));
}

TEST_CASE("a direction is seen from the source, and the dump says which way messages go") {
    Bridge shown = bridge("a");
    shown.destination.password = Secret("hunter2");
    shown.mappings[0].direction = Direction::In;
    const std::string text = dump(shown);
    CHECK(text.find("cloud.example:1883 `b/#` -> this broker `a/#`\n") != std::string::npos);
    CHECK(text.find("hunter2") == std::string::npos);
    shown.mappings[0].direction = Direction::Both;
    CHECK(flows(shown, shown.mappings[0]).size() == 2);
}

TEST_CASE("the fingerprint takes bridges in, their passwords and mappings too") {
    const std::uint64_t plain = fingerprint({{}, {bridge("a")}});
    CHECK(plain != fingerprint({}));
    Bridge other = bridge("a");
    other.destination.password = Secret("x");
    CHECK(fingerprint({{}, {other}}) != plain);
    other = bridge("a");
    other.mappings[0].direction = Direction::Both;
    CHECK(fingerprint({{}, {other}}) != plain);
}
