#include "runtime/net/resolver.h"

#include <netdb.h>
#include <uv.h>

namespace lotmesh::net {

namespace {

using Done = std::function<void(IoResult<Addresses>)>;

// Owned by libuv from start to callback.
struct Request {
    uv_getaddrinfo_t uv{};
    Request** wanted_by = nullptr;  // the Lookup's pointer to us; null when it is gone
    Done done;
    std::shared_ptr<std::size_t> in_flight;
};

class RunningLookup final : public Lookup {
public:
    explicit RunningLookup(Request* request) : request_(request) {
        request_->wanted_by = &request_;
    }
    ~RunningLookup() override {
        if (request_ == nullptr) return;
        request_->wanted_by = nullptr;
        // Takes it out of the queue; one that already runs finishes unheard.
        uv_cancel(reinterpret_cast<uv_req_t*>(&request_->uv));
    }
    RunningLookup(const RunningLookup&) = delete;
    RunningLookup& operator=(const RunningLookup&) = delete;

private:
    Request* request_;
};

Addresses take_addresses(addrinfo* list) {
    Addresses addresses;
    for (const addrinfo* item = list; item != nullptr; item = item->ai_next)
        if (addresses.size() < kAddressesPerNameMax) addresses.emplace_back(item->ai_addr);
    uv_freeaddrinfo(list);
    return addresses;
}

void on_resolved(uv_getaddrinfo_t* uv, int status, addrinfo* list) {
    const std::unique_ptr<Request> request(static_cast<Request*>(uv->data));
    --*request->in_flight;
    Addresses addresses = take_addresses(list);
    if (request->wanted_by == nullptr) return;
    *request->wanted_by = nullptr;
    if (status != 0)
        request->done(failure(io_error(status)));
    else
        request->done(std::move(addresses));
}

addrinfo stream_hints() {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    return hints;
}

}  // namespace

IoResult<Addresses> resolve_now(const std::string& host, std::uint16_t port) {
    const addrinfo hints = stream_hints();
    Loop loop;
    uv_getaddrinfo_t request{};
    const int error = uv_getaddrinfo(loop.native(), &request, nullptr, host.c_str(),
                                     std::to_string(port).c_str(), &hints);
    if (error != 0) return failure(io_error(error));
    return take_addresses(request.addrinfo);
}

Resolver::Resolver(Loop& loop) : loop_(loop), in_flight_(std::make_shared<std::size_t>(0)) {}

std::unique_ptr<Lookup> Resolver::start(const std::string& host, std::uint16_t port, Done done) {
    auto request = std::make_unique<Request>();
    request->done = std::move(done);
    request->in_flight = in_flight_;
    request->uv.data = request.get();
    const addrinfo hints = stream_hints();
    const int error = uv_getaddrinfo(loop_.native(), &request->uv, on_resolved, host.c_str(),
                                     std::to_string(port).c_str(), &hints);
    if (error != 0) return nullptr;
    ++*in_flight_;
    return std::make_unique<RunningLookup>(request.release());
}

}  // namespace lotmesh::net
