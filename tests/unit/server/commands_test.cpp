#include "runtime/server/commands.h"

#include <filesystem>
#include <map>

#include "runtime/net/timer.h"
#include "runtime/server/references.h"
#include "tests/unit/server/temporary_folder.h"

using namespace lotmesh;
using namespace lotmesh::server;

namespace {

std::string route(const std::string& name, const std::string& more = {}) {
    return "DEFINE ROUTE " + name +
           " WITH TYPE MQTT_CLUSTER ADD CLUSTER_CONFIG WITH BROKER_ADDRESS \"" + name +
           "\" WITH BROKER_PORT '1883' WITH CLIENT_ID \"to-" + name + "\"" + more;
}

struct Fixture {
    TemporaryFolder folder;
    SystemReferences references{{folder.path / "secrets"}};
    RouteStore store{folder.path / "routes", references};
    net::Loop loop;
    std::vector<Reload> reloads;
    Reloader reloader{loop, store, [this](const Reload& reload) { reloads.push_back(reload); }};
    std::vector<cluster::RouteReport> reports;
    std::vector<std::pair<broker::ReplyTo, Json>> answers;
    std::map<std::string, std::string> said;
    Commands commands{loop,
                      [this](const broker::ReplyTo& to, const std::string& text) {
                          answers.emplace_back(to, Json::parse(text));
                      },
                      [this] { return reports; },
                      [this](std::string_view topic, const std::string& text) {
                          said[std::string(topic)] = text;
                      }};

    Fixture() { std::filesystem::create_directory(folder.path / "routes"); }

    void send(const std::string& text) { commands.take({text, false, {}}); }
    void turn_until(std::size_t count) {
        bool expired = false;
        net::Timer limit(loop, [&expired] { expired = true; });
        limit.start_in(Duration::seconds(10));
        while (answers.size() < count && !expired)
            loop.run_turn();
        REQUIRE_FALSE(expired);
    }
    Json answer_of(const std::string& text) {
        const std::size_t before = answers.size();
        send(text);
        turn_until(before + 1);
        return answers.back().second;
    }
};

struct Serving : Fixture {
    Serving() {
        REQUIRE(store.reload().kind == Reload::Kind::Applied);
        commands.serve(store, reloader, folder.path / "revisions");
    }
};

cluster::RouteReport report(const std::string& name, cluster::RouteState state,
                            const std::string& reason = {}) {
    cluster::RouteReport result;
    result.name = name;
    result.address = "10.0.0.2";
    result.port = 1883;
    result.state = state;
    result.reason = reason;
    return result;
}

}  // namespace

TEST_CASE("a route is added, is in the plan, and is removed again") {
    Serving f;
    const Json added = f.answer_of("-addRoute " + route("A") + " // mine -requestId 5");
    CHECK(added["success"] == true);
    CHECK(added["command"] == "AddRoute");
    CHECK(added["requestId"] == "5");
    CHECK(added["entityName"] == "A");
    CHECK(added["data"]["revision"] == 2);
    REQUIRE(f.reloads.size() == 1);
    CHECK(f.reloads[0].kind == Reload::Kind::Applied);
    REQUIRE(f.store.plan().links.size() == 1);
    CHECK(f.store.plan().links[0].name == "A");
    CHECK(f.answer_of("-removeRoute A")["success"] == true);
    CHECK(f.store.plan().links.empty());
}

TEST_CASE("commands are done in their order, also behind one that takes a while") {
    Serving f;
    f.send("-addRoute " + route("A"));
    f.send("-addRoute " + route("B"));
    f.send("-listTemplates -requestId last");
    CHECK(f.answers.empty());
    f.turn_until(3);
    CHECK(f.answers[0].second["entityName"] == "A");
    CHECK(f.answers[1].second["entityName"] == "B");
    CHECK(f.answers[2].second["requestId"] == "last");
    CHECK(f.store.plan().links.size() == 2);
}

