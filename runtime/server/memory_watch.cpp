#include "runtime/server/memory_watch.h"

#include <fmt/core.h>

#include <string>
#include <utility>

#include "base/assert.h"
#include "base/log.h"
#include "runtime/server/memory_reserve.h"
#include "runtime/server/memory_use.h"

namespace lotmesh::server {

namespace {

constexpr Duration kInterval = Duration::seconds(1);

std::string_view name(broker::Pressure level) {
    switch (level) {
        case broker::Pressure::None: return "none";
        case broker::Pressure::High: return "high";
        case broker::Pressure::Critical: return "critical";
    }
    UNREACHABLE();
}

}  // namespace

MemoryWatch::MemoryWatch(net::Loop& loop, Read read, Changed changed, Publish publish)
    : read_(std::move(read)),
      changed_(std::move(changed)),
      publish_(std::move(publish)),
      timer_(loop, [this] { look(); }) {
    look();
}

void MemoryWatch::look() {
    timer_.start_in(kInterval);
    const Use use = read_();
    const broker::Pressure before = level_;
    level_ = use.exhausted ? broker::Pressure::Critical
                           : broker::pressure_at(use.used, use.limit, before);
    if (level_ == before && std::exchange(said_, true)) return;
    const std::string text = fmt::format(R"({{"pressure":"{}","used_bytes":{},"limit_bytes":{}}})",
                                         name(level_), use.used, use.limit);
    publish_(kMemoryStateTopic, text);
    if (level_ == before) return;
    log::write(
        level_ > before ? log::Level::Warning : log::Level::Info,
        fmt::format("memory pressure is {}: {} of {} bytes are in use{}", name(level_), use.used,
                    use.limit, use.exhausted ? ", and no more were to be had" : ""));
    changed_(level_);
}

MemoryWatch::Use own_memory() {
    return {used_bytes().value_or(0), memory_bytes_max(), !restore_memory_reserve()};
}

}  // namespace lotmesh::server
