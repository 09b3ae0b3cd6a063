// Counts of the shell below $SYS: published every ten seconds where they are different. Loop
// thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "runtime/net/loop.h"
#include "runtime/net/timer.h"

namespace lotmesh::server {

class CountTopics {
public:
    using Publish = std::function<void(std::string_view topic, std::string_view payload)>;
    using Counts = std::map<std::string, std::uint64_t>;  // by topic

    // Publishes at once, too. The loop outlives it.
    CountTopics(net::Loop& loop, Publish publish, std::function<Counts()> read);

private:
    void look();

    Publish publish_;
    std::function<Counts()> read_;
    Counts said_;
    net::Timer timer_;
};

}  // namespace lotmesh::server
