// How far we have applied one lane of a peer's log. Decides for each record whether it is the next
// one, was there before, or comes after a gap; says when an ack or a nack is owed. A machine of its
// own; the cluster owns two for each peer.
#pragma once

#include <cstdint>
#include <optional>

#include "base/time.h"
#include "runtime/cluster/frame.h"

namespace lotmesh::cluster {

class Inbound {
public:
    enum class Verdict : std::uint8_t { Apply, Duplicate, Gap };

    struct Counters {
        std::uint64_t applied = 0;
        std::uint64_t dup_suppressed = 0;
        std::uint64_t gaps = 0;
        std::uint64_t best_effort_late = 0;
    };

    explicit Inbound(Lane lane) : lane_(lane) {}

    // Another incarnation of the peer: nothing of it is here yet.
    void begin(std::uint64_t incarnation);

    void resume(const Resume& resume);

    // Apply: the caller applies it now, the cursor has moved.
    Verdict offer(const Record& record, Instant now, Duration nack_again_after);
    // False: a later one was taken before.
    bool offer_best_effort(std::uint64_t sequence);

    // What was said last may have been lost with a link: it is owed again.
    void repeat();
    // What is owed since it was taken last.
    std::optional<Ack> take_ack(std::uint64_t cut, bool paused);
    std::optional<Nack> take_nack();

    bool has_cursor() const { return has_cursor_; }
    std::uint64_t cursor() const { return cursor_; }
    const Counters& counters() const { return counters_; }

private:
    Lane lane_;
    std::uint64_t incarnation_ = 0;
    bool has_cursor_ = false;
    std::uint64_t cursor_ = 0;
    std::uint64_t best_effort_ = 0;
    bool ack_owed_ = false;
    bool nack_owed_ = false;
    bool paused_told_ = false;
    std::optional<Instant> nacked_at_;
    Counters counters_;
};

}  // namespace lotmesh::cluster
