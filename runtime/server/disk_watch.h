// Looks every ten seconds at how much of the disk with the data folder is free, and tells when that
// is little, or enough again. Loop thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>

#include "runtime/broker/disk_space.h"
#include "runtime/net/loop.h"
#include "runtime/net/timer.h"

namespace lotmesh::server {

inline constexpr std::string_view kDiskStateTopic = "$SYS/broker/disk/state";

class DiskWatch {
public:
    struct Space {
        std::uint64_t free = 0;
        std::uint64_t total = 0;  // 0: it is not known
    };
    using Read = std::function<Space()>;
    using Changed = std::function<void(broker::DiskSpace level)>;
    using Publish = std::function<void(std::string_view topic, std::string_view payload)>;

    // Looks at once, too. The loop outlives it.
    DiskWatch(net::Loop& loop, Read read, Changed changed, Publish publish);

    // Now, and not when it is time.
    void look();

private:
    Read read_;
    Changed changed_;
    Publish publish_;
    broker::DiskSpace level_ = broker::DiskSpace::Enough;
    bool said_ = false;
    net::Timer timer_;
};

// Of the disk with this folder, for whoever is not root.
DiskWatch::Space space_of(const std::filesystem::path& folder);

}  // namespace lotmesh::server
