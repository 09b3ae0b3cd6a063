#include "tools/lotmesh/rollout.h"

#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/support/temporary_folder.h"
#include "tests/unit/tools/running_broker.h"
#include "tools/lotmesh/apply_command.h"

using namespace lotmesh;
using namespace lotmesh::tool;
using namespace lotmesh::test;

namespace {

struct Run {
    int exit;
    std::string out;
    std::string error;
};

template <typename Options>
Run run(int (*command)(const Options&, RolloutStreams), const Options& options) {
    std::ostringstream out;
    std::ostringstream error;
    const int exit = command(options, {out, error});
    return {exit, out.str(), error.str()};
}

// A broker that runs revision 7 and obeys commands; `next` is to be applied to it.
struct Fixture {
    TemporaryFolder folder;
    Said said;
    std::vector<std::string> commands;
    std::string answer = R"({"success":true,"message":"done","data":{"revision":8}})";
    std::string response_topic;
    bool gets_ill = false;
    ScriptedBroker broker{[this](const mqtt::Packet& packet) { return obey(packet); }};

    Fixture() {
        folder.write("routes/a.lot", route_file("ToB", 1883));
        folder.write("next/a.lot", route_file("ToB", 1883, "        WITH KEEPALIVE_SEC '30'\n"));
        said = running(folder.path("routes"));
    }
    ScriptedBroker::Answers obey(const mqtt::Packet& packet) {
        ScriptedBroker::Answers answers = retaining({})(packet);
        if (std::holds_alternative<mqtt::Subscribe>(packet))
            for (const auto& [topic, payload] : said)
                answers.push_back(
                    mqtt::Publish{.topic = topic, .payload = as_bytes(payload), .retain = true});
        if (const auto* const publish = std::get_if<mqtt::Publish>(&packet)) {
            commands.emplace_back(as_text(publish->payload));
            if (gets_ill) make_ill();
            // Behind the property's identifier and the length.
            response_topic = as_text(ByteView(publish->properties.forwarded).subspan(3));
            answers.push_back(mqtt::Publish{.topic = response_topic, .payload = as_bytes(answer)});
        }
        return answers;
    }
    void make_ill() {
        say(said, "$SYS/broker/cluster/nodes",
            R"({"routes":[{"route":"ToB","state":"up_primary","address":"10.0.0.1","port":1883,)"
            R"("pending":{},"reason":"refused"}]})");
    }
    std::string where() const { return to_string(broker.where); }
    ApplyOptions to_it(RolloutOptions rollout = {Seconds{0}, Seconds{0}}) const {
        return {folder.path("next"), where(), rollout};
    }
};

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("the health gate wants new and changed links up, and those that were up") {
    RunningNode before;
    before.links.resize(2);
    before.links[0] = {"Down", "unreachable", "", "h:1", "", {}};
    before.links[1] = {"Up", "up_standby", "", "h:1", "", {}};
    RunningNode now = before;
    now.config.emplace();
    now.config->plan = server::PlanView{{{"New", {{"address", "h"}, {"port", "1"}}}}};
    CHECK(unwell(before, now) == std::vector<std::string>{"route New: not there yet"});
    now.links.push_back({"New", "up_primary", "", "h:2", "", {}});
    CHECK(unwell(before, now) == std::vector<std::string>{"route New: not there yet"});
    now.links.back().address = "h:1";
    CHECK(unwell(before, now).empty());
    now.links.back().pending = true;
    CHECK(unwell(before, now) == std::vector<std::string>{"route New: the new address is not up"});
    now.links.pop_back();
    now.config.reset();
    now.links[1] = {"Up", "unreachable", "refused", "h:1", "", {}};
    CHECK(unwell(before, now) == std::vector<std::string>{"route Up: unreachable (refused)"});
    now.links[1].state = "draining";
    CHECK(unwell(before, now).empty());
}

TEST_CASE("files go to the broker by name, with the revision that they are for") {
    Fixture f;
    const Run applied = run(apply, f.to_it());
    CHECK(applied.exit == 0);
    CHECK(has(applied.out, "  ~ ToB"));
    CHECK(has(applied.out, "node1 runs r8\n"));
    REQUIRE(f.commands.size() == 1);
    REQUIRE(f.commands[0].starts_with("-applyRoutes {"));
    const auto json = nlohmann::json::parse(f.commands[0].substr(13));
    CHECK(json["base_revision"] == 7);
    CHECK(json["confirm_within_sec"] == 0);
    REQUIRE(json["files"].size() == 1);
    CHECK(json["files"][0]["name"] == "a.lot");
    CHECK(json["files"][0]["text"] == f.folder.read("next/a.lot"));
    CHECK(has(run(apply, ApplyOptions{f.folder.path("routes"), f.where(), {}}).error,
              "is what the broker reads itself"));
}

TEST_CASE("what gets well is confirmed by the tool, what does not is rolled back") {
    Fixture f;
    const Run well = run(apply, f.to_it({Seconds{1}, Seconds{0}}));
    CHECK(well.exit == 0);
    REQUIRE(f.commands.size() == 2);
    CHECK(has(f.commands[0], "\"confirm_within_sec\":31"));
    CHECK(f.commands[1] == "-confirmRoutes");
    f.gets_ill = true;
    const Run ill = run(apply, f.to_it({Seconds{1}, Seconds{0}}));
    CHECK(ill.exit == 1);
    CHECK(ill.error ==
          "not well:\n  route ToB: the new address is not up (refused)\nrolled back\n");
    CHECK(f.commands.back() == "-rollbackRoutes");
}

TEST_CASE("where somebody has to confirm, the broker waits and the tool does not") {
    Fixture f;
    const Run waits = run(apply, f.to_it({Seconds{0}, Seconds{60}}));
    CHECK(waits.exit == 0);
    CHECK(has(waits.out, "rolled back in 60 s, unless you say: lotmesh confirm " + f.where()));
    REQUIRE(f.commands.size() == 1);
    CHECK(has(f.commands[0], "\"confirm_within_sec\":60"));
    CHECK(run(confirm, ConfirmOptions{f.where()}).out == "confirmed\n");
    CHECK(f.commands.back() == "-confirmRoutes");
}

TEST_CASE("what the broker refuses is told with its errors") {
    Fixture f;
    f.answer = R"({"success":false,"message":"no","errors":[{"message":"no such secret"}]})";
    const Run refused = run(apply, f.to_it());
    CHECK(refused.exit == 1);
    CHECK(refused.error == "lotmesh apply: no\n  no such secret\n");
    f.answer = "Unknown command";
    CHECK(has(run(confirm, ConfirmOptions{f.where()}).error, "gives an answer that is none"));
}

TEST_CASE("a saved plan is refused on another base and with other files") {
    Fixture f;
    std::ostringstream ignored;
    const std::string file = f.folder.path("saved");
    const auto save = [&] {
        show_plan({f.folder.path("next"), f.where(), OutputFormat::Text, file}, {ignored, ignored});
    };
    const ApplyOptions options{file, "", {Seconds{0}, Seconds{0}}};
    save();
    CHECK(run(apply, options).exit == 0);
    f.folder.write("next/a.lot", route_file("ToB", 1885));
    CHECK(has(run(apply, options).error, "has changed since the plan was made"));
    save();
    say(f.said, "$SYS/broker/config/revision",
        R"({"revision":8,"hash":"0","plan_shown":true,"routes":"/nowhere"})");
    CHECK(has(run(apply, options).error, "the plan was made for r7 "));
    CHECK(f.commands.size() == 1);
}

TEST_CASE("a bridge does not run yet, and no gate waits for it") {
    RunningNode now;
    now.config.emplace();
    now.config->plan = server::PlanView{{{"ToCloud", {}, true}}};
    CHECK(unwell({}, now).empty());
}

TEST_CASE("a revision that is brought back stands before the same gate as what is applied") {
    Fixture f;
    const Run well = run(rollback, RollbackOptions{"r3", f.where(), {Seconds{1}, Seconds{0}}});
    CHECK(well.exit == 0);
    CHECK(well.out == "rolled back: " + f.where() + " runs r8\n");
    CHECK(f.commands == std::vector<std::string>{"-rollbackRoutes 3 31", "-confirmRoutes"});
    f.gets_ill = true;
    const Run ill = run(rollback, RollbackOptions{"r3", f.where(), {Seconds{1}, Seconds{0}}});
    CHECK(ill.exit == 1);
    CHECK(ill.out.empty());
    CHECK(ill.error == "not well:\n  route ToB: the new address is not up (refused)\ntaken back\n");
    CHECK(f.commands.back() == "-rollbackRoutes");
}

TEST_CASE(
    "a revision that is brought back waits for who confirms it, a change taken back does not") {
    Fixture f;
    const Run waits = run(rollback, RollbackOptions{"3", f.where(), {Seconds{0}, Seconds{60}}});
    CHECK(waits.exit == 0);
    CHECK(has(waits.out, "rolled back in 60 s, unless you say: lotmesh confirm " + f.where()));
    CHECK(f.commands == std::vector<std::string>{"-rollbackRoutes 3 60"});
    const Run odd = run(rollback, RollbackOptions{"", f.where(), {Seconds{0}, Seconds{60}}});
    CHECK(odd.exit == 1);
    CHECK(has(odd.error, "--confirm-within goes with a revision"));
    CHECK(f.commands.size() == 1);
}

TEST_CASE("a kept revision is brought back, and history lists what there is") {
    Fixture f;
    const RolloutOptions at_once{Seconds{0}, Seconds{0}};
    const Run back = run(rollback, RollbackOptions{"r3", f.where(), at_once});
    CHECK(back.out == "rolled back: " + f.where() + " runs r8\n");
    CHECK(f.commands.back() == "-rollbackRoutes 3");
    CHECK(run(rollback, RollbackOptions{"", f.where(), {}}).exit == 0);
    CHECK(f.commands.back() == "-rollbackRoutes");
    CHECK(has(run(rollback, RollbackOptions{"x", f.where(), {}}).error, "\"x\" is no revision"));
    f.answer = R"({"success":false,"message":"revision 3: it is not kept"})";
    CHECK(run(rollback, RollbackOptions{"r3", f.where(), at_once}).error ==
          "lotmesh rollback: revision 3: it is not kept\n");
    CHECK(run(history, HistoryOptions{f.where(), OutputFormat::Text}).out ==
          "    r7 abc 2026-01-31T12:00:00.000Z files   1 links: +0 ~1 -/+0 -0\n");
    CHECK(has(run(history, HistoryOptions{f.where(), OutputFormat::Json}).out, "\"revision\": 7"));
}

TEST_CASE("times are seconds or minutes, at most an hour") {
    CHECK(*parse_seconds("60") == Seconds{60});
    CHECK(*parse_seconds("60s") == Seconds{60});
    CHECK(*parse_seconds("2m") == Seconds{120});
    CHECK(*parse_seconds("60m") == Seconds{3'600});
    for (const char* const wrong : {"", "s", "-1", "1h", "3601", "61m"})
        CHECK_FALSE(parse_seconds(wrong).has_value());
}
