#include "runtime/net/file_watch.h"

#include <stdlib.h>

#include <fstream>

#include "tests/unit/net/loopback.h"

using namespace lotmesh;
using namespace lotmesh::net;
namespace fs = std::filesystem;

namespace {

class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string pattern = fs::temp_directory_path() / "lotmesh-watch-XXXXXX";
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        path = pattern;
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    fs::path path;
};

void write_file(const fs::path& path, const std::string& text) {
    std::ofstream file(path);
    file << text;
}

struct Watched {
    explicit Watched(const fs::path& path)
        : watch(loop, path, [this] { ++changes; }, Duration::milliseconds(10)) {}

    // True when a change is reported; false when there was none for a while.
    bool sees_change() {
        const int before = changes;
        bool over = false;
        Timer timer(loop, [&over] { over = true; });
        timer.start_in(Duration::seconds(5));
        while (changes == before && !over)
            loop.run_turn();
        return changes != before;
    }
    bool stays_quiet() {
        const int before = changes;
        run_for(loop, Duration::milliseconds(60));
        return changes == before;
    }

    Loop loop;
    int changes = 0;
    FileWatch watch;
};

}  // namespace

TEST_CASE("a file that is renamed into place is seen, again and again") {
    const TemporaryFolder folder;
    const fs::path file = folder.path / "node.lot";
    write_file(file, "one");
    Watched watched(file);
    for (const char* text : {"two", "three", "four"}) {
        write_file(folder.path / ".node.lot.tmp", text);
        fs::rename(folder.path / ".node.lot.tmp", file);
        CHECK(watched.sees_change());
    }
}

TEST_CASE("a file that is written in place, removed and made again is seen each time") {
    const TemporaryFolder folder;
    const fs::path file = folder.path / "node.lot";
    write_file(file, "one");
    Watched watched(file);
    write_file(file, "two");
    CHECK(watched.sees_change());
    fs::remove(file);
    CHECK(watched.sees_change());
    write_file(file, "three");
    CHECK(watched.sees_change());
}

TEST_CASE("a neighbour of a watched file is not its business") {
    const TemporaryFolder folder;
    write_file(folder.path / "node.lot", "one");
    Watched watched(folder.path / "node.lot");
    write_file(folder.path / "other.lot", "x");
    CHECK(watched.stays_quiet());
}

TEST_CASE("changes of files in a watched folder are seen, also with a slash at its end") {
    const TemporaryFolder folder;
    fs::create_directory(folder.path / "routes");
    Watched watched(folder.path / "routes" / "");
    write_file(folder.path / "routes" / "a.lot", "one");
    CHECK(watched.sees_change());
    write_file(folder.path / "routes" / "tmp~", "two");
    fs::rename(folder.path / "routes" / "tmp~", folder.path / "routes" / "b.lot");
    CHECK(watched.sees_change());
    fs::remove(folder.path / "routes" / "a.lot");
    CHECK(watched.sees_change());
}

TEST_CASE("a folder that vanishes and returns is watched on") {
    const TemporaryFolder folder;
    const fs::path routes = folder.path / "routes";
    fs::create_directory(routes);
    Watched watched(routes);
    fs::remove_all(routes);
    CHECK(watched.sees_change());
    fs::create_directory(routes);
    CHECK(watched.sees_change());
    write_file(routes / "a.lot", "one");
    CHECK(watched.sees_change());
}

TEST_CASE("a folder that is replaced by another one is watched in its new shape") {
    const TemporaryFolder folder;
    const fs::path routes = folder.path / "routes";
    fs::create_directory(routes);
    fs::create_directory(folder.path / "next");
    Watched watched(routes);
    fs::rename(routes, folder.path / "previous");
    fs::rename(folder.path / "next", routes);
    CHECK(watched.sees_change());
    write_file(routes / "a.lot", "one");
    CHECK(watched.sees_change());
}

TEST_CASE("a path whose parent is gone, too, is found again when it returns") {
    const TemporaryFolder folder;
    const fs::path parent = folder.path / "etc";
    fs::create_directories(parent / "routes");
    Watched watched(parent / "routes");
    fs::remove_all(parent);
    CHECK(watched.sees_change());
    fs::create_directories(parent / "routes");
    CHECK(watched.sees_change());
}

TEST_CASE("a symbolic link that is swapped, and a change behind it, are seen") {
    const TemporaryFolder folder;
    fs::create_directories(folder.path / "v1");
    fs::create_directories(folder.path / "v2");
    write_file(folder.path / "v1" / "node.lot", "one");
    write_file(folder.path / "v2" / "node.lot", "two");
    const fs::path link = folder.path / "node.lot";
    fs::create_symlink(folder.path / "v1" / "node.lot", link);
    Watched watched(link);
    write_file(folder.path / "v1" / "node.lot", "one and a half");
    CHECK(watched.sees_change());
    fs::create_symlink(folder.path / "v2" / "node.lot", folder.path / "swap");
    fs::rename(folder.path / "swap", link);
    CHECK(watched.sees_change());
    write_file(folder.path / "v2" / "node.lot", "two and a half");
    CHECK(watched.sees_change());
}
