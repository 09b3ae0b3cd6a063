// What stands between a socket and MQTT on one connection: the header of a proxy, the upgrade to
// WebSocket, its frames. A machine, loop thread; the shell carries out what it puts into Output.
//
// Bounded by what it is made of: net/limits.h and ws/limits.h.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "runtime/net/address.h"
#include "runtime/net/network.h"
#include "runtime/net/proxy_header.h"
#include "runtime/server/limits.h"
#include "runtime/ws/frames.h"
#include "runtime/ws/request.h"
#include "runtime/ws/upgrade.h"

namespace lotmesh::server {

// Of one listener; never changed once a connection has it.
struct TransportRules {
    std::optional<net::ProxyVersion> proxy;     // the header that comes first
    std::optional<ws::UpgradeRules> websocket;  // none: TCP
    std::vector<net::Network> trusted_proxies;  // whose word about clients is taken
    ws::Limits limits;
    Duration arrival_max = kArrivalMax;

    // MQTT begins at once: no Transport is needed.
    bool is_plain() const { return !proxy && !websocket; }
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
    };
    // To be carried out in this order.
    struct Output {
        Bytes answer;  // to the request for the upgrade
        std::optional<Arrival> arrival;
        ws::Frames::Output stream;  // for MQTT, and then to send
        bool ends = false;          // then the connection is closed
        std::string_view why = {};  // it ends, or what was refused
    };
    // Not once it has ended.
    void receive(ByteView bytes, Instant now, Output& output);

    // As far as is known: the proxy's address until it has said whom it speaks for.
    const net::Address& client() const { return client_; }

    // After the arrival: whether bytes still go through here. If not, this is not needed any more.
    bool is_websocket() const { return rules_->websocket.has_value(); }

    // See ws::Frames; after the arrival.
    ByteView head(std::span<const ByteView> runs);
    void close(ws::CloseCode code, Bytes& out);

private:
    using Stage = std::variant<net::ProxyHeader, ws::RequestReader, ws::Frames>;

    ByteView read_proxy_header(ByteView bytes, Output& output);
    ByteView read_request(ByteView bytes, Output& output);
    void read_frames(ByteView bytes, Instant now, Output& output);
    void arrive(Output& output);
    void upgrade(const ws::Upgrade& upgrade, Output& output);
    void refuse(const ws::Refusal& refusal, Output& output);

    SharedRules rules_;
    net::Address client_;
    bool proxied_;  // or perhaps: it is not a client of this machine
    Stage stage_;
};

}  // namespace lotmesh::server
