#include "tests/support/sim_swarm.h"

#include <fmt/core.h>

#include <array>
#include <utility>

#include "tests/support/sim_world.h"

namespace lotmesh::sim {
namespace {

constexpr Duration kWorkBegins = Duration::seconds(2);
constexpr Duration kWorkLasts = Duration::seconds(30);
// Longest fault, longest back-off, and some.
constexpr Duration kSettlePatience = Duration::seconds(90);

constexpr std::array<std::pair<Family, const char*>, 20> kNames{{
    {Family::Cut, "cut"},           {Family::Stall, "stall"},
    {Family::OneWay, "one-way"},    {Family::Partition, "partition"},
    {Family::Refuse, "refuse"},     {Family::Crash, "crash"},
    {Family::Freeze, "freeze"},     {Family::Clock, "clock"},
    {Family::Edit, "edit"},         {Family::Slow, "slow"},
    {Family::Rude, "rude"},         {Family::Takeover, "takeover"},
    {Family::Retained, "retained"}, {Family::Persistent, "persistent"},
    {Family::Burst, "burst"},       {Family::Unsubscribe, "unsubscribe"},
    {Family::Large, "large"},       {Family::LateStart, "late-start"},
    {Family::Mesh, "mesh"},         {Family::SmallLimits, "small-limits"},
}};

std::uint32_t families_of(std::uint64_t seed) {
    Rng rng(seed ^ 0x53'5741'524DULL);
    if (seed % 8 == 0) return 0;  // every eighth run is without faults
    return static_cast<std::uint32_t>(rng.next() & rng.next()) & kAllFamilies;
}

std::uint32_t families_in(const SwarmOptions& options) {
    return (families_of(options.seed) & options.families) | options.always;
}

bool contains(std::uint32_t families, Family family) {
    return (families & static_cast<std::uint32_t>(family)) != 0;
}

template <typename Value, std::size_t Count>
Value one_of(Rng& rng, const Value (&values)[Count]) {
    return values[rng.below(Count)];
}

// Small, but every message of the swarm fits, and each backlog is cleared within kSettlePatience.
// What drops acknowledged messages by contract (full queues of sessions) stays as large as it is.
NodeLimits small_limits(std::uint64_t seed, std::uint32_t families) {
    Rng rng(seed * 131 + 7);
    NodeLimits limits;
    cluster::Limits& cluster = limits.cluster;
    cluster.frame_bytes_max = one_of<std::size_t>(rng, {512, 4'096, 65'536});
    cluster.spool_bytes_max = one_of<std::size_t>(rng, {24'000, 48'000, 128'000});
    cluster.view_bytes_high = one_of<std::size_t>(rng, {2'000, 8'000, 32'000});
    cluster.window_bytes_max = one_of<std::size_t>(rng, {1'000, 4'000, 16'000});
    if (contains(families, Family::Slow)) cluster.window_bytes_max = 16'000;
    cluster.control_records_max = one_of<std::size_t>(rng, {2, 8, 30});
    cluster.best_effort_bytes_max = one_of<std::size_t>(rng, {1'000, 8'000});
    cluster.sync_chunk_bytes = one_of<std::size_t>(rng, {64, 256, 2'000});
    cluster.match_cache_topics = 1 + rng.below(4);
    cluster.forget_after = Duration::seconds(one_of<std::int64_t>(rng, {3'600, 3'600, 8, 15}));
    broker::Limits& broker = limits.broker;
    broker.queue.messages_high = one_of<std::size_t>(rng, {4, 10, 40});
    broker.queue.bytes_high = one_of<std::size_t>(rng, {1'000, 16'000});
    broker.inflight_max = one_of<std::uint16_t>(rng, {1, 3, 10, 1'000});
    broker.inflight_bytes_max = one_of<std::size_t>(rng, {256, 16'000});
    broker.qos0_messages_max = 5;
    broker.match_cache_topics_max = 2;
    broker.match_cache_receivers_max = 8;
    broker.stall_after = Duration::seconds(one_of<std::int64_t>(rng, {2, 10}));
    return limits;
}

WorldConfig config_of(const SwarmOptions& options) {
    const std::uint32_t families = families_in(options);
    Rng rng(options.seed * 77 + 5);
    WorldConfig config;
    config.seed = options.seed;
    constexpr std::array<std::uint32_t, 8> kNodes{2, 2, 3, 3, 3, 3, 4, 5};
    config.nodes = kNodes[rng.below(kNodes.size())];
    config.routes = static_cast<Routes>(rng.below(3));
    // Faults last for 14 s at most, so only the short ones ever run out.
    const std::array<std::uint32_t, 4> validity{0, options.seed % 2 == 0 ? 10U : 4U, 60, 300};
    config.validity_sec = validity[rng.below(validity.size())];
    if (rng.chance(3)) config.high_watermark_bytes = 8 * 1024;
    if (contains(families, Family::Mesh))
        config.nodes = 4 + static_cast<std::uint32_t>(rng.below(2));
    if (contains(families, Family::SmallLimits))
        config.limits = small_limits(options.seed, families);
    if (options.nodes != 0) config.nodes = options.nodes;
    config.trace = options.trace;
    return config;
}

Duration random_span(Rng& rng, std::int64_t from_ms, std::int64_t to_ms) {
    return Duration::milliseconds(from_ms + static_cast<std::int64_t>(rng.below(
                                                static_cast<std::uint64_t>(to_ms - from_ms))));
}

class Swarm {
public:
    explicit Swarm(const SwarmOptions& options)
        : options_(options), families_(families_in(options)), world_(config_of(options)) {}

    SwarmReport run() {
        if (has(Family::SmallLimits)) {
            world_.oracle().excuse_best_effort();
            world_.oracle().expect_pauses();
            world_.oracle().set_forget_after(world_.limits().cluster.forget_after);
        }
        start_nodes();
        add_clients();
        plan_workload();
        plan_faults();
        plan_slow_clients();
        world_.watch_health();
        world_.run_for(kWorkBegins + kWorkLasts);
        heal();
        if (!world_.settle(kSettlePatience))
            world_.oracle().violation("live: not settled: " + world_.why_not_settled());
        world_.check_end();
        const Oracle& oracle = world_.oracle();
        SwarmReport report;
        report.seed = options_.seed;
        report.families = families_;
        report.always = options_.always;
        report.violations = oracle.violations();
        report.trace_hash = world_.trace().hash();
        report.messages = oracle.messages();
        report.deliveries = oracle.deliveries();
        report.obligations = oracle.obligations();
        report.refused = oracle.refusals();
        report.pauses = world_.pauses_seen();
        report.tasks = world_.tasks_run();
        return report;
    }

private:
    bool has(Family family) const { return contains(families_, family); }
    Rng& workload() { return world_.workload(); }
    Rng& faults() { return world_.faults(); }
    NodeIndex some_node(Rng& rng) { return static_cast<NodeIndex>(rng.below(world_.node_count())); }
    std::pair<NodeIndex, NodeIndex> some_pair(Rng& rng) {
        const NodeIndex a = some_node(rng);
        const auto step = static_cast<NodeIndex>(1 + rng.below(world_.node_count() - 1));
        return {a, (a + step) % world_.node_count()};
    }

    void start_nodes() {
        for (NodeIndex node = 0; node < world_.node_count(); ++node) {
            const std::int64_t latest_ms = has(Family::LateStart) ? 8'000 : 300;
            world_.after(random_span(faults(), 0, latest_ms),
                         [this, node] { world_.start_node(node); });
        }
        if (!has(Family::Slow)) return;
        for (NodeIndex a = 0; a < world_.node_count(); ++a)
            for (NodeIndex b = a + 1; b < world_.node_count(); ++b)
                if (faults().chance(2))
                    world_.slow_path(a, b, random_span(faults(), 1, 120),
                                     random_span(faults(), 1, 120));
    }

    std::string some_filter(Rng& rng) {
        constexpr std::array<const char*, 9> kFilters{"t/#",   "t/+/1", "t/0/0", "t/1/+", "t/2/#",
                                                      "+/0/0", "t/1/1", "#",     "t/2/0"};
        if (has(Family::Retained) && rng.chance(3)) return rng.chance(2) ? "r/#" : "r/2";
        return kFilters[rng.below(kFilters.size())];
    }

    mqtt::QoS some_qos(Rng& rng) {
        constexpr std::array<mqtt::QoS, 5> kQos{mqtt::QoS::AtMostOnce, mqtt::QoS::AtLeastOnce,
                                                mqtt::QoS::AtLeastOnce, mqtt::QoS::ExactlyOnce,
                                                mqtt::QoS::ExactlyOnce};
        return kQos[rng.below(kQos.size())];
    }

    void add_clients() {
        Rng& rng = workload();
        for (NodeIndex node = 0; node < world_.node_count(); ++node) {
            const std::uint64_t count = 2 + rng.below(2);
            for (std::uint64_t i = 0; i < count; ++i) {
                const bool persistent = has(Family::Persistent) && rng.chance(2);
                const auto version =
                    rng.chance(3) ? mqtt::ProtocolVersion::V311 : mqtt::ProtocolVersion::V5;
                Client& client =
                    world_.add_client(fmt::format("c{}.{}", node, i), node, persistent, version);
                clients_.push_back(&client);
                const std::uint64_t filters = rng.below(3);
                for (std::uint64_t k = 0; k < filters; ++k) {
                    const std::string filter = some_filter(rng);
                    const mqtt::QoS qos = some_qos(rng);
                    world_.after(random_span(rng, 0, 6'000),
                                 [&client, filter, qos] { client.subscribe(filter, qos); });
                }
            }
        }
    }

    Client& some_client(Rng& rng) { return *clients_[rng.below(clients_.size())]; }

    Duration some_time(Rng& rng) { return kWorkBegins + random_span(rng, 0, kWorkLasts.ms()); }

    void plan_workload() {
        Rng& rng = workload();
        const std::uint64_t writes = 40 + rng.below(80);
        for (std::uint64_t i = 0; i < writes; ++i)
            world_.after(some_time(rng), [this] { write_some(); });
        const std::uint64_t probes = 6 + rng.below(10);
        for (std::uint64_t i = 0; i < probes; ++i)
            world_.after(some_time(rng), [this, i] { probe_barrier(i); });
        const std::uint64_t others = 10 + rng.below(20);
        for (std::uint64_t i = 0; i < others; ++i)
            world_.after(some_time(rng), [this] { do_something_else(); });
    }

    void write_some() {
        Rng& rng = workload();
        Client& client = some_client(rng);
        const std::uint64_t count = has(Family::Burst) && rng.chance(4) ? 40 : 1 + rng.below(4);
        const bool retain = has(Family::Retained) && rng.chance(3);
        Client::Write write;
        write.retain = retain;
        write.topic = retain ? fmt::format("r/{}", rng.below(5))
                             : fmt::format("t/{}/{}", rng.below(3), rng.below(2));
        write.qos = retain && rng.chance(2) ? mqtt::QoS::AtLeastOnce : some_qos(rng);
        write.deletes = retain && rng.chance(4);
        if (has(Family::Large) && rng.chance(3)) write.size = 100 + rng.below(9'000);
        for (std::uint64_t i = 0; i < count; ++i)
            client.publish(write);
    }

    // Subscribes to a new topic; another node publishes to it in the instant of the SUBACK.
    void probe_barrier(std::uint64_t number) {
        Rng& rng = workload();
        Client& subscriber = some_client(rng);
        Client& publisher = some_client(rng);
        const mqtt::QoS qos = some_qos(rng);
        const std::string topic = fmt::format("q/{}", number);
        if (!subscriber.ready()) return;
        subscriber.subscribe(topic, mqtt::QoS::ExactlyOnce, [&publisher, topic, qos] {
            if (publisher.ready())
                publisher.publish(
                    {.topic = topic, .qos = qos, .retain = false, .deletes = false, .size = 0});
        });
    }

    void do_something_else() {
        Rng& rng = workload();
        Client& client = some_client(rng);
        switch (rng.below(6)) {
            case 0:
                if (has(Family::Rude)) client.drop();
                return;
            case 1:
                if (has(Family::Rude)) client.disconnect_cleanly();
                return;
            case 2:
                if (has(Family::Rude)) stop_reading(client, random_span(rng, 200, 5'000));
                return;
            case 3:
                if (has(Family::Takeover)) client.take_over();
                return;
            case 4:
                if (has(Family::Unsubscribe)) client.unsubscribe(some_filter(rng));
                return;
            default: client.subscribe(some_filter(rng), some_qos(rng)); return;
        }
    }

    void stop_reading(Client& client, Duration span) {
        client.stop_reading(span);
        const Instant begun = world_.now();
        world_.history().begin_slow(begun);
        world_.after(span, [this, begun] { world_.history().end_slow(begun, world_.now()); });
    }

    // With small limits trouble anywhere puts off what may be asked for everywhere, so it comes
    // when the first subscriptions are known.
    Duration time_of_trouble(Rng& rng) {
        const Duration first = has(Family::SmallLimits) ? Duration::seconds(7) : Duration{};
        return std::max(some_time(rng), first);
    }

    void plan_faults() {
        Rng& rng = faults();
        const std::uint64_t count = 3 + rng.below(8);
        for (std::uint64_t i = 0; i < count; ++i)
            world_.after(time_of_trouble(rng), [this] { fail_somehow(); });
    }

    // Some acknowledge at a low rate, some not at all for a while.
    void plan_slow_clients() {
        if (!has(Family::SmallLimits)) return;
        Rng& rng = faults();
        const std::uint64_t count = 1 + rng.below(4);
        for (std::uint64_t i = 0; i < count; ++i)
            world_.after(time_of_trouble(rng), [this] {
                Rng& then = faults();
                const Duration span = random_span(then, 1'000, 9'000);
                world_.slow_client(some_client(then), span,
                                   then.chance(2) ? span : random_span(then, 20, 400));
            });
    }

    void fail_somehow() {
        Rng& rng = faults();
        const auto [a, b] = some_pair(rng);
        const Duration span =
            rng.chance(3) ? random_span(rng, 4'000, 14'000) : random_span(rng, 50, 3'500);
        std::vector<Family> possible;
        for (const Family family :
             {Family::Cut, Family::Stall, Family::OneWay, Family::Partition, Family::Refuse,
              Family::Crash, Family::Freeze, Family::Clock, Family::Edit})
            if (has(family)) possible.push_back(family);
        if (possible.empty()) return;
        const Family family = possible[rng.below(possible.size())];
        if (family == Family::Cut) {
            const std::uint64_t cuts = rng.chance(3) ? 5 : 1;
            for (std::uint64_t i = 0; i < cuts; ++i)
                world_.after(random_span(rng, 0, 2'000), [this, a, b] { world_.cut(a, b); });
        } else if (family == Family::Stall) {
            world_.stall(a, b, span);
        } else if (family == Family::OneWay) {
            world_.stall_one_way(a, b, span);
        } else if (family == Family::Partition) {
            world_.partition({a}, span);
        } else if (family == Family::Refuse) {
            world_.refuse(a, b, span);
        } else if (family == Family::Crash) {
            world_.crash_node(a);
            world_.after(span, [this, a] { world_.start_node(a); });
        } else if (family == Family::Freeze) {
            world_.freeze(a, span);
        } else if (family == Family::Clock) {
            world_.set_clock_offset(a, static_cast<std::int64_t>(rng.below(40'000)) - 20'000);
        } else {
            edit_something(a, b);
        }
    }

    void edit_something(NodeIndex a, NodeIndex b) {
        Rng& rng = faults();
        if (!world_.has_route(a, b)) return;
        switch (rng.below(3)) {
            case 0:
                world_.edit_validity(a, b, static_cast<std::uint32_t>(20 + rng.below(100)));
                return;
            case 1: world_.edit_address(a, b); return;
            default:
                world_.remove_route(a, b);
                world_.after(random_span(rng, 10, 8'000),
                             [this, a, b] { world_.restore_route(a, b); });
                return;
        }
    }

    // What lasts ends by itself within kSettlePatience; nodes come back and clocks agree now.
    void heal() {
        for (NodeIndex node = 0; node < world_.node_count(); ++node) {
            world_.start_node(node);
            world_.set_clock_offset(node, 0);
        }
    }

    SwarmOptions options_;
    std::uint32_t families_;
    World world_;
    std::vector<Client*> clients_;
};

}  // namespace

std::string family_names(std::uint32_t families) {
    std::string text;
    for (const auto& [family, name] : kNames)
        if (contains(families, family)) text += (text.empty() ? "" : " ") + std::string(name);
    return text.empty() ? "none" : text;
}

std::string SwarmReport::text() const {
    std::string text = fmt::format("seed {} families {:#x} ({}): {} messages, {} deliveries\n",
                                   seed, families, family_names(families), messages, deliveries);
    for (const std::string& violation : violations)
        text += "  " + violation + "\n";
    text += fmt::format("run it again: tools/sim --seed={} --families={:#x}{} --trace\n", seed,
                        families, always == 0 ? "" : fmt::format(" --always={:#x}", always));
    return text;
}

SwarmReport run_swarm(const SwarmOptions& options) { return Swarm(options).run(); }

}  // namespace lotmesh::sim
