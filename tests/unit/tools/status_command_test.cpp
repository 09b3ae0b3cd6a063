#include "tools/lotmesh/status_command.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

#include "tests/support/temporary_folder.h"
#include "tests/unit/tools/running_broker.h"

using namespace lotmesh;
using namespace lotmesh::tool;
using namespace lotmesh::test;

namespace {

struct Run {
    StatusExit exit;
    std::string out;
    std::string error;
};

Run status(const StatusOptions& options) {
    std::ostringstream out;
    std::ostringstream error;
    const StatusExit exit = show_status(options, out, error);
    return {exit, out.str(), error.str()};
}

struct Fixture {
    TemporaryFolder folder;
    Fixture() { folder.write("routes/a.lot", route_file("ToB", 1883)); }
    Said said() const { return running(folder.path("routes")); }
};

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a healthy node that runs what its files say is exit code 0") {
    const Fixture f;
    ScriptedBroker broker(retaining(f.said()));
    const Run good = status({.brokers = {to_string(broker.where)}});
    CHECK(good.exit == StatusExit::Good);
    CHECK(good.error.empty());
    CHECK(has(good.out, "node1 (" + to_string(broker.where) + "), lotmesh 1.2.3: healthy\n"));
    CHECK(has(good.out, "  runs     r7 "));
    CHECK(has(good.out,
              "  reload   applied 2026-01-31T12:00:00.000Z, 7 applied, 2 unchanged, 1 refused\n"));
    CHECK(has(good.out, "  drift    none\n"));
    CHECK(has(good.out, "  link     ToB up_primary -> 10.0.0.1:1883 (node2)\n"));
}

TEST_CASE(
    "files that say something else than what runs are drift, in another spelling they are not") {
    const Fixture f;
    ScriptedBroker broker(retaining(f.said()));
    const StatusOptions options{.brokers = {to_string(broker.where)}};
    f.folder.write("routes/a.lot", "// a comment\n" + route_file("ToB", 1883));
    CHECK(status(options).exit == StatusExit::Good);
    f.folder.write("routes/a.lot", route_file("ToB", 1884));
    const Run differs = status(options);
    CHECK(differs.exit == StatusExit::Attention);
    CHECK(has(differs.out, "  drift    its files say something else\n"));
    f.folder.write("routes/a.lot", route_file("ToB", 99'999));
    CHECK(has(status(options).out, "  drift    its files are refused\n"));
}

TEST_CASE("refused files are drift wherever the node is, and their mistakes are shown") {
    const Fixture f;
    Said said = f.said();
    say(said, "$SYS/broker/config/reload",
        R"({"ok":false,"result":"refused","at":"now","errors":["a.lot:4:9: error"]})");
    ScriptedBroker broker(retaining(said));
    const Run refused = status({.brokers = {to_string(broker.where)}});
    CHECK(refused.exit == StatusExit::Attention);
    CHECK(has(refused.out, "    a.lot:4:9: error\n  drift    its files are refused\n"));
    RunningNode elsewhere;
    elsewhere.where = {"node2.example", 1883};
    elsewhere.config.emplace();
    CHECK(drift_of(elsewhere) == Drift::Unknown);
    elsewhere.reload.ok = false;
    CHECK(drift_of(elsewhere) == Drift::Refused);
}

TEST_CASE("a change that waits for its confirmation is shown") {
    const Fixture f;
    Said said = f.said();
    said.emplace_back("$SYS/broker/config/unconfirmed", R"({"revision":7,"seconds":60})");
    ScriptedBroker broker(retaining(said));
    CHECK(has(status({.brokers = {to_string(broker.where)}}).out,
              "  waits    for `lotmesh confirm " + to_string(broker.where) + "`\n"));
}

TEST_CASE("a node that is not healthy says why") {
    const Fixture f;
    Said said = f.said();
    say(said, "$SYS/broker/cluster/status",
        R"({"status":"partitioned","reasons":["peer node2 is away"],"name":"node1"})");
    ScriptedBroker broker(retaining(said));
    const Run ill = status({.brokers = {to_string(broker.where)}});
    CHECK(ill.exit == StatusExit::Attention);
    CHECK(has(ill.out, ": partitioned\n    peer node2 is away\n"));
}

TEST_CASE("a node that cannot be asked is exit code 2, and the others are shown") {
    const Fixture f;
    ScriptedBroker broker(retaining(f.said()));
    const std::vector<std::string> both = {"nonsense:", to_string(broker.where)};
    const Run one = status({.brokers = both});
    CHECK(one.exit == StatusExit::CouldNotAsk);
    CHECK(one.error == "lotmesh status: \"nonsense:\" is no HOST:PORT\n");
    CHECK(has(one.out, "node1"));
    const Run json = status({.brokers = both, .format = OutputFormat::Json});
    const auto nodes = nlohmann::json::parse(json.out)["nodes"];
    REQUIRE(nodes.size() == 2);
    CHECK(nodes[0]["error"] == "\"nonsense:\" is no HOST:PORT");
    CHECK(nodes[1]["revision"] == 7);
    CHECK(nodes[1]["drift"] == "none");
    CHECK(nodes[1]["links"][0]["queued_messages"] == 12);
    CHECK(nodes[1]["reload"]["applied"] == 7);
}

TEST_CASE("who watches is shown a page again when something in it changes, and only then") {
    const Fixture f;
    Said ill = f.said();
    say(ill, "$SYS/broker/cluster/status",
        R"({"status":"partitioned","reasons":["peer node2 is away"],"name":"node1"})");
    std::atomic<bool> is_ill = false;
    ScriptedBroker broker(
        [&is_ill, well = retaining(f.said()), ill = retaining(ill)](const mqtt::Packet& packet) {
            return is_ill ? ill(packet) : well(packet);
        });
    std::ostringstream out;
    std::vector<std::string> pages;
    const auto look = [&, looks = 0]() mutable {
        pages.push_back(std::exchange(out, std::ostringstream()).str());
        if (++looks == 3) is_ill = true;
        return looks < 5;
    };
    watch_status({.brokers = {to_string(broker.where)}, .watch = true},
                 {.interval = std::chrono::milliseconds(1), .goes_on = look}, out);
    REQUIRE(pages.size() == 5);
    CHECK(pages[0].empty());
    CHECK(has(pages[1], ": healthy\n"));
    CHECK(pages[2].empty());
    CHECK(has(pages[3], ": partitioned\n    peer node2 is away\n"));
    CHECK(pages[4].empty());
}

TEST_CASE("who watches is told that a node is gone, and a terminal is cleared before each page") {
    const Fixture f;
    auto broker = std::make_unique<ScriptedBroker>(retaining(f.said()));
    const std::string where = to_string(broker->where);
    std::ostringstream out;
    const auto look = [&, looks = 0]() mutable {
        if (++looks == 2) broker.reset();
        return looks < 4;
    };
    watch_status({.brokers = {where}, .watch = true},
                 {.clear_screen = true, .interval = std::chrono::milliseconds(1), .goes_on = look},
                 out);
    const std::string text = out.str();
    CHECK(text.starts_with("\x1b[H\x1b[2Jnode1 ("));
    const std::size_t second = text.find("\x1b[H\x1b[2Jlotmesh status: ");
    REQUIRE(second != std::string::npos);
    CHECK(text.find("\x1b[H", second + 1) == std::string::npos);
}
