#include "runtime/net/loop.h"

#include <csignal>

#include "runtime/net/handle.h"
#include "runtime/net/rlimits.h"
#include "runtime/net/signals.h"
#include "tests/unit/net/loopback.h"

using namespace lotmesh;
using namespace lotmesh::net;

TEST_CASE("a handle is closed exactly once, and its hook runs when libuv has let go") {
    Loop loop;
    int hooks = 0;
    UvHandle<uv_timer_t, int*> handle;
    REQUIRE(handle.open(&hooks, [&](uv_timer_t* uv) { return uv_timer_init(loop.native(), uv); }) ==
            0);
    handle.close([](int*& count) { ++*count; });
    CHECK(handle.closing());
    CHECK(hooks == 0);
    run_until(loop, [&] { return hooks == 1; });
    CHECK_FALSE(static_cast<bool>(handle));
    handle = {};
}

TEST_CASE("a handle that was moved while it closes is empty when libuv has let go") {
    Loop loop;
    int hooks = 0;
    UvHandle<uv_timer_t, int*> before;
    REQUIRE(before.open(&hooks, [&](uv_timer_t* uv) { return uv_timer_init(loop.native(), uv); }) ==
            0);
    before.close([](int*& count) { ++*count; });
    UvHandle<uv_timer_t, int*> after = std::move(before);
    run_until(loop, [&] { return hooks == 1; });
    CHECK_FALSE(static_cast<bool>(after));
}

TEST_CASE("a handle that is destroyed while it closes calls nobody") {
    Loop loop;
    int hooks = 0;
    {
        UvHandle<uv_timer_t, int*> handle;
        REQUIRE(handle.open(&hooks,
                            [&](uv_timer_t* uv) { return uv_timer_init(loop.native(), uv); }) == 0);
        handle.close([](int*& count) { ++*count; });
    }
    run_for(loop, Duration::milliseconds(5));
    CHECK(hooks == 0);
}

TEST_CASE("a handle whose opening failed is no handle") {
    UvHandle<uv_timer_t, int> handle;
    CHECK(handle.open(1, [](uv_timer_t*) { return UV_EINVAL; }) == UV_EINVAL);
    CHECK_FALSE(static_cast<bool>(handle));
}

TEST_CASE("a timer is never early, can be moved to another time and stopped") {
    Loop loop;
    std::vector<Instant> fired;
    Timer timer(loop, [&] { fired.push_back(loop.now().instant); });
    const Instant due = loop.now().instant + Duration::microseconds(12'345);
    timer.start_at(due + Duration::seconds(60));
    timer.start_at(due);
    run_until(loop, [&] { return !fired.empty(); });
    CHECK(fired[0] >= due);
    timer.start_in(Duration::milliseconds(1));
    timer.stop();
    run_for(loop, Duration::milliseconds(10));
    CHECK(fired.size() == 1);
}

TEST_CASE("a timer may be destroyed by its own callback") {
    Loop loop;
    std::unique_ptr<Timer> timer;
    timer = std::make_unique<Timer>(loop, [&] { timer.reset(); });
    timer->start_in(Duration{});
    run_until(loop, [&] { return timer == nullptr; });
}

TEST_CASE("a turn ends after what timers and sockets brought and before the loop sleeps") {
    Loopback net;
    net.connect();
    std::vector<std::string> story;
    net.loop.at_turn_end([&] {
        if (story.empty() || story.back() != "end") {
            story.push_back(net.received[net.server].empty() ? "waiting" : "received");
            story.emplace_back("end");
        }
    });
    Timer timer(net.loop, [&] {
        story.emplace_back("timer");
        net.send(net.client, "x");
    });
    timer.start_in(Duration::milliseconds(2));
    run_until(net.loop, [&] { return !net.received[net.server].empty(); });
    const std::vector<std::string> expected = {"waiting", "end", "timer"};
    REQUIRE(story.size() >= 5);
    CHECK(std::vector<std::string>(story.begin(), story.begin() + 3) == expected);
    CHECK(story.back() == "end");
}

TEST_CASE("signals arrive on the loop") {
    Loop loop;
    std::vector<int> received;
    const Signals signals(loop, {SIGHUP, SIGUSR1}, [&](int number) { received.push_back(number); });
    std::raise(SIGHUP);
    run_until(loop, [&] { return received.size() == 1; });
    std::raise(SIGUSR1);
    run_until(loop, [&] { return received.size() == 2; });
    CHECK(received == std::vector<int>{SIGHUP, SIGUSR1});
}

TEST_CASE("the soft limit of open files becomes the hard one") {
    const std::uint64_t first = raise_open_files();
    CHECK(first > 0);
    CHECK(raise_open_files() == first);
}
