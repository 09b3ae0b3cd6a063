// One direction of one connection, without I/O: what came in, and how much of it may go out when.
//
// The shell stops reading while full(), so a lane holds little more than kHeldBytesMax.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "base/bytes.h"
#include "base/rng.h"
#include "tools/fault_proxy/fault.h"

namespace lotmesh::fault_proxy {

inline constexpr std::size_t kHeldBytesMax = 1U << 20U;

struct Release {
    Bytes bytes;       // to write now
    bool cut = false;  // and then reset the connection
};

class Lane {
public:
    void accept(ByteView bytes, const Fault& fault, std::int64_t now_us, Rng& rng);
    void end() { ended_ = true; }  // FIN came in; it follows the last byte

    // What the fault lets through now. Counts down its one-shot parts.
    Release release(Fault& fault, std::int64_t now_us);

    // When more may be released; nothing where that needs a command or more bytes.
    std::optional<std::int64_t> next_deadline_us(const Fault& fault) const;

    bool ended() const { return ended_; }
    bool full() const { return held_ >= kHeldBytesMax; }
    bool finished(const Fault& fault) const {
        return ended_ && chunks_.empty() && fault.mode == Mode::Pass;
    }
    bool tainted() const { return tainted_; }  // bytes were dropped: the stream has a hole

private:
    struct Chunk {
        Bytes bytes;
        std::int64_t due_us = 0;
    };

    std::size_t allowed(const Fault& fault, std::int64_t now_us);
    void spoil(Release& release, Fault& fault);

    std::deque<Chunk> chunks_;
    std::size_t held_ = 0;
    double allowance_ = 0;  // bytes that the bandwidth limit lets through now
    std::int64_t allowance_at_us_ = 0;
    bool ended_ = false;
    bool tainted_ = false;
};

}  // namespace lotmesh::fault_proxy
