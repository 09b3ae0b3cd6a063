#include "runtime/server/plan_view.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/rng.h"
#include "compiler/compile.h"
#include "compiler/ir/diff.h"

using namespace lotmesh;
using namespace lotmesh::server;

namespace {

ir::Link link(const std::string& name) {
    ir::Link link;
    link.name = name;
    link.address = "10.0.0.1";
    link.port = 1883;
    link.client_id = "label-" + name;
    return link;
}

// Few values for each setting, so that two links often agree in most.
ir::Link random_link(Rng& rng, const std::string& name) {
    ir::Link made = link(name);
    const auto pick = [&rng](std::uint32_t count) {
        return static_cast<std::uint32_t>(rng.below(count));
    };
    made.address = "10.0.0." + std::to_string(pick(2));
    made.port = static_cast<std::uint16_t>(1883 + pick(2));
    made.username = pick(2) == 0 ? "" : "a user";
    made.password = ir::Secret(pick(2) == 0 ? "" : "pass" + std::to_string(pick(2)));
    made.message_validity_sec = 60 + pick(2);
    made.keepalive_sec = 10 + pick(2);
    made.tls.enabled = pick(2) == 0;
    made.overload.policy = static_cast<ir::OverloadPolicy>(pick(3));
    made.overload.capacity = pick(2);
    if (pick(4) == 0) made.references.push_back({"BROKER_ADDRESS", "GET ENV \"PEER\""});
    return made;
}

ir::BridgeEnd random_end(Rng& rng) {
    ir::BridgeEnd end;
    end.self = rng.below(3) == 0;
    if (end.self) return end;
    end.address = "10.0.0." + std::to_string(rng.below(2));
    end.port = 1883;
    end.client_id = "bridge";
    end.password = ir::Secret(rng.below(2) == 0 ? "" : "pass" + std::to_string(rng.below(2)));
    end.reconnection_retries = 5 + static_cast<std::uint32_t>(rng.below(2));
    return end;
}

ir::Bridge random_bridge(Rng& rng, const std::string& name) {
    ir::Bridge bridge;
    bridge.name = name;
    bridge.source = random_end(rng);
    // Another broker than the source, so that a direction can be told from the other.
    do {
        bridge.destination = random_end(rng);
    } while (bridge.destination.self);
    bridge.destination.address += "9";
    for (const char* const mapping : {"all of it", "some"})
        if (bridge.mappings.empty() || rng.below(2) == 0)
            bridge.mappings.push_back({mapping,
                                       "a/#",
                                       rng.below(2) == 0 ? "a/#" : "b/#",
                                       static_cast<ir::Direction>(rng.below(3)),
                                       {}});
    return bridge;
}

ir::Plan random_plan(Rng& rng) {
    ir::Plan plan;
    for (const char* const name : {"A", "B", "C", "D"})
        if (rng.below(3) != 0) plan.links.push_back(random_link(rng, name));
    for (const char* const name : {"AA", "BB"})
        if (rng.below(3) != 0) plan.bridges.push_back(random_bridge(rng, name));
    return plan;
}

std::vector<std::string> names(const std::vector<ShownChange>& changes, ChangeKind kind) {
    std::vector<std::string> found;
    for (const ShownChange& change : changes)
        if (change.kind == kind) found.push_back(change.link);
    return found;
}

// Of links and bridges, in one order.
template <typename Links, typename Bridges>
std::vector<std::string> names(const Links& links, const Bridges& bridges) {
    const auto name = [](const auto& item) {
        if constexpr (requires { item.after; })
            return item.after.name;
        else
            return item.name;
    };
    std::vector<std::string> found;
    for (const auto& item : links)
        found.push_back(name(item));
    for (const auto& item : bridges)
        found.push_back(name(item));
    std::ranges::sort(found);
    return found;
}

}  // namespace

TEST_CASE("what is printed of any plan reads as the same view") {
    Rng rng(7);
    for (int round = 0; round < 500; ++round) {
        const PlanView view = view_of(random_plan(rng));
        const auto read = parse_plan_view(print(view));
        REQUIRE(read.has_value());
        CHECK(*read == view);
        CHECK(hash_of(*read) == hash_of(view));
    }
}

TEST_CASE("the changes of two plans are those that the broker makes of them") {
    Rng rng(8);
    for (int round = 0; round < 2'000; ++round) {
        const ir::Plan before = random_plan(rng);
        ir::Plan after = random_plan(rng);
        // The same value by reference or not: the broker knows, who reads cannot.
        for (ir::Link& each : after.links)
            for (const ir::Link& old : before.links)
                if (old.name == each.name) each.references = old.references;
        const auto changes = compare(before, after);
        const ir::PlanDiff diff = ir::diff(before, after);
        CHECK(names(changes, ChangeKind::Add) == names(diff.added, diff.bridges.added));
        CHECK(names(changes, ChangeKind::Remove) == names(diff.removed, diff.bridges.removed));
        CHECK(names(changes, ChangeKind::Reconnect) ==
              names(diff.reconnect, diff.bridges.reconnect));
        CHECK(names(changes, ChangeKind::Retune) == names(diff.retuned, diff.bridges.retuned));
    }
}