TEST_CASE("a mistake is told as lint and a reload tell it, and changes nothing") {
    Serving f;
    const std::string text = route("A", " WITH BROKER_PROT '1' WITH PASSWORD \"hush\"");
    const Json refused = f.answer_of("-addRoute " + text);
    CHECK(refused["success"] == false);
    CHECK(refused["message"].get<std::string>().starts_with("Parsing error: "));
    CHECK(f.reloads.empty());
    const SourceText file{"command", text};
    CompileOptions options;
    options.mode = CompileMode::Load;
    options.resolver = &f.references;
    const CompileResult linted = compile({&file, 1}, options);
    Json expected = Json::array();
    for (const diag::Diagnostic& finding : linted.report.diagnostics)
        if (finding.severity == diag::Severity::Error)
            expected.push_back(finding_json(finding, linted.report.sources));
    CHECK(refused["errors"] == expected);
    CHECK(refused.dump().find("hush") == std::string::npos);
    f.folder.write("routes/a.lot", text);
    const Reload reload = f.store.reload();
    REQUIRE(reload.errors.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i)
        CHECK(reload.errors[i].ends_with(expected[i]["message"].get<std::string>()));
}

TEST_CASE("what is there in files stays, and its place is told") {
    Serving f;
    f.folder.write("routes/people.lot", route("P"));
    REQUIRE(f.store.reload().kind == Reload::Kind::Applied);
    const Json kept = f.answer_of("-removeRoute P");
    CHECK(kept["success"] == false);
    CHECK(kept["message"].get<std::string>().find("people.lot, line 1") != std::string::npos);
    CHECK(f.answer_of("-removeAllRoutes")["success"] == true);
    CHECK(f.store.plan().links.size() == 1);
}

TEST_CASE("where the files are broken a command says so and loses nothing") {
    Serving f;
    REQUIRE(f.answer_of("-addRoute " + route("A"))["success"] == true);
    f.folder.write("routes/broken.lot", "DEFINE ROUTE B WITH TYPE MQTT_CLUSTER");
    const Json refused = f.answer_of("-removeRoute A");
    CHECK(refused["success"] == false);
    CHECK(refused["message"].get<std::string>().starts_with("the routes could not be loaded: "));
    CHECK(f.store.plan().links.size() == 1);
}

TEST_CASE("the states of routes are told in the words of the tools") {
    Fixture f;
    f.reports = {report("A", cluster::RouteState::UpPrimary),
                 report("B", cluster::RouteState::Unreachable, "connection refused")};
    f.reports[1].red = true;
    const Json list = f.answer_of("-listRoutes");
    CHECK(list["data"] == Json::parse(R"([
        {"name":"A","type":"MQTT_CLUSTER","connection":"Connected","health":"Green"},
        {"name":"B","type":"MQTT_CLUSTER","connection":"Reconnecting","health":"Red"}])"));
    CHECK(f.answer_of("-connectionStatus")["message"] == "1 of 2 routes connected");
    CHECK(f.answer_of("-checkRouteConnection A")["success"] == true);
    const Json down = f.answer_of("-checkRouteConnection B");
    CHECK(down["success"] == false);
    CHECK(down["message"] == "Route 'B' is not connected: unreachable (connection refused)");
    CHECK(down["data"]["address"] == "10.0.0.2");
    CHECK(f.answer_of("-checkRouteConnection C")["message"] == "Route 'C' not found");
}

