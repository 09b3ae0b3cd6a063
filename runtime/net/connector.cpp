#include "runtime/net/connector.h"

#include <cerrno>
#include <map>
#include <optional>

#include "runtime/net/handle.h"
#include "runtime/net/resolver.h"
#include "runtime/net/timer.h"

namespace lotmesh::net {

namespace {

DialFailure failure_kind(int code) {
    switch (code) {
        case UV_ECONNREFUSED: return DialFailure::Refused;
        case UV_ETIMEDOUT: return DialFailure::TimedOut;
        case UV_ENETUNREACH:
        case UV_EHOSTUNREACH:
        case UV_EADDRNOTAVAIL:
        case UV_EAFNOSUPPORT: return DialFailure::Unreachable;
        default: return DialFailure::Other;
    }
}

int pending_error(int fd) {
    int error = 0;
    socklen_t size = sizeof(error);
    ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    return error;
}

// With nobody listening on an ephemeral port of this machine, TCP can connect a socket to itself.
bool connected_to_itself(int fd, const Address& remote) {
    const auto local = Address::local_of(fd);
    return local && local->text() == remote.text();
}

// One dial: Waiting for its start or its addresses, then Connecting to one after the other.
class Attempt {
public:
    enum class Phase : std::uint8_t { Starting, Resolving, Connecting };

    struct Target {
        std::uint64_t dial;
        std::string host;
        std::uint16_t port;
    };

    // `over` destroys the attempt and reports; it is the last thing an attempt calls.
    struct Outcome {
        FileDescriptor socket;
        Address remote;
        DialFailure failure = DialFailure::Other;
        std::string reason;
    };
    using Over = std::function<void(std::uint64_t, Outcome)>;

    Attempt(Loop& loop, Target target, Instant deadline, Over over)
        : loop_(loop),
          target_(std::move(target)),
          deadline_(deadline),
          over_(std::move(over)),
          timer_(loop, [this] { on_timer(); }) {}

    void start(Resolver& resolver);

private:
    using PollHandle = UvHandle<uv_poll_t, Attempt*>;

    void on_timer();
    void on_resolved(IoResult<Addresses> addresses);
    void try_next();
    bool connect_to(const Address& address);
    void on_connect_event();
    void connected();
    void note_failure(int code);
    void finish(Outcome outcome);
    const Address& current() const { return addresses_[next_ - 1]; }

