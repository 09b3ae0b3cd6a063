// Every bound on what a stranger can make the shell keep before the broker knows of him.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace lotmesh::server {

// Connections that are on their way through a PROXY header, TLS or an upgrade. For one more the
// oldest is closed that has said nothing yet; where all have, the new one is.
inline constexpr std::size_t kArrivingMax = 2'000;

// What a client may send before its TLS handshake has its turn: a ClientHello is much shorter.
// Whoever sends more is closed.
inline constexpr std::size_t kHeldHelloBytesMax = 16 * 1024;

// From the connection to the end of both; then it is closed. What they take is missing from the
// time for CONNECT (broker's connect_timeout).
inline constexpr Duration kArrivalMax = Duration::seconds(10);

// Sources of connections that are remembered: addresses, or networks of IPv6. Of one more nobody is
// let in until one of them is idle.
inline constexpr std::size_t kSourcesMax = 65'536;

// A file of certificates, keys or lists. One byte more is an error.
inline constexpr std::size_t kTlsFileBytesMax = 4 * 1024 * 1024;

// Shared keys of TLS. One more is an error.
inline constexpr std::size_t kPskKeysMax = 10'000;

// Handshakes of TLS on a second, and how many of them may come at once; the rest waits. Even with a
// costly key (RSA, 1 to 2 ms) the node goes on with everything else.
inline constexpr std::uint32_t kHandshakesPerSecond = 400;
inline constexpr std::uint32_t kHandshakesAtOnce = 40;

}  // namespace lotmesh::server
