#include "runtime/server/config_topics.h"

#include <sys/stat.h>

#include <map>
#include <nlohmann/json.hpp>

#include "runtime/server/plan_view.h"
#include "runtime/server/references.h"
#include "tests/unit/server/temporary_folder.h"

using namespace lotmesh;
using namespace lotmesh::server;

namespace {

std::string route(const std::string& name, int port, const std::string& more = "") {
    return "DEFINE ROUTE " + name +
           " WITH TYPE MQTT_CLUSTER\n    ADD CLUSTER_CONFIG\n"
           "        WITH BROKER_ADDRESS \"127.0.0.1\"\n        WITH BROKER_PORT '" +
           std::to_string(port) + "'\n        WITH CLIENT_ID \"label-" + name + "\"\n" + more;
}

// A node from start to end: the files, what it keeps and what it says.
struct Run {
    Run(const TemporaryFolder& folder, bool with_data)
        : store(folder.path / "routes", references),
          topics(folder.path / "routes", with_data ? std::optional(folder.path) : std::nullopt,
                 [this](std::string_view topic, std::string_view payload) {
                     said[std::string(topic)] = payload;
                 }) {
        REQUIRE(topics.load().has_value());
        if (const Revision* last = topics.last(); last != nullptr)
            store.resume(last->number, last->fingerprint);
        reload();
    }

    Reload reload(Reload::Cause cause = Reload::Cause::Start) {
        Reload reload = store.reload();
        reload.cause = cause;
        CHECK(topics.take(reload, store, WallTime{1'700'000'000'042}).has_value());
        return reload;
    }
    nlohmann::json json(std::string_view topic) const {
        return nlohmann::json::parse(said.at(std::string(topic)));
    }

    SystemReferences references{{}};
    RouteStore store;
    std::map<std::string, std::string> said;
    ConfigTopics topics;
};

struct Fixture {
    TemporaryFolder folder;
    Fixture() { std::filesystem::create_directory(folder.path / "routes"); }
    void write(int port, const std::string& more = "") const {
        folder.write("routes/a.lot", route("ToA", port, more));
    }
};

}  // namespace

TEST_CASE("a node says which plan runs, since when, and from where") {
    const Fixture f;
    f.write(1883);
    const Run run(f.folder, true);
    const auto revision = run.json(kConfigRevisionTopic);
    CHECK(revision["revision"] == 1);
    CHECK(revision["hash"] == hash_of(view_of(run.store.plan())));
    CHECK(revision["at"] == "2023-11-14T22:13:20.042Z");
    CHECK(revision["cause"] == "start");
    CHECK(revision["links"] == 1);
    CHECK(revision["files"] == 1);
    CHECK(revision["routes"] == (f.folder.path / "routes").string());
    CHECK(revision["revisions"] == (f.folder.path / "revisions").string());
    CHECK(*parse_plan_view(run.said.at(std::string(kConfigPlanTopic))) ==
          view_of(run.store.plan()));
}

