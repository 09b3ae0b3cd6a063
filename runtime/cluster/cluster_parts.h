// The inside of Cluster: its state and what its files do with it. Not for others to include.
//
// Split by concern: cluster.cpp (the two ports), routes.cpp (dialling and the plan), links.cpp
// (connections), entries.cpp (what comes in frames), sending.cpp (what goes out), peers.cpp (who is
// there), reporting.cpp (what is said in $SYS).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/rng.h"
#include "runtime/broker/effect.h"
#include "runtime/broker/policy.h"
#include "runtime/broker/ports.h"
#include "runtime/cluster/barrier.h"
#include "runtime/cluster/cluster.h"
#include "runtime/cluster/frame.h"
#include "runtime/cluster/health.h"
#include "runtime/cluster/interest.h"
#include "runtime/cluster/limits.h"
#include "runtime/cluster/peer.h"
#include "runtime/cluster/peer_link.h"
#include "runtime/cluster/route.h"
#include "runtime/cluster/turned_away.h"
#include "runtime/cluster/view.h"

namespace lotmesh::cluster {

// Replaced by another one: closed from `from` on, when its peer has moved away from it, or has
// everything; at `latest` in any case.
struct Retiring {
    Instant from;
    Instant latest;
};

// A connection of ours and what it is for.
struct Link {
    Link(PeerLink link, std::string of_route, std::string client_id)
        : machine(std::move(link)),
          route(std::move(of_route)),
          label(client_id),
          shown_label(std::move(client_id)) {}

    PeerLink machine;
    std::string route;        // the route that dialled it; empty where it was accepted
    std::string label;        // the dialler's CLIENT_ID
    std::string shown_label;  // in reports: ours may come from a reference
    // Of the other side, where it was dialled with TLS: a fingerprint.
    std::string certificate = {};
    bool start_owed = false;  // HELLO came, START is to be said
    bool goodbye = false;     // it ends since a route was removed or leads elsewhere now
    Bytes early;              // came with the CONNECT, before it was ours
    std::optional<Retiring> retiring;
    std::optional<broker::Principal> principal = std::nullopt;  // who dialled us
    bool known_by_policy = false;  // else nothing stands behind its name
};

// It was dialled without TLS, and what it carries leaves this machine.
bool is_cleartext(const Link& link);

// What one call from outside carries through all of this.
struct Turn {
    Now now;
    broker::BrokerPort& broker;
    broker::Effects& effects;
};

struct Published {
    std::string text;
    std::optional<Instant> at;
};

struct Cluster::Parts {
    Parts(NodeConfig node_config, Limits cluster_limits);

    // cluster.cpp
    broker::Forwarded forward(const broker::MessageRef& message, Now now);
    broker::Forwarded forward_best_effort(PeerSet wanted, const broker::MessageRef& message);
    broker::Forwarded forward_records(PeerSet wanted, const broker::MessageRef& message, Now now);
    bool has_room(Peer& peer, std::size_t cost, Now now);
    void log_interest(RecordType type, std::string_view filter, Now now);
    void begin_shutdown(Now now, broker::Effects& effects);
    void finish_shutdown(Now now, broker::Effects& effects);
    bool shutting_down() const { return shutdown_deadline.has_value(); }
    std::optional<Instant> next_deadline() const;

    // routes.cpp
    void apply(const ir::Plan& next, Now now, broker::Effects& effects);
    void add_route(const ir::Link& settings, Now now);
    void remove_route(const std::string& route_name, Now now, broker::Effects& effects);
    void reconnect_route(const ir::Link& settings, Now now, broker::Effects& effects);
    void stop_attempt(Route& route, Now now, broker::Effects& effects);
    void dial_due(Now now, broker::Effects& effects);
    void on_dialled(const broker::Dialled& event, Now now, broker::Effects& effects);
    void on_dial_failed(const broker::DialFailed& event, Now now, broker::Effects& effects);
    void attempt_failed(Route& route, LinkFailure why, Now now, broker::Effects& effects);
    bool is_leaving(const Peer& peer) const;
    bool is_drained(const Route& route) const;
    void finish_draining(Now now, broker::Effects& effects);
    Route* route_of(const Link& link);
    void retune_peers();
    std::optional<Duration> validity_of(const Peer& peer) const;
    std::uint32_t own_validity_sec(const Peer& peer) const;

    // links.cpp
    void on_received(Turn& turn, broker::ConnId conn, ByteView bytes);
    void accept(const broker::PeerConnection& peer, Now now, broker::Effects& effects);
    std::size_t end_unwelcome(const std::function<bool(const broker::Principal&)>& is_welcome,
                              Now now, broker::Effects& effects);
    void run_early(Turn& turn);
    void on_closed(broker::ConnId conn, const std::string& reason, Now now,
                   broker::Effects& effects);
    void set_congested(broker::ConnId conn, bool congested);
    void link_failed(Link& link, const LinkFailure& why, Now now, broker::Effects& effects);
    void close_link(broker::ConnId conn, std::optional<mqtt::ReasonCode> reason, Now now,
                    broker::Effects& effects);
    mqtt::ReasonCode farewell(broker::ConnId conn);
    void forget_link(broker::ConnId conn, const std::string& why, Now now,
                     broker::Effects& effects);
    void check_timeouts(Now now, broker::Effects& effects);
    std::optional<LinkFailure> no_acks(Peer& peer, Now now);
    void retire_links(Now now, broker::Effects& effects);
    void choose_link(Peer& peer, Now now);
    void finish_switches();
    bool dialled_by_smaller(const Link& link) const;

