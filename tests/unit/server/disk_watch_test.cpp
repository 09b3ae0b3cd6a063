#include "runtime/server/disk_watch.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/unit/server/temporary_folder.h"

using namespace lotmesh;
using namespace lotmesh::server;
using broker::DiskSpace;

namespace {

struct Bench {
    net::Loop loop;
    DiskWatch::Space space{50, 100};
    std::vector<DiskSpace> levels;
    std::vector<std::string> published;
    DiskWatch watch{loop, [this] { return space; },
                    [this](DiskSpace level) { levels.push_back(level); },
                    [this](std::string_view topic, std::string_view payload) {
                        CHECK(topic == "$SYS/broker/disk/state");
                        published.emplace_back(payload);
                    }};

    void look_at(std::uint64_t free, std::uint64_t total) {
        space = {free, total};
        watch.look();
    }
};

}  // namespace

TEST_CASE("how much of the disk is free is said at first, and when it becomes little or enough") {
    Bench bench;
    CHECK(bench.published ==
          std::vector<std::string>{R"({"space":"enough","free_bytes":50,"total_bytes":100})"});
    CHECK(bench.levels.empty());
    bench.look_at(40, 100);
    CHECK(bench.published.size() == 1);
    bench.look_at(9, 100);
    CHECK(bench.published.back() == R"({"space":"low","free_bytes":9,"total_bytes":100})");
    bench.look_at(1, 100);
    CHECK(bench.published.back() == R"({"space":"full","free_bytes":1,"total_bytes":100})");
    bench.look_at(60, 100);
    CHECK(bench.levels == std::vector{DiskSpace::Low, DiskSpace::Full, DiskSpace::Enough});
}

TEST_CASE("a disk that cannot be asked changes nothing") {
    Bench bench;
    bench.look_at(1, 100);
    bench.look_at(0, 0);
    CHECK(bench.levels == std::vector{DiskSpace::Full});
}

TEST_CASE("the disk of a folder is the one that it is on, and one that is not there has none") {
    const TemporaryFolder folder;
    const DiskWatch::Space space = space_of(folder.path);
    CHECK(space.total > 0);
    CHECK(space.free <= space.total);
    CHECK(space_of(folder.path / "nothing").total == 0);
}
