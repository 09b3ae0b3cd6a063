#include "tools/lotmesh/rollout.h"

#include <fmt/core.h>
#include <poll.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "runtime/broker/command.h"

namespace lotmesh::tool {

using Json = nlohmann::ordered_json;

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kPollMilliseconds = 200;
// A broker tells of its links once a second: what is good for that long is good.
constexpr Seconds kSteady{2};

std::string text(const Json& json, const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string complaint(const Json& answer) {
    std::string why = text(answer, "message");
    const auto errors = answer.find("errors");
    if (errors == answer.end() || !errors->is_array()) return why;
    for (const Json& error : *errors)
        if (const std::string message = text(error, "message"); !message.empty())
            why += "\n  " + message;
    return why;
}

std::string value(const server::ShownLink& link, std::string_view key) {
    const auto found = std::ranges::find(link.settings, key, &server::ShownSetting::key);
    return found == link.settings.end() ? std::string() : found->value;
}

// The links that the plan has and the broker does not tell of yet, as the plan has them.
void find_missing(const RunningNode& now, std::vector<std::string>& ill) {
    if (!now.config || !now.config->plan) return;
    for (const server::ShownLink& link : now.config->plan->links) {
        if (link.bridge) continue;  // does not run yet, and nobody tells of it
        const RunningLink* const running = now.link(link.name);
        if (running == nullptr ||
            running->address != value(link, "address") + ":" + value(link, "port"))
            ill.push_back(fmt::format("route {}: not there yet", link.name));
    }
}

}  // namespace

Seconds RolloutOptions::broker_waits() const {
    if (confirm_within.count() > 0) return confirm_within;
    if (health_within.count() == 0) return Seconds{0};
    return std::min(health_within + kGateMargin, kBrokerWaitsMax);
}

Result<std::uint64_t, std::string> give_command(const Endpoint& where, const std::string& command) {
    auto client = MqttClient::connect(where, kCommandPatience);
    if (!client) return failure(client.error());
    const auto said = client->ask(broker::kCommandTopic, command);
    if (!said) return failure(said.error());
    const Json answer = Json::parse(*said, nullptr, false);
    const auto success = answer.is_object() ? answer.find("success") : answer.end();
    if (success == answer.end() || !success->is_boolean())
        return failure(to_string(where) + " gives an answer that is none");
    if (!success->get<bool>()) return failure(complaint(answer));
    const auto data = answer.find("data");
    if (data == answer.end() || !data->is_object() || !data->contains("revision") ||
        !(*data)["revision"].is_number_unsigned())
        return std::uint64_t{0};
    return (*data)["revision"].get<std::uint64_t>();
}

std::string apply_text(const std::vector<SourceText>& files, std::uint64_t base_revision,
                       Seconds confirm_within) {
    Json json = {{"base_revision", base_revision}, {"confirm_within_sec", confirm_within.count()}};
    json["files"] = Json::array();
    for (const SourceText& file : files)
        json["files"].push_back(
            {{"name", std::filesystem::path(file.name).filename().string()}, {"text", file.text}});
    return "-applyRoutes " + json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string rollback_text(std::uint64_t revision, Seconds confirm_within) {
    std::string text = fmt::format("{} {}", kTakeBackText, revision);
    if (confirm_within.count() > 0) text += fmt::format(" {}", confirm_within.count());
    return text;
}

std::vector<std::string> unwell(const RunningNode& before, const RunningNode& now) {
    std::vector<std::string> ill;
    find_missing(now, ill);
    for (const RunningLink& link : now.links) {
        const RunningLink* const old = before.link(link.route);
        const bool was_down = old != nullptr && !old->up() && old->address == link.address;
        if (link.up() || was_down || link.state == "draining") continue;
        ill.push_back(fmt::format("route {}: {}{}", link.route,
                                  link.pending ? "the new address is not up" : link.state,
                                  link.reason.empty() ? "" : " (" + link.reason + ")"));
    }
    return ill;
}

std::vector<std::string> await_health(const RunningNode& before, Seconds limit) {
    const auto deadline = Clock::now() + limit + kSteady;
    auto good_since = Clock::now();
    while (true) {
        const auto now = read_running_node(before.where);
        std::vector<std::string> ill =
            now ? unwell(before, *now) : std::vector<std::string>{now.error()};
        if (!ill.empty()) good_since = Clock::now();
        if (Clock::now() - good_since >= kSteady) return {};
        if (Clock::now() >= deadline)
            return ill.empty() ? std::vector<std::string>{"the links do not come to rest"} : ill;
        ::poll(nullptr, 0, kPollMilliseconds);
    }
}

}  // namespace lotmesh::tool
