// A non-blocking TCP connection of the load generator, perhaps with TLS: bytes to send are gathered
// and written once per turn; the epoll set is touched only while a write is incomplete.
//
// One thread. Owns its descriptor. The buffer to send is bounded by what the clients put in, which
// their windows bound.
#pragma once

#include <netdb.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "base/bytes.h"
#include "base/result.h"
#include "runtime/net/tls_session.h"
#include "tools/bench/options.h"

namespace lotmesh::bench {

struct AddressListFree {
    void operator()(addrinfo* list) const { freeaddrinfo(list); }
};
using AddressList = std::unique_ptr<addrinfo, AddressListFree>;

// Blocks; called before the run begins.
Result<AddressList, std::string> resolve(const HostPort& target);

class Socket {
public:
    Socket() = default;
    ~Socket() { close(); }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    Socket(Socket&&) = delete;
    Socket& operator=(Socket&&) = delete;

    // For all connections from the next open() on; none: plain.
    void set_tls(net::TlsContext::Ref context) { context_ = std::move(context); }

    // Begins to connect; `key` comes back with every epoll event.
    Result<void, std::string> open(int epoll, const addrinfo& address, std::uint64_t key);
    void close();
    bool is_open() const { return descriptor_ >= 0; }

    // After the first writable event: whether the connection stands.
    Result<void, std::string> finish_connect();
    bool connecting() const { return connecting_; }

    // Reads what is there, by way of `buffer`; 0 bytes where there is nothing. Valid until the next
    // call.
    Result<ByteView, std::string> read(std::span<std::uint8_t> buffer);

    Bytes& out() { return out_; }
    bool has_output() const { return !out_.empty() || !wire_.empty(); }
    Result<void, std::string> flush();

private:
    void want_writable(bool wanted);

    int epoll_ = -1;
    int descriptor_ = -1;
    std::uint64_t key_ = 0;
    bool connecting_ = false;
    bool writable_wanted_ = false;
    Bytes out_;
    net::TlsContext::Ref context_;
    std::optional<net::TlsSession> tls_;
    Bytes plain_;              // of one read
    Bytes wire_;               // with TLS, out_ as it is sent
    std::size_t written_ = 0;  // of the one that is sent
};

}  // namespace lotmesh::bench
