#include "runtime/cluster/inbound.h"

#include <utility>

#include "runtime/cluster/sabotage.h"

namespace lotmesh::cluster {

void Inbound::begin(std::uint64_t incarnation) {
    const Counters kept = counters_;
    *this = Inbound(lane_);
    counters_ = kept;
    incarnation_ = incarnation;
}

void Inbound::resume(const Resume& resume) {
    if (has_cursor_ || resume.incarnation != incarnation_) return;
    has_cursor_ = true;
    cursor_ = resume.base;
}

Inbound::Verdict Inbound::offer(const Record& record, Instant now, Duration nack_again_after) {
    if (has_cursor_ && record.lsn <= cursor_) {
        if constexpr (sabotaged(Sabotage::NoDedup)) return Verdict::Apply;
        ++counters_.dup_suppressed;
        ack_owed_ = true;
        return Verdict::Duplicate;
    }
    const bool fits = record.previous == cursor_ || sabotaged(Sabotage::NoGapDetection);
    if (!has_cursor_ || !fits) {
        ++counters_.gaps;
        // One for each gap: all that is on its way already will not fit either.
        if (!nacked_at_ || now - *nacked_at_ >= nack_again_after) {
            nack_owed_ = true;
            nacked_at_ = now;
        }
        return Verdict::Gap;
    }
    cursor_ = record.lsn;
    ack_owed_ = true;
    nacked_at_.reset();
    ++counters_.applied;
    return Verdict::Apply;
}

bool Inbound::offer_best_effort(std::uint64_t sequence) {
    if (sequence <= best_effort_) {
        ++counters_.best_effort_late;
        return false;
    }
    best_effort_ = sequence;
    return true;
}

void Inbound::repeat() {
    ack_owed_ = true;
    nack_owed_ = nacked_at_.has_value();
}

std::optional<Ack> Inbound::take_ack(std::uint64_t cut, bool paused) {
    if (!has_cursor_ || (!ack_owed_ && paused == paused_told_)) return std::nullopt;
    ack_owed_ = false;
    paused_told_ = paused;
    return Ack{lane_, incarnation_, cursor_, cut, paused};
}

std::optional<Nack> Inbound::take_nack() {
    if (!std::exchange(nack_owed_, false)) return std::nullopt;
    return Nack{lane_, incarnation_, cursor_};
}

}  // namespace lotmesh::cluster