TEST_CASE("a change names the settings that differ, before and after") {
    ir::Plan before{{link("A")}};
    ir::Plan after = before;
    after.links[0].keepalive_sec = 20;
    CHECK(compare(before, after) ==
          std::vector<ShownChange>{{ChangeKind::Retune, "A", {{"keepalive_sec", "10", "20"}}}});
    after.links[0].username = "u";
    CHECK(
        compare(view_of(before), view_of(after)) ==
        std::vector<ShownChange>{
            {ChangeKind::Reconnect, "A", {{"keepalive_sec", "10", "20"}, {"username", "", "u"}}}});
}

TEST_CASE("secrets are never shown, and a changed one is seen where both plans are known") {
    ir::Plan before{{link("A")}};
    before.links[0].password = ir::Secret("topsecret");
    ir::Plan after = before;
    after.links[0].password = ir::Secret("othersecret");
    CHECK(print(view_of(before)).find("topsecret") == std::string::npos);
    CHECK(hash_of(view_of(before)) == hash_of(view_of(after)));
    CHECK(compare(view_of(before), view_of(after)).empty());
    CHECK(compare(before, after) ==
          std::vector<ShownChange>{
              {ChangeKind::Reconnect, "A", {{"password", "***", "*** (another one)"}}}});
}

TEST_CASE("what is no printed plan is refused with its line") {
    for (const char* const wrong :
         {"links A\n", "  port 1\n", "link A\n  port\n", "link A\nx\n", "link \n", "link A\n   \n"})
        CHECK_FALSE(parse_plan_view(wrong).has_value());
    CHECK(parse_plan_view("link A\n  port\n").error() == "line 2 of the plan is no part of a plan");
    CHECK_FALSE(parse_plan_view("link B\nlink A\n").has_value());
    CHECK(parse_plan_view("")->links.empty());
}

TEST_CASE("a bridge is shown with its ends and mappings") {
    Rng rng(1);
    ir::Plan before;
    before.bridges.push_back(random_bridge(rng, "B"));
    ir::Bridge& bridge = before.bridges.front();
    bridge.source = {};
    bridge.source.self = true;
    bridge.destination = {};
    bridge.destination.address = "plant.example";
    bridge.destination.port = 1883;
    bridge.mappings = {{"all", "a/#", "b/#", ir::Direction::Both, {}}};
    const std::string text = print(view_of(before));
    CHECK(text.starts_with("bridge B\n  source                this broker\n"));
    CHECK(text.find("  destination.address   plant.example\n") != std::string::npos);
    CHECK(text.find("  mapping.all           this broker `a/#` -> plant.example:1883 `b/#` and ") !=
          std::string::npos);
    ir::Plan after = before;
    after.bridges.front().mappings.front().direction = ir::Direction::Out;
    const auto changes = compare(before, after);
    REQUIRE(changes.size() == 1);
    CHECK(changes.front().kind == ChangeKind::Retune);
    CHECK(changes.front().settings.front().key == "mapping.all");
}

TEST_CASE("rules are shown behind the links, and are changed in place") {
    const auto plan_of = [](const std::string& text) {
        const SourceText file{"a.lot", text};
        return *compile({&file, 1}).plan;
    };
    const ir::Plan before = plan_of(
        "DEFINE RULE B WITH PRIORITY 1 FOR Publish TO TOPIC \"a\" IF ANYBODY THEN ALLOW\n"
        "DEFINE RULE A WITH PRIORITY 2 FOR Connect IF ANYBODY THEN ALLOW ELSE DENY\n");
    const PlanView view = view_of(before);
    REQUIRE(view.rules.size() == 2);
    CHECK(view.rules[0].name == "A");
    CHECK(*parse_plan_view(print(view)) == view);
    CHECK(print(view).contains("rule B\n  priority              1\n"));
    const ir::Plan after = plan_of(
        "DEFINE RULE C WITH PRIORITY 1 FOR Publish TO TOPIC \"a\" IF ANYBODY THEN ALLOW\n"
        "DEFINE RULE A WITH PRIORITY 3 FOR Connect IF ANYBODY THEN ALLOW ELSE DENY\n");
    const std::vector<ShownChange> changes = compare(before, after);
    REQUIRE(changes.size() == 3);
    CHECK(changes[0] == ShownChange{ChangeKind::Retune, "A", {{"priority", "2", "3"}}, true});
    CHECK(changes[1].kind == ChangeKind::Remove);
    CHECK(changes[2].kind == ChangeKind::Add);
    CHECK(changes[2].rule);
    CHECK(compare(view, view_of(after)) == changes);
}
