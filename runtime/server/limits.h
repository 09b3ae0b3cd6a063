// Every bound on what a stranger can make the shell keep before the broker knows of him, and on
// what it reads to find out who he is.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace lotmesh::server {

// Connections that are on their way through a PROXY header, TLS or an upgrade. For one more the
// oldest is closed that has said nothing yet; where all have, the new one is.
inline constexpr std::size_t kArrivingMax = 2'000;

// Of the descriptors that the process may have, those that are not for connections: listeners,
// links that are dialled, files. Where there are few, half of them.
inline constexpr std::size_t kOtherDescriptorsMax = 256;

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

// The file of users. What is beyond refuses the whole file.
inline constexpr std::size_t kPasswordFileBytesMax = std::size_t{16} << 20;
inline constexpr std::size_t kPasswordLineBytesMax = 1024;
inline constexpr std::size_t kUserNameBytesMax = 256;
inline constexpr std::size_t kUsersMax = 100'000;
// Users whose secrets a stranger's password is checked with; enough to have every kind.
inline constexpr std::size_t kDecoyUsersMax = 64;

// Passwords that are checked at a time, and that wait for it. One more is refused (0x97). As many
// as the two are through with, at 20 ms each, before those who wait give up (connect_timeout).
inline constexpr std::size_t kPasswordChecksMax = 2;
inline constexpr std::size_t kPasswordChecksWaitingMax = 1000;
// A longer password is wrong.
inline constexpr std::size_t kPasswordBytesMax = 1024;

// Whose mistakes are remembered (login_penalties.h): one more makes the oldest forgotten.
inline constexpr std::size_t kPenaltySourcesMax = 10'000;
inline constexpr std::size_t kPenaltyUsersMax = 10'000;
inline constexpr std::size_t kKnownLoginsMax = 100'000;

// A JSON Web Token, and what of it is taken. What is beyond makes it no token.
inline constexpr std::size_t kJwtBytesMax = 8192;
inline constexpr std::size_t kJwtGroupsMax = 64;
inline constexpr std::size_t kGroupNameBytesMax = 256;
inline constexpr std::size_t kJwtKeysMax = 16;
inline constexpr std::size_t kJwtKeyBytesMax = 16'384;

}  // namespace lotmesh::server
