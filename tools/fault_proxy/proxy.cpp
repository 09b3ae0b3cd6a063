#include "tools/fault_proxy/proxy.h"

#include <fmt/format.h>
#include <netdb.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <optional>
#include <utility>

namespace lotmesh::fault_proxy {

namespace {

constexpr int kBacklog = 128;

template <typename Handle>
uv_stream_t* stream(Handle* handle) {
    return reinterpret_cast<uv_stream_t*>(handle);
}

template <typename Handle>
uv_handle_t* handle_of(Handle* handle) {
    return reinterpret_cast<uv_handle_t*>(handle);
}

struct WriteRequest {
    uv_write_t request{};
    Bytes bytes;
};

Result<sockaddr_storage, std::string> resolve(const std::string& text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string::npos) return failure(text + ": must be HOST:PORT");
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    const std::string host = text.substr(0, colon);
    const int error = getaddrinfo(host.c_str(), text.substr(colon + 1).c_str(), &hints, &list);
    if (error != 0) return failure(text + ": " + gai_strerror(error));
    sockaddr_storage address{};
    std::memcpy(&address, list->ai_addr, list->ai_addrlen);
    freeaddrinfo(list);
    return address;
}

const sockaddr* plain(const sockaddr_storage& address) {
    return reinterpret_cast<const sockaddr*>(&address);
}

std::int64_t now_us() { return static_cast<std::int64_t>(uv_hrtime() / 1000); }

std::unique_ptr<uv_loop_t> fresh_loop() {
    auto loop = std::make_unique<uv_loop_t>();
    uv_loop_init(loop.get());
    return loop;
}

void trace(const std::string& line) { fmt::print(stderr, "fault-proxy: {}\n", line); }

}  // namespace

// One connection through the proxy. sides[kUp] is the client's socket, from which direction `up` is
// read; sides[kDown] the target's. A direction writes to the other side.
struct Proxy::Pair {
    explicit Pair(Proxy& owner) : proxy(owner) {}

    Proxy& proxy;
    std::array<uv_tcp_t, 2> sides{};
    std::array<Lane, 2> lanes{};
    std::array<bool, 2> reading{};
    std::array<bool, 2> shut{};    // FIN was sent in this direction
    std::array<bool, 2> broken{};  // ended with an error: what follows the last byte is a reset
    uv_connect_t connect{};
    std::uint64_t number = 0;
    int open_sides = 0;
    bool connected = false;
    bool closing = false;
    bool led_nowhere = false;  // accepted while the proxy was a black hole
};

// The loop must stand before the first handle of it does.
Proxy::Proxy(ProxyOptions options)
    : options_(std::move(options)),
      loop_(fresh_loop()),
      control_(*loop_, [this](const std::string& line) { return obey(line); }),
      rng_(options_.seed) {
    uv_tcp_init(loop_.get(), &listener_);
    uv_timer_init(loop_.get(), &timer_);
    uv_signal_init(loop_.get(), &interrupt_);
    uv_signal_init(loop_.get(), &terminate_);
    listener_.data = timer_.data = interrupt_.data = terminate_.data = this;
}

Proxy::~Proxy() {
    for (const auto& pair : pairs_)
        reset(*pair);
    uv_walk(
        loop_.get(),
        [](uv_handle_t* handle, void*) {
            if (uv_is_closing(handle) == 0) uv_close(handle, nullptr);
        },
        nullptr);
    uv_run(loop_.get(), UV_RUN_DEFAULT);
    uv_loop_close(loop_.get());
    ::unlink(options_.control.c_str());
}

Result<void, std::string> Proxy::open() {
    const auto listen = resolve(options_.listen);
    if (!listen) return failure(listen.error());
    const auto target = resolve(options_.target);
    if (!target) return failure(target.error());
    target_ = *target;
    int error = uv_tcp_bind(&listener_, plain(*listen), 0);
    if (error == 0) error = uv_listen(stream(&listener_), kBacklog, on_connection);
    if (error != 0) return failure(options_.listen + ": " + uv_strerror(error));
    if (auto opened = control_.open(options_.control); !opened) return opened;
    uv_signal_start(&interrupt_, on_signal, SIGINT);
    uv_signal_start(&terminate_, on_signal, SIGTERM);
    return {};
}

