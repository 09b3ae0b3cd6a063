#include "tools/bench/socket.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace lotmesh::bench {

namespace {

std::unexpected<std::string> failed(const char* what, int error) {
    return failure(std::string(what) + ": " + std::strerror(error));
}

}  // namespace

Result<AddressList, std::string> resolve(const HostPort& target) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    const int error = getaddrinfo(target.host.c_str(), target.port.c_str(), &hints, &list);
    if (error != 0) return failure(target.host + ": " + gai_strerror(error));
    return AddressList(list);
}

Result<void, std::string> Socket::open(int epoll, const addrinfo& address, std::uint64_t key) {
    close();
    epoll_ = epoll;
    key_ = key;
    descriptor_ = ::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor_ < 0) return failed("socket", errno);
    const int on = 1;
    setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(descriptor_, address.ai_addr, address.ai_addrlen) != 0 && errno != EINPROGRESS) {
        const int error = errno;
        close();
        return failed("connect", error);
    }
    connecting_ = true;
    writable_wanted_ = true;
    epoll_event event{.events = EPOLLIN | EPOLLOUT, .data = {.u64 = key_}};
    if (epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor_, &event) != 0) return failed("epoll", errno);
    return {};
}

void Socket::close() {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
    connecting_ = false;
    writable_wanted_ = false;
    out_.clear();
    wire_.clear();
    written_ = 0;
    tls_.reset();
}

Result<void, std::string> Socket::finish_connect() {
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return failed("connect", error);
    connecting_ = false;
    if (context_) tls_.emplace(context_).start(wire_);
    want_writable(!wire_.empty());
    return {};
}

Result<ByteView, std::string> Socket::read(std::span<std::uint8_t> buffer) {
    const ssize_t size = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
    if (size == 0) return failure(std::string("closed by the broker"));
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return ByteView();
    if (size < 0) return failed("read", errno);
    const ByteView bytes = buffer.first(static_cast<std::size_t>(size));
    if (!tls_) return bytes;
    plain_.clear();
    if (tls_->receive(bytes, plain_, wire_) == net::TlsSession::State::Ended)
        return failure(std::string(tls_->why()));
    want_writable(!wire_.empty() || !out_.empty());
    return plain_;
}

Result<void, std::string> Socket::flush() {
    if (connecting_) return {};
    if (tls_ && tls_->state() == net::TlsSession::State::Open && !out_.empty()) {
        const ByteView runs[] = {out_};
        tls_->send(runs, wire_);
        out_.clear();
    }
    Bytes& sent = tls_ ? wire_ : out_;
    if (written_ == sent.size()) return {};
    const ssize_t size =
        ::send(descriptor_, sent.data() + written_, sent.size() - written_, MSG_NOSIGNAL);
    if (size < 0 && errno != EAGAIN && errno != EINTR) return failed("write", errno);
    if (size > 0) written_ += static_cast<std::size_t>(size);
    if (written_ == sent.size()) {
        sent.clear();
        written_ = 0;
    }
    want_writable(!sent.empty());
    return {};
}

void Socket::want_writable(bool wanted) {
    if (wanted == writable_wanted_) return;
    writable_wanted_ = wanted;
    const std::uint32_t writable = wanted ? std::uint32_t{EPOLLOUT} : 0U;
    epoll_event event{.events = EPOLLIN | writable, .data = {.u64 = key_}};
    epoll_ctl(epoll_, EPOLL_CTL_MOD, descriptor_, &event);
}

}  // namespace lotmesh::bench
