#include "runtime/server/route_store.h"

#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "runtime/server/references.h"
#include "tests/unit/server/temporary_folder.h"

using namespace lotmesh;
using namespace lotmesh::server;

namespace {

std::string route(const std::string& name, const std::string& port, const std::string& more = "") {
    return "DEFINE ROUTE " + name +
           " WITH TYPE MQTT_CLUSTER\n"
           "    ADD CLUSTER_CONFIG\n"
           "        WITH BROKER_ADDRESS \"127.0.0.1\"\n"
           "        WITH BROKER_PORT '" +
           port +
           "'\n"
           "        WITH CLIENT_ID \"label-" +
           name + "\"\n" + more;
}

struct Fixture {
    TemporaryFolder folder;
    SystemReferences references{{folder.path / "secrets"}};
    RouteStore store{folder.path / "routes", references};

    Fixture() { std::filesystem::create_directory(folder.path / "routes"); }
};

}  // namespace

TEST_CASE("a folder of route files is one plan, in the order of names, hidden files left out") {
    Fixture f;
    f.folder.write("routes/b.lot", route("ToB", "1884"));
    f.folder.write("routes/a.lot", route("ToA", "1883"));
    f.folder.write("routes/.#a.lot", "broken");
    f.folder.write("routes/a.lot~", "broken");
    f.folder.write("routes/notes.txt", "broken");
    const Reload reload = f.store.reload();
    CHECK(reload.errors == std::vector<std::string>{});
    CHECK(reload.kind == Reload::Kind::Applied);
    CHECK(reload.revision == 1);
    CHECK(reload.files == 2);
    REQUIRE(f.store.plan().links.size() == 2);
    CHECK(f.store.plan().links[0].port == 1883);
    CHECK(f.store.plan().links[1].port == 1884);
}

TEST_CASE("a change is a new revision, the same meaning in another spelling is none") {
    Fixture f;
    f.folder.write("routes/a.lot", route("ToA", "1883"));
    CHECK(f.store.reload().revision == 1);
    f.folder.write("routes/a.lot", "// a comment\n" + route("ToA", "1883"));
    const Reload same = f.store.reload();
    CHECK(same.kind == Reload::Kind::Unchanged);
    CHECK(same.revision == 1);
    CHECK_FALSE(same.news);
    f.folder.write("routes/a.lot", route("ToA", "1999"));
    const Reload changed = f.store.reload();
    CHECK(changed.kind == Reload::Kind::Applied);
    CHECK(changed.revision == 2);
    CHECK(f.store.plan().links[0].port == 1999);
}

TEST_CASE("a broken edit is refused with positions and the last good plan stays") {
    Fixture f;
    f.folder.write("routes/a.lot", route("ToA", "1883"));
    f.store.reload();
    const ir::Plan before = f.store.plan();
    f.folder.write("routes/a.lot", route("ToA", "99999"));
    const Reload refused = f.store.reload();
    CHECK(refused.kind == Reload::Kind::Refused);
    CHECK(refused.revision == 1);
    CHECK(refused.news);
    REQUIRE(refused.errors.size() == 1);
    CHECK(refused.errors[0].find("a.lot:4:") != std::string::npos);
    CHECK(refused.text.find('^') != std::string::npos);
    CHECK(f.store.plan() == before);
    CHECK_FALSE(f.store.reload().news);  // the same mistakes again

    f.folder.write("routes/a.lot", route("ToA", "1883"));
    const Reload mended = f.store.reload();
    CHECK(mended.kind == Reload::Kind::Unchanged);
    CHECK(mended.news);
    CHECK(mended.revision == 1);
}

TEST_CASE("routes that cannot be read are refused and the last good plan stays") {
    Fixture f;
    f.folder.write("routes/a.lot", route("ToA", "1883"));
    f.store.reload();
    std::filesystem::remove_all(f.folder.path / "routes");
    const Reload gone = f.store.reload();
    CHECK(gone.kind == Reload::Kind::Refused);
    REQUIRE(gone.errors.size() == 1);
    CHECK(gone.errors[0].starts_with("cannot read " + (f.folder.path / "routes").string()));
    CHECK(f.store.plan().links.size() == 1);

    std::filesystem::create_directories(f.folder.path / "routes" / "a.lot");
    CHECK(f.store.reload().errors[0].ends_with("is not a regular file"));
}

TEST_CASE("an empty folder is an empty plan and its first load is revision 1") {
    Fixture f;
    const Reload reload = f.store.reload();
    CHECK(reload.kind == Reload::Kind::Applied);
    CHECK(reload.revision == 1);
    CHECK(reload.files == 0);
    CHECK(f.store.plan().links.empty());
}

TEST_CASE("a single file is read under its own name") {
    const TemporaryFolder folder;
    const auto path = folder.write("node.lot", route("ToA", "1883"));
    const auto files = read_routes(path);
    REQUIRE(files.has_value());
    REQUIRE(files->size() == 1);
    CHECK((*files)[0].name == path.string());
}

