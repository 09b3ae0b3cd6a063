#include "runtime/net/connections.h"

#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>

#include <array>
#include <deque>
#include <string>
#include <vector>

#include "runtime/net/backlog.h"
#include "runtime/net/handle.h"
#include "runtime/net/timer.h"

namespace lotmesh::net {

namespace {

// One gathered write takes at most this many runs (the kernel's limit is 1,024).
constexpr std::size_t kRunsPerWriteMax = 512;
// How often hurry() looks whether a draining connection has nothing left.
constexpr Duration kLookAgainAfter = Duration::milliseconds(20);

enum class State : std::uint8_t { Open, Draining, Closing };

// Bytes in a queue of the socket; none where it cannot be asked any more.
int queued(const uv_tcp_t* socket, unsigned long question) {
    int fd = -1;
    int bytes = 0;
    if (uv_fileno(reinterpret_cast<const uv_handle_t*>(socket), &fd) != 0) return 0;
    return ::ioctl(fd, question, &bytes) == 0 ? bytes : 0;
}

}  // namespace

struct Connections::Impl {
    struct Reference {
        Impl* owner;  // null when the owner is gone before libuv is done
        ConnectionId id;
    };
    using Socket = UvHandle<uv_tcp_t, Reference>;

    struct Connection {
        Socket socket;
        State state = State::Open;
        bool congested = false;
        bool written = false;              // anything at all, so that there are last words
        std::unique_ptr<Backlog> backlog;  // exactly while libuv has a chunk of it
        std::string reason;

        uv_stream_t* stream() const { return reinterpret_cast<uv_stream_t*>(socket.get()); }
        std::size_t unsent() const {
            return uv_stream_get_write_queue_size(stream()) +
                   (backlog ? backlog->waiting_bytes() : 0);
        }
    };

    // Owned by libuv from uv_write to its callback.
    struct WriteRequest {
        uv_write_t uv{};
        Bytes bytes;
    };

    struct Draining {
        Instant until;
        ConnectionId id;
    };

    Impl(Loop& on_loop, ConnectionEvents& to, Duration drain_time)
        : loop(on_loop),
          events(to),
          drain_max(drain_time),
          drain_timer(on_loop, [this] { cut_overdue(); }),
          hurry_timer(on_loop, [this] { close_drained(); }) {}

    static Reference& reference(uv_stream_t* stream) {
        return Socket::context(reinterpret_cast<uv_tcp_t*>(stream));
    }

    void start_reading(Connection& connection);
    void on_read(ConnectionId id, ssize_t size);
    std::size_t write_now(Connection& connection, std::span<const ByteView> runs, int& error);
    void queue_rest(Connection& connection, std::span<const ByteView> runs, std::size_t written);
    void send_chunk(Connection& connection);
    void on_chunk_sent(ConnectionId id, int status);
    void begin_draining(ConnectionId id, Connection& connection);
    void begin_closing(Connection& connection, std::string_view reason);
    void cut_overdue();
    void close_drained();
    void on_gone(ConnectionId id);