TEST_CASE("a bridge is added, is listed as one that does not run, and is removed") {
    Serving f;
    f.reports = {report("A", cluster::RouteState::UpPrimary)};
    const Json added = f.answer_of(
        "-addRoute DEFINE ROUTE ToCloud WITH TYPE MQTT_BRIDGE ADD SOURCE_CONFIG WITH BROKER SELF "
        "ADD DESTINATION_CONFIG WITH BROKER_ADDRESS \"cloud.example\" WITH BROKER_PORT '1883' "
        "WITH CLIENT_ID \"s\" WITH PASSWORD \"hush\" WITH USERNAME \"u\" ADD MAPPING All "
        "WITH SOURCE_TOPIC \"a/#\" WITH DESTINATION_TOPIC \"s/a/#\" WITH DIRECTION \"out\"");
    CHECK(added["success"] == true);
    CHECK(added["entityName"] == "ToCloud");
    CHECK(added["warnings"][0]["code"] == "LOT0402");
    CHECK(f.store.plan().bridges.size() == 1);
    CHECK(f.answer_of("-listRoutes")["data"] == Json::parse(R"([
        {"name":"A","type":"MQTT_CLUSTER","connection":"Connected","health":"Green"},
        {"name":"ToCloud","type":"MQTT_BRIDGE","connection":"Disconnected","health":"Red"}])"));
    const Json status = f.answer_of("-connectionStatus");
    CHECK(status["message"] == "1 of 2 routes connected");
    CHECK(status["data"][1]["state"] == "inactive");
    CHECK(status["data"][1]["flows"] ==
          Json::parse(R"(["this broker `a/#` -> cloud.example:1883 `s/a/#`"])"));
    CHECK(f.answer_of("-checkRouteConnection ToCloud")["message"] ==
          "Route 'ToCloud' is not connected: inactive (this version does not run bridges yet)");
    const Json told = f.answer_of("-lotDiagnostic route ToCloud");
    CHECK(told["message"] == "Route 'ToCloud': inactive");
    CHECK(told["data"]["code"].get<std::string>().starts_with("DEFINE ROUTE ToCloud"));
    CHECK(told.dump().find("hush") == std::string::npos);
    CHECK(f.answer_of("-removeRoute ToCloud")["success"] == true);
    CHECK(f.store.plan().bridges.empty());
}

TEST_CASE("a route is diagnosed with its text, and without its secrets") {
    Serving f;
    REQUIRE(f.answer_of("-addRoute " + route("A", " WITH PASSWORD \"hush\""))["success"] == true);
    f.reports = {report("A", cluster::RouteState::Connecting)};
    const Json told = f.answer_of("-lotDiagnostic route A");
    CHECK(told["success"] == true);
    CHECK(told["data"]["line"] == 2);
    CHECK(told["data"]["file"].get<std::string>().ends_with("A.command.lot"));
    CHECK(told["data"]["code"].get<std::string>().starts_with("DEFINE ROUTE A"));
    CHECK(told.dump().find("hush") == std::string::npos);
    CHECK(f.answer_of("-lotDiagnostic route B")["message"] == "Route 'B' not found");
    for (const char* text : {"-lotDiagnostic", "-lotDiagnostic route", "-lotDiagnostic model A"})
        CHECK(f.answer_of(text)["message"].get<std::string>().starts_with("-lotDiagnostic is"));
}

TEST_CASE("templates are listed and given") {
    Fixture f;
    CHECK(f.answer_of("-listTemplates")["data"] ==
          Json::parse(R"(["MQTT_CLUSTER","MQTT_BRIDGE"])"));
    const Json bridge = f.answer_of("-routeCode MQTT_BRIDGE");
    CHECK(bridge["data"]["code"].get<std::string>().find("ADD MAPPING First\n") !=
          std::string::npos);
    const Json code = f.answer_of("--route-code MQTT_CLUSTER");
    CHECK(code["data"]["code"].get<std::string>().starts_with("DEFINE ROUTE #NAME,"));
    CHECK(f.answer_of("-routeCode NOTHING")["success"] == false);
}

TEST_CASE("what is no command, has nothing to work on, or has no place for routes is told") {
    Fixture f;
    CHECK(f.answer_of("-fly")["message"] == "Unknown command: -fly");
    CHECK(f.answer_of("")["success"] == false);
    CHECK(f.answer_of("-addRoute " + route("A"))["message"].get<std::string>().find(
              "without --routes") != std::string::npos);
    f.commands.serve(f.store, f.reloader, {});
    CHECK(f.answer_of("-addRoute")["success"] == false);
    CHECK(f.answer_of("-removeRoute")["success"] == false);
}

