// Every bound on what a WebSocket client can make us keep or do. Values, so that a test can make
// them small.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace lotmesh::ws {

struct Limits {
    // The request for the upgrade, all of it. One byte more, or one header more, is 431.
    std::size_t request_bytes_max = 8 * 1024;
    std::size_t request_headers_max = 64;

    // Payload of one frame: no packet of MQTT that we take is longer. One byte more is close 1009.
    // A message of many frames has no bound, since nothing of it is kept.
    std::uint64_t frame_bytes_max = 16 * 1024 * 1024;

    // Frames that carry no payload of MQTT: control frames and empty ones. One more within the
    // window is close 1008.
    std::uint32_t idle_frames_max = 200;
    Duration idle_frames_window = Duration::seconds(1);
};

}  // namespace lotmesh::ws
