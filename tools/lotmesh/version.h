// The version of the program.
#pragma once

namespace lotmesh::tool {

inline constexpr const char* kVersion = LOTMESH_VERSION;

}  // namespace lotmesh::tool
