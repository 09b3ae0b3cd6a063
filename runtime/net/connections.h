// All TCP connections of a loop: bytes in, bytes out, in order, and exactly one end. [MQTT-4.2-1]
//
// Loop thread only. Connections live here; everybody else holds a ConnectionId, and a stale one
// finds nothing. Life of one: Open -> Draining (close(): what was written is flushed, the rest of
// what the other side sends is thrown away, until it closes too or the drain time is over) ->
// Closing -> gone, told by on_closed.
//
// Writes go straight to the socket; what does not fit is copied and sent when there is room. The
// bytes that wait are bounded by the caller: write() says when they cross kUnsentHigh, on_writable
// when they are below kUnsentLow again. All connections share one read buffer, and an idle one owns
// no buffer at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/bytes.h"
#include "base/slot_map.h"
#include "base/time.h"
#include "runtime/net/file_descriptor.h"
#include "runtime/net/io_error.h"
#include "runtime/net/loop.h"

namespace lotmesh::net {

using ConnectionId = SlotHandle;

// Called from the loop, never inside a call to Connections.
class ConnectionEvents {
public:
    virtual ~ConnectionEvents() = default;
    // The bytes are the receiver's during the call, to overwrite too.
    virtual void on_received(ConnectionId id, std::span<std::uint8_t> bytes) = 0;
    virtual void on_writable(ConnectionId id) = 0;
    // The last word about this id.
    virtual void on_closed(ConnectionId id, std::string_view reason) = 0;
};

enum class WriteOutcome : std::uint8_t {
    Accepted,   // written or waiting
    Congested,  // the same, and the bytes that wait have just crossed kUnsentHigh
    Ignored,    // the connection is draining, closing or gone
};

class Connections {
public:
    static constexpr std::size_t kReadBufferBytes = 64 * 1024;
    static constexpr std::size_t kUnsentHigh = 1024 * 1024;
    static constexpr std::size_t kUnsentLow = 512 * 1024;
    static constexpr Duration kDrainMax = Duration::seconds(2);

    Connections(Loop& loop, ConnectionEvents& events, Duration drain_max = kDrainMax);
    // Cuts what is left, without a word.
    ~Connections();
    Connections(const Connections&) = delete;
    Connections& operator=(const Connections&) = delete;

    // Takes a connected socket and starts reading.
    IoResult<ConnectionId> adopt(FileDescriptor socket);

    // The runs in order; they are borrowed for the call.
    WriteOutcome write(ConnectionId id, std::span<const ByteView> runs);

    void pause_reading(ConnectionId id);
    void resume_reading(ConnectionId id);

    void close(ConnectionId id);
    // Without flushing.
    void abort(ConnectionId id);
    // From now on a connection that is closed is gone as soon as the other side's kernel has all of
    // it and has sent nothing more: at the end of a process nobody waits for slow goodbyes.
    void hurry();

    std::size_t unsent_bytes(ConnectionId id) const;
    std::size_t size() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace lotmesh::net
