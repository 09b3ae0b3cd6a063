// One route of the plan: dialling, back-off and the state that people see. A machine of its own; it
// asks for nothing, the cluster carries out what wants_dial() says and reports what came of it.
//
// An attempt (a dial, then a connection until HELLO is settled) and a serving link are two things,
// so a changed address can be tried while the old link serves: make before break.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/node_id.h"
#include "base/rng.h"
#include "base/time.h"
#include "compiler/ir/plan.h"
#include "runtime/broker/event.h"
#include "runtime/cluster/limits.h"

namespace lotmesh::cluster {

enum class RouteState : std::uint8_t {
    Connecting,
    Unresolvable,
    Unreachable,   // refused by the system there, timed out, or closed without a word
    Refused,       // a CONNACK with an error
    TlsExpected,   // that port speaks TLS
    TlsFailed,     // no TLS with whoever is there: a certificate, a key, another protocol
    Foreign,       // not a node of ours
    Self,          // this very node
    Cloned,        // two nodes claim one uuid
    Alias,         // another route of ours leads to that node already
    Incompatible,  // no common protocol
    UpPrimary,
    UpStandby,
    Draining,
};
std::string_view name(RouteState state);

inline bool is_up(RouteState state) {
    return state == RouteState::UpPrimary || state == RouteState::UpStandby;
}

struct LinkFailure {
    RouteState state = RouteState::Unreachable;
    std::string reason;
    bool operator==(const LinkFailure&) const = default;
};

// What a dialled connection begins with. A TLS server that is sent a CONNECT mostly just closes, so
// after a close without a word the next attempt asks whether the port speaks TLS.
enum class Opening : std::uint8_t { Connect, TlsQuestion };

class Route {
public:
    Route(ir::Link settings, Instant now);

    const ir::Link& settings() const { return settings_; }

    // The attempt.
    bool wants_dial(Instant now) const;
    std::optional<Instant> next_dial() const;
    void dialling(broker::DialId dial);
    Opening connected(broker::ConnId conn);
    // The other side closed an attempt and had said nothing: what that means.
    LinkFailure silently_closed(std::string reason);
    // True where this is news (another state than the last one), which deserves a log line.
    bool attempt_failed(LinkFailure failure, Instant now, Rng& rng, const Limits& limits);
    // The attempt is the serving link now. Returns the one that it replaces, to be closed.
    broker::ConnId up(NodeId peer, Instant now);
    const std::optional<broker::DialId>& dial() const { return dial_; }
    broker::ConnId attempt() const { return attempt_; }

    // The serving link.
    broker::ConnId serving() const { return serving_; }
    const std::optional<NodeId>& peer() const { return peer_; }
    void serve_as(RouteState primary_or_standby) { serving_state_ = primary_or_standby; }
    void lost(std::string reason, Instant now, Rng& rng, const Limits& limits);
    // An alias is tried at once: the route that led there may have gone.
    void hurry_alias(Instant now);

    // Changes of the plan.
    void retune(ir::Link settings) { settings_ = std::move(settings); }
    // Forgets the attempt, which the caller has cancelled or closed.
    void stop();
    void reconnect(ir::Link settings, Instant now);
    // Removed. With the answer to the heartbeat `probe` all that was sent to us has arrived.
    void drain(Instant deadline, std::uint32_t probe);
    // A removed route that is back, perhaps by another name, before it was gone.
    void revive();
    const std::optional<Instant>& drain_deadline() const { return drain_deadline_; }
    std::uint32_t drain_probe() const { return drain_probe_; }
    // The serving link was made with these settings, and not with those before a reconnect().
    bool serves_settings() const { return serving_ && serves_settings_; }

    // What people see. While a link serves, a failed attempt beside it shows as pending().
    RouteState state() const;
    const std::string& reason() const { return failure_.reason; }
    const LinkFailure* pending() const;
    const LinkFailure& failure() const { return failure_; }
    Instant since() const { return since_; }
    std::uint32_t failed_attempts() const { return failed_attempts_; }
    bool red() const;

private:
    enum class TlsQuestion : std::uint8_t { NotNeeded, Pending, Asked };

    void schedule(Instant now, Rng& rng, const Limits& limits);

    ir::Link settings_;
    std::optional<Instant> retry_at_;  // none: an attempt runs, or nothing is to be tried
    std::optional<broker::DialId> dial_;
    broker::ConnId attempt_;
    broker::ConnId serving_;
    RouteState serving_state_ = RouteState::UpPrimary;
    std::optional<NodeId> peer_;  // that it reached last
    LinkFailure failure_{RouteState::Connecting, {}};
    TlsQuestion tls_question_ = TlsQuestion::NotNeeded;
    bool speaks_tls_ = false;
    std::uint32_t failed_attempts_ = 0;
    Duration backoff_;
    Instant since_;
    Instant up_since_;
    bool serves_settings_ = false;
    std::optional<Instant> drain_deadline_;
    std::uint32_t drain_probe_ = 0;
};

}  // namespace lotmesh::cluster
