// The shell of the fault proxy: listens, dials the target for each connection, moves bytes through
// two lanes, and obeys the control socket. One libuv loop, one thread.
//
// Owns every connection until both its sockets are closed. What each connection holds is bounded by
// its lanes (kHeldBytesMax) and by the same amount in the write queue.
#pragma once

#include <uv.h>

#include <array>
#include <cstdint>
#include <list>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/rng.h"
#include "tools/fault_proxy/control.h"
#include "tools/fault_proxy/lane.h"

namespace lotmesh::fault_proxy {

struct ProxyOptions {
    std::string listen;   // HOST:PORT, port 0: any
    std::string target;   // HOST:PORT
    std::string control;  // path of the control socket
    std::uint64_t seed = 1;
};

class Proxy {
public:
    explicit Proxy(ProxyOptions options);
    ~Proxy();
    Proxy(const Proxy&) = delete;
    Proxy& operator=(const Proxy&) = delete;

    // Opens the sockets. An error is a sentence for people.
    Result<void, std::string> open();
    std::uint16_t port() const;

    // Until SIGINT or SIGTERM.
    void run();

private:
    struct Pair;

    static void on_connection(uv_stream_t* server, int status);
    static void on_timer(uv_timer_t* timer);
    static void on_signal(uv_signal_t* handle, int number);

    void accept();
    void dial(Pair& pair);
    void connected(Pair& pair, int status);
    void read(Pair& pair, std::size_t direction, ssize_t size);
    void pump(Pair& pair);
    void pump_lane(Pair& pair, std::size_t direction);
    void pump_all();
    void start_reading(Pair& pair);
    void reset(Pair& pair);
    void half_close(Pair& pair, std::size_t direction);
    void arm_timer();
    void closed(Pair& pair);
    std::string obey(const std::string& line);
    void obey_for_connections(const Command& command);
    std::string status() const;

    ProxyOptions options_;
    std::unique_ptr<uv_loop_t> loop_;
    Control control_;
    uv_tcp_t listener_{};
    uv_timer_t timer_{};
    uv_signal_t interrupt_{};
    uv_signal_t terminate_{};
    sockaddr_storage target_{};
    Faults faults_{};
    Rng rng_;
    std::list<std::unique_ptr<Pair>> pairs_;
    std::array<std::uint64_t, 2> forwarded_{};
    std::uint64_t accepted_ = 0;
    std::array<char, 65536> read_buffer_{};
};

}  // namespace lotmesh::fault_proxy
