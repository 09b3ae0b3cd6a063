#include "tools/lotmesh/plan_command.h"

#include <sys/stat.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/support/temporary_folder.h"
#include "tests/unit/tools/running_broker.h"

using namespace lotmesh;
using namespace lotmesh::tool;
using namespace lotmesh::test;

namespace {

struct Run {
    PlanExit exit;
    std::string out;
    std::string error;
};

Run plan(const PlanOptions& options) {
    std::ostringstream out;
    std::ostringstream error;
    const PlanExit exit = show_plan(options, {out, error});
    return {exit, out.str(), error.str()};
}

// A node runs `before`; the files in `after` are planned against it.
struct Fixture {
    TemporaryFolder folder;
    Fixture() {
        folder.write("before/a.lot", route_file("ToB", 1883) + route_file("ToC", 1883));
        folder.write("after/a.lot", route_file("ToB", 1883) + route_file("ToC", 1883));
    }
    void write(const std::string& text) const { folder.write("after/a.lot", text); }
    Run against(const std::string& base, OutputFormat format = OutputFormat::Text) const {
        return plan({folder.path("after"), base, format, {}});
    }
};

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("the same meaning is no change and exit code 0") {
    const Fixture f;
    f.write("// a comment\n" + route_file("ToC", 1883) + route_file("ToB", 1883));
    ScriptedBroker broker(retaining(running(f.folder.path("before"))));
    const Run same = f.against(to_string(broker.where));
    CHECK(same.exit == PlanExit::NoChange);
    CHECK(
        same.out.starts_with("no changes: node1 (" + to_string(broker.where) + "), which runs r7"));
    CHECK(f.against(f.folder.path("before")).exit == PlanExit::NoChange);
}

TEST_CASE("each link is shown with its sign, what differs and what waits on it now") {
    const Fixture f;
    f.write(route_file("ToB", 1884) + route_file("ToC", 1883, "        WITH KEEPALIVE_SEC '30'\n") +
            route_file("ToD", 1885));
    ScriptedBroker broker(retaining(running(f.folder.path("before"))));
    const Run changed = f.against(to_string(broker.where));
    CHECK(changed.exit == PlanExit::Changes);
    CHECK(has(changed.out,
              "-/+ ToB  (connects anew, the old connection serves until then; 12 "
              "messages wait for node2, which has 3 subscriptions)\n"
              "      port                  1883 -> 1884\n"));
    CHECK(has(changed.out,
              "  ~ ToC  (changed in place, the connection stays)\n"
              "      keepalive_sec         10 -> 30\n"));
    CHECK(has(changed.out, "  + ToD  (new link)\n      address               10.0.0.1\n"));
    CHECK(has(changed.out, "1 to add, 1 to change in place, 1 to connect anew, 0 to remove\n"));
    f.write(route_file("ToC", 1883));
    CHECK(
        has(f.against(to_string(broker.where)).out, "  - ToB  (drained, then closed; 12 messages"));
}

TEST_CASE("the plan is JSON for programs") {
    const Fixture f;
    f.write(route_file("ToB", 1884) + route_file("ToC", 1883));
    ScriptedBroker broker(retaining(running(f.folder.path("before"))));
    const auto json =
        nlohmann::json::parse(f.against(to_string(broker.where), OutputFormat::Json).out);
    CHECK(json["lotmesh_plan"] == 1);
    CHECK(json["base"]["node"] == "node1");
    CHECK(json["base"]["revision"] == 7);
    REQUIRE(json["changes"].size() == 1);
    CHECK(json["changes"][0]["action"] == "reconnect");
    CHECK(json["changes"][0]["settings"] ==
          nlohmann::json::parse(R"([{"key":"port","before":"1883","after":"1884"}])"));
    CHECK(json["changes"][0]["impact"]["queued_messages"] == 12);
    CHECK(json["changes"][0]["impact"]["remote_subscriptions"] == 3);
}

TEST_CASE("a changed secret is seen between files, is not against a broker, and is never shown") {
    const Fixture f;
    const auto with = [](const std::string& password) {
        return route_file("ToB", 1883, "        WITH PASSWORD \"" + password + "\"\n");
    };
    f.folder.write("before/a.lot", with("topsecret"));
    f.write(with("othersecret"));
    ScriptedBroker broker(retaining(running(f.folder.path("before"))));
    const Run files = f.against(f.folder.path("before"));
    CHECK(files.exit == PlanExit::Changes);
    CHECK(has(files.out, "password              *** -> *** (another one)"));
    const Run asked = f.against(to_string(broker.where));
    CHECK(asked.exit == PlanExit::NoChange);
    CHECK(has(asked.out, "A broker does not show its secrets"));
    for (const Run& run : {files, asked})
        CHECK_FALSE(has(run.out, "secret\""));
    CHECK_FALSE(has(files.out, "topsecret"));
    CHECK_FALSE(has(files.out, "othersecret"));
}

TEST_CASE("a saved plan names its base and its files, for its owner alone") {
    const Fixture f;
    f.write(route_file("ToB", 1884, "        WITH PASSWORD \"topsecret\"\n"));
    ScriptedBroker broker(retaining(running(f.folder.path("before"))));
    const std::string file = f.folder.path("saved");
    PlanOptions options{f.folder.path("after"), to_string(broker.where), OutputFormat::Text, file};
    CHECK(plan(options).exit == PlanExit::Changes);
    const auto saved = read_saved_plan(file);
    REQUIRE(saved.has_value());
    CHECK(saved->broker == to_string(broker.where));
    CHECK(saved->base_revision == 7);
    CHECK(saved->path == f.folder.path("after"));
    CHECK(saved->digest == digest_of(compile_files(f.folder.path("after"))->files));
    CHECK(is_saved_plan(file));
    CHECK_FALSE(is_saved_plan(f.folder.path("after/a.lot")));
    CHECK_FALSE(has(f.folder.read("saved"), "topsecret"));
    struct stat status{};
    REQUIRE(::stat(file.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0600U);
    f.folder.write("saved", R"({"lotmesh_plan":1})");
    CHECK_FALSE(read_saved_plan(file).has_value());
    options.against = f.folder.path("before");
    CHECK(has(plan(options).error, "--out saves a plan against a running broker"));
}

TEST_CASE("what cannot be planned is exit code 1 with the reason") {
    const Fixture f;
    ScriptedBroker other(retaining({{"$SYS/broker/version", "mosquitto"}}));
    const Run alien = f.against(to_string(other.where));
    CHECK(alien.exit == PlanExit::CouldNotRun);
    CHECK(has(alien.error, "is it lotmesh?"));
    Said said = running(f.folder.path("before"));
    say(said, "$SYS/broker/config/revision", "");
    ScriptedBroker without(retaining(said));
    CHECK(has(f.against(to_string(without.where)).error, "started without --routes, or is older"));
    CHECK(has(f.against("no such place").error, "is no HOST:PORT, and no file or folder"));
    f.write(route_file("ToB", 99'999));
    const Run broken = f.against(f.folder.path("before"));
    CHECK(broken.exit == PlanExit::CouldNotRun);
    CHECK(has(broken.error, "a.lot:4:"));
}
