// Every bound on what a stranger can make the shell keep before the broker knows of him.
#pragma once

#include <cstddef>

#include "base/time.h"

namespace lotmesh::server {

// Connections that have not sent their PROXY header or their upgrade. One more is closed at once.
inline constexpr std::size_t kArrivingMax = 10'000;

// From the connection to the end of both; then it is closed. What they take is missing from the
// time for CONNECT (broker's connect_timeout).
inline constexpr Duration kArrivalMax = Duration::seconds(10);

}  // namespace lotmesh::server
