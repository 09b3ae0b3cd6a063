#include "runtime/server/reloader.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <atomic>
#include <thread>

#include "runtime/net/timer.h"
#include "tests/unit/server/temporary_folder.h"

using namespace lotmesh;
using namespace lotmesh::server;

namespace {

std::string route(const std::string& port) {
    return "DEFINE ROUTE ToA WITH TYPE MQTT_CLUSTER\n"
           "    ADD CLUSTER_CONFIG\n"
           "        WITH BROKER_ADDRESS GET ENV \"PEER\"\n"
           "        WITH BROKER_PORT '" +
           port +
           "'\n"
           "        WITH CLIENT_ID \"label\"\n";
}

// Holds whoever compiles until it is told to go on.
class Gate final : public ReferenceResolver {
public:
    std::optional<std::string> env(std::string_view) const override {
        ++entered;
        while (shut)
            std::this_thread::yield();
        return "127.0.0.1";
    }
    std::optional<std::string> secret(std::string_view) const override { return std::nullopt; }

    mutable std::atomic<int> entered = 0;
    std::atomic<bool> shut = false;
};

struct Fixture {
    TemporaryFolder folder;
    Gate gate;
    RouteStore store{folder.path / "node.lot", gate};
    net::Loop loop;
    std::vector<Reload> heard;
    Reloader reloader{loop, store, [this](const Reload& reload) { heard.push_back(reload); }};

    ~Fixture() { gate.shut = false; }  // also where a test fails: the loop waits for its threads

    void write(const std::string& port) { folder.write("node.lot", route(port)); }
    void turn_until(const std::function<bool()>& done) {
        bool expired = false;
        net::Timer limit(loop, [&expired] { expired = true; });
        limit.start_in(Duration::seconds(10));
        while (!done() && !expired)
            loop.run_turn();
        REQUIRE_FALSE(expired);
    }
    // The loop has nothing to do meanwhile.
    void wait_at_gate() const {
        while (gate.entered == 0)
            std::this_thread::yield();
    }
    void turn_until_idle() {
        turn_until([this] { return !reloader.busy(); });
    }
};

}  // namespace

TEST_CASE("a reload is heard of later, where it has news or was asked for by name") {
    Fixture f;
    f.write("1883");
    f.reloader.request(Reloader::Reason::FileChange);
    CHECK(f.heard.empty());
    f.turn_until_idle();
    REQUIRE(f.heard.size() == 1);
    CHECK(f.heard[0].kind == Reload::Kind::Applied);
    f.reloader.request(Reloader::Reason::FileChange);
    f.turn_until_idle();
    CHECK(f.heard.size() == 1);
    f.reloader.request(Reloader::Reason::Command);
    f.turn_until_idle();
    REQUIRE(f.heard.size() == 2);
    CHECK(f.heard[1].kind == Reload::Kind::Unchanged);
}

TEST_CASE("the loop goes on while routes are compiled, and a change meanwhile is read after it") {
    Fixture f;
    f.write("1883");
    f.gate.shut = true;
    f.reloader.request(Reloader::Reason::FileChange);
    net::Timer tick(f.loop, [&] { tick.start_in(Duration::milliseconds(1)); });
    tick.start_in(Duration{});
    f.turn_until([&] { return f.gate.entered == 1; });  // it has read what was there
    f.write("1884");
    f.reloader.request(Reloader::Reason::Command);
    f.reloader.request(Reloader::Reason::FileChange);
    CHECK(f.heard.empty());
    f.gate.shut = false;
    f.turn_until_idle();
    CHECK(f.gate.entered == 2);
    REQUIRE(f.heard.size() == 2);
    CHECK(f.heard[1].revision == 2);
    CHECK(f.store.plan().links[0].port == 1884);
}

TEST_CASE("a burst of a thousand changes is read twice at most, and the last one counts") {
    Fixture f;
    f.write("1883");
    f.gate.shut = true;
    f.reloader.request(Reloader::Reason::FileChange);
    f.wait_at_gate();
    for (int port = 1'000; port < 2'000; ++port) {
        f.write(std::to_string(port));
        f.reloader.request(Reloader::Reason::FileChange);
    }
    f.gate.shut = false;
    f.turn_until_idle();
    CHECK(f.gate.entered == 2);
    CHECK(f.store.plan().links[0].port == 1999);
    CHECK(f.heard.size() == 2);
}

TEST_CASE("a reloader that is destroyed while routes are compiled tells nobody") {
    Fixture f;
    f.write("1883");
    f.gate.shut = true;
    {
        Reloader passing(f.loop, f.store,
                         [&f](const Reload& reload) { f.heard.push_back(reload); });
        passing.request(Reloader::Reason::Command);
        f.wait_at_gate();
    }
    f.gate.shut = false;
    f.reloader.request(Reloader::Reason::Command);
    f.turn_until_idle();
    CHECK(f.heard.size() == 1);
}
