#include "tools/bench/run.h"

#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <iterator>

#include "runtime/mqtt/encode.h"

namespace lotmesh::bench {

namespace {

constexpr std::uint64_t kSignalKey = ~0ULL;
constexpr std::size_t kReadBytes = 256 * 1024;
constexpr std::int64_t kRetryUs = 50'000;
constexpr std::int64_t kSecondUs = 1'000'000;

std::int64_t clock_us() {
    return std::chrono::duration_cast<std::chrono::microseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

// Differs between runs that meet at one broker.
std::uint32_t run_id() {
    return static_cast<std::uint32_t>(clock_us()) * 2654435761U ^
           static_cast<std::uint32_t>(getpid());
}

}  // namespace

Run::Run(Options options)
    : options_(std::move(options)),
      layout_(options_.workload, options_.clients),
      oracle_(layout_),
      record_{.oracle = oracle_, .latency = {}},
      read_buffer_(kReadBytes) {}

Run::~Run() {
    clients_.clear();
    if (signals_ >= 0) ::close(signals_);
    if (epoll_ >= 0) ::close(epoll_);
}

Result<Report, std::string> Run::execute() {
    if (auto done = set_up(); !done) return failure(done.error());
    while (phase_ != Phase::Over)
        if (auto done = turn(); !done) return failure(done.error());
    return report();
}

Outcome Run::set_up() {
    auto publish_address = resolve(options_.publish_host);
    if (!publish_address) return failure(publish_address.error());
    auto subscribe_address = resolve(options_.subscribe_host);
    if (!subscribe_address) return failure(subscribe_address.error());
    publish_address_ = std::move(*publish_address);
    subscribe_address_ = std::move(*subscribe_address);
    epoll_ = epoll_create1(EPOLL_CLOEXEC);
    sigemptyset(&blocked_);
    sigaddset(&blocked_, SIGINT);
    sigaddset(&blocked_, SIGTERM);
    sigprocmask(SIG_BLOCK, &blocked_, nullptr);
    signals_ = signalfd(-1, &blocked_, SFD_NONBLOCK | SFD_CLOEXEC);
    epoll_event event{.events = EPOLLIN, .data = {.u64 = kSignalKey}};
    epoll_ctl(epoll_, EPOLL_CTL_ADD, signals_, &event);

    const std::uint32_t run = run_id();
    const std::string prefix = fmt::format("{}/{:08x}", options_.topic_prefix, run);
    ClientSettings client{.version = options_.version,
                          .resumable = options_.reconnect,
                          .username = options_.username,
                          .password = options_.password};
    for (std::uint32_t i = 0; i < layout_.publishers(); ++i) {
        client.client_id = fmt::format("bench-{:08x}-p{}", run, i);
        Publisher machine({client, layout_.topic(prefix, i), options_.qos, options_.payload_bytes,
                           options_.inflight, i, run},
                          oracle_);
        clients_.emplace_back(std::move(machine), publish_address_.get());
    }
    for (std::uint32_t i = 0; i < layout_.subscribers(); ++i) {
        client.client_id = fmt::format("bench-{:08x}-s{}", run, i);
        Subscriber machine(
            {client, layout_.filter(prefix, i), options_.qos, options_.payload_bytes, i, run},
            record_);
        clients_.emplace_back(std::move(machine), subscribe_address_.get());
    }
    now_us_ = phase_began_us_ = clock_us();
    return options_.tls_ca.empty() ? Outcome() : set_up_tls();
}

Outcome Run::set_up_tls() {
    std::ifstream file(options_.tls_ca, std::ios::binary);
    const std::string ca{std::istreambuf_iterator<char>(file), {}};
    if (ca.empty()) return failure("cannot read " + options_.tls_ca);
    for (Client& client : clients_) {
        const bool publisher = std::holds_alternative<Publisher>(client.machine);
        const HostPort& to = publisher ? options_.publish_host : options_.subscribe_host;
        net::TlsClientSettings settings;
        settings.host = to.host;
        settings.ca = ca;
        auto context = net::TlsContext::client(settings);
        if (!context) return failure(options_.tls_ca + ": " + context.error());
        client.socket.set_tls(std::move(*context));
    }
    return {};
}

Outcome Run::turn() {
    if (auto done = wait(); !done) return done;
    now_us_ = clock_us();
    reconnect();
    if (phase_ == Phase::Publishing) publish();
    if (auto done = flush(); !done) return done;
    if (now_us_ >= next_ping_us_) ping();
    if (now_us_ >= next_progress_us_) progress();
    return advance();
}

Outcome Run::wait() {
    std::array<epoll_event, 256> events;
    const bool paced = options_.rate > 0 && phase_ == Phase::Publishing;
    const int count = epoll_wait(epoll_, events.data(), events.size(), paced ? 1 : 10);
    if (count < 0 && errno != EINTR) return failure(std::string("epoll: ") + std::strerror(errno));
    for (int i = 0; i < count; ++i) {
        const epoll_event& event = events[static_cast<std::size_t>(i)];
        if (event.data.u64 == kSignalKey) {
            take_signals();
        } else if (auto done =
                       handle_socket(static_cast<std::size_t>(event.data.u64), event.events);
                   !done) {
            return done;
        }
    }
    return {};
}

void Run::take_signals() {
    signalfd_siginfo info;
    while (::read(signals_, &info, sizeof info) > 0)
        stop_ = true;
}

Outcome Run::handle_socket(std::size_t index, std::uint32_t events) {
    Client& client = clients_[index];
    if (!client.socket.is_open()) return {};
    if (client.socket.connecting()) {
        if (auto done = client.socket.finish_connect(); !done) return ended(client, done.error());
        std::visit([&](auto& machine) { machine.connected(client.socket.out()); }, client.machine);
        touch(index);
        return {};
    }
    if ((events & EPOLLOUT) != 0) touch(index);
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) == 0) return {};
    touch(index);
    return receive(client);
}

