#include "runtime/server/listeners.h"

#include <cerrno>

#include "runtime/net/resolver.h"

namespace lotmesh::server {

namespace {

using Opened = Result<void, std::string>;

// This machine has no such address, or no IPv6 at all.
bool not_ours(int code) { return code == -EADDRNOTAVAIL || code == -EAFNOSUPPORT; }

class Opener {
public:
    Opener(net::Loop& loop, const AcceptedAt& accepted_at)
        : loop_(loop), accepted_at_(accepted_at) {}

    Opened open(const ListenAddress& wanted);
    Listeners take() { return std::move(listeners_); }

private:
    Opened open_any(const ListenAddress& wanted);
    Opened open_resolved(const ListenAddress& wanted, const net::Addresses& addresses);
    net::IoResult<std::uint16_t> open_one(const ListenAddress& wanted, const net::Address& address);

    net::Loop& loop_;
    const AcceptedAt& accepted_at_;
    Listeners listeners_;
};

std::string complaint(const ListenAddress& wanted, const net::IoError& error) {
    return "cannot listen on " + to_string(wanted) + ": " + error.text;
}

Opened Opener::open(const ListenAddress& wanted) {
    if (wanted.host.empty()) return open_any(wanted);
    if (const auto numeric = net::Address::parse(wanted.host, wanted.port))
        return open_resolved(wanted, {*numeric});
    const auto addresses = net::resolve_now(wanted.host, wanted.port);
    if (!addresses) return failure(complaint(wanted, addresses.error()));
    return open_resolved(wanted, *addresses);
}

Opened Opener::open_any(const ListenAddress& wanted) {
    auto opened = open_one(wanted, net::Address::any_ipv6(wanted.port));
    if (!opened && not_ours(opened.error().code))
        opened = open_one(wanted, net::Address::any_ipv4(wanted.port));
    if (!opened) return failure(complaint(wanted, opened.error()));
    return {};
}

Opened Opener::open_resolved(const ListenAddress& wanted, const net::Addresses& addresses) {
    std::uint16_t port = wanted.port;
    std::size_t count = 0;
    net::IoError last{0, "no address"};
    for (const net::Address& address : addresses) {
        const auto opened = open_one(wanted, address.with_port(port));
        if (opened) {
            port = *opened;
            ++count;
            continue;
        }
        last = opened.error();
        if (!not_ours(last.code)) return failure(complaint(wanted, last));
    }
    if (count == 0) return failure(complaint(wanted, last));
    return {};
}

net::IoResult<std::uint16_t> Opener::open_one(const ListenAddress& wanted,
                                              const net::Address& address) {
    auto socket = net::TcpListener::open(loop_, address, accepted_at_(wanted));
    if (!socket) return failure(socket.error());
    ListenAddress bound = wanted;
    bound.host = (*socket)->address().host();
    bound.port = (*socket)->address().port();
    listeners_.push_back({std::move(bound), std::move(*socket)});
    return listeners_.back().address.port;
}

}  // namespace

Result<Listeners, std::string> open_listeners(net::Loop& loop,
                                              const std::vector<ListenAddress>& addresses,
                                              const AcceptedAt& accepted_at) {
    Opener opener(loop, accepted_at);
    for (const ListenAddress& address : addresses)
        if (const auto opened = opener.open(address); !opened) return failure(opened.error());
    return opener.take();
}

}  // namespace lotmesh::server