TEST_CASE("a command that is too long, or one too many, is answered with that") {
    Serving f;
    f.commands.take({"", true, {"reply/here", {}}});
    REQUIRE(f.answers.size() == 1);
    CHECK(f.answers[0].first.topic == "reply/here");
    CHECK(f.answers[0].second["message"] == "the command is too long");
    f.send("-addRoute " + route("A"));  // runs, and waits no more
    for (std::size_t i = 0; i < kCommandsWaitingMax; ++i)
        f.send("-listRoutes");
    CHECK(f.answers.size() == 1);
    f.send("-listRoutes -requestId over");
    REQUIRE(f.answers.size() == 2);
    CHECK(f.answers[1].second["requestId"] == "over");
    CHECK(f.answers[1].second["success"] == false);
    f.turn_until(3 + kCommandsWaitingMax);
}

TEST_CASE("commands that wait are bounded in bytes") {
    Serving f;
    f.send("-addRoute " + route("A"));
    f.send("-listRoutes" + std::string(kCommandBytesWaitingMax - 11, ' '));
    CHECK(f.answers.empty());
    f.send(" ");
    CHECK(f.answers.size() == 1);
    f.turn_until(3);
}

namespace {

std::string apply(const std::vector<std::pair<std::string, std::string>>& files,
                  const Json& more = Json::object()) {
    Json request = more;
    request["files"] = Json::array();
    for (const auto& [name, text] : files)
        request["files"].push_back({{"name", name}, {"text", text}});
    return "-applyRoutes " + request.dump();
}

}  // namespace

TEST_CASE("an apply replaces all files, at once and for good where nobody is to confirm it") {
    Serving f;
    f.folder.write("routes/old.lot", route("Old"));
    REQUIRE(f.store.reload().kind == Reload::Kind::Applied);
    const Json applied = f.answer_of(apply({{"a.lot", route("A")}, {"b.lot", route("B")}}));
    CHECK(applied["success"] == true);
    CHECK(applied["data"]["revision"] == 3);
    CHECK(f.store.plan().links.size() == 2);
    CHECK_FALSE(std::filesystem::exists(f.folder.path / "routes/old.lot"));
    CHECK_FALSE(std::filesystem::exists(f.folder.path / "routes/.last-good"));
    CHECK(f.answer_of("-confirmRoutes")["message"] == "nothing waits to be confirmed");
}

TEST_CASE("an apply that is confirmed stays; until then no other change is taken") {
    Serving f;
    const Json applied =
        f.answer_of(apply({{"a.lot", route("A")}}, {{"confirm_within_sec", 3600}}));
    REQUIRE(applied["success"] == true);
    CHECK(applied["data"]["confirm_within_sec"] == 3600);
    CHECK(Json::parse(f.said[std::string(kUnconfirmedTopic)])["revision"] == 2);
    for (const std::string& text :
         {"-addRoute " + route("B"), std::string("-removeAllRoutes"), apply({})})
        CHECK(f.answer_of(text)["message"].get<std::string>().find("waits to be confirmed") !=
              std::string::npos);
    CHECK(f.answer_of("-confirmRoutes")["success"] == true);
    CHECK(f.said[std::string(kUnconfirmedTopic)].empty());
    CHECK(f.store.plan().links.size() == 1);
    CHECK(f.answer_of("-addRoute " + route("B"))["success"] == true);
}

TEST_CASE("an apply that nobody confirms is taken back") {
    Serving f;
    f.folder.write("routes/old.lot", route("Old"));
    REQUIRE(f.store.reload().kind == Reload::Kind::Applied);
    REQUIRE(f.answer_of(apply({{"a.lot", route("A")}}, {{"confirm_within_sec", 1}}))["success"] ==
            true);
    CHECK(f.store.plan().links.front().name == "A");
    bool expired = false;
    net::Timer limit(f.loop, [&expired] { expired = true; });
    limit.start_in(Duration::seconds(10));
    while (!f.said[std::string(kUnconfirmedTopic)].empty() && !expired)
        f.loop.run_turn();
    CHECK_FALSE(expired);
    REQUIRE(f.store.plan().links.size() == 1);
    CHECK(f.store.plan().links.front().name == "Old");
    CHECK_FALSE(std::filesystem::exists(f.folder.path / "routes/a.lot"));
}

