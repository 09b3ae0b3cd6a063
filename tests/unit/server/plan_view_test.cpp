#include "runtime/server/plan_view.h"

#include <doctest/doctest.h>

#include "base/rng.h"
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

ir::Plan random_plan(Rng& rng) {
    ir::Plan plan;
    for (const char* const name : {"A", "B", "C", "D"})
        if (rng.below(3) != 0) plan.links.push_back(random_link(rng, name));
    return plan;
}

std::vector<std::string> names(const std::vector<ShownChange>& changes, ChangeKind kind) {
    std::vector<std::string> found;
    for (const ShownChange& change : changes)
        if (change.kind == kind) found.push_back(change.link);
    return found;
}

std::vector<std::string> names(const std::vector<ir::LinkChange>& changes) {
    std::vector<std::string> found;
    for (const ir::LinkChange& change : changes)
        found.push_back(change.after.name);
    return found;
}

std::vector<std::string> names(const std::vector<ir::Link>& links) {
    std::vector<std::string> found;
    for (const ir::Link& each : links)
        found.push_back(each.name);
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
        CHECK(names(changes, ChangeKind::Add) == names(diff.added));
        CHECK(names(changes, ChangeKind::Remove) == names(diff.removed));
        CHECK(names(changes, ChangeKind::Reconnect) == names(diff.reconnect));
        CHECK(names(changes, ChangeKind::Retune) == names(diff.retuned));
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
