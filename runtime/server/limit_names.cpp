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
                          std::uint64_t max) {
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
    return {name, about, min, max, get, set};
}

constexpr auto kLimits = std::to_array<LimitInfo>({
    limit<&Limits::packet_bytes_max>(
        "packet-bytes", "one packet; told in the CONNACK; beyond: 0x95", 64, 268'435'460),
    limit<&Limits::connect_bytes_max>("connect-bytes", "the first packet of a connection", 64,
                                      268'435'460),
    limit<&Limits::connections_max>("connections", "open at a time; one more is closed", 1, kMany),
    limit<&Limits::connections_per_address_max>(
        "connections-per-address",
        "of one address but loopback (IPv6: of its 64-bit network); one more is closed; 0: any", 0,
        kMany),
    limit<&Limits::new_connections_per_address_per_sec>(
        "new-connections-per-address-per-sec", "the same, in a second; 0: any", 0, 1'000'000),
    limit<&Limits::unauthenticated_connections_max>(
        "unauthenticated-connections", "before their CONNECT; for one more the oldest is closed", 1,
        kMany),
    limit<&Limits::sessions_max>("sessions", "with and without a connection; one more is 0x97", 1,
                                 kMany),
    limit<&Limits::client_id_bytes_max>("client-id-bytes", "a longer client id is 0x85", 23,
                                        65'535),
    limit<&Limits::connect_timeout>("connect-timeout-sec",
                                    "who has not said CONNECT by then is closed", 1, 3600),
    limit<&Limits::keep_alive_sec_max>(
        "keep-alive-sec",
        "a longer keep alive, or none, becomes this and is told (5.0 only); 0: any", 0, 65'535),
    limit<&Limits::session_expiry_sec_max>("session-expiry-sec",
                                           "a longer one becomes this and is told; 4294967295: any",
                                           0, mqtt::kSessionExpiryNever),
    limit<&Limits::topic_bytes_max>("topic-bytes", "of a name or filter; beyond: 0x90, 0x8F", 1,
                                    kTopicBytesMax),
    limit<&Limits::topic_levels_max>("topic-levels", "of a name or filter; beyond: 0x90, 0x8F", 1,
                                     kTopicLevelsMax),
    limit<&Limits::user_properties_max>("user-properties", "of one packet; one more is 0x97", 0,
                                        1'000'000),
    limit<&Limits::publishes_per_sec>(
        "publishes-per-sec", "of a client; beyond: it is not read from for a while; 0: any", 0,
        kMany),
    limit<&Limits::publish_bytes_per_sec>(
        "publish-bytes-per-sec", "the same in bytes of the packets; 0: any", 0, kGigabytes - 1),
    limit<&Limits::receive_maximum>(
        "receive-maximum", "QoS 2 from a client in flight; told; one more is 0x93", 1, 65'535),
    limit<&Limits::inflight_max>("inflight", "to a client at a time; the rest waits", 1, 65'535),
    limit<&Limits::inflight_bytes_max>("inflight-bytes", "the same in bytes", 1, kGigabytes),
    limit<&Limits::topic_alias_maximum>("topic-aliases-in", "of a client; told; beyond: 0x94", 0,
                                        65'535),
    limit<&Limits::topic_aliases_out_max>("topic-aliases-out", "that one client is given", 0, 1024),
    limit<&Limits::subscriptions_per_session_max>("subscriptions", "of a session; one more is 0x97",
                                                  0, kMany),
    limit<&Limits::shared_groups_max>("shared-groups", "shared subscriptions; one more is 0x97", 0,
                                      kMany),
    limit<&Limits::shared_members_max>("shared-members", "of one of them; one more is 0x97", 1,
                                       kMany),
    limit<&Limits::filters_per_subscribe_max>("filters-per-subscribe",
                                              "of one packet; the rest is 0x97", 1, 1'000'000),
    limit<&Limits::queue, &QueueLimits::messages_max>(
        "queue-messages", "that wait for a connected session; see queue-refuses", 1, kMany),
    limit<&Limits::queue, &QueueLimits::bytes_max>("queue-bytes", "the same in bytes", 1,
                                                   kGigabytes),
    limit<&Limits::queue, &QueueLimits::messages_high>(
        "queue-high-messages", "above it those who publish to it are not read from", 1, kMany),
    limit<&Limits::queue, &QueueLimits::bytes_high>("queue-high-bytes", "the same in bytes", 1,
                                                    kGigabytes),
    limit<&Limits::offline_messages_max>(
        "offline-messages", "that wait for a session without a connection; see queue-refuses", 0,
        kMany),
    limit<&Limits::offline_bytes_max>("offline-bytes", "the same in bytes", 0, kGigabytes),
    limit<&Limits::queue_refuses>(
        "queue-refuses",
        "1: what a full queue has no room for is refused (0x97; 3.x waits); 0: dropped and counted",
        0, 1),
    limit<&Limits::stall_after>(
        "stall-after-sec", "so long a slow subscriber may hold up who publishes to it", 1, 3600),
    limit<&Limits::retained_max>("retained", "messages kept; one more is 0x97", 0, kMany),
    limit<&Limits::retained_bytes_max>("retained-bytes", "the same in bytes", 0, kGigabytes),
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
        "What is dropped or refused is counted in `$SYS/broker/drops/`.\n\n"
        "| name | default | from, to | |\n|---|---:|---|---|\n";
    const broker::Limits defaults;
    for (const LimitInfo& info : kLimits)
        page += fmt::format("| `{}` | {} | {}, {} | {} |\n", info.name, info.get(defaults),
                            info.min, info.max, info.about);
    return page +
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
           "\nThis page is made by `tools/regenerate_docs` from "
           "`runtime/server/limit_names.cpp`.\n";
}

}  // namespace lotmesh::server