TEST_CASE("an apply is taken back by command") {
    Serving f;
    REQUIRE(f.answer_of(
                apply({{"a.lot", route("A")}}, {{"confirm_within_sec", 3600}}))["success"] == true);
    CHECK(f.answer_of("-rollbackRoutes")["success"] == true);
    CHECK(f.store.plan().links.empty());
    CHECK(f.answer_of("-rollbackRoutes")["message"] == "nothing waits to be confirmed");
}

TEST_CASE("an apply that was made for another revision, or has mistakes, changes nothing") {
    Serving f;
    REQUIRE(f.answer_of("-addRoute " + route("A"))["success"] == true);
    const Json stale = f.answer_of(apply({}, {{"base_revision", 1}}));
    CHECK(stale["message"] == "made for revision 1, but revision 2 runs: plan again");
    CHECK(f.answer_of(apply({}, {{"base_revision", 2}}))["success"] == true);
    CHECK(f.store.plan().links.empty());
    const Json broken = f.answer_of(apply({{"a.lot", "DEFINE ROUTE A WITH TYPE MQTT_CLUSTER"}}));
    CHECK(broken["success"] == false);
    CHECK_FALSE(broken["errors"].empty());
    const std::vector<std::pair<std::string, std::string>> twice = {{"a.lot", ""}, {"a.lot", ""}};
    for (const std::string& text :
         {std::string("-applyRoutes"), std::string("-applyRoutes [1]"),
          std::string("-applyRoutes {\"files\": 7}"), std::string("-applyRoutes {}"),
          apply({}, {{"confirm_within_sec", kConfirmSecMax + 1}}), apply({{"../a.lot", ""}}),
          apply({{"a.txt", ""}}), apply({{".a.lot", ""}}), apply(twice)}) {
        CAPTURE(text);
        CHECK(f.answer_of(text)["success"] == false);
    }
    CHECK(f.reloads.size() == 2);
}

TEST_CASE("a kept revision comes back for good only where somebody confirms it") {
    Serving f;
    std::filesystem::create_directory(f.folder.path / "revisions");
    f.folder.write("revisions/7.json",
                   Json::array({{{"name", "a.lot"}, {"text", route("A")}}}).dump());
    const Json back = f.answer_of("-rollbackRoutes 7 3600");
    CHECK(back["success"] == true);
    CHECK(back["data"]["confirm_within_sec"] == 3600);
    CHECK(f.store.plan().links.size() == 1);
    CHECK(Json::parse(f.said[std::string(kUnconfirmedTopic)])["seconds"] == 3600);
    CHECK(f.answer_of("-rollbackRoutes 7 60")["message"] ==
          "what was applied last waits to be confirmed");
    CHECK(f.answer_of("-rollbackRoutes")["success"] == true);
    CHECK(f.store.plan().links.empty());
    REQUIRE(f.answer_of("-rollbackRoutes 7 3600")["success"] == true);
    CHECK(f.answer_of("-confirmRoutes")["success"] == true);
    CHECK(f.store.plan().links.size() == 1);
    CHECK(f.answer_of("-rollbackRoutes")["message"] == "nothing waits to be confirmed");
    for (const char* const wrong : {"7 3601", "7  1", "7 x", "7 1 1"})
        CHECK(f.answer_of(std::string("-rollbackRoutes ") + wrong)["success"] == false);
}

TEST_CASE("a kept revision comes back, and one that is not kept is told") {
    Serving f;
    std::filesystem::create_directory(f.folder.path / "revisions");
    f.folder.write("revisions/7.json",
                   Json::array({{{"name", "a.lot"}, {"text", route("A")}}}).dump());
    CHECK(f.answer_of("-rollbackRoutes 7")["success"] == true);
    CHECK(f.store.plan().links.size() == 1);
    CHECK(
        f.answer_of("-rollbackRoutes 8")["message"].get<std::string>().starts_with("revision 8: "));
    CHECK(f.answer_of("-rollbackRoutes x")["message"] == "'x' is no number of a revision");
    f.commands.serve(f.store, f.reloader, {});
    CHECK(f.answer_of("-rollbackRoutes 7")["message"].get<std::string>().find("without --data") !=
          std::string::npos);
}
