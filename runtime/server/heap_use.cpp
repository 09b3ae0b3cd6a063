#include "runtime/server/heap_use.h"

#include <malloc.h>

#include <algorithm>

namespace lotmesh::server {

std::map<std::string, std::uint64_t> HeapUse::look() {
    const struct mallinfo2 all = ::mallinfo2();
    // Small blocks, and those with a mapping of their own.
    const std::uint64_t current = all.uordblks + all.hblkhd;
    maximum_ = std::max(maximum_, current);
    return {{"$SYS/broker/heap/current", current}, {"$SYS/broker/heap/maximum", maximum_}};
}

}  // namespace lotmesh::server
