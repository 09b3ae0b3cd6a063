// Clusters wired back to back in virtual time, each over a fake of the broker: a small network of
// byte pipes that can be cut, frozen or answered by a script. For tests of whole links.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "runtime/broker/ports.h"
#include "runtime/cluster/cluster.h"

namespace lotmesh::cluster::testing {

struct Delivered {
    std::string topic;
    std::string payload;
    int qos = 0;
    bool operator==(const Delivered&) const = default;
};

class FakeBroker final : public broker::BrokerPort {
public:
    void deliver(const broker::MessageRef& message, Now now, broker::Effects& effects) override;
    void barrier_passed(broker::BarrierTicket ticket, Now now, broker::Effects& effects) override;
    void for_each_interest(const std::function<void(std::string_view)>& visit) const override;
    std::span<const std::uint64_t> retained_digests() const override { return digests_; }
    void for_each_retained(
        std::size_t bucket,
        const std::function<void(const broker::RetainedEntry&)>& visit) const override;
    broker::Merged merge_retained(const broker::RetainedEntry& entry, Now now,
                                  broker::Effects& effects) override;
    broker::Tombstones tombstones() const override { return {12, 3}; }
    bool peers_should_pause() const override { return paused; }
    void resume_sources(Now, broker::Effects&) override { ++resumed; }
    void publish_sys(std::string_view topic, std::string_view payload, Now,
                     broker::Effects&) override {
        sys[std::string(topic)] = std::string(payload);
        ++sys_count;
    }

    bool same_retained(const FakeBroker& other) const;
    std::vector<std::string> payloads(const std::string& topic) const;

    std::vector<Delivered> delivered;
    std::vector<broker::MessageRef> messages;
    std::vector<broker::BarrierTicket> passed;
    std::set<std::string> filters;
    std::map<std::string, std::string> sys;
    std::map<std::string, std::pair<Version, broker::MessageRef>> retained;
    std::size_t sys_count = 0;
    int resumed = 0;
    int merged_live = 0;
    bool paused = false;
    bool refuse_merges = false;

private:
    void recompute_digests();

    std::vector<std::uint64_t> digests_ = std::vector<std::uint64_t>(broker::kRetainedBuckets);
};

struct TestNode {
    std::string host;
    NodeConfig config;
    Limits limits;
    FakeBroker broker;
    broker::Effects effects;
    std::unique_ptr<Cluster> cluster;
    std::vector<std::string> log;
    std::string kept_pins = {};
    bool alive = true;
    std::optional<Instant> proof_ends_at = std::nullopt;  // of those who dial it

    void subscribe(const std::string& filter, Now now);
    void unsubscribe(const std::string& filter, Now now);
    std::string sys(const std::string& name) const;
};

// A connection's two ends; an end of a script has no node.
struct End {
    End(TestNode* of_node, std::string of_script, broker::ConnId id, std::size_t other_end)
        : node(of_node), script(std::move(of_script)), conn(id), other(other_end) {}

    TestNode* node = nullptr;
    std::string script;
    broker::ConnId conn;
    std::size_t other = 0;
    Bytes incoming;
    std::deque<std::pair<Instant, Bytes>> travelling;  // and when they arrive
    bool connected = false;                            // the acceptor has seen the CONNECT
    bool closing = false;                              // the other end has closed
    bool gone = false;
    bool frozen = false;  // bytes towards it do not move
};

class Net {
public:
    static constexpr std::uint16_t kPort = 1883;

    TestNode& add(const std::string& host, std::uint8_t id, Limits limits = {});
    // The node of that host starts anew: another incarnation, nothing in memory but its config.
    void restart(TestNode& node);
    void kill(TestNode& node);

    static ir::Link route_to(const std::string& host, const std::string& name = "");
    void set_routes(TestNode& node, std::vector<ir::Link> links);

    // Who answers at `host` with these bytes when something was sent to it; empty: says nothing.
    void script(const std::string& host, Bytes answer) { scripts_[host] = std::move(answer); }

    void run(Duration duration);
    bool run_until(const std::function<bool()>& condition, Duration limit = Duration::seconds(60));
    // Everything that can happen without time passing.
    void settle();

    broker::Forwarded publish(TestNode& node, const std::string& topic, const std::string& payload,
                              int qos = 1);
    broker::Forwarded publish_retained(TestNode& node, const std::string& topic,
                                       const std::string& payload);

    void cut_all(const std::string& reason = "connection reset by peer");
    void freeze(bool frozen);
    void freeze_towards(const TestNode& node, bool frozen);
    std::size_t open_connections() const;

    Now now() const { return {instant_, {1'700'000'000'000 + instant_.us / 1'000}}; }
    Now now_of(const TestNode& node) const;
    std::map<std::string, std::int64_t> skew_ms;  // of a host's wall clock
    std::uint64_t dials = 0;
    std::vector<End> ends;
    bool refuse_dials = false;
    std::string refuse_tls;          // why; empty: handshakes succeed
    std::string certificate = "c1";  // that everybody shows
    std::vector<broker::DialTls> tls_dials;
    Duration latency;  // of bytes, one way

private:
    bool step();
    bool carry_out(TestNode& node);
    void dial(TestNode& node, const broker::Dial& dial);
    bool deliver(std::size_t index);
    void arrive(End& end) const;
    void close(std::size_t index);
    void hand_over(End& end);
    std::size_t find(broker::ConnId conn) const;

    std::vector<std::unique_ptr<TestNode>> nodes_;
    std::map<std::string, Bytes> scripts_;
    Instant instant_{1'000'000};
    std::uint32_t last_conn_ = 0;
    bool frozen_ = false;
    const TestNode* deaf_ = nullptr;
    std::uint64_t last_version_ = 0;
};

// Both routes or one; linked when it returns.
inline bool linked(const TestNode& node, const std::string& what = "\"status\":\"healthy\"") {
    return node.sys("status").find(what) != std::string::npos;
}

}  // namespace lotmesh::cluster::testing
