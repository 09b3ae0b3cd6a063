// How many connections the descriptors of this process are enough for.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lotmesh::server {

// `wanted`, or fewer. `open_files`: how many the process may have, see net::raise_open_files().
std::size_t connections_within(std::uint64_t open_files, std::size_t wanted);

}  // namespace lotmesh::server
