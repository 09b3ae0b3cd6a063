// Looks once a second how much of its memory this process uses, and says when that becomes another
// matter. Below $SYS: what is used, what there is, and the level. Loop thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "runtime/broker/pressure.h"
#include "runtime/net/loop.h"
#include "runtime/net/timer.h"

namespace lotmesh::server {

inline constexpr std::string_view kMemoryStateTopic = "$SYS/broker/memory/state";

class MemoryWatch {
public:
    using Changed = std::function<void(broker::Pressure level)>;
    using Publish = std::function<void(std::string_view topic, std::string_view payload)>;
    // Bytes in use, and how many there may be.
    struct Use {
        std::uint64_t used = 0;
        std::uint64_t limit = 0;
        bool exhausted = false;  // an allocation has failed
    };
    using Read = std::function<Use()>;

    // All three are called by the constructor and by the loop, `changed` only for another level.
    MemoryWatch(net::Loop& loop, Read read, Changed changed, Publish publish);

    // Not later than now.
    void look();

private:
    Read read_;
    Changed changed_;
    Publish publish_;
    broker::Pressure level_ = broker::Pressure::None;
    bool said_ = false;
    net::Timer timer_;
};

// Of this process (memory_use.h). Its reserve (memory_reserve.h) is restored where it can be.
MemoryWatch::Use own_memory();

}  // namespace lotmesh::server
