#include "runtime/server/descriptors.h"

#include <algorithm>

#include "runtime/server/limits.h"

namespace lotmesh::server {

std::size_t connections_within(std::uint64_t open_files, std::size_t wanted) {
    const std::uint64_t others = std::min<std::uint64_t>(kOtherDescriptorsMax, open_files / 2);
    return static_cast<std::size_t>(std::min<std::uint64_t>(wanted, open_files - others));
}

}  // namespace lotmesh::server