    Loop& loop;
    ConnectionEvents& events;
    Duration drain_max;
    Timer drain_timer;
    Timer hurry_timer;
    bool hurrying = false;
    SlotMap<Connection> connections;
    std::deque<Draining> draining;  // oldest first; may name some that are gone
    std::vector<uv_buf_t> buffers;  // of one write; kept for its capacity
    std::array<std::uint8_t, kReadBufferBytes> read_buffer{};
};

void Connections::Impl::start_reading(Connection& connection) {
    uv_read_start(
        connection.stream(),
        [](uv_handle_t* handle, std::size_t, uv_buf_t* buffer) {
            Impl* owner = reference(reinterpret_cast<uv_stream_t*>(handle)).owner;
            *buffer = uv_buf_init(reinterpret_cast<char*>(owner->read_buffer.data()),
                                  static_cast<unsigned>(owner->read_buffer.size()));
        },
        [](uv_stream_t* stream, ssize_t size, const uv_buf_t*) {
            const Reference to = reference(stream);
            to.owner->on_read(to.id, size);
        });
}

void Connections::Impl::on_read(ConnectionId id, ssize_t size) {
    Connection* connection = connections.find(id);
    if (connection == nullptr || size == 0) return;
    if (size < 0) {
        const auto code = static_cast<int>(size);
        return begin_closing(*connection,
                             code == UV_EOF ? "closed by the other side" : uv_strerror(code));
    }
    if (connection->state == State::Open)
        events.on_received(id, std::span(read_buffer).first(static_cast<std::size_t>(size)));
}

// Returns how much the socket took.
std::size_t Connections::Impl::write_now(Connection& connection, std::span<const ByteView> runs,
                                         int& error) {
    std::size_t written = 0;
    while (!runs.empty()) {
        const auto batch = runs.first(std::min(runs.size(), kRunsPerWriteMax));
        runs = runs.subspan(batch.size());
        buffers.clear();
        std::size_t batch_bytes = 0;
        for (const ByteView run : batch) {
            // libuv's buffers have no const; it only reads from these.
            auto* data = const_cast<char*>(reinterpret_cast<const char*>(run.data()));
            buffers.push_back(uv_buf_init(data, static_cast<unsigned>(run.size())));
            batch_bytes += run.size();
        }
        const int result = uv_try_write(connection.stream(), buffers.data(),
                                        static_cast<unsigned>(buffers.size()));
        if (result < 0 && result != UV_EAGAIN) error = result;
        if (result > 0) written += static_cast<std::size_t>(result);
        if (result < 0 || static_cast<std::size_t>(result) < batch_bytes) break;
    }
    return written;
}

void Connections::Impl::queue_rest(Connection& connection, std::span<const ByteView> runs,
                                   std::size_t written) {
    const bool idle = connection.backlog == nullptr;
    if (idle) connection.backlog = std::make_unique<Backlog>();
    for (const ByteView run : runs) {
        const std::size_t skip = std::min(written, run.size());
        written -= skip;
        connection.backlog->append(run.subspan(skip));
    }
    if (idle) send_chunk(connection);
}

void Connections::Impl::send_chunk(Connection& connection) {
    auto* request = new WriteRequest{{}, connection.backlog->take()};
    request->uv.data = request;
    const uv_buf_t buffer = uv_buf_init(reinterpret_cast<char*>(request->bytes.data()),
                                        static_cast<unsigned>(request->bytes.size()));
    const int error =
        uv_write(&request->uv, connection.stream(), &buffer, 1, [](uv_write_t* uv, int status) {
            const std::unique_ptr<WriteRequest> sent(static_cast<WriteRequest*>(uv->data));
            const Reference to = reference(uv->handle);
            if (to.owner != nullptr) to.owner->on_chunk_sent(to.id, status);
        });
    ASSERT(error == 0);
}

void Connections::Impl::on_chunk_sent(ConnectionId id, int status) {
    Connection* connection = connections.find(id);
    if (connection == nullptr || connection->state == State::Closing) return;
    if (status < 0) return begin_closing(*connection, uv_strerror(status));
    if (connection->backlog->waiting_bytes() > 0) {
        send_chunk(*connection);
    } else {
        connection->backlog.reset();
        if (connection->state == State::Draining) begin_draining(id, *connection);
    }
    if (connection->congested && connection->unsent() <= kUnsentLow) {
        connection->congested = false;
        if (connection->state == State::Open) events.on_writable(id);
    }
}

// Closing a socket with unread bytes in it resets the connection, and the other side may never see
// what we wrote last (a DISCONNECT that says why). So we send our end first and read on to theirs.
void Connections::Impl::begin_draining(ConnectionId id, Connection& connection) {
    if (connection.state == State::Open) {
        connection.state = State::Draining;
        connection.reason = "closed by this broker";
        start_reading(connection);
        if (draining.empty()) {
            drain_timer.start_in(drain_max);
            if (hurrying) hurry_timer.start_in(kLookAgainAfter);
        }
        draining.push_back({loop.now().instant + drain_max, id});
    }
    if (connection.backlog) return;
    int fd = -1;
    if (uv_fileno(reinterpret_cast<const uv_handle_t*>(connection.socket.get()), &fd) == 0)
        ::shutdown(fd, SHUT_WR);
}

void Connections::Impl::begin_closing(Connection& connection, std::string_view reason) {
    if (connection.state == State::Closing) return;
    connection.state = State::Closing;
    if (connection.reason.empty()) connection.reason = reason;
    connection.socket.close([](Reference& to) { to.owner->on_gone(to.id); });
}

void Connections::Impl::cut_overdue() {
    const Instant now = loop.now().instant;
    while (!draining.empty() && draining.front().until <= now) {
        if (Connection* connection = connections.find(draining.front().id))
            begin_closing(*connection, "cut");
        draining.pop_front();
    }
    if (!draining.empty()) drain_timer.start_at(draining.front().until);
}

void Connections::Impl::close_drained() {
    for (const Draining& item : draining) {
        Connection* connection = connections.find(item.id);
        if (connection == nullptr || connection->backlog) continue;
        const uv_tcp_t* socket = connection->socket.get();
        if (queued(socket, SIOCOUTQ) == 0 && queued(socket, SIOCINQ) == 0)
            begin_closing(*connection, "");
    }
    if (!draining.empty()) hurry_timer.start_in(kLookAgainAfter);
}

void Connections::Impl::on_gone(ConnectionId id) {
    const std::string reason = std::move(connections.find(id)->reason);
    connections.erase(id);
    events.on_closed(id, reason);
}

Connections::Connections(Loop& loop, ConnectionEvents& events, Duration drain_max)
    : impl_(std::make_unique<Impl>(loop, events, drain_max)) {}

Connections::~Connections() {
    impl_->connections.for_each([](ConnectionId, Impl::Connection& connection) {
        Impl::reference(connection.stream()).owner = nullptr;
    });
}

IoResult<ConnectionId> Connections::adopt(FileDescriptor socket) {
    Impl::Connection connection;
    int error = connection.socket.open(
        {impl_.get(), {}}, [this](uv_tcp_t* uv) { return uv_tcp_init(impl_->loop.native(), uv); });
    if (error == 0) error = uv_tcp_open(connection.socket.get(), socket.get());
    if (error != 0) return failure(io_error(error));
    socket.release();
    uv_tcp_nodelay(connection.socket.get(), 1);
    const ConnectionId id = impl_->connections.insert(std::move(connection));
    Impl::Connection& inserted = *impl_->connections.find(id);
    Impl::reference(inserted.stream()).id = id;
    impl_->start_reading(inserted);
    return id;
}

WriteOutcome Connections::write(ConnectionId id, std::span<const ByteView> runs) {
    Impl::Connection* connection = impl_->connections.find(id);
    if (connection == nullptr || connection->state != State::Open) return WriteOutcome::Ignored;
    connection->written = true;
    std::size_t total = 0;
    for (const ByteView run : runs)
        total += run.size();
    std::size_t written = 0;
    if (!connection->backlog) {
        int error = 0;
        written = impl_->write_now(*connection, runs, error);
        if (error != 0) {
            impl_->begin_closing(*connection, uv_strerror(error));
            return WriteOutcome::Ignored;
        }
    }
    if (written == total) return WriteOutcome::Accepted;
    impl_->queue_rest(*connection, runs, written);
    if (connection->congested || connection->unsent() <= kUnsentHigh) return WriteOutcome::Accepted;
    connection->congested = true;
    return WriteOutcome::Congested;
}

void Connections::pause_reading(ConnectionId id) {
    Impl::Connection* connection = impl_->connections.find(id);
    if (connection != nullptr && connection->state == State::Open)
        uv_read_stop(connection->stream());
}

void Connections::resume_reading(ConnectionId id) {
    Impl::Connection* connection = impl_->connections.find(id);
    if (connection != nullptr && connection->state == State::Open)
        impl_->start_reading(*connection);
}

void Connections::close(ConnectionId id) {
    Impl::Connection* connection = impl_->connections.find(id);
    if (connection == nullptr || connection->state != State::Open) return;
    if (impl_->hurrying && !connection->written)
        impl_->begin_closing(*connection, "closed by this broker");
    else
        impl_->begin_draining(id, *connection);
}

void Connections::abort(ConnectionId id) {
    if (Impl::Connection* connection = impl_->connections.find(id))
        impl_->begin_closing(*connection, "cut by this broker");
}

void Connections::hurry() {
    impl_->hurrying = true;
    impl_->hurry_timer.start_in(kLookAgainAfter);
}

std::size_t Connections::unsent_bytes(ConnectionId id) const {
    const Impl::Connection* connection = impl_->connections.find(id);
    return connection == nullptr ? 0 : connection->unsent();
}

std::size_t Connections::size() const { return impl_->connections.size(); }

}  // namespace lotmesh::net
