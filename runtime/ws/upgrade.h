// Judges a request for the upgrade and writes the answer. RFC 6455 section 4.2 with section 6 of
// MQTT: the subprotocol is "mqtt", or "mqttv3.1" where the client knows only that.
//
// Pure. The hash of the key is the caller's: this layer sees no cryptography.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "runtime/ws/request.h"

namespace lotmesh::ws {

struct UpgradeRules {
    std::string path;                  // the only one; empty: any
    std::vector<std::string> origins;  // pages of these may connect; empty: of all
    bool operator==(const UpgradeRules&) const = default;
};

// What was asked for and may be given.
struct Upgrade {
    std::string key;                         // Sec-WebSocket-Key
    std::string protocol;                    // the subprotocol that is taken
    std::string origin;                      // of the page; empty: no browser
    bool forwarded = false;                  // a proxy says so
    std::vector<std::string> forwarded_for;  // X-Forwarded-For, the nearest last
    bool operator==(const Upgrade&) const = default;
};

enum class Status : std::uint16_t {
    BadRequest = 400,
    Forbidden = 403,
    NotFound = 404,
    MethodNotAllowed = 405,
    UpgradeRequired = 426,
    HeaderFieldsTooLarge = 431,
};

struct Refusal {
    Status status = Status::BadRequest;
    std::string_view reason;  // for people; of the program's own words
    bool operator==(const Refusal&) const = default;
};

Result<Upgrade, Refusal> judge(const Request& request, const UpgradeRules& rules);

// Why a request that never became one is refused.
Refusal refusal_of(RequestState state);

// SHA-1 of this, in Base64, is the accept value.
std::string accept_input(const Upgrade& upgrade);

// The whole answers, with the empty line. After a refusal the connection is closed.
std::string response(const Upgrade& upgrade, std::string_view accept);
std::string response(const Refusal& refusal);

}  // namespace lotmesh::ws
