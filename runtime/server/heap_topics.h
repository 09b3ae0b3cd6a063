// $SYS/broker/heap/current and maximum: the bytes that the process has allocated, and the most that
// were seen. Core thread; every ten seconds, when it is different.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "runtime/net/loop.h"
#include "runtime/net/timer.h"

namespace lotmesh::server {

class HeapTopics {
public:
    using Publish = std::function<void(std::string_view topic, std::string_view payload)>;

    // Publishes at once, too. The loop outlives it.
    HeapTopics(net::Loop& loop, Publish publish);

private:
    void look();

    Publish publish_;
    std::optional<std::uint64_t> current_;
    std::uint64_t maximum_ = 0;
    net::Timer timer_;
};

}  // namespace lotmesh::server
