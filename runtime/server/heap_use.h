// The bytes that the process has allocated, and the most that were seen when somebody looked: what
// stands below $SYS/broker/heap/. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace lotmesh::server {

class HeapUse {
public:
    // By topic.
    std::map<std::string, std::uint64_t> look();

private:
    std::uint64_t maximum_ = 0;
};

}  // namespace lotmesh::server
