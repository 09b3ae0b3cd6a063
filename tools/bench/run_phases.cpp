// The phases of a run: when it publishes, how much, and when it is over.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "tools/bench/run.h"

namespace lotmesh::bench {

namespace {

constexpr std::int64_t kCheckUs = 20'000;
constexpr std::int64_t kSecondUs = 1'000'000;
constexpr std::size_t kOutBytesHigh = 1U << 20U;  // a publisher with more unwritten waits
constexpr double kBudgetMaxSec = 0.2;             // at a fixed rate, how much may be caught up

std::int64_t microseconds(double sec) { return static_cast<std::int64_t>(sec * 1e6); }

double seconds(std::int64_t us) { return static_cast<double>(us) / 1e6; }

}  // namespace

bool Run::all_ready() const {
    return std::ranges::all_of(clients_, [](const Client& client) {
        return std::visit([](const auto& machine) { return machine.ready(); }, client.machine);
    });
}

// Every publisher's messages have their final ack.
bool Run::all_settled() const {
    return std::ranges::all_of(clients_, [](const Client& client) {
        const auto* publisher = std::get_if<Publisher>(&client.machine);
        return publisher == nullptr || publisher->idle();
    });
}

Outcome Run::advance() {
    switch (phase_) {
        case Phase::Connecting:
            if (all_ready()) {
                start_publishing();
            } else if (now_us_ - phase_began_us_ > microseconds(options_.connect_sec) || stop_) {
                return failure(std::string("not all clients could connect and subscribe"));
            }
            break;
        case Phase::Publishing:
            if (measure_began_us_ == 0 &&
                now_us_ - publish_began_us_ >= microseconds(options_.warmup_sec))
                start_measuring();
            if (publishing_over()) {
                publish_ended_us_ = phase_began_us_ = now_us_;
                phase_ = Phase::Draining;
            }
            break;
        case Phase::Draining:
            if (now_us_ - phase_began_us_ > microseconds(options_.drain_sec)) {
                phase_ = Phase::Over;
            } else if (now_us_ >= next_check_us_) {
                next_check_us_ = now_us_ + kCheckUs;
                if (all_settled() && oracle_.complete()) phase_ = Phase::Over;
            }
            break;
        case Phase::Over: break;
    }
    return {};
}

void Run::start_publishing() {
    phase_ = Phase::Publishing;
    publish_began_us_ = phase_began_us_ = budget_at_us_ = now_us_;
    if (!options_.quiet) std::fputs("publishing\n", stderr);
    if (options_.warmup_sec <= 0) start_measuring();
}

void Run::start_measuring() {
    measure_began_us_ = now_us_;
    delivered_before_ = oracle_.delivered();
    usage_before_ = total_usage(options_.broker_pids);
    record_.measuring = true;
}

bool Run::publishing_over() const {
    if (stop_) return true;
    if (options_.count > 0) return oracle_.offered() >= options_.count;
    return now_us_ - publish_began_us_ >= microseconds(options_.duration_sec);
}

// How many messages may be published in this turn.
std::uint64_t Run::budget() {
    const std::uint64_t left =
        options_.count > 0 ? options_.count - std::min(options_.count, oracle_.offered()) : ~0ULL;
    if (options_.rate == 0) return left;
    const auto rate = static_cast<double>(options_.rate);
    budget_ += rate * seconds(now_us_ - budget_at_us_);
    budget_at_us_ = now_us_;
    budget_ = std::min(budget_, std::max(1.0, rate * kBudgetMaxSec));
    return std::min(left, static_cast<std::uint64_t>(budget_));
}

// Shares the budget out evenly, each turn beginning with another publisher.
void Run::publish() {
    std::uint64_t left = budget();
    const std::uint64_t before = left;
    const std::size_t publishers = layout_.publishers();
    for (std::size_t i = 0; i < publishers && left > 0; ++i) {
        const std::size_t index = (turn_first_ + i) % publishers;
        Client& client = clients_[index];
        if (client.socket.out().size() > kOutBytesHigh) continue;
        auto& publisher = std::get<Publisher>(client.machine);
        const std::uint64_t share = (left + publishers - i - 1) / (publishers - i);
        const auto messages =
            static_cast<std::uint32_t>(std::min<std::uint64_t>(publisher.capacity(now_us_), share));
        if (messages == 0) continue;
        publisher.publish(messages, now_us_, client.socket.out());
        left -= messages;
        touch(index);
    }
    turn_first_ = (turn_first_ + 1) % publishers;
    if (options_.rate > 0) budget_ -= static_cast<double>(before - left);
}

void Run::progress() {
    next_progress_us_ = now_us_ + kSecondUs;
    if (options_.quiet || publish_began_us_ == 0) return;
    const std::uint64_t delivered = oracle_.delivered();
    fmt::print(stderr, "{:>4} s  offered {}  acked {}  delivered {} ({}/s)  disconnects {}\n",
               (now_us_ - publish_began_us_) / kSecondUs, oracle_.offered(), oracle_.acked(),
               delivered, delivered - progress_delivered_, disconnects_);
    progress_delivered_ = delivered;
}

Report Run::report() const {
    Report report;
    report.verdict = oracle_.verdict();
    report.publish_sec = seconds(publish_ended_us_ - publish_began_us_);
    report.disconnects = disconnects_;
    report.sessions_lost = record_.sessions_lost;
    report.unsettled = report.verdict.offered - report.verdict.acked - report.verdict.refused;
    if (measure_began_us_ == 0) return report;
    report.measured_sec = seconds(now_us_ - measure_began_us_);
    report.measured_deliveries = report.verdict.delivered - delivered_before_;
    report.latency_p50_us = record_.latency.quantile(0.5);
    report.latency_p99_us = record_.latency.quantile(0.99);
    report.latency_max_us = record_.latency.max();
    report.broker = total_usage(options_.broker_pids);
    report.broker.cpu_us -= usage_before_.cpu_us;
    return report;
}

}  // namespace lotmesh::bench
