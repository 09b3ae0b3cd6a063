// One connection to a peer, from CONNECT to its end: MQTT around the frames, phases, heartbeat,
// timeouts. The same machine on both ends; only who sends CONNECT differs.
//
//     dialler:  CONNECT ->  <- CONNACK  HELLO <-> HELLO  START <-> START  up
//
// It owns the bytes of an incomplete packet (bounded by limits.h, packet_bytes_max; little before
// HELLO). It never closes: who owns it does, when receive() or timed_out() fails. Nothing but
// PUBLISH to "$cluster", PINGREQ, PINGRESP and DISCONNECT is accepted after CONNACK.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "compiler/ir/plan.h"
#include "runtime/broker/effect.h"
#include "runtime/broker/event.h"
#include "runtime/cluster/frame.h"
#include "runtime/cluster/limits.h"
#include "runtime/cluster/route.h"
#include "runtime/mqtt/framer.h"
#include "runtime/mqtt/packet.h"

namespace lotmesh::cluster {

enum class LinkRole : std::uint8_t { Dialler, Acceptor };
enum class LinkPhase : std::uint8_t { AwaitConnack, AwaitHello, AwaitStart, Up };

// HELLO, kept.
struct PeerHello {
    NodeId id;
    std::uint64_t incarnation = 0;
    std::uint64_t boot_nonce = 0;
    std::string name;
    std::string version;
    std::string label;
};

class PeerLink {
public:
    PeerLink(LinkRole role, broker::ConnId conn, std::string remote_address, Instant now);

    LinkRole role() const { return role_; }
    broker::ConnId conn() const { return conn_; }
    const std::string& remote_address() const { return remote_address_; }
    LinkPhase phase() const { return phase_; }
    bool up() const { return phase_ == LinkPhase::Up; }
    bool silent() const { return received_bytes_ == 0; }
    // It said DISCONNECT without an error: its route to us is gone.
    bool said_goodbye() const { return said_goodbye_; }
    const std::optional<PeerHello>& hello() const { return hello_; }

    // Bytes that came. Each frame goes to on_frame(ByteView) -> Result<void, LinkFailure>; replies
    // of MQTT itself are appended to `out`. A failure ends the link.
    template <typename OnFrame>
    Result<void, LinkFailure> receive(ByteView bytes, const Limits& limits, Instant now, Bytes& out,
                                      OnFrame&& on_frame) {
        take(bytes, now);
        ByteView rest = buffered_.empty() ? bytes : ByteView(buffered_);
        while (true) {
            Result<Step, LinkFailure> step = next_packet(rest, limits, out);
            if (!step) return failure(std::move(step.error()));
            if (step->size == 0) break;
            rest = rest.subspan(step->size);
            if (!step->frame) continue;
            Result<void, LinkFailure> done = on_frame(*step->frame);
            if (!done) return done;
        }
        keep(rest);
        return {};
    }

    // Phases; HELLO is said as soon as AwaitHello begins.
    bool wants_hello() const { return phase_ != LinkPhase::AwaitConnack && !hello_said_; }
    void hello_said() { hello_said_ = true; }
    void on_hello(const Hello& hello);
    void on_start(Instant now);

    // Heartbeat, once up.
    bool wants_heartbeat(Instant now, const Limits& limits) const;
    Heartbeat make_heartbeat(Instant now, const Limits& limits);
    void on_heartbeat(const Heartbeat& heartbeat, Instant now);
    // All that was sent on this link before a heartbeat with this number has arrived.
    bool has_arrived(std::uint32_t sequence) const { return arrived_sequence_ >= sequence; }
    // A heartbeat leaves at once; returns its number.
    std::uint32_t probe();
    std::uint32_t next_heartbeat() const { return sequence_ + 1; }
    std::optional<Duration> round_trip() const { return round_trip_; }

    // The acceptor's: as the CONNECT says, 0 for none.
    void set_keep_alive(std::uint16_t seconds) { keep_alive_sec_ = seconds; }
    // What showed who it is holds so long; nothing: for ever.
    void set_proof_end(std::optional<Instant> at) { proof_ends_at_ = at; }
    std::optional<LinkFailure> timed_out(Instant now, const Limits& limits) const;
    Instant next_deadline(const Limits& limits) const;

    bool congested = false;

private:
    struct Step {
        std::size_t size = 0;  // 0: more bytes are needed
        std::optional<ByteView> frame;
    };

    Duration silence_max(const Limits& limits) const;
    void take(ByteView bytes, Instant now);
    void keep(ByteView rest);
    Result<Step, LinkFailure> next_packet(ByteView bytes, const Limits& limits, Bytes& out);
    Result<void, LinkFailure> on_connack(const mqtt::Frame& frame);

    LinkRole role_;
    broker::ConnId conn_;
    std::string remote_address_;
    LinkPhase phase_;
    std::optional<PeerHello> hello_;
    bool hello_said_ = false;
    bool said_goodbye_ = false;
    Bytes buffered_;

    std::uint16_t keep_alive_sec_ = 0;
    std::optional<Instant> proof_ends_at_;
    Instant opened_at_;
    Instant heard_at_;
    Instant arrived_at_;  // the peer last reported more bytes of ours than before
    std::optional<Instant> beat_at_;
    std::uint32_t sequence_ = 0;
    std::uint32_t heard_sequence_ = 0;
    std::uint32_t arrived_sequence_ = 0;
    std::uint64_t received_bytes_ = 0;
    std::uint64_t arrived_bytes_ = 0;
    bool beat_now_ = false;
    bool answer_now_ = false;
    std::optional<Duration> round_trip_;
};

// The packets around the frames.
void append_connect(Bytes& out, const ir::Link& settings);
// A ClientHello that offers little: a TLS server answers it with a ServerHello or an alert.
void append_tls_question(Bytes& out);
void append_connack(Bytes& out, mqtt::ReasonCode reason);
// `why` is what the link failed by; some of it the other side takes over as its own finding.
void append_disconnect(Bytes& out, mqtt::ReasonCode reason, std::optional<RouteState> why = {});
void append_frame(Bytes& out, ByteView frame);

}  // namespace lotmesh::cluster
