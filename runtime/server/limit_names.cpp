#include "runtime/server/limit_names.h"

#include <fmt/core.h>

#include <array>
#include <charconv>
#include <concepts>
#include <type_traits>

namespace lotmesh::server {

namespace {

using broker::Limits;
using broker::QueueLimits;

constexpr std::uint64_t kMany = 1'000'000'000;
constexpr std::uint64_t kGigabytes = std::uint64_t{1} << 40;

// kMembers lead from Limits to the limit, one behind the other.
template <auto... kMembers>
constexpr LimitInfo limit(std::string_view name, std::string_view about, std::uint64_t min,
                          std::uint64_t max, std::string_view counter = {}) {
    const auto get = [](const Limits& limits) -> std::uint64_t {
        const auto& value = (limits.*....*kMembers);
        if constexpr (std::same_as<std::remove_cvref_t<decltype(value)>, Duration>)
            return static_cast<std::uint64_t>(value.sec());
        else
            return static_cast<std::uint64_t>(value);
    };
    const auto set = [](Limits& limits, std::uint64_t number) {
        auto& value = (limits.*....*kMembers);
        if constexpr (std::same_as<std::remove_cvref_t<decltype(value)>, Duration>)
            value = Duration::seconds(static_cast<std::int64_t>(number));
        else
            value = static_cast<std::remove_cvref_t<decltype(value)>>(number);
    };
    return {name, about, min, max, get, set, counter};
}

constexpr auto kLimits = std::to_array<LimitInfo>({
    limit<&Limits::packet_bytes_max>("packet-bytes",
                                     "one packet; told in the CONNACK; beyond: 0x95", 64,
                                     268'435'460, "refused/packets"),
    limit<&Limits::connect_bytes_max>("connect-bytes", "the first packet of a connection", 64,
                                      268'435'460, "refused/packets"),
    limit<&Limits::connections_max>("connections", "open at a time; one more is closed", 1, kMany,
                                    "refused/connections"),
    limit<&Limits::connections_per_address_max>(
        "connections-per-address",
        "of one address but loopback (IPv6: of its 64-bit network); one more is closed; 0: any", 0,
        kMany, "refused/connections_of_address"),
    limit<&Limits::new_connections_per_address_per_sec>("new-connections-per-address-per-sec",
                                                        "the same, in a second; 0: any", 0,
                                                        1'000'000, "refused/connection_rate"),
    limit<&Limits::unauthenticated_connections_max>(
        "unauthenticated-connections", "before their CONNECT; for one more the oldest is closed", 1,
        kMany, "refused/unauthenticated"),
    limit<&Limits::sessions_max>("sessions", "with and without a connection; one more is 0x97", 1,
                                 kMany, "refused/sessions"),
    limit<&Limits::persistent_sessions_max>("persistent-sessions",
                                            "that outlive their connection; one more is 0x97", 0,
                                            kMany, "refused/sessions"),
    limit<&Limits::client_id_bytes_max>("client-id-bytes", "a longer client id is 0x85", 23, 65'535,
                                        "denied/connects"),
    limit<&Limits::user_name_bytes_max>("user-name-bytes", "a longer user name is 0x86", 1, 65'535,
                                        "denied/connects"),
    limit<&Limits::connect_timeout>("connect-timeout-sec",
                                    "who has not said CONNECT by then is closed", 1, 3600),
    limit<&Limits::keep_alive_sec_max>(
        "keep-alive-sec",
        "a longer keep alive, or none, becomes this and is told (5.0 only); 0: any", 0, 65'535),
    limit<&Limits::session_expiry_sec_max>("session-expiry-sec",
                                           "a longer one becomes this and is told; 4294967295: any",
                                           0, mqtt::kSessionExpiryNever),
    limit<&Limits::topic_bytes_max>("topic-bytes", "of a name or filter; beyond: 0x90, 0x8F", 1,
                                    kTopicBytesMax, "refused/topics"),
    limit<&Limits::topic_levels_max>("topic-levels", "of a name or filter; beyond: 0x90, 0x8F", 1,
                                     kTopicLevelsMax, "refused/topics"),
    limit<&Limits::user_properties_max>("user-properties", "of one packet; one more is 0x97", 0,
                                        1'000'000, "refused/user_properties"),
    limit<&Limits::publishes_per_sec>(
        "publishes-per-sec", "of a client; beyond: it is not read from for a while; 0: any", 0,
        kMany, "sources/rate_pauses"),
    limit<&Limits::publish_bytes_per_sec>("publish-bytes-per-sec",
                                          "the same in bytes of the packets; 0: any", 0,
                                          kGigabytes - 1, "sources/rate_pauses"),
    limit<&Limits::receive_maximum>("receive-maximum",
                                    "QoS 2 from a client in flight; told; one more is 0x93", 1,
                                    65'535, "refused/receive_maximum"),
    limit<&Limits::inflight_max>("inflight", "to a client at a time; the rest waits", 1, 65'535),
    limit<&Limits::inflight_bytes_max>("inflight-bytes", "the same in bytes", 1, kGigabytes),
    limit<&Limits::topic_alias_maximum>("topic-aliases-in", "of a client; told; beyond: 0x94", 0,
                                        65'535, "refused/topic_aliases"),
    limit<&Limits::topic_aliases_out_max>("topic-aliases-out", "that one client is given", 0, 1024),
    limit<&Limits::subscriptions_per_session_max>("subscriptions", "of a session; one more is 0x97",
                                                  0, kMany, "refused/subscriptions"),
    limit<&Limits::shared_groups_max>("shared-groups", "shared subscriptions; one more is 0x97", 0,
                                      kMany, "refused/subscriptions"),
    limit<&Limits::shared_members_max>("shared-members", "of one of them; one more is 0x97", 1,
                                       kMany, "refused/subscriptions"),
    limit<&Limits::filters_per_subscribe_max>("filters-per-subscribe",
                                              "of one packet; the rest is 0x97", 1, 1'000'000,
                                              "refused/subscriptions"),
    limit<&Limits::queue, &QueueLimits::messages_max>(
        "queue-messages", "that wait for a connected session; see queue-refuses", 1, kMany,
        "drops/queue_full"),
    limit<&Limits::queue, &QueueLimits::bytes_max>("queue-bytes", "the same in bytes", 1,
                                                   kGigabytes, "drops/queue_full"),
    limit<&Limits::queue, &QueueLimits::messages_high>(
        "queue-high-messages", "above it those who publish to it are not read from", 1, kMany,
        "sources/pauses"),
    limit<&Limits::queue, &QueueLimits::bytes_high>("queue-high-bytes", "the same in bytes", 1,
                                                    kGigabytes, "sources/pauses"),
    limit<&Limits::offline_messages_max>(
        "offline-messages", "that wait for a session without a connection; see queue-refuses", 0,
        kMany, "drops/offline_full"),
    limit<&Limits::offline_bytes_max>("offline-bytes", "the same in bytes", 0, kGigabytes,
                                      "drops/offline_full"),
    limit<&Limits::queue_refuses>(
        "queue-refuses",
        "1: what a full queue has no room for is refused (0x97; 3.x waits); 0: dropped and counted",
        0, 1),
    limit<&Limits::stall_after>("stall-after-sec",
                                "so long a slow subscriber may hold up who publishes to it", 1,
                                3600, "clients/stalled_disconnects"),
    limit<&Limits::retained_max>("retained", "messages kept; one more is 0x97", 0, kMany,
                                 "refused/retained"),
    limit<&Limits::retained_bytes_max>("retained-bytes", "the same in bytes", 0, kGigabytes,
                                       "refused/retained"),
    limit<&Limits::retained_checks_source>(
        "retained-checks-source",
        "1: a retained message is delivered while who wrote it here may still do so; 0: always", 0,
        1, "denied/retained_sources"),
    limit<&Limits::maximum_qos>("maximum-qos", "told; a PUBLISH above it is 0x9B", 0, 2),
    limit<&Limits::retain_available>("retain-available", "0: told, and retain is 0x9A", 0, 1),
    limit<&Limits::wildcard_subscription_available>("wildcard-subscriptions",
                                                    "0: told, and one is 0xA2", 0, 1),
    limit<&Limits::shared_subscription_available>("shared-subscriptions",
                                                  "0: told, and one is 0x9E", 0, 1),
    limit<&Limits::subscription_identifier_available>("subscription-identifiers",
                                                      "0: told, and one is 0xA1", 0, 1),
});

}  // namespace

std::span<const LimitInfo> limit_infos() { return kLimits; }

Result<void, std::string> set_limit(broker::Limits& limits, std::string_view text) {
    const std::size_t equal = text.find('=');
    const std::string_view name = text.substr(0, equal);
    const LimitInfo* found = nullptr;
    for (const LimitInfo& info : kLimits)
        if (info.name == name) found = &info;
    if (found == nullptr)
        return failure(fmt::format("there is no limit \"{}\": docs/limits.md lists them", name));
    const std::string_view number =
        equal == std::string_view::npos ? std::string_view() : text.substr(equal + 1);
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (error != std::errc() || end != number.data() + number.size() || value < found->min ||
        value > found->max)
        return failure(fmt::format("{} is a number from {} to {}", name, found->min, found->max));
    found->set(limits, value);
    return {};
}

std::string limits_page() {
    std::string page =
        "# Limits\n\n"
        "What clients can make the broker keep is bounded, and what it offers can be made less.\n"
        "`lotmesh serve --limit NAME=VALUE`, as often as needed, or in the configuration file\n\n"
        "    limit = [\"packet-bytes=1048576\", \"maximum-qos=1\"]\n\n"
        "Codes are those of MQTT 5.0; a client of 3.x is closed where the standard knows no "
        "answer.\n"
        "What is dropped or refused is counted below `$SYS/broker/`, in the topic of the last "
        "column.\n\n"
        "| name | default | from, to | | counted in |\n|---|---:|---|---|---|\n";
    const broker::Limits defaults;
    for (const LimitInfo& info : kLimits)
        page += fmt::format("| `{}` | {} | {}, {} | {} |{}|\n", info.name, info.get(defaults),
                            info.min, info.max, info.about,
                            info.counter.empty() ? " " : fmt::format(" `{}` ", info.counter));
    return page +
           "\n## Why these\n\n"
           "A queue of a connected client is full at 100000 messages, but whoever publishes to it "
           "waits from 10000 on: the\nrest is for what cannot be made to wait. Queues are in "
           "memory "
           "only, so one of a client that is away has 16 MB\nand not what a disk could hold. Links "
           "between nodes have bounds of their own: what one node takes fits into\na packet to the "
           "others with all that is packed around it. A client that publishes more than it may in "
           "a second\nis not disconnected and loses nothing: it is not read from until it is its "
           "time again. Clients of this machine\nare treated as any other, but for the two limits "
           "of an address.\n"
           "\n## Listeners\n\n"
           "`--listen 1883?connections=100`: that one listener has so many connections at a time; "
           "one more is closed before\nanything is read of it, and counted in "
           "`refused/connections_of_listener`.\n"
           "\n## Descriptors\n\n"
           "The process takes as many open files as it is allowed to (`ulimit -Hn`, "
           "`LimitNOFILE`). "
           "Where they are not enough for\n`connections`, there may be fewer, and the log says so "
           "at "
           "the start: 256 descriptors are kept for links, files and\nlisteners, or half where "
           "there are few. Where none are left all the same, who comes is closed at once and "
           "counted\nin `refused/descriptors`; files that cannot be read then change nothing.\n"
           "\n## Memory\n\n"
           "The node looks once a second at what it uses of the memory that it may use: the lowest "
           "of what the machine\nhas, what its cgroups allow, and its own limits of address space "
           "and "
           "data (`ulimit -v`, `-d`).\n\n"
           "| pressure | from | then |\n|---|---|---|\n"
           "| high | 70 % | no new sessions (0x97), no new retained messages (0x97), QoS 0 is "
           "dropped and counted |\n"
           "| critical | 85 % | and nobody who publishes is read from, until it is less |\n\n"
           "It ends 5 % below where it began. `$SYS/broker/memory/state` says it, and the log.\n\n"
           "16 MiB are put aside at the start. Where an allocation fails they are given back, what "
           "was begun is finished, and the pressure\nis critical until as much can be put aside "
           "again. Where that is not enough the node says so and ends with code 71; it never\n"
           "goes on with half a change.\n"
           "\n## Disk\n\n"
           "With `--data` the node looks every ten seconds at how much of the disk with that "
           "folder "
           "is free.\n\n"
           "| space | below | then |\n|---|---|---|\n"
           "| low | 10 % | it is said |\n"
           "| full | 2 % | no new sessions that outlive their connection (0x97), no new retained "
           "messages (0x97); deliveries, deletions and everything else go on |\n\n"
           "It ends 1 % above where it began. `$SYS/broker/disk/state` says it, and the log.\n"
           "\nThis page is made by `tools/regenerate_docs` from "
           "`runtime/server/limit_names.cpp`.\n";
}

}  // namespace lotmesh::server