TEST_CASE("a refused reload is told with lint's diagnostics and changes nothing else") {
    const Fixture f;
    f.write(1883);
    Run run(f.folder, false);
    const auto before = run.said;
    f.write(99'999);
    run.reload(Reload::Cause::FileChange);
    const auto reload = run.json(kConfigReloadTopic);
    CHECK(reload["ok"] == false);
    CHECK(reload["result"] == "refused");
    CHECK(reload["cause"] == "files");
    CHECK(reload["revision"] == 1);
    CHECK(reload["counts"] == nlohmann::json{{"applied", 1}, {"unchanged", 0}, {"refused", 1}});
    CHECK(reload["report"]["version"] == 1);
    REQUIRE(reload["report"]["diagnostics"].size() == 1);
    CHECK(reload["report"]["diagnostics"][0]["line"] == 4);
    for (const auto topic : {kConfigRevisionTopic, kConfigPlanTopic, kConfigHistoryTopic})
        CHECK(run.said.at(std::string(topic)) == before.at(std::string(topic)));
}

TEST_CASE("revisions go on where an earlier run ended, and the same plan is the same revision") {
    const Fixture f;
    f.write(1883);
    {
        Run run(f.folder, true);
        f.write(1884);
        CHECK(run.reload(Reload::Cause::FileChange).revision == 2);
    }
    CHECK(Run(f.folder, true).json(kConfigRevisionTopic)["cause"] == "files");
    f.write(1885);
    const Run run(f.folder, true);
    const auto history = run.json(kConfigHistoryTopic)["revisions"];
    REQUIRE(history.size() == 3);
    CHECK(history[0]["revision"] == 3);
    CHECK(history[0]["cause"] == "start");
    CHECK(history[1]["reconnected"] == 1);
    CHECK(history[2]["revision"] == 1);
    CHECK(history[2]["added"] == 1);
    CHECK(Run(f.folder, false).json(kConfigHistoryTopic)["revisions"].size() == 1);
}

TEST_CASE("the files of a revision are kept for their owner alone, and no secret is said") {
    const Fixture f;
    f.write(1883, "        WITH PASSWORD \"topsecret\"\n");
    const Run run(f.folder, true);
    const auto folder = revisions_folder(f.folder.path);
    const auto files = read_revision(folder, 1);
    REQUIRE(files.has_value());
    REQUIRE(files->size() == 1);
    CHECK(files->front().name == "a.lot");
    CHECK(files->front().text == f.folder.read("routes/a.lot"));
    struct stat status{};
    REQUIRE(::stat((folder / "1.json").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0600U);
    REQUIRE(::stat(folder.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0700U);
    for (const auto& [topic, payload] : run.said)
        CHECK(payload.find("topsecret") == std::string::npos);
    CHECK(read_revision(folder, 2).error().starts_with("cannot read "));
}

TEST_CASE("no more revisions are kept than the bound, the oldest go first") {
    const Fixture f;
    f.write(1);
    Run run(f.folder, true);
    const auto folder = revisions_folder(f.folder.path);
    for (std::size_t i = 2; i <= kRevisionsMax; ++i) {
        f.write(static_cast<int>(i));
        run.reload();
    }
    CHECK(run.json(kConfigHistoryTopic)["revisions"].size() == kRevisionsMax);
    CHECK(read_revision(folder, 1).has_value());
    f.write(static_cast<int>(kRevisionsMax + 1));
    run.reload();
    CHECK(run.json(kConfigHistoryTopic)["revisions"].size() == kRevisionsMax);
    CHECK_FALSE(read_revision(folder, 1).has_value());
    CHECK(read_revision(folder, kRevisionsMax + 1).has_value());
}

TEST_CASE("a revision with larger files than the bound is kept without them") {
    const Fixture f;
    f.write(1883);
    Run run(f.folder, true);
    CHECK(run.json(kConfigHistoryTopic)["revisions"][0]["kept"] == true);
    f.write(1884, "// " + std::string(kRevisionBytesMax, 'x') + "\n");
    CHECK(run.reload().revision == 2);
    CHECK(run.json(kConfigHistoryTopic)["revisions"][0]["kept"] == false);
    CHECK(run.json(kConfigHistoryTopic)["revisions"][0]["revision"] == 2);
}

TEST_CASE("damaged revisions are told and nothing is taken from them") {
    const Fixture f;
    f.write(1883);
    std::filesystem::create_directory(revisions_folder(f.folder.path));
    for (const char* const damaged : {"{}", "nonsense", R"([{"revision":2},{"revision":2}])"}) {
        f.folder.write("revisions/index.json", damaged);
        Revisions revisions(revisions_folder(f.folder.path));
        CHECK(revisions.load().error().ends_with("index.json is damaged"));
        CHECK(revisions.all().empty());
    }
    for (const char* const damaged : {"{}", "[1]", R"([{"name":"../a.lot","text":""}])"}) {
        f.folder.write("revisions/1.json", damaged);
        CHECK(read_revision(revisions_folder(f.folder.path), 1).error().ends_with("is damaged"));
    }
}

TEST_CASE("files that cannot be kept stop nothing and are told") {
    const Fixture f;
    f.write(1883);
    f.folder.write("revisions", "a file in the way");
    SystemReferences references({});
    RouteStore store(f.folder.path / "routes", references);
    std::size_t said = 0;
    ConfigTopics topics(f.folder.path / "routes", f.folder.path,
                        [&said](std::string_view, std::string_view) { ++said; });
    const Reload reload = store.reload();
    CHECK(topics.take(reload, store, {}).error().starts_with("cannot write "));
    CHECK(said == 4);
}
