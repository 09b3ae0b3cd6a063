#include "runtime/server/heap_topics.h"

#include <malloc.h>

#include <string>
#include <utility>

namespace lotmesh::server {

namespace {

constexpr Duration kInterval = Duration::seconds(10);

std::uint64_t allocated_bytes() {
    const struct mallinfo2 all = ::mallinfo2();
    return all.uordblks + all.hblkhd;  // small blocks, and those with a mapping of their own
}

}  // namespace

HeapTopics::HeapTopics(net::Loop& loop, Publish publish)
    : publish_(std::move(publish)), timer_(loop, [this] { look(); }) {
    look();
}

void HeapTopics::look() {
    timer_.start_in(kInterval);
    const std::uint64_t now = allocated_bytes();
    if (current_ == now) return;
    if (now > maximum_ || !current_) {
        maximum_ = now;
        publish_("$SYS/broker/heap/maximum", std::to_string(maximum_));
    }
    current_ = now;
    publish_("$SYS/broker/heap/current", std::to_string(now));
}

}  // namespace lotmesh::server
