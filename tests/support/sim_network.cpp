#include "tests/support/sim_network.h"

#include <algorithm>

#include "base/assert.h"

namespace lotmesh::sim {
namespace {

constexpr Duration kDialRetry = Duration::milliseconds(200);

Socket other_side(Socket socket) {
    return {socket.connection, static_cast<std::uint8_t>(1 - socket.side)};
}

}  // namespace

HostId Network::add_host() {
    const auto host = static_cast<HostId>(hosts_.size());
    hosts_[host] = nullptr;
    return host;
}

Network::End* Network::find(Socket socket) {
    const auto it = connections_.find(socket.connection);
    if (it == connections_.end()) return nullptr;
    End& end = it->second.ends[socket.side];
    return end.attached ? &end : nullptr;
}

Duration Network::travel_time(HostId from, HostId to) {
    const Path& way = path(from, to);
    const auto jitter_us = static_cast<std::uint64_t>(way.jitter.us);
    return way.latency +
           Duration::microseconds(static_cast<std::int64_t>(rng_.below(jitter_us + 1)));
}

void Network::give(HostId host, const SocketEvent& event) {
    SocketOwner* const owner = hosts_[host];
    if (owner != nullptr) owner->on_socket(event);
}

void Network::give_soon(HostId host, const SocketEvent& event) {
    queue_.after(Duration{}, [this, host, event] { give(host, event); });
}

void Network::dial(HostId from, HostId to, std::uint64_t dial) {
    const bool is_new = dials_.insert({{from, dial}, {to, queue_.now() + kDialTimeout}}).second;
    ASSERT(is_new);
    queue_.after(travel_time(from, to), [this, from, dial] { try_dial(from, dial); });
}

void Network::try_dial(HostId from, std::uint64_t dial) {
    const auto it = dials_.find({from, dial});
    if (it == dials_.end()) return;  // cancelled
    const HostId to = it->second.to;
    if (path(from, to).blocked || path(to, from).blocked) {
        if (queue_.now() >= it->second.deadline)
            return fail_dial(from, dial, SocketEventKind::TimedOut);
        queue_.after(kDialRetry, [this, from, dial] { try_dial(from, dial); });
        return;
    }
    const auto host = hosts_.find(to);
    if (host == hosts_.end() || host->second == nullptr || path(from, to).refusing)
        return fail_dial(from, dial, SocketEventKind::Refused);
    establish(from, to, dial);
}

void Network::fail_dial(HostId from, std::uint64_t dial, SocketEventKind kind) {
    if (dials_.erase({from, dial}) == 0) return;
    give(from, {.kind = kind, .socket = {}, .peer = 0, .dial = dial, .bytes = {}, .reason = {}});
}

void Network::establish(HostId from, HostId to, std::uint64_t dial) {
    const Socket near{++last_connection_, 0};
    Connection& connection = connections_[near.connection];
    connection.cut_style = static_cast<std::uint8_t>(rng_.below(4));
    connection.ends[0].host = from;
    connection.ends[1].host = to;
    connection.ends[0].attached = connection.ends[1].attached = true;
    connection.ends[0].paused = true;  // until the dialler knows that it is connected
    give(to, {.kind = SocketEventKind::Accepted,
              .socket = other_side(near),
              .peer = from,
              .dial = 0,
              .bytes = {},
              .reason = {}});
    queue_.after(travel_time(to, from), [this, from, to, dial, near] {
        const bool wanted = dials_.contains({from, dial});
        if (!wanted) return reset(near);
        if (find(near) == nullptr) return fail_dial(from, dial, SocketEventKind::Refused);
        dials_.erase({from, dial});
        give(from, {.kind = SocketEventKind::Connected,
                    .socket = near,
                    .peer = to,
                    .dial = dial,
                    .bytes = {},
                    .reason = {}});
        resume(near);
    });
}

void Network::write(Socket socket, ByteView bytes) {
    End* const end = find(socket);
    if (end == nullptr || end->out.closing || bytes.empty()) return;
    const HostId to = connections_[socket.connection].ends[1 - socket.side].host;
    bytes_written_[{end->host, to}] += bytes.size();
    trace_.mix(bytes);
    if (tap_ != nullptr) tap_->on_written(socket, end->host, to, bytes);
    end->out.unsent.insert(end->out.unsent.end(), bytes.begin(), bytes.end());
    pump(socket);
    if (!end->out.congested && end->out.unsent_size() > high_watermark_bytes_) {
        end->out.congested = true;
        give_soon(end->host, {.kind = SocketEventKind::Congested,
                              .socket = socket,
                              .peer = to,
                              .dial = 0,
                              .bytes = {},
                              .reason = {}});
    }
}

std::size_t Network::segment_size(std::uint8_t cut_style, std::size_t available) {
    std::size_t size = available;
    switch (cut_style) {
        case 0: break;  // as large as the window allows
        case 1: size = 1 + rng_.below(1460); break;
        case 2: size = rng_.chance(8) ? 1 + rng_.below(12) : 1 + rng_.below(16'000); break;
        default: size = rng_.chance(2) ? available : 1 + rng_.below(available); break;
    }
    return std::min(size, available);
}

void Network::pump(Socket from) {
    End* const end = find(from);
    if (end == nullptr) return;
    Pipe& pipe = end->out;
    const std::uint8_t cut_style = connections_[from.connection].cut_style;
    while (pipe.unsent_size() > 0 && pipe.wire_bytes < kWindowBytes) {
        const std::size_t room = std::min(kWindowBytes - pipe.wire_bytes, pipe.unsent_size());
        const std::size_t size = segment_size(cut_style, room);
        const std::uint8_t* const begin = pipe.unsent.data() + pipe.unsent_head;
        pipe.unsent_head += size;
        put_on_wire(from, SegmentKind::Data, Bytes(begin, begin + size));
    }
    if (pipe.unsent_size() == 0) {
        pipe.unsent.clear();
        pipe.unsent_head = 0;
    }
    if (pipe.congested && pipe.unsent_size() <= high_watermark_bytes_ / 2) {
        pipe.congested = false;
        give_soon(end->host, {.kind = SocketEventKind::Writable,
                              .socket = from,
                              .peer = 0,
                              .dial = 0,
                              .bytes = {},
                              .reason = {}});
    }
    if (pipe.closing && pipe.unsent_size() == 0) {
        put_on_wire(from, SegmentKind::Fin, {});
        detach(from, "closed");
    }
}

void Network::put_on_wire(Socket from, SegmentKind kind, Bytes bytes) {
    Connection& connection = connections_[from.connection];
    Pipe& pipe = connection.ends[from.side].out;
    const HostId to = connection.ends[1 - from.side].host;
    const Duration travel = travel_time(connection.ends[from.side].host, to);
    const Instant ready = std::max(pipe.last_ready, queue_.now() + travel);
    pipe.last_ready = ready;
    pipe.wire_bytes += bytes.size();
    pipe.wire.push_back({kind, ready, std::move(bytes)});
    queue_.at(ready, [this, from] { deliver(from); });
}

void Network::deliver(Socket from) {
    while (deliver_one(from)) {
    }
}

// False: nothing more can be delivered now.
bool Network::deliver_one(Socket from) {
    const auto it = connections_.find(from.connection);
    if (it == connections_.end()) return false;
    End& sender = it->second.ends[from.side];
    End& receiver = it->second.ends[1 - from.side];
    if (sender.out.wire.empty() || sender.out.wire.front().ready > queue_.now()) return false;
    if (path(sender.host, receiver.host).blocked) return false;
    const Socket to = other_side(from);
    const SegmentKind kind = sender.out.wire.front().kind;
    if (kind != SegmentKind::Reset && receiver.attached && receiver.paused) return false;

    Segment segment = std::move(sender.out.wire.front());
    sender.out.wire.pop_front();
    sender.out.wire_bytes -= segment.bytes.size();
    if (!receiver.attached) {
        pump(from);
        return true;
    }
    switch (kind) {
        case SegmentKind::Data:
            if (!receiver.out.closing) {
                give(receiver.host, {.kind = SocketEventKind::Bytes,
                                     .socket = to,
                                     .peer = sender.host,
                                     .dial = 0,
                                     .bytes = segment.bytes,
                                     .reason = {}});
            }
            pump(from);
            return true;
        case SegmentKind::Fin: detach(to, "end of file"); return true;
        case SegmentKind::Reset: detach(to, "connection reset by peer"); return true;
    }
    UNREACHABLE();
}

// The host of this end is told and knows the socket no longer.
void Network::detach(Socket socket, std::string_view reason) {
    End* const end = find(socket);
    if (end == nullptr) return;
    end->attached = false;
    give_soon(end->host, {.kind = SocketEventKind::Closed,
                          .socket = socket,
                          .peer = 0,
                          .dial = 0,
                          .bytes = {},
                          .reason = reason});
    forget_if_dead(socket.connection);
}

void Network::forget_if_dead(std::uint64_t connection) {
    const auto it = connections_.find(connection);
    if (it == connections_.end()) return;
    if (!it->second.ends[0].attached && !it->second.ends[1].attached) {
        // Not now: a caller up the stack may still hold a reference to it.
        queue_.after(Duration{}, [this, connection] { connections_.erase(connection); });
    }
}

void Network::close(Socket socket) {
    End* const end = find(socket);
    if (end == nullptr || end->out.closing) return;
    end->out.closing = true;
    pump(socket);
    if (find(socket) == nullptr) return;
    queue_.after(kCloseGrace, [this, socket] {
        if (find(socket) != nullptr) reset(socket);
    });
}

void Network::reset(Socket socket) {
    End* const end = find(socket);
    if (end == nullptr) return;
    end->out.unsent.clear();
    end->out.unsent_head = 0;
    end->out.wire.clear();
    end->out.wire_bytes = 0;
    put_on_wire(socket, SegmentKind::Reset, {});
    detach(socket, "reset");
}

void Network::pause(Socket socket) {
    if (End* const end = find(socket); end != nullptr) end->paused = true;
}

void Network::resume(Socket socket) {
    End* const end = find(socket);
    if (end == nullptr || !end->paused) return;
    end->paused = false;
    queue_.after(Duration{}, [this, socket] { deliver(other_side(socket)); });
}

void Network::crash(HostId host) {
    hosts_[host] = nullptr;
    std::erase_if(dials_, [host](const auto& entry) { return entry.first.first == host; });
    for (auto& [number, connection] : connections_) {
        for (std::uint8_t side = 0; side < 2; ++side) {
            End& end = connection.ends[side];
            if (end.host != host || !end.attached) continue;
            end.attached = false;
            end.out.unsent.clear();
            end.out.unsent_head = 0;
            if (rng_.chance(2)) {
                end.out.wire.clear();
                end.out.wire_bytes = 0;
            }
            put_on_wire({number, side}, SegmentKind::Reset, {});
            forget_if_dead(number);
        }
    }
}

void Network::set_blocked(HostId from, HostId to, bool blocked) {
    path(from, to).blocked = blocked;
    if (blocked) return;
    for (auto& [number, connection] : connections_)
        for (std::uint8_t side = 0; side < 2; ++side)
            if (connection.ends[side].host == from && connection.ends[1 - side].host == to)
                queue_.after(travel_time(from, to),
                             [this, socket = Socket{number, side}] { deliver(socket); });
}

void Network::reset_between(HostId a, HostId b) {
    for (auto& [number, connection] : connections_) {
        const bool between = (connection.ends[0].host == a && connection.ends[1].host == b) ||
                             (connection.ends[0].host == b && connection.ends[1].host == a);
        if (!between) continue;
        for (std::uint8_t side = 0; side < 2; ++side) {
            connection.ends[side].out.wire.clear();
            connection.ends[side].out.wire_bytes = 0;
        }
        detach({number, 0}, "connection reset by peer");
        detach({number, 1}, "connection reset by peer");
    }
}

std::size_t Network::unsent_bytes(Socket socket) const {
    const auto it = connections_.find(socket.connection);
    return it == connections_.end() ? 0 : it->second.ends[socket.side].out.unsent_size();
}

std::size_t Network::connections_between(HostId a, HostId b) const {
    return static_cast<std::size_t>(std::ranges::count_if(connections_, [&](const auto& entry) {
        const End& left = entry.second.ends[0];
        const End& right = entry.second.ends[1];
        return left.attached && right.attached &&
               ((left.host == a && right.host == b) || (left.host == b && right.host == a));
    }));
}

std::uint64_t Network::bytes_written(HostId from, HostId to) const {
    const auto it = bytes_written_.find({from, to});
    return it == bytes_written_.end() ? 0 : it->second;
}

}  // namespace lotmesh::sim
