#include "runtime/server/route_edit.h"

#include <sys/stat.h>

#include <filesystem>

#include "runtime/server/references.h"
#include "runtime/server/route_files.h"
#include "tests/unit/server/temporary_folder.h"

using namespace lotmesh;
using namespace lotmesh::server;

namespace {

std::string route(const std::string& name, const std::string& port = "1883") {
    return "DEFINE ROUTE " + name +
           " WITH TYPE MQTT_CLUSTER\n    ADD CLUSTER_CONFIG\n        WITH BROKER_ADDRESS \"host-" +
           name + "\"\n        WITH BROKER_PORT '" + port + "'\n        WITH CLIENT_ID \"to-" +
           name + "\"\n";
}

struct Fixture {
    TemporaryFolder folder;
    SystemReferences references{{folder.path / "secrets"}};
    std::filesystem::path routes = folder.path / "routes";

    Fixture() { std::filesystem::create_directory(routes); }

    Edited put(const std::string& text) const {
        return edit_routes(routes, references, {RouteEdit::Kind::Put, text});
    }
    Edited remove(const std::string& name) const {
        return edit_routes(routes, references, {RouteEdit::Kind::Remove, name});
    }
    std::size_t files() const { return read_routes(routes)->size(); }
};

}  // namespace

TEST_CASE("a route of a command is a file of its own that says so") {
    const Fixture f;
    f.folder.write("routes/people.lot", route("B", "1884"));
    const Edited added = f.put(route("A"));
    CHECK(added.done);
    CHECK(added.route == "A");
    CHECK(added.message == "Route 'A' added successfully!");
    const std::string text = f.folder.read("routes/A.command.lot");
    CHECK(text.starts_with("// Added by a command."));
    CHECK(text.ends_with(route("A")));
    struct stat status{};
    REQUIRE(::stat((f.routes / "A.command.lot").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    CHECK(f.folder.read("routes/people.lot") == route("B", "1884"));
}

TEST_CASE("a route of a command is replaced by the next one of its name") {
    const Fixture f;
    REQUIRE(f.put(route("A")).done);
    const Edited again = f.put(route("A", "1884"));
    CHECK(again.done);
    CHECK(again.message == "Route 'A' updated successfully!");
    CHECK(f.files() == 1);
    CHECK(f.folder.read("routes/A.command.lot").find("1884") != std::string::npos);
}

TEST_CASE("what has mistakes, or would not go with the rest, is not written") {
    const Fixture f;
    f.folder.write("routes/people.lot", route("B"));
    const Edited broken = f.put("DEFINE ROUTE A WITH TYPE MQTT_CLUSTER\n");
    CHECK_FALSE(broken.done);
    CHECK(broken.report.has_errors());
    const Edited clash = f.put(route("B"));
    CHECK_FALSE(clash.done);
    CHECK(clash.route == "B");
    CHECK(clash.report.has_errors());
    CHECK(f.put("").message == "a command adds one route at a time; this text has 0");
    CHECK(f.put(route("A") + route("C")).message ==
          "a command adds one route at a time; this text has 2");
    const Edited foreign = f.put("DEFINE ROUTE M WITH TYPE MODBUS_TCP\n");
    CHECK_FALSE(foreign.done);
    CHECK_FALSE(foreign.report.diagnostics.empty());
    CHECK(f.files() == 1);
}

TEST_CASE("a command adds no rule of access, alone or behind a route") {
    const Fixture f;
    const std::string rule =
        "DEFINE RULE Open WITH PRIORITY 1 FOR Connect\n    IF ANYBODY THEN ALLOW\n";
    CHECK_FALSE(f.put(rule).done);
    const Edited both = f.put(route("A") + rule);
    CHECK_FALSE(both.done);
    CHECK(both.message == "rules of access stand in files; a command adds a route and no rule");
    CHECK(f.files() == 0);
}

TEST_CASE("a bridge is kept as every route is, and told to be inactive") {
    const Fixture f;
    f.folder.write("routes/people.lot", route("B"));
    const std::string bridge =
        "DEFINE ROUTE ToCloud WITH TYPE MQTT_BRIDGE\n    ADD SOURCE_CONFIG\n"
        "        WITH BROKER SELF\n    ADD DESTINATION_CONFIG\n"
        "        WITH BROKER_ADDRESS \"cloud.example\"\n        WITH BROKER_PORT '1883'\n"
        "        WITH CLIENT_ID \"site1\"\n    ADD MAPPING All\n"
        "        WITH SOURCE_TOPIC \"a/#\"\n        WITH DESTINATION_TOPIC \"site1/a/#\"\n"
        "        WITH DIRECTION \"out\"\n";
    const Edited added = f.put(bridge);
    CHECK(added.done);
    CHECK(added.message == "Route 'ToCloud' added successfully!");
    REQUIRE(added.report.diagnostics.size() == 1);
    CHECK(added.report.diagnostics[0].code == diag::Code::BridgeInactive);
    CHECK(f.folder.read("routes/ToCloud.command.lot").ends_with(bridge));
    CHECK(f.put(bridge).message == "Route 'ToCloud' updated successfully!");
    std::string broken = bridge;
    broken.replace(broken.find("site1/a/#"), 9, "site1/+/#");
    CHECK_FALSE(f.put(broken).done);
    CHECK(f.folder.read("routes/ToCloud.command.lot").ends_with(bridge));
    CHECK(f.remove("ToCloud").done);
    CHECK(f.files() == 1);
}

TEST_CASE("a reference without a value is a mistake at once, not at the next start") {
    const Fixture f;
    std::string text = route("A");
    text.replace(text.find("\"host-A\""), 8, "GET ENV \"LOTMESH_TEST_NOT_SET\"");
    const Edited edited = f.put(text);
    CHECK_FALSE(edited.done);
    REQUIRE(edited.report.has_errors());
}

TEST_CASE("a route that people wrote is not taken away, and its place is told") {
    const Fixture f;
    f.folder.write("routes/people.lot", "\n" + route("B"));
    const Edited edited = f.remove("B");
    CHECK_FALSE(edited.done);
    CHECK(edited.message == "Route 'B' stands in " + (f.routes / "people.lot").string() +
                                ", line 2: remove it there");
    CHECK(f.files() == 1);
    CHECK(f.remove("C").message == "Route 'C' not found");
}

TEST_CASE("a file of a command that people added to is theirs") {
    const Fixture f;
    f.folder.write("routes/A.command.lot", route("A") + route("B", "1884"));
    CHECK_FALSE(f.remove("A").done);
    CHECK(f.put(route("A")).message.ends_with("holds 2 routes by now: edit it by hand"));
    CHECK(f.folder.read("routes/A.command.lot") == route("A") + route("B", "1884"));
}

TEST_CASE("routes of commands are taken away, one or all") {
    const Fixture f;
    f.folder.write("routes/people.lot", route("P", "1"));
    for (const char* name : {"A", "B", "C"})
        REQUIRE(f.put(route(name)).done);
    CHECK(f.remove("B").message == "Route 'B' removed successfully!");
    CHECK(f.files() == 3);
    const Edited all = edit_routes(f.routes, f.references, {RouteEdit::Kind::RemoveAll, {}});
    CHECK(all.done);
    CHECK(all.message == "2 routes removed successfully! 1 in files that people wrote stay.");
    CHECK(f.files() == 1);
}

TEST_CASE("where the routes are one file, or no file can be written, it is told") {
    const Fixture f;
    const std::filesystem::path file = f.folder.write("one.lot", route("A"));
    const Edited edited = edit_routes(file, f.references, {RouteEdit::Kind::Put, route("B")});
    CHECK_FALSE(edited.done);
    CHECK(edited.message.find("is no folder") != std::string::npos);
    std::filesystem::create_directory(f.routes / "A.command.lot.new");
    const Edited unwritten = f.put(route("A"));
    CHECK_FALSE(unwritten.done);
    CHECK(unwritten.message.starts_with("cannot write "));
    CHECK(f.files() == 0);
}
