// The two directions of a WebSocket connection behind its upgrade, at the server's end. RFC 6455
// sections 5 and 7; wslay does the framing.
//
// MQTT is a stream: what a binary frame carries is handed on as it comes, a message is never put
// together, and a declared length allocates nothing. Bounded by frame_bytes_max and
// idle_frames_max; besides that wslay's own 4 KiB. Ends with a close frame, ours or the answer to
// the client's, and takes nothing after it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "base/bytes.h"
#include "base/time.h"
#include "runtime/ws/limits.h"

namespace lotmesh::ws {

enum class CloseCode : std::uint16_t {
    Normal = 1000,
    GoingAway = 1001,
    ProtocolError = 1002,
    UnsupportedData = 1003,
    InvalidPayload = 1007,
    PolicyViolation = 1008,
    TooBig = 1009,
};

class Frames {
public:
    explicit Frames(const Limits& limits);
    ~Frames();
    Frames(Frames&&) noexcept;
    Frames& operator=(Frames&&) noexcept;

    struct Output {
        Bytes received;  // for MQTT
        Bytes reply;     // to send: pongs, and at the end a close frame
    };
    // Appends to `out`. Not once is_closed().
    void receive(ByteView bytes, Instant now, Output& out);

    // What stands before these runs of payload, so that together they are one binary frame. Valid
    // until the next call.
    ByteView head(std::span<const ByteView> runs);

    // Our close frame, unless there was one; nothing is received from here.
    void close(CloseCode code, Bytes& out);

    bool is_closed() const;
    // In one word or a few, for the log; of a client's close frame too.
    std::string_view close_reason() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace lotmesh::ws
