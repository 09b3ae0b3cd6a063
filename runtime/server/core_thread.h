// The shell around cluster::Node on the loop's thread: callbacks of net become Events, Effects are
// carried out once for each loop turn.
//
// Where a connection is more than plain TCP a Transport stands in between: the node hears of it
// when the other side is known and MQTT can begin. Every connection with output is written once at
// the end of the turn (earlier where much has piled up), actions follow in their order, and the
// timer is set to the node's next deadline.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "runtime/broker/effect.h"
#include "runtime/cluster/node.h"
#include "runtime/net/connections.h"
#include "runtime/net/connector.h"
#include "runtime/net/loop.h"
#include "runtime/net/timer.h"
#include "runtime/server/admission.h"
#include "runtime/server/listener_quota.h"
#include "runtime/server/transports.h"

namespace lotmesh::server {

class CoreThread final : private net::ConnectionEvents, private net::DialEvents {
public:
    using CommandTaker = std::function<void(broker::Command command)>;
    using AuditTaker = std::function<void(const broker::Audit& audit)>;
    using PinsTaker = std::function<void(const std::string& text)>;

    // `take_command` may call answer_command() at once. What `take_audit` is told is in the log
    // too. `take_pins` is told what the next start wants to know (NodeConfig::pins).
    CoreThread(
        net::Loop& loop, const cluster::NodeConfig& config,
        CommandTaker take_command = [](const broker::Command&) {},
        AuditTaker take_audit = [](const broker::Audit&) {},
        PinsTaker take_pins = [](const std::string&) {});
    CoreThread(const CoreThread&) = delete;
    CoreThread& operator=(const CoreThread&) = delete;

    // Rules: of the listener; none: a plain one without a name.
    void accepted(net::FileDescriptor socket, const net::Address& remote,
                  const SharedRules& rules = nullptr);
    // Connections that TLS would not let in any more by the rules of today are closed; `today` says
    // what those of a listener are.
    void evict(const std::function<SharedRules(const std::string& listener)>& today);
    // The same of links that were dialled, after their files have changed.
    void evict_dialled();
    void apply_plan(const ir::Plan& plan);
    // What became of credentials that the policy had to look at longer; not inside a call of ours.
    void authenticated(broker::AuthTicket ticket, broker::AuthVerdict verdict);
    void publish_sys(std::string_view topic, std::string_view payload);
    void publish_sys_line(std::string_view topic, std::string_view payload);
    // The policy's rules are others now.
    void policy_changed();
    void memory_pressure(broker::Pressure level);
    void disk_space(broker::DiskSpace level);
    void answer_command(const broker::ReplyTo& to, std::string_view answer);
    std::vector<cluster::RouteReport> routes() const { return node_.routes(); }
    // Says goodbye to everybody; the connections end soon after (see connection_count).
    void shut_down();

    // At the end of each loop turn.
    void end_turn();

    // Connections that went no further, by topic below $SYS.
    std::map<std::string, std::uint64_t> refused() const;

    std::size_t connection_count() const { return connections_.size(); }
    // See net::Resolver::in_flight.
    std::size_t lookups_in_flight() const { return connector_.lookups_in_flight(); }

private:
    void on_received(net::ConnectionId id, std::span<std::uint8_t> bytes) override;
    void on_writable(net::ConnectionId id) override;
    void on_closed(net::ConnectionId id, std::string_view reason) override;
    void on_dialled(std::uint64_t dial, net::FileDescriptor socket,
                    const net::Address& remote) override;
    void on_dial_failed(std::uint64_t dial, net::DialFailure failure,
                        const std::string& reason) override;

    void cut(const std::vector<net::ConnectionId>& strangers);
    bool make_room_to_arrive();
    bool has_room(const SharedRules& rules);
    bool may_enter(const net::Address& client);
    void receive_through(net::ConnectionId id, Transport& transport, ByteView bytes);
    void take_in(net::ConnectionId id, Transport& transport, ByteView bytes);
    void carry_out(net::ConnectionId id, const Transport::Output& output);
    void arrive(net::ConnectionId id, const Transport::Arrival& arrival);
    void send(net::ConnectionId id, ByteView bytes);
    void send_wire(net::ConnectionId id, ByteView bytes);
    void close(net::ConnectionId id);
    void close_overdue();
    void begin_handshakes();

    // TLS on what this node dialled.
    void dial(const broker::Dial& dial);
    void cancel(broker::DialId dial);
    void begin_tls(broker::DialId dial, net::ConnectionId id, const net::Address& remote);
    void tls_failed(net::ConnectionId id, broker::DialError error, std::string_view why);

    void handle(const broker::Event& event);
    void flush();
    void write_dirty();
    void carry_out(const broker::Action& action);
    void set_timer();
    void set_arrival_timer();

    net::Loop& loop_;
    cluster::Node node_;
    broker::Effects effects_;
    net::Connections connections_;
    net::Connector connector_;
    net::Timer timer_;
    net::Timer arrival_timer_;
    Transports transports_;
    std::size_t connections_max_;
    Admission admission_;
    ListenerQuota listener_quota_;
    struct Refused {
        std::uint64_t full = 0;         // there are as many as may be
        std::uint64_t of_listener = 0;  // the same, of one listener
        std::uint64_t too_many = 0;     // of one source
        std::uint64_t too_fast = 0;     // the same
        std::uint64_t arriving = 0;     // as many are on their way as may be
        std::uint64_t overdue = 0;      // not there in time
        std::uint64_t transport = 0;    // TLS, an upgrade, or a header of a proxy that failed
    };
    Refused refused_;
    CommandTaker take_command_;
    AuditTaker take_audit_;
    PinsTaker take_pins_;
    // Dials with TLS that are not answered yet.
    struct TlsDial {
        SharedRules rules;
        net::ConnectionId conn = {};  // once there is one
    };
    std::map<broker::DialId, TlsDial> tls_dials_;
    std::optional<Instant> timer_set_to_;
    std::optional<Instant> arrival_timer_set_to_;
    bool shutting_down_ = false;
    bool touched_ = true;                       // the node heard something since its last end_turn
    Transport::Output output_;                  // of one read; kept for its capacity
    std::vector<ByteView> runs_;                // of one write; kept for its capacity
    std::vector<net::ConnectionId> congested_;  // in this flush; told to the node after it
    std::vector<broker::Command> commands_;     // the same
    std::vector<broker::DialFailed> failed_;    // the same
    Bytes sealed_;                              // of one write; kept for its capacity
};

}  // namespace lotmesh::server
