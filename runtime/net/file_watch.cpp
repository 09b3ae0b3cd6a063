#include "runtime/net/file_watch.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runtime/net/handle.h"
#include "runtime/net/timer.h"

namespace lotmesh::net {

namespace fs = std::filesystem;

namespace {

// Constant writing must not put a reload off for ever.
constexpr Duration kDelayMax = Duration::seconds(2);
// How often a path whose folder is gone, too, is looked for.
constexpr Duration kSearchAgainAfter = Duration::seconds(1);

}  // namespace

struct FileWatch::Impl {
    struct Target {
        Impl* owner;
        fs::path folder;
        std::string name;  // of the entry that matters; empty: all of them
    };
    using WatchHandle = UvHandle<uv_fs_event_t, Target>;

    Loop& loop;
    fs::path path;
    std::function<void()> changed;
    Duration quiet;
    std::vector<WatchHandle> watches;
    std::optional<Timer> quiet_timer;
    std::optional<Instant> first_event;
    bool lost = false;  // not even the folder that holds the path is there

    bool arm();
    bool watch(const fs::path& folder, const std::string& name);
    void on_event(const Target& target, const char* name);
    void on_quiet();
};

bool FileWatch::Impl::watch(const fs::path& folder, const std::string& name) {
    WatchHandle handle;
    handle.open({this, folder, name},
                [this](uv_fs_event_t* uv) { return uv_fs_event_init(loop.native(), uv); });
    const int error = uv_fs_event_start(
        handle.get(),
        [](uv_fs_event_t* uv, const char* entry, int, int) {
            const Target& target = WatchHandle::context(uv);
            target.owner->on_event(target, entry);
        },
        folder.c_str(), 0);
    if (error == 0) watches.push_back(std::move(handle));
    return error == 0;
}

// Watches are on inodes, so they are made anew after every change. The folder that holds the path
// is always watched: only there one sees it return.
bool FileWatch::Impl::arm() {
    watches.clear();
    std::error_code error;
    if (!watch(path.parent_path(), path.filename())) return false;
    if (fs::is_directory(path, error)) watch(path, "");
    const fs::path real = fs::canonical(path, error);
    if (!error && real != path) watch(real.parent_path(), real.filename());
    return true;
}

void FileWatch::Impl::on_event(const Target& target, const char* name) {
    // An event about the watched folder itself carries the folder's own name.
    const bool matters = name == nullptr || target.name.empty() || target.name == name ||
                         target.folder.filename() == name;
    if (!matters) return;
    const Instant now = loop.now().instant;
    if (!first_event) first_event = now;
    quiet_timer->start_at(std::min(now + quiet, *first_event + kDelayMax));
}

void FileWatch::Impl::on_quiet() {
    first_event.reset();
    // Armed before anybody reads, so that what changes from here on is a new event.
    const bool was_lost = std::exchange(lost, !arm());
    if (lost) quiet_timer->start_in(kSearchAgainAfter);
    if (lost && was_lost) return;
    changed();
}

FileWatch::FileWatch(Loop& loop, const fs::path& path, std::function<void()> changed,
                     Duration quiet)
    : impl_(new Impl{loop,
                     fs::absolute(path).lexically_normal(),
                     std::move(changed),
                     quiet,
                     {},
                     {},
                     {},
                     false}) {
    // "routes/" is the same path as "routes".
    if (!impl_->path.has_filename()) impl_->path = impl_->path.parent_path();
    impl_->quiet_timer.emplace(loop, [impl = impl_.get()] { impl->on_quiet(); });
    impl_->lost = !impl_->arm();
    if (impl_->lost) impl_->quiet_timer->start_in(kSearchAgainAfter);
}

FileWatch::~FileWatch() = default;

}  // namespace lotmesh::net