std::uint16_t Proxy::port() const {
    sockaddr_storage address{};
    int size = sizeof address;
    uv_tcp_getsockname(&listener_, reinterpret_cast<sockaddr*>(&address), &size);
    const auto* in4 = reinterpret_cast<const sockaddr_in*>(&address);
    const auto* in6 = reinterpret_cast<const sockaddr_in6*>(&address);
    return ntohs(address.ss_family == AF_INET6 ? in6->sin6_port : in4->sin_port);
}

void Proxy::run() { uv_run(loop_.get(), UV_RUN_DEFAULT); }

void Proxy::on_signal(uv_signal_t* handle, int) { uv_stop(handle->loop); }

void Proxy::on_timer(uv_timer_t* timer) { static_cast<Proxy*>(timer->data)->pump_all(); }

void Proxy::on_connection(uv_stream_t* server, int status) {
    if (status == 0) static_cast<Proxy*>(server->data)->accept();
}

void Proxy::accept() {
    pairs_.push_back(std::make_unique<Pair>(*this));
    Pair& pair = *pairs_.back();
    pair.number = ++accepted_;
    for (uv_tcp_t& side : pair.sides) {
        uv_tcp_init(loop_.get(), &side);
        side.data = &pair;
    }
    pair.connect.data = &pair;
    pair.open_sides = 2;
    if (uv_accept(stream(&listener_), stream(&pair.sides[kUp])) != 0) return reset(pair);
    uv_tcp_nodelay(&pair.sides[kUp], 1);
    trace(fmt::format("connection {} opened", pair.number));
    if (faults_[kUp].mode == Mode::Blackhole) {
        pair.led_nowhere = true;
        return start_reading(pair);
    }
    dial(pair);
}

void Proxy::dial(Pair& pair) {
    const int error = uv_tcp_connect(&pair.connect, &pair.sides[kDown], plain(target_),
                                     [](uv_connect_t* request, int status) {
                                         Pair& self = *static_cast<Pair*>(request->data);
                                         self.proxy.connected(self, status);
                                     });
    if (error != 0) reset(pair);
}

void Proxy::connected(Pair& pair, int status) {
    if (pair.closing) return;
    if (status != 0) {
        trace(fmt::format("connection {}: target: {}", pair.number, uv_strerror(status)));
        return reset(pair);
    }
    uv_tcp_nodelay(&pair.sides[kDown], 1);
    pair.connected = true;
    start_reading(pair);
}

// Reads each direction that has room; stops those that have none.
void Proxy::start_reading(Pair& pair) {
    const auto give_buffer = [](uv_handle_t* handle, std::size_t, uv_buf_t* buffer) {
        auto& shared = static_cast<Pair*>(handle->data)->proxy.read_buffer_;
        *buffer = uv_buf_init(shared.data(), static_cast<unsigned>(shared.size()));
    };
    const auto take = [](uv_stream_t* source, ssize_t size, const uv_buf_t*) {
        Pair& self = *static_cast<Pair*>(source->data);
        self.proxy.read(self, source == stream(&self.sides[kUp]) ? kUp : kDown, size);
    };
    for (const std::size_t direction : {kUp, kDown}) {
        if (pair.led_nowhere && direction == kDown) continue;
        const bool wanted = !pair.lanes[direction].full() && !pair.lanes[direction].ended();
        if (wanted == pair.reading[direction]) continue;
        pair.reading[direction] = wanted;
        if (wanted)
            uv_read_start(stream(&pair.sides[direction]), give_buffer, take);
        else
            uv_read_stop(stream(&pair.sides[direction]));
    }
}

void Proxy::read(Pair& pair, std::size_t direction, ssize_t size) {
    if (pair.closing || size == 0) return;
    if (size < 0) {
        pair.broken[direction] = size != UV_EOF;
        pair.lanes[direction].end();
    } else {
        const ByteView bytes(reinterpret_cast<const std::uint8_t*>(read_buffer_.data()),
                             static_cast<std::size_t>(size));
        pair.lanes[direction].accept(bytes, faults_[direction], now_us(), rng_);
    }
    pump(pair);
    arm_timer();
}

void Proxy::pump(Pair& pair) {
    for (const std::size_t direction : {kUp, kDown})
        if (pair.connected && !pair.closing) pump_lane(pair, direction);
    if (pair.closing) return;
    if (pair.led_nowhere && pair.lanes[kUp].ended()) return reset(pair);
    if (pair.shut[kUp] && pair.shut[kDown]) {
        pair.closing = true;
        for (uv_tcp_t& side : pair.sides)
            uv_close(handle_of(&side), [](uv_handle_t* handle) {
                Pair& self = *static_cast<Pair*>(handle->data);
                self.proxy.closed(self);
            });
        return;
    }
    if (pair.connected || pair.led_nowhere) start_reading(pair);
}

