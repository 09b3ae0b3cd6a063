// What stands between a socket and MQTT on one connection: the header of a proxy, TLS, the upgrade
// to WebSocket, its frames. A machine, loop thread; the shell carries out what it puts into Output.
//
// Bounded by what it is made of: net/limits.h, net/tls_session.h and ws/limits.h.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "runtime/broker/effect.h"
#include "runtime/net/address.h"
#include "runtime/net/network.h"
#include "runtime/net/proxy_header.h"
#include "runtime/net/tls_session.h"
#include "runtime/server/limits.h"
#include "runtime/ws/frames.h"
#include "runtime/ws/request.h"
#include "runtime/ws/upgrade.h"

namespace lotmesh::server {

// Where TLS to one host came from, so that it can be asked for anew.
struct DialledTls {
    broker::DialTls files;
    std::string host;
};

// Of one listener, or of TLS to one host; never changed once a connection has it.
struct TransportRules {
    std::string listener = {};                  // its name
    std::optional<net::ProxyVersion> proxy;     // the header that comes first
    net::TlsContext::Ref tls;                   // of a server, or of a client; none: plain
    std::optional<DialledTls> dialled = {};     // with `tls` of a client
    std::optional<ws::UpgradeRules> websocket;  // none: TCP
    std::vector<net::Network> trusted_proxies;  // whose word about clients is taken
    std::size_t connections_max = 0;            // of this listener at a time; 0: any
    ws::Limits limits;
    Duration arrival_max = kArrivalMax;

    // MQTT begins at once: no Transport is needed.
    bool is_plain() const { return !proxy && !tls && !websocket; }
    // Where proxies are named, nobody else may bring a PROXY header.
    bool may_connect(const net::Address& peer) const {
        return !proxy || trusted_proxies.empty() || net::any_contains(trusted_proxies, peer);
    }
};

using SharedRules = std::shared_ptr<const TransportRules>;

class Transport {
public:
    // The rules are not plain.
    Transport(SharedRules rules, const net::Address& peer);

    // MQTT can begin. What a proxy forwards is never of this machine, whatever the proxy says; nor
    // is a page in a browser of this machine, unless its origin is one that was named.
    struct Arrival {
        net::Address client;
        bool loopback = false;
        net::TlsPeer tls = {};
    };
    // To be carried out in this order.
    struct Output {
        Bytes wire;    // of TLS itself, to be sent as it is
        Bytes answer;  // to the request for the upgrade; to be packed
        std::optional<Arrival> arrival;
        ws::Frames::Output stream;  // for MQTT, and then to be packed and sent
        bool ends = false;          // then the connection is closed
        std::string_view why = {};  // it ends, or what was refused
        Bytes plain = {};           // scratch

        void clear();
        // Nothing of what came is left in memory.
        void wipe();
    };
    // Where this side speaks first: the client of TLS.
    void begin(Output& output);
    // Not once it has ended.
    void receive(ByteView bytes, Instant now, Output& output);

    // The next bytes will cost a handshake.
    bool awaits_handshake() const;
    // Whether who is there, as far as TLS knows them, would be let in by other rules.
    bool would_be_accepted_by(const TransportRules& rules) const;

    // As far as is known: the proxy's address until it has said whom it speaks for.
    const net::Address& client() const { return client_; }

    const TransportRules& rules() const { return *rules_; }
    // After the arrival: whether bytes still go through here. If not, this is not needed any more.
    bool is_needed() const { return is_websocket() || tls_; }

    // After the arrival: what is sent of MQTT, behind a place for one more run, becomes what the
    // socket gets. That may stand in `scratch`, or here until the next call.
    void pack(std::vector<ByteView>& runs, Bytes& scratch);
    // The same for what is not MQTT but this side's own word; nothing where TLS is over.
    void seal(ByteView bytes, Bytes& wire);
    // The last words to the socket; none where there were some.
    void close(ws::CloseCode code, Bytes& wire);

private:
    struct Straight {};  // what comes is MQTT
    using Stage = std::variant<Straight, net::ProxyHeader, ws::RequestReader, ws::Frames>;

    bool is_websocket() const { return rules_->websocket.has_value(); }
    bool is_sealed() const { return tls_ && tls_->state() == net::TlsSession::State::Open; }
    Stage after_proxy() const;
    ByteView read_proxy_header(ByteView bytes, Output& output);
    ByteView open_tls(ByteView bytes, Output& output);
    ByteView read_request(ByteView bytes, Output& output);
    void read_frames(ByteView bytes, Instant now, Output& output);
    void arrive(Output& output);
    void upgrade(const ws::Upgrade& upgrade, Output& output);
    void refuse(const ws::Refusal& refusal, Output& output);

    SharedRules rules_;
    net::Address client_;
    bool proxied_;  // or perhaps: it is not a client of this machine
    bool begun_ = false;
    std::optional<net::TlsSession> tls_;
    Stage stage_;
};

}  // namespace lotmesh::server
