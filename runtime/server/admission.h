// How many connections one source may have, and how fast it may make them: asked before anything is
// read, TLS too. A value; loop thread.
//
// Clients of this machine are not counted: whoever is on it has other ways. Bounded by
// kSourcesMax and the shell's connections.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/slot_map.h"
#include "base/time.h"
#include "base/token_bucket.h"
#include "runtime/net/address.h"

namespace lotmesh::server {

struct AdmissionLimits {
    std::size_t connections_max = 0;  // of one source; 0: any
    std::uint32_t per_second = 0;     // new ones of one source; 0: any
    bool operator==(const AdmissionLimits&) const = default;
};

class Admission {
public:
    explicit Admission(AdmissionLimits limits) : limits_(limits) {}

    enum class Answer : std::uint8_t { Admitted, TooMany, TooFast };
    // Whether one more may come; it counts as an attempt where it may.
    Answer ask(const net::Address& address, Instant now);
    // It has come; once for each connection that was admitted.
    void entered(SlotHandle connection, const net::Address& address);
    // Nothing where it is not known.
    void left(SlotHandle connection);

    std::size_t source_count() const { return sources_.size(); }

private:
    struct Source {
        std::size_t connections = 0;
        std::optional<TokenBucket> attempts;
    };
    using Key = net::Address::Source;
    struct Slot {
        SlotHandle connection;
        Key key{};
    };

    void forget_idle(Instant now);

    AdmissionLimits limits_;
    std::map<Key, Source> sources_;
    std::vector<Slot> slots_;  // by the connection's index
};

}  // namespace lotmesh::server
