// The bytes of one connection that its socket did not take, in chunks: one of them is with libuv,
// the others wait.
#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <utility>

#include "base/bytes.h"

namespace lotmesh::net {

class Backlog {
public:
    // Small enough that room in the socket is noticed while there is still much to send.
    static constexpr std::size_t kChunkBytes = 128 * 1024;

    void append(ByteView bytes) {
        waiting_bytes_ += bytes.size();
        while (!bytes.empty()) {
            if (waiting_.empty() || waiting_.back().size() >= kChunkBytes) waiting_.emplace_back();
            Bytes& chunk = waiting_.back();
            const std::size_t size = std::min(bytes.size(), kChunkBytes - chunk.size());
            chunk.insert(chunk.end(), bytes.data(), bytes.data() + size);
            bytes = bytes.subspan(size);
        }
    }

    // The next chunk to send; empty where nothing waits.
    Bytes take() {
        if (waiting_.empty()) return {};
        Bytes chunk = std::move(waiting_.front());
        waiting_.pop_front();
        waiting_bytes_ -= chunk.size();
        return chunk;
    }

    std::size_t waiting_bytes() const { return waiting_bytes_; }

private:
    std::deque<Bytes> waiting_;
    std::size_t waiting_bytes_ = 0;
};

}  // namespace lotmesh::net
