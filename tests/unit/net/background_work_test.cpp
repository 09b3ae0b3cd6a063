#include "runtime/net/background_work.h"

#include <atomic>
#include <thread>

#include "tests/unit/net/loopback.h"

using namespace lotmesh;
using namespace lotmesh::net;

TEST_CASE("work runs on another thread and its result arrives on the loop's") {
    Loop loop;
    BackgroundWork background(loop);
    const auto here = std::this_thread::get_id();
    std::optional<std::thread::id> worked_on;
    std::optional<std::thread::id> heard_on;
    background.start<std::thread::id>([] { return std::this_thread::get_id(); },
                                      [&](std::thread::id worker) {
                                          worked_on = worker;
                                          heard_on = std::this_thread::get_id();
                                      });
    CHECK(background.busy());
    CHECK_FALSE(heard_on.has_value());
    run_until(loop, [&] { return heard_on.has_value(); });
    CHECK(heard_on == here);
    CHECK(worked_on != here);
    CHECK_FALSE(background.busy());
}

TEST_CASE("the loop goes on while work runs, and one piece of work may start the next") {
    Loop loop;
    BackgroundWork background(loop);
    std::atomic<bool> may_end = false;
    std::vector<int> results;
    const std::function<void(int)> done = [&](int result) {
        results.push_back(result);
        if (results.size() < 3) background.start<int>([result] { return result + 1; }, done);
    };
    background.start<int>(
        [&may_end] {
            while (!may_end)
                std::this_thread::yield();
            return 1;
        },
        done);
    bool turned = false;
    Timer timer(loop, [&turned] { turned = true; });
    timer.start_in(Duration::milliseconds(1));
    run_until(loop, [&turned] { return turned; });
    CHECK(results.empty());
    may_end = true;
    run_until(loop, [&] { return results.size() == 3; });
    CHECK(results == std::vector<int>{1, 2, 3});
}

TEST_CASE("who is destroyed while work runs hears nothing of it, and the loop still ends") {
    std::atomic<bool> may_end = false;
    std::atomic<bool> began = false;
    std::atomic<bool> ended = false;
    bool heard = false;
    {
        Loop loop;
        auto background = std::make_unique<BackgroundWork>(loop);
        background->start<int>(
            [&] {
                began = true;
                while (!may_end)
                    std::this_thread::yield();
                ended = true;
                return 1;
            },
            [&heard](int) { heard = true; });
        while (!began)  // not by turns of the loop: nothing would wake it
            std::this_thread::yield();
        background.reset();
        may_end = true;
    }
    CHECK(ended);
    CHECK_FALSE(heard);
}

TEST_CASE("work that no thread has begun is never begun once its owner is gone") {
    std::atomic<bool> may_end = false;
    std::atomic<int> began = 0;
    constexpr int kMoreThanThePoolHas = 200;
    {
        Loop loop;
        std::vector<std::unique_ptr<BackgroundWork>> all;
        for (int i = 0; i < kMoreThanThePoolHas; ++i) {
            all.push_back(std::make_unique<BackgroundWork>(loop));
            all.back()->start<int>(
                [&] {
                    ++began;
                    while (!may_end)
                        std::this_thread::yield();
                    return 0;
                },
                [](int) {});
        }
        all.clear();
        may_end = true;
    }
    CHECK(began < kMoreThanThePoolHas);
}
