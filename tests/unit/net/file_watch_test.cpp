#include "runtime/net/file_watch.h"

#include <stdlib.h>
#include <sys/fsuid.h>
#include <sys/resource.h>

#include <fstream>

#include "runtime/net/watch_places.h"
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

// New descriptors are refused while it lives, as on a machine without inotify instances to spare.
class NoMoreFiles {
public:
    NoMoreFiles() {
        REQUIRE(::getrlimit(RLIMIT_NOFILE, &before_) == 0);
        const rlimit none{0, before_.rlim_max};
        REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
    }
    ~NoMoreFiles() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    NoMoreFiles(const NoMoreFiles&) = delete;
    NoMoreFiles& operator=(const NoMoreFiles&) = delete;

private:
    rlimit before_{};
};

// The file system treats root as somebody else while it lives; others it treats as they are.
class Unprivileged {
public:
    Unprivileged() : before_(::setfsuid(65'534)) {}
    ~Unprivileged() { ::setfsuid(static_cast<uid_t>(before_)); }
    Unprivileged(const Unprivileged&) = delete;
    Unprivileged& operator=(const Unprivileged&) = delete;

private:
    int before_;
};

void swap_link(const fs::path& link, const fs::path& to) {
    fs::create_symlink(to, link.string() + ".new");
    fs::rename(link.string() + ".new", link);
}

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

TEST_CASE("a symbolic link in the middle of the path that is swapped is seen") {
    const TemporaryFolder folder;
    fs::create_directories(folder.path / "v1" / "routes");
    fs::create_directories(folder.path / "v2" / "routes");
    fs::create_symlink("v1", folder.path / "current");
    Watched watched(folder.path / "current" / "routes");
    swap_link(folder.path / "current", "v2");
    CHECK(watched.sees_change());
    write_file(folder.path / "v1" / "routes" / "a.lot", "old");
    CHECK(watched.stays_quiet());
    write_file(folder.path / "v2" / "routes" / "a.lot", "new");
    CHECK(watched.sees_change());
}

TEST_CASE(
    "a file behind a symbolic link in a watched folder is seen, and so are the links between") {
    const TemporaryFolder folder;
    fs::create_directories(folder.path / "routes");
    fs::create_directories(folder.path / "v1");
    fs::create_directories(folder.path / "v2");
    write_file(folder.path / "v1" / "a.lot", "one");
    write_file(folder.path / "v2" / "a.lot", "two");
    fs::create_symlink(folder.path / "v1", folder.path / "data");
    fs::create_symlink("../data/a.lot", folder.path / "routes" / "a.lot");
    Watched watched(folder.path / "routes");
    write_file(folder.path / "v1" / "a.lot", "one and a half");
    CHECK(watched.sees_change());
    swap_link(folder.path / "data", "v2");
    CHECK(watched.sees_change());
    write_file(folder.path / "v2" / "a.lot", "two and a half");
    CHECK(watched.sees_change());
}

TEST_CASE("a folder whose parent cannot be read is watched all the same") {
    const TemporaryFolder folder;
    const fs::path routes = folder.path / "etc" / "routes";
    fs::create_directories(routes);
    fs::permissions(folder.path, fs::perms(0711));
    fs::permissions(routes, fs::perms(0777));
    fs::permissions(routes.parent_path(), fs::perms(0111));
    {
        const Unprivileged somebody;
        Watched watched(routes);
        write_file(routes / "a.lot", "one");
        CHECK(watched.sees_change());
        CHECK(watched.sees_change());  // and it is looked at again, although nothing happens
    }
    fs::permissions(routes.parent_path(), fs::perms(0755));
}

TEST_CASE("where nothing can be watched changes are looked for, until it can") {
    const TemporaryFolder folder;
    write_file(folder.path / "node.lot", "one");
    Loop loop;
    int changes = 0;
    std::optional<FileWatch> watch;
    {
        const NoMoreFiles spent;
        watch.emplace(
            loop, folder.path / "node.lot", [&changes] { ++changes; }, Duration::milliseconds(10));
        run_until(loop, [&changes] { return changes >= 2; });
    }
    run_until(loop, [&changes] { return changes >= 3; });  // and from here on it is watched
    write_file(folder.path / "node.lot", "two");
    run_until(loop, [&changes] { return changes >= 4; });
}

TEST_CASE("links in a folder are followed up to the bound, beyond it not all is watched") {
    const TemporaryFolder folder;
    const fs::path routes = folder.path / "routes";
    fs::create_directory(routes);
    for (std::size_t i = 0; i < kWatchedLinksMax; ++i)
        fs::create_symlink("../none", routes / std::to_string(i));
    const WatchPlaces all = watch_places(routes);
    CHECK(all.exists);
    CHECK(all.complete);
    CHECK(all.folders.at(fs::canonical(folder.path)) == std::set<std::string>{"none", "routes"});
    fs::create_symlink("../none", routes / "one-more");
    CHECK_FALSE(watch_places(routes).complete);
}

TEST_CASE("links that lead in a circle end, and lead nowhere") {
    const TemporaryFolder folder;
    fs::create_symlink("b", folder.path / "a");
    fs::create_symlink("a", folder.path / "b");
    const WatchPlaces places = watch_places(folder.path / "a");
    CHECK_FALSE(places.exists);
    const auto& names = places.folders.at(fs::canonical(folder.path));
    CHECK(names.contains("a"));
    CHECK(names.contains("b"));
}
