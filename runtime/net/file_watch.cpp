#include "runtime/net/file_watch.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/log.h"
#include "runtime/net/handle.h"
#include "runtime/net/timer.h"
#include "runtime/net/watch_places.h"

namespace lotmesh::net {

namespace fs = std::filesystem;

namespace {

// Constant writing must not put a reload off for ever.
constexpr Duration kDelayMax = Duration::seconds(2);
// How often we look where we cannot watch.
constexpr Duration kLookAgainAfter = Duration::seconds(1);

}  // namespace

struct FileWatch::Impl {
    struct Target {
        Impl* owner;
        fs::path folder;
        std::set<std::string> names;  // as in WatchPlaces
    };
    using WatchHandle = UvHandle<uv_fs_event_t, Target>;

    enum class Sight : std::uint8_t {
        Full,     // every change is an event
        Partial,  // the path exists, and something of it cannot be watched
        None,     // neither the path nor all the folders that lead there are there
    };

    Loop& loop;
    fs::path path;
    std::function<void()> changed;
    Duration quiet;
    std::vector<WatchHandle> watches;
    std::optional<Timer> quiet_timer;
    std::optional<Instant> first_event;
    Sight sight = Sight::Full;

    void arm();
    bool watch(const fs::path& folder, const std::set<std::string>& names, std::string& complaint);
    void on_event(const Target& target, const char* name);
    void on_quiet();
};

bool FileWatch::Impl::watch(const fs::path& folder, const std::set<std::string>& names,
                            std::string& complaint) {
    WatchHandle handle;
    int error = handle.open({this, folder, names}, [this](uv_fs_event_t* uv) {
        return uv_fs_event_init(loop.native(), uv);
    });
    if (error == 0)
        error = uv_fs_event_start(
            handle.get(),
            [](uv_fs_event_t* uv, const char* entry, int, int) {
                const Target& target = WatchHandle::context(uv);
                target.owner->on_event(target, entry);
            },
            folder.c_str(), 0);
    if (error == 0) watches.push_back(std::move(handle));
    if (error != 0) complaint = folder.string() + ": " + uv_strerror(error);
    return error == 0;
}

// Watches are on inodes, so they are made anew after every change. One that fails stops none of the
// others, and we look again before long whether it still does.
void FileWatch::Impl::arm() {
    watches.clear();
    const WatchPlaces places = watch_places(path);
    bool complete = places.complete;
    std::string complaint = path.string() + ": not all of it can be read";
    for (const auto& [folder, names] : places.folders)
        complete = watch(folder, names, complaint) && complete;
    const Sight before = sight;
    sight = complete ? Sight::Full : places.exists ? Sight::Partial : Sight::None;
    if (sight != Sight::Full) quiet_timer->start_in(kLookAgainAfter);
    if (sight == Sight::Partial && before != Sight::Partial)
        log::warning("cannot watch " + complaint + "; looking every second instead");
}

void FileWatch::Impl::on_event(const Target& target, const char* name) {
    // An event about the watched folder itself carries the folder's own name.
    const bool matters = name == nullptr || target.names.contains("") ||
                         target.names.contains(name) || target.folder.filename() == name;
    if (!matters) return;
    const Instant now = loop.now().instant;
    if (!first_event) first_event = now;
    quiet_timer->start_at(std::min(now + quiet, *first_event + kDelayMax));
}

void FileWatch::Impl::on_quiet() {
    first_event.reset();
    const Sight before = sight;
    // Armed before anybody reads, so that what changes from here on is a new event.
    arm();
    if (sight == Sight::None && before == Sight::None) return;
    changed();
}

FileWatch::FileWatch(Loop& loop, const fs::path& path, std::function<void()> changed,
                     Duration quiet)
    : impl_(new Impl{
          loop, fs::absolute(path), std::move(changed), quiet, {}, {}, {}, Impl::Sight::Full}) {
    impl_->quiet_timer.emplace(loop, [impl = impl_.get()] { impl->on_quiet(); });
    impl_->arm();
}

FileWatch::~FileWatch() = default;

}  // namespace lotmesh::net