    Loop& loop_;
    Target target_;
    Instant deadline_;
    Over over_;
    Timer timer_;
    Phase phase_ = Phase::Starting;
    std::unique_ptr<Lookup> lookup_;
    Addresses addresses_;
    bool looked_up_ = false;  // the addresses, rather than given
    std::size_t next_ = 0;
    FileDescriptor socket_;
    PollHandle poll_;
    std::optional<DialFailure> failure_;
    std::string reasons_;
};

void Attempt::start(Resolver& resolver) {
    if (const auto numeric = Address::parse(target_.host, target_.port)) {
        addresses_ = {*numeric};
        timer_.start_in(Duration{});
        return;
    }
    lookup_ = resolver.start(target_.host, target_.port, [this](IoResult<Addresses> addresses) {
        on_resolved(std::move(addresses));
    });
    phase_ = Phase::Resolving;
    if (lookup_ == nullptr)
        timer_.start_in(Duration{});
    else
        timer_.start_at(deadline_);
}

void Attempt::on_timer() {
    switch (phase_) {
        case Phase::Starting: return try_next();
        case Phase::Resolving:
            return finish({{},
                           {},
                           DialFailure::Unresolvable,
                           lookup_ == nullptr ? "not a host name" : "no answer for the host name"});
        case Phase::Connecting: note_failure(UV_ETIMEDOUT); return try_next();
    }
    UNREACHABLE();
}

void Attempt::on_resolved(IoResult<Addresses> addresses) {
    lookup_.reset();
    if (!addresses || addresses->empty()) {
        const std::string why = addresses ? "no address" : addresses.error().text;
        return finish({{}, {}, DialFailure::Unresolvable, why});
    }
    addresses_ = std::move(*addresses);
    looked_up_ = true;
    try_next();
}

void Attempt::try_next() {
    poll_ = {};
    while (next_ < addresses_.size() && loop_.now().instant < deadline_)
        if (connect_to(addresses_[next_++])) return;
    finish({{}, {}, failure_.value_or(DialFailure::TimedOut), reasons_});
}

// True when the rest happens in a callback.
bool Attempt::connect_to(const Address& address) {
    socket_ =
        FileDescriptor(::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    int error = 0;
    if (!socket_ || ::connect(socket_.get(), address.get(), address.size()) != 0) error = errno;
    if (error != 0 && error != EINPROGRESS) {
        note_failure(uv_translate_sys_error(error));
        return false;
    }
    error = poll_.open(
        this, [this](uv_poll_t* uv) { return uv_poll_init(loop_.native(), uv, socket_.get()); });
    if (error != 0) {
        note_failure(error);
        return false;
    }
    uv_poll_start(poll_.get(), UV_WRITABLE,
                  [](uv_poll_t* uv, int, int) { PollHandle::context(uv)->on_connect_event(); });
    phase_ = Phase::Connecting;
    const Instant now = loop_.now().instant;
    const auto addresses_left = static_cast<std::int64_t>(addresses_.size() - next_ + 1);
    timer_.start_at(now + (deadline_ - now) / addresses_left);
    return true;
}

void Attempt::on_connect_event() {
    int error = pending_error(socket_.get());
    if (error == 0 && connected_to_itself(socket_.get(), current())) error = ECONNREFUSED;
    if (error == 0) return connected();
    note_failure(uv_translate_sys_error(error));
    try_next();
}

void Attempt::connected() {
    poll_ = {};  // out of the epoll set before somebody else takes the socket
    finish({std::move(socket_), current(), DialFailure::Other, {}});
}

void Attempt::note_failure(int code) {
    // The first address that answered at all says most about what is wrong.
    const DialFailure kind = failure_kind(code);
    if (!failure_ || *failure_ == DialFailure::Unreachable) failure_ = kind;
    if (!reasons_.empty()) reasons_ += "; ";
    if (looked_up_) reasons_ += current().host() + " ";
    reasons_ += uv_strerror(code);
}

void Attempt::finish(Outcome outcome) {
    // over_ destroys this object, and with it the function that is running.
    const Over over = std::move(over_);
    over(target_.dial, std::move(outcome));
}

}  // namespace

struct Connector::Impl {
    Loop& loop;
    DialEvents& events;
    Duration total;
    Resolver resolver;
    std::map<std::uint64_t, std::unique_ptr<Attempt>> attempts;

    void over(std::uint64_t dial, Attempt::Outcome outcome);
};

void Connector::Impl::over(std::uint64_t dial, Attempt::Outcome outcome) {
    attempts.erase(dial);
    if (outcome.socket)
        events.on_dialled(dial, std::move(outcome.socket), outcome.remote);
    else
        events.on_dial_failed(dial, outcome.failure, outcome.reason);
}

Connector::Connector(Loop& loop, DialEvents& events, Duration total)
    : impl_(new Impl{loop, events, total, Resolver(loop), {}}) {}

Connector::~Connector() = default;

void Connector::dial(std::uint64_t dial, const std::string& host, std::uint16_t port) {
    const Instant deadline = impl_->loop.now().instant + impl_->total;
    auto attempt = std::make_unique<Attempt>(
        impl_->loop, Attempt::Target{dial, host, port}, deadline,
        [impl = impl_.get()](std::uint64_t over_dial, Attempt::Outcome outcome) {
            impl->over(over_dial, std::move(outcome));
        });
    Attempt& started = *attempt;
    const bool added = impl_->attempts.emplace(dial, std::move(attempt)).second;
    ASSERT(added);
    started.start(impl_->resolver);
}

void Connector::cancel(std::uint64_t dial) { impl_->attempts.erase(dial); }

std::size_t Connector::size() const { return impl_->attempts.size(); }

std::size_t Connector::lookups_in_flight() const { return impl_->resolver.in_flight(); }

}  // namespace lotmesh::net
