#include "runtime/server/memory_use.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "tests/unit/server/temporary_folder.h"

using namespace lotmesh::server;
namespace fs = std::filesystem;

namespace {

struct Bench {
    TemporaryFolder folder;
    fs::path proc = folder.path / "proc";
    fs::path cgroup = folder.path / "cgroup";

    Bench() {
        fs::create_directories(proc / "self");
        fs::create_directories(cgroup / "a" / "b");
    }
    void write(const std::string& name, const std::string& text) { folder.write(name, text); }
    std::uint64_t limit() const { return memory_bytes_max(proc, cgroup); }
};

}  // namespace

TEST_CASE("what a process uses is what it has in memory for itself") {
    const Bench bench;
    bench.folder.write("proc/self/statm", "1000 300 100 1 0 400 0\n");
    CHECK(used_bytes(bench.proc) == 200 * 4096);
    bench.folder.write("proc/self/statm", "");
    CHECK_FALSE(used_bytes(bench.proc));
    bench.folder.write("proc/self/statm", "1000 x 100");
    CHECK_FALSE(used_bytes(bench.proc));
    CHECK_FALSE(used_bytes(bench.folder.path / "nowhere"));
    CHECK(used_bytes().value_or(0) > 100'000);
}

TEST_CASE("the lowest limit of the groups that a process is in holds") {
    Bench bench;
    const std::uint64_t machine = memory_bytes_max(bench.proc, bench.folder.path / "nowhere");
    CHECK(machine > 100'000'000);
    bench.write("proc/self/cgroup", "0::/a/b\n");
    CHECK(bench.limit() == machine);
    bench.write("cgroup/a/b/memory.max", "max\n");
    CHECK(bench.limit() == machine);
    bench.write("cgroup/a/memory.max", "1000000\n");
    CHECK(bench.limit() == 1'000'000);
    bench.write("cgroup/a/b/memory.max", "900000\n");
    CHECK(bench.limit() == 900'000);
    bench.write("proc/self/cgroup", "1:name=systemd:/x\n0::/a\n");
    CHECK(bench.limit() == 1'000'000);
    // Inside a container the group is the root of what we see.
    bench.write("proc/self/cgroup", "0::/\n");
    bench.write("cgroup/memory.max", "800000\n");
    CHECK(bench.limit() == 800'000);
}

TEST_CASE("a limit of the process itself holds, too") {
    Bench bench;
    const std::uint64_t machine = bench.limit();
    const std::string head = "Limit      Soft Limit    Hard Limit    Units\n";
    bench.write("proc/self/limits", head + "Max data size   unlimited   unlimited   bytes\n");
    CHECK(bench.limit() == machine);
    bench.write("proc/self/limits", head + "Max data size   900000   unlimited   bytes\n");
    CHECK(bench.limit() == 900'000);
    bench.write("proc/self/limits", head + "Max data size   900000   unlimited   bytes\n" +
                                        "Max address space   800000   900000   bytes\n");
    CHECK(bench.limit() == 800'000);
    bench.write("proc/self/limits", head + "Max address space");
    CHECK(bench.limit() == machine);
}
