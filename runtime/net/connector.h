// Outgoing connections: resolves the name at every attempt, tries all its addresses one after the
// other, gives up after a total time. Neither DNS nor a silent host ever blocks the loop.
//
// Bounded by its caller: one entry for each dial that has neither ended nor been cancelled.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/time.h"
#include "runtime/net/address.h"
#include "runtime/net/file_descriptor.h"
#include "runtime/net/loop.h"

namespace lotmesh::net {

enum class DialFailure : std::uint8_t { Unresolvable, Refused, TimedOut, Unreachable, Other };

// Answers, never inside dial() or cancel(); exactly one for each dial that is not cancelled.
// Reasons name neither the host nor the port that was asked for: they may come from a secret.
class DialEvents {
public:
    virtual ~DialEvents() = default;
    virtual void on_dialled(std::uint64_t dial, FileDescriptor socket, const Address& remote) = 0;
    virtual void on_dial_failed(std::uint64_t dial, DialFailure failure,
                                const std::string& reason) = 0;
};

class Connector {
public:
    static constexpr Duration kTotal = Duration::seconds(5);

    Connector(Loop& loop, DialEvents& events, Duration total = kTotal);
    ~Connector();
    Connector(const Connector&) = delete;
    Connector& operator=(const Connector&) = delete;

    void dial(std::uint64_t dial, const std::string& host, std::uint16_t port);
    void cancel(std::uint64_t dial);
    std::size_t size() const;

    // See Resolver::in_flight.
    std::size_t lookups_in_flight() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace lotmesh::net