void Proxy::pump_lane(Pair& pair, std::size_t direction) {
    uv_stream_t* target = stream(&pair.sides[1 - direction]);
    if (pair.shut[direction] || uv_stream_get_write_queue_size(target) > kHeldBytesMax) return;
    Lane& lane = pair.lanes[direction];
    Release release = lane.release(faults_[direction], now_us());
    forwarded_[direction] += release.bytes.size();
    if (!release.bytes.empty()) {
        auto write = std::make_unique<WriteRequest>();
        write->bytes = std::move(release.bytes);
        uv_buf_t buffer = uv_buf_init(reinterpret_cast<char*>(write->bytes.data()),
                                      static_cast<unsigned>(write->bytes.size()));
        write->request.data = write.get();
        uv_write(
            &write.release()->request, target, &buffer, 1, [](uv_write_t* request, int status) {
                const std::unique_ptr<WriteRequest> done(static_cast<WriteRequest*>(request->data));
                Pair& self = *static_cast<Pair*>(request->handle->data);
                if (self.closing) return;
                if (status != 0) return self.proxy.reset(self);
                self.proxy.pump(self);
            });
    }
    if (release.cut) return reset(pair);
    if (!lane.finished(faults_[direction])) return;
    if (pair.broken[direction]) return reset(pair);
    half_close(pair, direction);
}

void Proxy::pump_all() {
    for (const auto& pair : pairs_)
        pump(*pair);
    arm_timer();
}

void Proxy::arm_timer() {
    std::optional<std::int64_t> next;
    for (const auto& pair : pairs_)
        for (const std::size_t direction : {kUp, kDown}) {
            const auto deadline = pair->lanes[direction].next_deadline_us(faults_[direction]);
            if (deadline && (!next || *deadline < *next)) next = deadline;
        }
    if (!next) {
        uv_timer_stop(&timer_);
        return;
    }
    const std::int64_t wait_us = std::max<std::int64_t>(*next - now_us(), 0);
    uv_timer_start(&timer_, on_timer, static_cast<std::uint64_t>(wait_us / 1000 + 1), 0);
}

void Proxy::reset(Pair& pair) {
    if (pair.closing) return;
    pair.closing = true;
    trace(fmt::format("connection {} reset", pair.number));
    for (uv_tcp_t& side : pair.sides) {
        const auto done = [](uv_handle_t* handle) {
            Pair& self = *static_cast<Pair*>(handle->data);
            self.proxy.closed(self);
        };
        if (uv_tcp_close_reset(&side, done) != 0) uv_close(handle_of(&side), done);
    }
}

void Proxy::half_close(Pair& pair, std::size_t direction) {
    if (pair.closing || pair.shut[direction] || !pair.connected) return;
    pair.shut[direction] = true;
    auto request = std::make_unique<uv_shutdown_t>();
    uv_shutdown(request.release(), stream(&pair.sides[1 - direction]),
                [](uv_shutdown_t* done, int) { const std::unique_ptr<uv_shutdown_t> owned(done); });
}

std::string Proxy::obey(const std::string& line) {
    const auto command = parse_command(line);
    trace(line);
    if (!command) return "error: " + command.error();
    if (command->verb == Verb::Status) return status();
    apply(*command, faults_);
    obey_for_connections(*command);
    pump_all();
    return "ok";
}

// What a command means for the connections that are open.
void Proxy::obey_for_connections(const Command& command) {
    for (const auto& pair : pairs_) {
        const bool hole =
            pair->led_nowhere || pair->lanes[kUp].tainted() || pair->lanes[kDown].tainted();
        if (command.verb == Verb::Cut || (command.verb == Verb::Heal && hole)) reset(*pair);
        if (command.verb != Verb::HalfClose) continue;
        for (const std::size_t direction : command.directions)
            half_close(*pair, direction);
    }
}

std::string Proxy::status() const {
    return fmt::format("ok connections={} accepted={} up={} down={}", pairs_.size(), accepted_,
                       forwarded_[kUp], forwarded_[kDown]);
}

void Proxy::closed(Pair& pair) {
    if (--pair.open_sides > 0) return;
    trace(fmt::format("connection {} closed", pair.number));
    std::erase_if(pairs_, [&pair](const auto& owned) { return owned.get() == &pair; });
}

}  // namespace lotmesh::fault_proxy
