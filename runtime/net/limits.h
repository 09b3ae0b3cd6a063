// Every bound on what runtime/net reads of a stranger's own words.
#pragma once

#include <cstddef>

namespace lotmesh::net {

// A line of PROXY v1, with its end; what the specification says is the longest. One byte more is an
// error.
inline constexpr std::size_t kProxyLineBytesMax = 107;

// A header of PROXY v2, all of it: addresses, and what proxies add to them. One byte more is an
// error.
inline constexpr std::size_t kProxyHeaderBytesMax = 4096;

}  // namespace lotmesh::net
