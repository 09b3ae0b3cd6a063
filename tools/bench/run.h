// One run of the load generator: connects all clients, publishes, waits for what is on its way, and
// reports. One thread, one epoll set; the only file here that reads a clock.
//
// Phases: Connecting -> Publishing -> Draining -> over. SIGINT and SIGTERM end publishing early.
#pragma once

#include <csignal>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "tools/bench/options.h"
#include "tools/bench/oracle.h"
#include "tools/bench/publisher.h"
#include "tools/bench/report.h"
#include "tools/bench/socket.h"
#include "tools/bench/subscriber.h"

namespace lotmesh::bench {

class Run {
public:
    explicit Run(Options options);
    ~Run();
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

    // The whole run. An error is why it could not be done.
    Result<Report, std::string> execute();

private:
    enum class Phase : std::uint8_t { Connecting, Publishing, Draining, Over };

    struct Client {
        std::variant<Publisher, Subscriber> machine;
        const addrinfo* address = nullptr;
        Socket socket;
        Bytes partial;  // the beginning of a frame whose end has not come yet
        std::int64_t retry_at_us = 0;
        std::int64_t last_sent_us = 0;
        bool dirty = false;
    };

    Outcome set_up();
    Outcome set_up_tls();
    Outcome turn();
    Outcome wait();
    Outcome handle_socket(std::size_t index, std::uint32_t events);
    Outcome receive(Client& client);
    Outcome parse(Client& client, ByteView bytes);
    Outcome ended(Client& client, const std::string& why);
    Outcome flush();
    void touch(std::size_t index);
    void reconnect();
    void ping();
    void take_signals();

    Outcome advance();
    bool all_ready() const;
    bool all_settled() const;
    void start_publishing();
    void start_measuring();
    void publish();
    std::uint64_t budget();
    bool publishing_over() const;
    void progress();
    Report report() const;

    Options options_;
    Layout layout_;
    Oracle oracle_;
    Record record_;
    AddressList publish_address_;
    AddressList subscribe_address_;
    std::deque<Client> clients_;  // publishers, then subscribers; never moved
    std::vector<std::size_t> dirty_;
    std::vector<std::uint8_t> read_buffer_;
    int epoll_ = -1;
    int signals_ = -1;
    sigset_t blocked_{};
    Phase phase_ = Phase::Connecting;
    std::int64_t now_us_ = 0;
    std::int64_t phase_began_us_ = 0;
    std::int64_t publish_began_us_ = 0;
    std::int64_t publish_ended_us_ = 0;
    std::int64_t measure_began_us_ = 0;  // 0: not yet
    std::int64_t next_progress_us_ = 0;
    std::int64_t next_check_us_ = 0;
    std::int64_t next_ping_us_ = 0;
    std::int64_t budget_at_us_ = 0;
    double budget_ = 0;
    std::size_t turn_first_ = 0;  // the publisher that is served first this turn
    std::uint64_t disconnects_ = 0;
    std::uint64_t delivered_before_ = 0;
    std::uint64_t progress_delivered_ = 0;
    ProcessUsage usage_before_;
    bool stop_ = false;
};

}  // namespace lotmesh::bench
