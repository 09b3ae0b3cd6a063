// Host names to addresses, on libuv's thread pool: the loop never waits for DNS.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "runtime/net/address.h"
#include "runtime/net/io_error.h"
#include "runtime/net/loop.h"

namespace lotmesh::net {

// Addresses of one name beyond this are ignored.
inline constexpr std::size_t kAddressesPerNameMax = 16;

using Addresses = std::vector<Address>;

// Blocks; for start-up only.
IoResult<Addresses> resolve_now(const std::string& host, std::uint16_t port);

// A running lookup. Destroying it means that the answer is not wanted any more.
class Lookup {
public:
    virtual ~Lookup() = default;
};

class Resolver {
public:
    explicit Resolver(Loop& loop);

    // Answers once, later, never inside this call. Null, and no answer, where libuv refuses the
    // name at once (it is too long, or no name at all).
    std::unique_ptr<Lookup> start(const std::string& host, std::uint16_t port,
                                  std::function<void(IoResult<Addresses>)> done);

    // Lookups that the thread pool still works on, wanted or not: libuv waits for them at exit.
    std::size_t in_flight() const { return *in_flight_; }

private:
    Loop& loop_;
    std::shared_ptr<std::size_t> in_flight_;  // shared with requests that outlive us
};

}  // namespace lotmesh::net
