// What a node retains about its configuration in $SYS/broker/config/: which plan runs, how it came
// to that, and what came of the last reading of its files. docs/rollout.md has the documents.
//
// Core thread. Bounded by kReloadErrorsMax, kRevisionsMax and kPublishedPlanBytesMax.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "runtime/server/revisions.h"
#include "runtime/server/route_store.h"

namespace lotmesh::server {

inline constexpr std::string_view kConfigRevisionTopic = "$SYS/broker/config/revision";
inline constexpr std::string_view kConfigReloadTopic = "$SYS/broker/config/reload";
inline constexpr std::string_view kConfigPlanTopic = "$SYS/broker/config/plan";
inline constexpr std::string_view kConfigHistoryTopic = "$SYS/broker/config/history";

// A longer one is not published, and kConfigRevisionTopic says so.
inline constexpr std::size_t kPublishedPlanBytesMax = std::size_t{8} << 20;

struct ReloadCounts {
    std::uint64_t applied = 0;
    std::uint64_t unchanged = 0;
    std::uint64_t refused = 0;
    bool operator==(const ReloadCounts&) const = default;
};

class ConfigTopics {
public:
    using Publish = std::function<void(std::string_view topic, std::string_view payload)>;

    // `routes`: where the files are; `data`: the data directory, where there is one.
    ConfigTopics(std::filesystem::path routes, std::optional<std::filesystem::path> data,
                 Publish publish);

    // Before the first take(): what was kept. A warning where that could not be read.
    Result<void, std::string> load() { return revisions_.load(); }
    const Revision* last() const;

    // What came of a reload; the store has taken it. The error is what could not be kept.
    Result<void, std::string> take(const Reload& reload, const RouteStore& store, WallTime at);

private:
    std::string revision_json(const RouteStore& store) const;
    std::string reload_json(const Reload& reload, WallTime at) const;

    std::filesystem::path routes_;
    std::optional<std::filesystem::path> folder_;
    Publish publish_;
    Revisions revisions_;
    ReloadCounts counts_;
};

// Where a data directory keeps the files of revisions.
std::filesystem::path revisions_folder(const std::filesystem::path& data);

}  // namespace lotmesh::server
