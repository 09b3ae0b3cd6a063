// Everything that can happen to a node from outside, as values. The shell (the daemon or the
// simulator) makes them; Core and Cluster take them. Spans borrow for the call.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/bytes.h"
#include "base/slot_map.h"
#include "base/time.h"
#include "runtime/broker/disk_space.h"
#include "runtime/broker/policy.h"
#include "runtime/broker/pressure.h"

namespace lotmesh::broker {

// The shell's name for a connection; never used again for another one.
using ConnId = SlotHandle;

// The node's name for one attempt to connect to somewhere.
using DialId = std::uint64_t;

struct Accepted {
    ConnId conn;
    Origin origin;
    Duration waited = {};  // since the socket was accepted; of the time for CONNECT
    bool operator==(const Accepted&) const = default;
};

struct Received {
    ConnId conn;
    ByteView bytes;
};

// Exactly once for each connection, whoever closed it; also after Effects::close.
struct Closed {
    ConnId conn;
    std::string reason;  // in the words of the operating system, for logs
    bool operator==(const Closed&) const = default;
};

// The bytes that wait to be written crossed the high watermark; Writable when they are below the
// low one again. Both watermarks are in limits.h.
struct Congested {
    ConnId conn;
    bool operator==(const Congested&) const = default;
};
struct Writable {
    ConnId conn;
    bool operator==(const Writable&) const = default;
};

// A deadline that next_deadline() asked for has come (or nothing has, which is harmless).
struct Tick {
    bool operator==(const Tick&) const = default;
};

struct Dialled {
    DialId dial = 0;
    ConnId conn;
    std::string remote_address;    // the address that was taken, after resolving
    std::string certificate = {};  // with TLS, a fingerprint of the other side's
    bool operator==(const Dialled&) const = default;
};

enum class DialError : std::uint8_t { Unresolvable, Refused, TimedOut, Unreachable, Tls, Other };

struct DialFailed {
    DialId dial = 0;
    DialError error = DialError::Other;
    std::string reason;
    bool operator==(const DialFailed&) const = default;
};

// The answer that Policy::authenticate() could not give at once; ignored where nobody waits for it
// any more.
struct Authenticated {
    AuthTicket ticket = 0;
    AuthVerdict verdict;
    bool operator==(const Authenticated&) const = default;
};

// The policy has other rules from now on: everybody who is here is asked about again.
struct PolicyChanged {
    bool operator==(const PolicyChanged&) const = default;
};

// How near the memory of this node is to its end has changed.
struct MemoryPressure {
    Pressure level = Pressure::None;
    bool operator==(const MemoryPressure&) const = default;
};

// The same of the disk with the data of this node.
struct DiskSpaceChanged {
    DiskSpace level = DiskSpace::Enough;
    bool operator==(const DiskSpaceChanged&) const = default;
};

using Event =
    std::variant<Accepted, Received, Closed, Congested, Writable, Tick, Dialled, DialFailed,
                 Authenticated, PolicyChanged, MemoryPressure, DiskSpaceChanged>;

}  // namespace lotmesh::broker