    // entries.cpp
    Result<void, LinkFailure> on_frame(Turn& turn, Link& link, ByteView frame);
    Result<void, LinkFailure> on_entry(Turn& turn, Link& link, const Entry& entry);
    Result<void, LinkFailure> on_hello(Turn& turn, Link& link, const Hello& hello);
    Result<void, LinkFailure> on_start(Turn& turn, Link& link, const Start& start);
    Result<void, LinkFailure> on_peer_entry(Turn& turn, Link& link, Peer& peer, const Entry& entry);
    void pin_certificate(Turn& turn, const Link& link, Peer& peer);
    void on_heartbeat(Turn& turn, Link& link, Peer& peer, const Heartbeat& heartbeat);
    void on_ack(Peer& peer, const Ack& ack, Instant now);
    Result<void, LinkFailure> on_nack(Peer& peer, const Nack& nack);
    Result<void, LinkFailure> on_record(Turn& turn, Peer& peer, const Record& record);
    Result<void, LinkFailure> add_filters(Peer& peer, ByteView filters);
    Result<void, LinkFailure> end_snapshot(Peer& peer);

    // sending.cpp
    void send_all(Turn& turn);
    void send_handshake(Link& link, Now now, broker::Effects& effects);
    void send_to_peer(Turn& turn, Peer& peer);
    void send_owed(Turn& turn, Peer& peer, Link& link);
    void send_records(Turn& turn, View& view, Link& link);
    void send_best_effort(Turn& turn, Peer& peer, Link& link);
    void add_linked_peers(const Peer& receiver);
    void send_heartbeats(Now now, broker::Effects& effects);
    void flush_frame(Link& link, broker::Effects& effects);

    // peers.cpp
    Result<void, LinkFailure> check_identity(const Link& link, Instant now);
    Peer& adopt(const Link& link, Now now, broker::Effects& effects);
    std::string label_clash(const Link& link) const;
    void check_label(Peer& peer, const Link& link, broker::Effects& effects);
    void saw_clone(std::optional<CloneSeen>& clone, std::string text, Instant now);
    std::string shown(const std::optional<CloneSeen>& clone, Instant now) const;
    Start start_for(const PeerHello& hello) const;
    Peer* peer_of(const Link& link);
    void prepare_views(Turn& turn, Peer& peer, const Start& start);
    std::vector<broker::MessageRef> own_filters(Turn& turn) const;
    void append_snapshot(Turn& turn, Peer& peer);
    void note_linked(Peer& peer, const LinkedPeers& linked);
    void peer_away(Peer& peer, const std::string& why, Now now, broker::Effects& effects);
    void expire_views(Now now);
    void forget_peers(Now now, broker::Effects& effects);
    std::optional<Instant> forget_at(const Peer& peer) const;
    bool is_wanted(const Peer& peer) const;
    void let_go(Peer& peer, Now now);
    void keep(Peer& peer);
    void route_reached(const Route& route, const std::optional<NodeId>& before, Peer& peer,
                       Now now);
    bool is_whole() const;
    bool keeps_tombstones(Instant now);
    void time_out_barriers(Now now, broker::Effects& effects);
    void settle_barriers(Turn& turn);
    void resume_sources(Turn& turn);
    bool waits_for_interest(Instant now) const;
    void finish_starting(Turn& turn);
    void log_turned_away(std::string_view remote, const LinkFailure& why, Now now,
                         broker::Effects& effects);

    // reporting.cpp
    Report report(Now now) const;
    void publish_status(Turn& turn);
    void publish_coreflux(Turn& turn, const Report& current);
    void publish(Turn& turn, Published& last, std::string_view topic, std::string text);

    NodeConfig config;
    Limits limits;
    Rng rng;
    Log log;
    // Of QoS 0 to any peer: rises in this incarnation also for a peer that was forgotten meanwhile.
    std::uint64_t last_best_effort = 0;
    InterestDigest own_interest;
    RemoteInterest interest;
    BarrierTable barriers;
    std::map<broker::ConnId, Link> links;
    std::map<NodeId, Peer> peers;
    std::array<Peer*, kPeersMax> by_slot{};
    PeerSet known_peers = 0;
    PeerSet lossless_peers = 0;  // QoS 0 is as safe as QoS 1 on the way to them
    PeerSet leaving_peers = 0;
    std::optional<CloneSeen> own_clone;
    std::optional<Instant> not_whole_at;  // the last time that it was seen
    std::uint64_t forgotten_peers = 0;
    std::uint64_t forgotten_messages = 0;  // that waited for one of those
    std::map<std::string, Route> routes;   // by name
    std::vector<Route> draining;           // removed ones that still bring what is waiting
    ir::Plan plan;
    broker::DialId last_dial = 0;
    FrameWriter writer;
    bool sources_paused = false;
    std::optional<Instant> started_at;      // the first plan came
    std::optional<Instant> starting_until;  // at the latest, or looked at again
    std::optional<Instant> shutdown_deadline;
    TurnedAway turned_away;

    bool report_soon = true;  // something that people should see has changed
    Verdict verdict;
    std::int64_t verdict_since_ms = 0;
    std::optional<Instant> looked_at;
    Published status;
    Published nodes;
    Published sync;
    // The last texts below $SYS/Coreflux/.
    std::string coreflux_role;
    std::string coreflux_status;
    std::string coreflux_members;
    std::map<std::string, std::string> coreflux_routes;  // by name
};

}  // namespace lotmesh::cluster
