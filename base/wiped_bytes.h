// Bytes that may be a secret, and nothing of which is left in memory when they are gone. Movable;
// what was moved from is empty.
#pragma once

#include <cstring>
#include <span>
#include <utility>

#include "base/bytes.h"

namespace lotmesh {

// Not optimised away. What these bytes were is no longer there.
inline void wipe(std::span<std::uint8_t> bytes) {
    if (!bytes.empty()) ::explicit_bzero(bytes.data(), bytes.size());
}

inline void wipe(std::span<char> text) {
    if (!text.empty()) ::explicit_bzero(text.data(), text.size());
}

class WipedBytes {
public:
    WipedBytes() = default;
    explicit WipedBytes(ByteView bytes) : bytes_(bytes.begin(), bytes.end()) {}
    explicit WipedBytes(Bytes&& bytes) : bytes_(std::move(bytes)) {}
    WipedBytes(WipedBytes&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
    WipedBytes& operator=(WipedBytes&& other) noexcept {
        wipe(bytes_);
        bytes_ = std::exchange(other.bytes_, {});
        return *this;
    }
    ~WipedBytes() { wipe(bytes_); }

    ByteView view() const { return bytes_; }
    // From now on the caller's, to wipe too.
    Bytes release() { return std::exchange(bytes_, {}); }
    bool empty() const { return bytes_.empty(); }

    // A copy that is not wiped would be left where they did not fit any more.
    void append(ByteView bytes) {
        if (bytes_.size() + bytes.size() > bytes_.capacity()) {
            Bytes larger;
            larger.reserve(2 * (bytes_.size() + bytes.size()));
            larger.assign(bytes_.begin(), bytes_.end());
            wipe(bytes_);
            bytes_ = std::move(larger);
        }
        bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    }

private:
    Bytes bytes_;
};

}  // namespace lotmesh