TEST_CASE("a notebook that is named is read, one in a folder is not") {
    const Fixture f;
    const std::string cell =
        R"([{"kind": 2, "language": "lot", "value": "DEFINE ROUTE A WITH TYPE MQTT_CLUSTER ADD )"
        R"(CLUSTER_CONFIG WITH BROKER_ADDRESS \"a\" WITH BROKER_PORT '1' WITH CLIENT_ID \"a\""}])";
    RouteStore named(f.folder.write("routes/n.lotnb", cell), f.references);
    CHECK(named.reload().kind == Reload::Kind::Applied);
    CHECK(named.plan().links.size() == 1);
    RouteStore folder(f.folder.path / "routes", f.references);
    CHECK(folder.reload().files == 0);
    RouteStore broken(f.folder.write("broken.lotnb", "[{]"), f.references);
    const Reload refused = broken.reload();
    CHECK(refused.kind == Reload::Kind::Refused);
    REQUIRE(refused.errors.size() == 1);
    CHECK(refused.errors.front().ends_with("broken.lotnb:1:3: error[LOT0116]: this is not JSON"));
}

TEST_CASE("more mistakes than the bound are counted, and one of those beyond it is news") {
    Fixture f;
    std::string text;
    for (std::size_t i = 0; i < kReloadErrorsMax; ++i)
        text += route("Route" + std::to_string(i), "0");
    f.folder.write("routes/a.lot", text);
    CHECK(f.store.reload().errors.size() == kReloadErrorsMax);

    f.folder.write("routes/b.lot", route("One", "0"));
    const Reload one_past = f.store.reload();
    REQUIRE(one_past.errors.size() == kReloadErrorsMax + 1);
    CHECK(one_past.errors.back() == "and 1 more");

    f.folder.write("routes/b.lot", route("Other", "70000"));
    const Reload other = f.store.reload();
    CHECK(other.errors == one_past.errors);
    CHECK(other.news);
    CHECK_FALSE(f.store.reload().news);
}

TEST_CASE("mistakes that the compiler does not show are counted, too") {
    Fixture f;
    std::string text;
    const std::size_t count = CompilerLimits{}.diagnostics_shown_max + 7;
    for (std::size_t i = 0; i < count; ++i)
        text += route("Route" + std::to_string(i), "0");
    f.folder.write("routes/a.lot", text);
    CHECK(f.store.reload().errors.back() ==
          "and " + std::to_string(count - kReloadErrorsMax) + " more");
}

TEST_CASE("the files of a folder are bounded together") {
    Fixture f;
    f.folder.write("routes/a.lot", std::string(60, '\n'));
    f.folder.write("routes/b.lot", std::string(40, '\n'));
    const auto routes = f.folder.path / "routes";
    CHECK(read_routes(routes, 100).has_value());
    const auto refused = read_routes(routes, 99);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error() ==
          "the route files of " + routes.string() + " are larger than 99 bytes together");
}

TEST_CASE("secrets come from the first folder that has them and appear in no message") {
    Fixture f;
    std::filesystem::create_directory(f.folder.path / "secrets");
    f.folder.write("secrets/peer", "topsecret\n");
    CHECK(f.references.secret("peer") == "topsecret");
    CHECK_FALSE(f.references.secret("../secrets/peer").has_value());
    CHECK_FALSE(f.references.secret("..").has_value());
    CHECK_FALSE(f.references.secret("").has_value());
    CHECK_FALSE(f.references.secret("none").has_value());
    f.folder.write("routes/a.lot", route("ToA", "GET") + "  WITH PASSWORD GET SECRET \"peer\"\n");
    const Reload refused = f.store.reload();
    CHECK(refused.kind == Reload::Kind::Refused);
    CHECK(to_json(refused, {}).find("topsecret") == std::string::npos);
    CHECK(refused.text.find("topsecret") == std::string::npos);
}

TEST_CASE("references to the environment are those of the process") {
    const SystemReferences references({});
    ::setenv("LOTMESH_TEST_PORT", "1885", 1);
    CHECK(references.env("LOTMESH_TEST_PORT") == "1885");
    CHECK_FALSE(references.env("LOTMESH_TEST_NONE").has_value());
}

TEST_CASE("the result of a reload is JSON with ok, revision, errors and at") {
    Reload reload;
    reload.kind = Reload::Kind::Refused;
    reload.revision = 7;
    reload.errors = {"a \"quoted\" \xFF error"};
    const auto json = nlohmann::json::parse(to_json(reload, WallTime{1'700'000'000'042}));
    CHECK(json["ok"] == false);
    CHECK(json["revision"] == 7);
    CHECK(json["errors"].size() == 1);
    CHECK(json["at"] == "2023-11-14T22:13:20.042Z");
    CHECK(json.size() == 4);
    reload.kind = Reload::Kind::Unchanged;
    CHECK(nlohmann::json::parse(to_json(reload, {}))["ok"] == true);
}
