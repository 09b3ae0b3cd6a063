#include "runtime/cluster/route.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"

namespace lotmesh::cluster {

namespace {

// What nobody but a person will change is tried seldom.
bool is_slow(RouteState state) {
    switch (state) {
        case RouteState::Refused:
        case RouteState::TlsExpected:
        case RouteState::Foreign:
        case RouteState::Self:
        case RouteState::Cloned:
        case RouteState::Alias:
        case RouteState::Incompatible: return true;
        case RouteState::Connecting:
        case RouteState::Unresolvable:
        case RouteState::Unreachable:
        case RouteState::TlsFailed:
        case RouteState::UpPrimary:
        case RouteState::UpStandby:
        case RouteState::Draining: return false;
    }
    UNREACHABLE();
}

}  // namespace

std::string_view name(RouteState state) {
    switch (state) {
        case RouteState::Connecting: return "connecting";
        case RouteState::Unresolvable: return "unresolvable";
        case RouteState::Unreachable: return "unreachable";
        case RouteState::Refused: return "refused";
        case RouteState::TlsExpected: return "tls_expected";
        case RouteState::TlsFailed: return "tls_failed";
        case RouteState::Foreign: return "foreign";
        case RouteState::Self: return "self";
        case RouteState::Cloned: return "cloned";
        case RouteState::Alias: return "alias";
        case RouteState::Incompatible: return "incompatible";
        case RouteState::UpPrimary: return "up_primary";
        case RouteState::UpStandby: return "up_standby";
        case RouteState::Draining: return "draining";
    }
    UNREACHABLE();
}

Route::Route(ir::Link settings, Instant now)
    : settings_(std::move(settings)), retry_at_(now), since_(now) {}

bool Route::wants_dial(Instant now) const { return retry_at_ && *retry_at_ <= now; }

std::optional<Instant> Route::next_dial() const { return retry_at_; }

void Route::dialling(broker::DialId dial) {
    ASSERT(!dial_ && !attempt_);
    dial_ = dial;
    retry_at_.reset();
}

Opening Route::connected(broker::ConnId conn) {
    ASSERT(dial_);
    dial_.reset();
    attempt_ = conn;
    if (tls_question_ != TlsQuestion::Pending) return Opening::Connect;
    tls_question_ = TlsQuestion::Asked;
    return Opening::TlsQuestion;
}

LinkFailure Route::silently_closed(std::string reason) {
    if (speaks_tls_) return {RouteState::TlsExpected, failure_.reason};
    if (tls_question_ == TlsQuestion::NotNeeded && !settings_.tls.enabled)
        tls_question_ = TlsQuestion::Pending;
    return {RouteState::Unreachable, std::move(reason)};
}

void Route::schedule(Instant now, Rng& rng, const Limits& limits) {
    if (drain_deadline_) return;
    backoff_ = std::clamp(backoff_ * 2, limits.backoff_first, limits.backoff_max);
    const Duration wait = is_slow(failure_.state) ? limits.backoff_slow : backoff_;
    const auto jitter = static_cast<std::int64_t>(
        rng.below(static_cast<std::uint64_t>(std::max<std::int64_t>(wait.us / 2, 1))));
    retry_at_ = now + (wait - Duration::microseconds(jitter));
}

bool Route::attempt_failed(LinkFailure failure, Instant now, Rng& rng, const Limits& limits) {
    // Nobody listens: whoever closed without a word before may be gone.
    if (dial_ && tls_question_ == TlsQuestion::Pending) tls_question_ = TlsQuestion::NotNeeded;
    dial_.reset();
    attempt_ = {};
    ++failed_attempts_;
    speaks_tls_ = failure.state == RouteState::TlsExpected;
    const bool news = failure.state != failure_.state;
    failure_ = std::move(failure);
    if (news && !serving_) since_ = now;
    schedule(now, rng, limits);
    return news;
}

broker::ConnId Route::up(NodeId peer, Instant now) {
    ASSERT(attempt_);
    const broker::ConnId before = std::exchange(serving_, std::exchange(attempt_, {}));
    peer_ = peer;
    serves_settings_ = true;
    failure_ = {RouteState::Connecting, {}};
    tls_question_ = TlsQuestion::NotNeeded;
    failed_attempts_ = 0;
    if (!before) since_ = now;
    up_since_ = now;
    return before;
}

void Route::lost(std::string reason, Instant now, Rng& rng, const Limits& limits) {
    ASSERT(serving_);
    serving_ = {};
    since_ = now;
    // An attempt that was made beside the link goes on.
    if (dial_ || attempt_ || retry_at_) return;
    if (now - up_since_ >= limits.stable_after) backoff_ = {};
    failure_ = {RouteState::Connecting, std::move(reason)};
    schedule(now, rng, limits);
}

void Route::hurry_alias(Instant now) {
    if (retry_at_ && failure_.state == RouteState::Alias) retry_at_ = now;
}

void Route::stop() {
    dial_.reset();
    attempt_ = {};
    retry_at_.reset();
}

void Route::revive() { drain_deadline_.reset(); }

void Route::reconnect(ir::Link settings, Instant now) {
    ASSERT(!dial_ && !attempt_);
    settings_ = std::move(settings);
    serves_settings_ = false;
    backoff_ = {};
    tls_question_ = TlsQuestion::NotNeeded;
    speaks_tls_ = false;
    failed_attempts_ = 0;
    if (!serving_) since_ = now;
    failure_ = {RouteState::Connecting, {}};
    retry_at_ = now;
}

void Route::drain(Instant deadline, std::uint32_t probe) {
    ASSERT(!dial_ && !attempt_);
    drain_probe_ = probe;
    retry_at_.reset();
    drain_deadline_ = deadline;
}

RouteState Route::state() const {
    if (drain_deadline_) return RouteState::Draining;
    return serving_ ? serving_state_ : failure_.state;
}

const LinkFailure* Route::pending() const {
    const bool trying = dial_ || attempt_ || retry_at_ || failure_.state != RouteState::Connecting;
    return serving_ && !drain_deadline_ && trying ? &failure_ : nullptr;
}

bool Route::red() const { return !serving_ && failed_attempts_ > settings_.reconnection_retries; }

}  // namespace lotmesh::cluster
