// Who may connect and what they may do: a port. The broker asks it and keeps no rule of its own but
// those of the standard. Core thread; outlives the Core.
//
// Who somebody is (authenticate) is asked once for each CONNECT, and may take a while: then the
// answer is the event Authenticated. What they may do (Authority) is asked all the time and
// answered at once. When the rules have changed, the shell says PolicyChanged, and the broker asks
// for new Authorities.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "runtime/mqtt/packet.h"

namespace lotmesh::broker {

// Where a connection comes from; known before its first byte.
struct Origin {
    std::string remote_address = {};    // "10.0.0.2:51234"
    bool loopback = false;              // from this machine
    std::string listener = {};          // that it came to, as the user named it
    std::string certificate_name = {};  // whom its verified certificate names; empty: none shown
    bool operator==(const Origin&) const = default;
};

// What somebody presents in a CONNECT. Borrowed for the call.
struct Credentials {
    std::string_view client_id;
    std::optional<std::string_view> user_name;
    std::optional<ByteView> password;
    const Origin& origin;
};

// Names one authentication that is not decided yet; 0 is none.
using AuthTicket = std::uint64_t;

// What became of the credentials.
struct AuthVerdict {
    mqtt::ReasonCode reason = mqtt::ReasonCode::Success;  // of the CONNACK
    std::string user_name = {};            // at Success: who it is; empty: nobody in particular
    std::vector<std::string> groups = {};  // that the credentials themselves speak of
    std::string why = {};                  // it was refused, for people here; not for the client
    AuthTicket ticket = 0;                 // not 0: the rest is not known yet
    // The proof holds so long, and the connection with it; nothing: for ever.
    std::optional<WallTime> ends_at = std::nullopt;
    bool operator==(const AuthVerdict&) const = default;
};

// Somebody whose CONNECT was believed.
struct Principal {
    std::string client_id = {};
    std::string user_name = {};
    std::vector<std::string> groups = {};
    Origin origin = {};
    bool operator==(const Principal&) const = default;
};

enum class Permission : std::uint8_t {
    Connect,    // about no topic
    Publish,    // to a topic name
    Subscribe,  // to a filter, which of a shared subscription is the part that topics match
    Receive,    // a message of this topic name
    Retain,     // a message of this topic name
    Will,       // with this topic name
    Sys,        // a filter or a topic name below $SYS; instead of Subscribe and Receive
    Admin,      // commands to this node; about no topic
    Cluster,    // to be a peer; about no topic
};

// What one principal may do; it never changes.
class Authority {
public:
    virtual ~Authority() = default;
    virtual bool may(Permission permission, std::string_view topic) const = 0;
};

// What one step of an authentication method comes to.
struct AuthStep {
    mqtt::ReasonCode reason;  // ContinueAuthentication, Success, or why not
    std::string data;         // for the client; not where it is refused
    std::string user_name;    // at Success: who it is
    std::vector<std::string> groups = {};
    std::optional<WallTime> ends_at = std::nullopt;  // as AuthVerdict's
};

// One run of an authentication method with one client (section 4.12), which it belongs to.
class AuthExchange {
public:
    virtual ~AuthExchange() = default;
    // What the client said; nothing where it sent no authentication data.
    virtual AuthStep step(std::string_view data) = 0;
};

class Policy {
public:
    virtual ~Policy() = default;

    // A new run; nullptr where there is no such method.
    virtual std::unique_ptr<AuthExchange> begin_exchange(std::string_view /*method*/,
                                                         const Origin& /*origin*/, Now /*now*/) {
        return nullptr;
    }

    virtual AuthVerdict authenticate(const Credentials& credentials, Now now) = 0;
    // Nobody waits for this one any more; no Authenticated need follow.
    virtual void abandon(AuthTicket) {}

    // Nothing: there are no rules, and they may do everything. Not kept longer than the Policy.
    virtual std::unique_ptr<const Authority> authority_of(const Principal& principal) = 0;
};

class AllowAll final : public Policy {
public:
    AuthVerdict authenticate(const Credentials& credentials, Now) override {
        return {.user_name = std::string(credentials.user_name.value_or(""))};
    }
    std::unique_ptr<const Authority> authority_of(const Principal&) override { return nullptr; }
};

}  // namespace lotmesh::broker
