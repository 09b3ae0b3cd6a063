// Limits of the process.
#pragma once

#include <cstdint>

namespace lotmesh::net {

// Raises the soft limit of open files to the hard one; returns what holds afterwards.
std::uint64_t raise_open_files();

}  // namespace lotmesh::net
