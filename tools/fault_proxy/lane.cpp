#include "tools/fault_proxy/lane.h"

#include <algorithm>

namespace lotmesh::fault_proxy {

namespace {

// The bandwidth limit hands out bytes in steps of this, so that it needs no timer per byte.
constexpr std::int64_t kBandwidthStepUs = 5'000;

}  // namespace

void Lane::accept(ByteView bytes, const Fault& fault, std::int64_t now_us, Rng& rng) {
    if (fault.mode == Mode::Blackhole) {
        tainted_ = true;
        return;
    }
    const auto jitter_us =
        static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(fault.jitter_us) + 1));
    std::int64_t due_us = now_us + fault.delay_us + jitter_us;
    if (!chunks_.empty()) due_us = std::max(due_us, chunks_.back().due_us);
    chunks_.push_back({Bytes(bytes.begin(), bytes.end()), due_us});
    held_ += bytes.size();
}

std::size_t Lane::allowed(const Fault& fault, std::int64_t now_us) {
    if (fault.bytes_per_sec == 0) return held_;
    const double rate = static_cast<double>(fault.bytes_per_sec);
    const double elapsed_sec = static_cast<double>(now_us - allowance_at_us_) / 1e6;
    allowance_at_us_ = now_us;
    const double burst = std::max(1.0, rate * static_cast<double>(kBandwidthStepUs) / 1e6);
    allowance_ = std::min(allowance_ + rate * elapsed_sec, burst);
    return std::min(held_, static_cast<std::size_t>(allowance_));
}

Release Lane::release(Fault& fault, std::int64_t now_us) {
    Release release;
    if (fault.mode != Mode::Pass) return release;
    std::size_t left = allowed(fault, now_us);
    if (fault.cut_after) left = std::min(left, static_cast<std::size_t>(*fault.cut_after));
    while (left > 0 && !chunks_.empty() && chunks_.front().due_us <= now_us) {
        Bytes& front = chunks_.front().bytes;
        const auto size = static_cast<std::ptrdiff_t>(std::min(left, front.size()));
        release.bytes.insert(release.bytes.end(), front.begin(), front.begin() + size);
        front.erase(front.begin(), front.begin() + size);
        left -= static_cast<std::size_t>(size);
        if (front.empty()) chunks_.pop_front();
    }
    held_ -= release.bytes.size();
    if (fault.bytes_per_sec > 0) allowance_ -= static_cast<double>(release.bytes.size());
    spoil(release, fault);
    return release;
}

// Counts the released bytes against the one-shot faults.
void Lane::spoil(Release& release, Fault& fault) {
    const std::uint64_t size = release.bytes.size();
    if (fault.corrupt_after && *fault.corrupt_after < size) {
        release.bytes[static_cast<std::size_t>(*fault.corrupt_after)] ^= 0x01;
        fault.corrupt_after.reset();
    } else if (fault.corrupt_after) {
        *fault.corrupt_after -= size;
    }
    if (!fault.cut_after) return;
    *fault.cut_after -= size;
    if (*fault.cut_after > 0) return;
    fault.cut_after.reset();
    release.cut = true;
}

std::optional<std::int64_t> Lane::next_deadline_us(const Fault& fault) const {
    if (chunks_.empty() || fault.mode != Mode::Pass) return std::nullopt;
    if (fault.bytes_per_sec == 0) return chunks_.front().due_us;
    return std::max(chunks_.front().due_us, allowance_at_us_ + kBandwidthStepUs);
}

}  // namespace lotmesh::fault_proxy
