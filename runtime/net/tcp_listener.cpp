#include "runtime/net/tcp_listener.h"

#include <fcntl.h>
#include <netinet/in.h>

#include <cerrno>
#include <optional>

#include "base/log.h"
#include "runtime/net/handle.h"
#include "runtime/net/timer.h"

namespace lotmesh::net {

namespace {

constexpr int kBacklog = 4096;  // the kernel caps it at net.core.somaxconn
// A flood of new connections must not keep the old ones waiting.
constexpr int kAcceptsPerTurnMax = 64;
constexpr Duration kPauseWithoutFiles = Duration::milliseconds(100);
constexpr Duration kLogAgainAfter = Duration::seconds(10);

IoResult<FileDescriptor> listening_socket(const Address& address) {
    FileDescriptor socket(
        ::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket) return failure(last_os_error());
    const int on = 1;
    const int off = 0;
    ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (address.family() == AF_INET6) {
        // "[::]" takes IPv4 too, every other IPv6 address is itself only.
        ::setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
    }
    if (::bind(socket.get(), address.get(), address.size()) != 0) return failure(last_os_error());
    if (::listen(socket.get(), kBacklog) != 0) return failure(last_os_error());
    return socket;
}

FileDescriptor spare_descriptor() {
    return FileDescriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

bool out_of_files(int error) { return error == EMFILE || error == ENFILE || error == ENOBUFS; }

}  // namespace

struct TcpListener::Impl {
    using PollHandle = UvHandle<uv_poll_t, Impl*>;

    Loop& loop;
    FileDescriptor socket;
    Address address;
    OnAccepted accepted;
    PollHandle poll;
    std::optional<Timer> resume;
    std::optional<Instant> logged_at;
    FileDescriptor spare;  // given up for a moment where there is no other
    std::uint64_t turned_away = 0;

    void start();
    void accept_some();
    bool turn_one_away();
    void pause();
    void say_out_of_files();
};

void TcpListener::Impl::start() {
    uv_poll_start(poll.get(), UV_READABLE,
                  [](uv_poll_t* uv, int, int) { PollHandle::context(uv)->accept_some(); });
}

void TcpListener::Impl::accept_some() {
    for (int i = 0; i < kAcceptsPerTurnMax; ++i) {
        sockaddr_storage storage{};
        socklen_t size = sizeof(storage);
        auto* remote = reinterpret_cast<sockaddr*>(&storage);
        FileDescriptor client(::accept4(socket.get(), remote, &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (client) {
            accepted(std::move(client), Address(remote));
            continue;
        }
        const int error = errno;
        if (out_of_files(error)) {
            say_out_of_files();
            if (turn_one_away()) continue;
            return pause();
        }
        // A client that gave up while it waited is no reason to stop.
        if (error != ECONNABORTED && error != EINTR) return;
    }
}

// False: nobody could be accepted even so.
bool TcpListener::Impl::turn_one_away() {
    if (!spare) return false;
    spare = FileDescriptor();
    const bool accepted_one =
        FileDescriptor(::accept4(socket.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC))
            .operator bool();
    spare = spare_descriptor();
    if (accepted_one) ++turned_away;
    return accepted_one;
}

void TcpListener::Impl::pause() {
    uv_poll_stop(poll.get());
    resume->start_in(kPauseWithoutFiles);
}

void TcpListener::Impl::say_out_of_files() {
    const Instant now = loop.now().instant;
    if (logged_at && now - *logged_at < kLogAgainAfter) return;
    log::warning("out of file descriptors: new connections are closed; listener=" + address.text());
    logged_at = now;
}

IoResult<std::unique_ptr<TcpListener>> TcpListener::open(Loop& loop, const Address& address,
                                                         OnAccepted accepted) {
    auto socket = listening_socket(address);
    if (!socket) return failure(socket.error());
    const int fd = socket->get();
    auto impl = std::make_unique<Impl>(Impl{loop,
                                            std::move(*socket),
                                            Address::local_of(fd).value_or(address),
                                            std::move(accepted),
                                            {},
                                            {},
                                            {},
                                            spare_descriptor()});
    const int error = impl->poll.open(
        impl.get(), [&](uv_poll_t* uv) { return uv_poll_init(loop.native(), uv, fd); });
    if (error != 0) return failure(io_error(error));
    impl->resume.emplace(loop, [raw = impl.get()] {
        if (!raw->spare) raw->spare = spare_descriptor();
        raw->start();
    });
    impl->start();
    return std::unique_ptr<TcpListener>(new TcpListener(std::move(impl)));
}

TcpListener::TcpListener(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TcpListener::~TcpListener() = default;

const Address& TcpListener::address() const { return impl_->address; }

std::uint64_t TcpListener::turned_away() const { return impl_->turned_away; }

}  // namespace lotmesh::net
