#include "runtime/server/disk_watch.h"

#include <fmt/core.h>

#include <string>
#include <system_error>
#include <utility>

#include "base/assert.h"
#include "base/log.h"

namespace lotmesh::server {

namespace {

constexpr Duration kInterval = Duration::seconds(10);

std::string_view name(broker::DiskSpace level) {
    switch (level) {
        case broker::DiskSpace::Enough: return "enough";
        case broker::DiskSpace::Low: return "low";
        case broker::DiskSpace::Full: return "full";
    }
    UNREACHABLE();
}

}  // namespace

DiskWatch::DiskWatch(net::Loop& loop, Read read, Changed changed, Publish publish)
    : read_(std::move(read)),
      changed_(std::move(changed)),
      publish_(std::move(publish)),
      timer_(loop, [this] { look(); }) {
    look();
}

void DiskWatch::look() {
    timer_.start_in(kInterval);
    const Space space = read_();
    const broker::DiskSpace before = level_;
    level_ = broker::disk_space_at(space.free, space.total, before);
    if (level_ == before && std::exchange(said_, true)) return;
    publish_(kDiskStateTopic, fmt::format(R"({{"space":"{}","free_bytes":{},"total_bytes":{}}})",
                                          name(level_), space.free, space.total));
    if (level_ == before) return;
    log::write(level_ > before ? log::Level::Warning : log::Level::Info,
               fmt::format("disk space is {}: {} of {} bytes are free", name(level_), space.free,
                           space.total));
    changed_(level_);
}

DiskWatch::Space space_of(const std::filesystem::path& folder) {
    std::error_code error;
    const std::filesystem::space_info info = std::filesystem::space(folder, error);
    if (error) return {};
    return {info.available, info.capacity};
}

}  // namespace lotmesh::server
