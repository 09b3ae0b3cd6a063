// Simulated TCP: ordered, lossless byte pipes between hosts, with latency and jitter, segments cut
// at random points, a finite window, watermarks on what waits to be written, and every way in which
// a network fails: stall (both ways or one), reset, refusal, time-out, crash of a host.
//
// Bytes are lost only by a reset or a crash, as with TCP. All events reach their owner from the
// event queue, never from inside a call of that owner. All randomness comes from one Rng.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/rng.h"
#include "base/time.h"
#include "tests/support/sim_clock.h"
#include "tests/support/sim_trace.h"

namespace lotmesh::sim {

using HostId = std::uint32_t;

// One end of a connection. Connections are numbered from 1 and never again.
struct Socket {
    std::uint64_t connection = 0;
    std::uint8_t side = 0;  // 0: who dialled

    auto operator<=>(const Socket&) const = default;
    explicit operator bool() const { return connection != 0; }
};

enum class SocketEventKind : std::uint8_t {
    Accepted,
    Connected,
    Refused,
    TimedOut,
    Bytes,
    Closed,
    Congested,
    Writable,
};

struct SocketEvent {
    SocketEventKind kind = SocketEventKind::Closed;
    Socket socket;
    HostId peer = 0;
    std::uint64_t dial = 0;   // Connected, Refused, TimedOut
    ByteView bytes;           // Bytes
    std::string_view reason;  // Closed
};

class SocketOwner {
public:
    virtual ~SocketOwner() = default;
    virtual void on_socket(const SocketEvent& event) = 0;
};

// Sees all that is written from one host to another, before it is cut into segments.
class WireTap {
public:
    virtual ~WireTap() = default;
    virtual void on_written(Socket socket, HostId from, HostId to, ByteView bytes) = 0;
};

struct Path {
    Duration latency = Duration::microseconds(200);
    Duration jitter = Duration::microseconds(300);
    bool blocked = false;   // stall: nothing arrives until it is lifted
    bool refusing = false;  // dials are refused
};

class Network {
public:
    static constexpr std::size_t kWindowBytes = 64 * 1024;
    static constexpr Duration kDialTimeout = Duration::seconds(5);
    static constexpr Duration kCloseGrace = Duration::seconds(2);

    Network(EventQueue& queue, Trace& trace, std::uint64_t seed)
        : queue_(queue), trace_(trace), rng_(seed) {}

    HostId add_host();
    void attach(HostId host, SocketOwner& owner) { hosts_[host] = &owner; }
    void set_tap(WireTap& tap) { tap_ = &tap; }
    // Congested above it, Writable below the half.
    void set_high_watermark(std::size_t bytes) { high_watermark_bytes_ = bytes; }

    // What a host does.
    void dial(HostId from, HostId to, std::uint64_t dial);
    void cancel_dial(HostId from, std::uint64_t dial) { dials_.erase({from, dial}); }
    void write(Socket socket, ByteView bytes);
    void close(Socket socket);  // after what was written; Closed follows
    void reset(Socket socket);  // at once, on both sides
    void pause(Socket socket);
    void resume(Socket socket);

    // All of the host's connections and dials are gone; the others learn it when they can.
    void crash(HostId host);

    // Faults. A path is one-way.
    Path& path(HostId from, HostId to) { return paths_[{from, to}]; }
    void set_blocked(HostId from, HostId to, bool blocked);
    void reset_between(HostId a, HostId b);

    std::size_t unsent_bytes(Socket socket) const;
    std::size_t connections_between(HostId a, HostId b) const;
    std::uint64_t bytes_written(HostId from, HostId to) const;

private:
    enum class SegmentKind : std::uint8_t { Data, Fin, Reset };
    struct Segment {
        SegmentKind kind = SegmentKind::Data;
        Instant ready;
        Bytes bytes;
    };
    // From one side to the other.
    struct Pipe {
        Bytes unsent;
        std::size_t unsent_head = 0;  // what stands before it has gone
        std::deque<Segment> wire;
        std::size_t wire_bytes = 0;
        Instant last_ready;
        bool congested = false;
        bool closing = false;  // Fin follows what is unsent; nothing is read any more

        std::size_t unsent_size() const { return unsent.size() - unsent_head; }
    };
    struct End {
        HostId host = 0;
        bool attached = false;  // the host still knows this socket
        bool paused = false;
        Pipe out;
    };
    struct Connection {
        End ends[2];
        std::uint8_t cut_style = 0;
    };
    struct PendingDial {
        HostId to = 0;
        Instant deadline;
    };

    End* find(Socket socket);
    void try_dial(HostId from, std::uint64_t dial);
    void establish(HostId from, HostId to, std::uint64_t dial);
    void fail_dial(HostId from, std::uint64_t dial, SocketEventKind kind);
    void pump(Socket from);
    std::size_t segment_size(std::uint8_t cut_style, std::size_t available);
    void put_on_wire(Socket from, SegmentKind kind, Bytes bytes);
    void deliver(Socket from);
    bool deliver_one(Socket from);
    void give(HostId host, const SocketEvent& event);
    void give_soon(HostId host, const SocketEvent& event);
    void detach(Socket socket, std::string_view reason);
    void forget_if_dead(std::uint64_t connection);
    Duration travel_time(HostId from, HostId to);

    EventQueue& queue_;
    Trace& trace_;
    Rng rng_;
    WireTap* tap_ = nullptr;
    std::map<HostId, SocketOwner*> hosts_;  // null: not running
    std::map<std::pair<HostId, HostId>, Path> paths_;
    std::map<std::pair<HostId, HostId>, std::uint64_t> bytes_written_;
    std::map<std::pair<HostId, std::uint64_t>, PendingDial> dials_;
    std::map<std::uint64_t, Connection> connections_;
    std::uint64_t last_connection_ = 0;
    std::size_t high_watermark_bytes_ = 1024 * 1024;
};

}  // namespace lotmesh::sim