Outcome Run::receive(Client& client) {
    const auto read = client.socket.read(read_buffer_);
    if (!read) return ended(client, read.error());
    const ByteView bytes = *read;
    if (client.partial.empty()) return parse(client, bytes);
    client.partial.insert(client.partial.end(), bytes.begin(), bytes.end());
    Bytes whole;
    whole.swap(client.partial);
    return parse(client, whole);
}

// What is left of `bytes` after the last whole frame becomes `partial`.
Outcome Run::parse(Client& client, ByteView bytes) {
    const std::int64_t now_us = clock_us();
    Bytes& out = client.socket.out();
    while (!bytes.empty()) {
        const auto step = mqtt::next_frame(bytes, kPacketBytesMax);
        if (!step)
            return ended(client, "unreadable bytes: " + std::string(mqtt::name(step.error())));
        if (step->frame.size == 0) break;
        Outcome done;
        if (auto* publisher = std::get_if<Publisher>(&client.machine)) {
            done = publisher->handle(step->frame, out);
        } else {
            done = std::get<Subscriber>(client.machine).handle(step->frame, now_us, out);
        }
        if (!done) return ended(client, done.error());
        bytes = bytes.subspan(step->frame.size);
    }
    client.partial.assign(bytes.begin(), bytes.end());
    return {};
}

// A connection ended. With --reconnect that is part of the run, and so is a broker that is not
// there yet; without, it is why the run failed.
Outcome Run::ended(Client& client, const std::string& why) {
    if (!options_.reconnect) {
        const bool publisher = std::holds_alternative<Publisher>(client.machine);
        return failure(fmt::format("the connection of a {} ended: {}",
                                   publisher ? "publisher" : "subscriber", why));
    }
    const bool was_ready =
        std::visit([](const auto& machine) { return machine.ready(); }, client.machine);
    if (was_ready) ++disconnects_;
    std::visit([](auto& machine) { machine.disconnected(); }, client.machine);
    client.socket.close();
    client.partial.clear();
    client.retry_at_us = clock_us() + kRetryUs;
    return {};
}

void Run::touch(std::size_t index) {
    Client& client = clients_[index];
    if (client.dirty) return;
    client.dirty = true;
    dirty_.push_back(index);
}

Outcome Run::flush() {
    for (const std::size_t index : dirty_) {
        Client& client = clients_[index];
        client.dirty = false;
        if (!client.socket.is_open() || !client.socket.has_output()) continue;
        client.last_sent_us = now_us_;
        if (auto done = client.socket.flush(); !done)
            if (auto fatal = ended(client, done.error()); !fatal) return fatal;
    }
    dirty_.clear();
    return {};
}

void Run::reconnect() {
    for (std::size_t i = 0; i < clients_.size(); ++i) {
        Client& client = clients_[i];
        if (client.socket.is_open() || now_us_ < client.retry_at_us) continue;
        client.retry_at_us = now_us_ + kRetryUs;
        if (!client.socket.open(epoll_, *client.address, i)) client.socket.close();
    }
}

void Run::ping() {
    next_ping_us_ = now_us_ + kSecondUs;
    const std::int64_t quiet_us = kKeepAliveSec * kSecondUs / 2;
    for (std::size_t i = 0; i < clients_.size(); ++i) {
        Client& client = clients_[i];
        const bool ready =
            std::visit([](const auto& machine) { return machine.ready(); }, client.machine);
        if (!ready || now_us_ - client.last_sent_us < quiet_us) continue;
        mqtt::encode(mqtt::Pingreq{}, options_.version, client.socket.out());
        touch(i);
    }
}

}  // namespace lotmesh::bench
