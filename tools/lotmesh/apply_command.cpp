#include "tools/lotmesh/apply_command.h"

#include <fmt/core.h>

#include <charconv>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/assert.h"
#include "tools/lotmesh/plan_command.h"

namespace lotmesh::tool {

namespace fs = std::filesystem;

namespace {

constexpr int kOk = 0;
constexpr int kRefused = 1;

int refuse(const char* command, const std::string& why, std::ostream& error) {
    error << (why.starts_with("error") ? "" : std::string("lotmesh ") + command + ": ") << why
          << (why.ends_with('\n') ? "" : "\n");
    return kRefused;
}

template <typename Number>
std::optional<Number> parse_number(std::string_view text) {
    Number number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

// Why a saved plan does not fit any more.
std::optional<std::string> outdated(const SavedPlan& saved, const RunningNode& node,
                                    const CompiledFiles& files) {
    const RunningConfig& config = *node.config;
    if (config.revision != saved.base_revision || config.hash != saved.base_hash)
        return fmt::format("the plan was made for r{} {}, and {} runs r{} {} now: plan again",
                           saved.base_revision, saved.base_hash, node.name, config.revision,
                           config.hash);
    if (digest_of(files.files) != saved.digest)
        return files.path + " has changed since the plan was made: plan again";
    return std::nullopt;
}

Result<RunningNode, std::string> configured_node(const std::string& broker) {
    const auto where = parse_broker(broker);
    if (!where) return failure(where.error());
    auto node = read_running_node(*where);
    if (node && !node->config)
        return failure(to_string(*where) + " runs no route files, or is older than this command");
    return node;
}

void show_changes(const RunningNode& node, const ir::Plan& plan, std::ostream& out) {
    if (!node.config->plan) return;
    const auto changes = server::compare(*node.config->plan, server::view_of(plan));
    out << changes_text(changes, &node) << summary_text(changes) << "\n";
}

// How a change is spoken of.
struct Change {
    const char* command;  // that makes it
    std::string done;     // a line
    const char* undone;   // a line
};

// From the change to its end: kept, rolled back, or left to whoever confirms.
int watch(const RunningNode& before, const Change& change, const RolloutOptions& options,
          RolloutStreams streams) {
    if (options.health_within.count() > 0) {
        const auto ill = await_health(before, options.health_within);
        if (!ill.empty()) {
            streams.error << "not well:\n";
            for (const std::string& each : ill)
                streams.error << "  " << each << "\n";
            const auto back = give_command(before.where, kTakeBackText);
            streams.error << (back ? std::string(change.undone)
                                   : "the broker rolls it back by itself, since it was not told "
                                     "to: " +
                                         back.error() + "\n");
            return kRefused;
        }
    }
    if (options.confirm_within.count() > 0) {
        streams.out << change.done
                    << fmt::format("rolled back in {} s, unless you say: lotmesh confirm {}\n",
                                   options.confirm_within.count(), to_string(before.where));
        return kOk;
    }
    if (options.broker_waits().count() > 0)
        if (const auto kept = give_command(before.where, kConfirmText); !kept)
            return refuse(change.command, kept.error(), streams.error);
    streams.out << change.done;
    return kOk;
}

std::string history_text(const RunningNode& node) {
    std::string out;
    for (const RunningRevision& each : node.history)
        out += fmt::format("{:>6} {} {} {:<7} {} links: +{} ~{} -/+{} -{}{}\n",
                           "r" + std::to_string(each.number), each.hash, each.at, each.cause,
                           each.links, each.added, each.retuned, each.reconnected, each.removed,
                           each.kept ? "" : " (files not kept)");
    return out;
}

std::string history_json(const RunningNode& node) {
    nlohmann::ordered_json json = {{"version", 1}, {"node", node.name}};
    json["revisions"] = nlohmann::ordered_json::array();
    for (const RunningRevision& each : node.history)
        json["revisions"].push_back({{"revision", each.number},
                                     {"hash", each.hash},
                                     {"at", each.at},
                                     {"cause", each.cause},
                                     {"links", each.links},
                                     {"added", each.added},
                                     {"retuned", each.retuned},
                                     {"reconnected", each.reconnected},
                                     {"removed", each.removed},
                                     {"kept", each.kept}});
    return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace

Result<Seconds, std::string> parse_seconds(const std::string& text) {
    std::string_view digits = text;
    std::int64_t unit = 1;
    if (digits.ends_with('s') || digits.ends_with('m')) {
        unit = digits.back() == 'm' ? 60 : 1;
        digits.remove_suffix(1);
    }
    const auto number = parse_number<std::uint32_t>(digits);
    if (!number || *number * unit > kBrokerWaitsMax.count())
        return failure("\"" + text + "\" is no time: expected 60s, 2m, at most an hour");
    return Seconds(*number * unit);
}

int apply(const ApplyOptions& options, RolloutStreams streams) {
    const auto fail = [&](const std::string& why) { return refuse("apply", why, streams.error); };
    std::optional<SavedPlan> saved;
    if (is_saved_plan(options.path)) {
        auto read = read_saved_plan(options.path);
        if (!read) return fail(read.error());
        saved = std::move(*read);
    }
    const auto files = compile_files(saved ? saved->path : options.path);
    if (!files) return fail(files.error());
    const std::string otherwise = saved ? saved->broker : kDefaultBroker;
    const auto node = configured_node(options.to.empty() ? otherwise : options.to);
    if (!node) return fail(node.error());
    if (saved)
        if (const auto why = outdated(*saved, *node, *files)) return fail(*why);
    std::error_code error;
    if (is_this_machine(node->where) && fs::equivalent(files->path, node->config->routes, error))
        return fail(files->path + " is what the broker reads itself: it applies each edit at once");
    show_changes(*node, files->plan, streams.out);
    const auto revision = give_command(node->where, apply_text(files->files, node->config->revision,
                                                               options.rollout.broker_waits()));
    if (!revision) return fail(revision.error());
    const Change change{"apply", fmt::format("{} runs r{}\n", node->name, *revision),
                        "rolled back\n"};
    return watch(*node, change, options.rollout, streams);
}

int rollback(const RollbackOptions& options, RolloutStreams streams) {
    const auto fail = [&](const std::string& why) {
        return refuse("rollback", why, streams.error);
    };
    std::string_view digits = options.revision;
    if (digits.starts_with('r')) digits.remove_prefix(1);
    const auto number = parse_number<std::uint64_t>(digits);
    if (!number && !options.revision.empty())
        return fail("\"" + options.revision + "\" is no revision");
    if (!number && options.rollout.confirm_within.count() > 0)
        return fail("--confirm-within goes with a revision: what takes a change back is final");
    const auto done = [](const Endpoint& where, std::uint64_t revision) {
        return fmt::format("rolled back: {} runs r{}\n", to_string(where), revision);
    };
    if (!number) {
        const auto where = parse_broker(options.to);
        if (!where) return fail(where.error());
        const auto revision = give_command(*where, kTakeBackText);
        if (!revision) return fail(revision.error());
        streams.out << done(*where, *revision);
        return kOk;
    }
    const auto node = configured_node(options.to);
    if (!node) return fail(node.error());
    const auto revision =
        give_command(node->where, rollback_text(*number, options.rollout.broker_waits()));
    if (!revision) return fail(revision.error());
    return watch(*node, {"rollback", done(node->where, *revision), "taken back\n"}, options.rollout,
                 streams);
}

int confirm(const ConfirmOptions& options, RolloutStreams streams) {
    const auto fail = [&](const std::string& why) { return refuse("confirm", why, streams.error); };
    const auto where = parse_broker(options.broker);
    if (!where) return fail(where.error());
    if (const auto done = give_command(*where, kConfirmText); !done) return fail(done.error());
    streams.out << "confirmed\n";
    return kOk;
}

int history(const HistoryOptions& options, RolloutStreams streams) {
    const auto fail = [&](const std::string& why) { return refuse("history", why, streams.error); };
    const auto where = parse_broker(options.broker);
    if (!where) return fail(where.error());
    const auto node = read_running_node(*where);
    if (!node) return fail(node.error());
    switch (options.format) {
        case OutputFormat::Text: streams.out << history_text(*node); return kOk;
        case OutputFormat::Json: streams.out << history_json(*node); return kOk;
    }
    UNREACHABLE();
}

int run_apply(const ApplyOptions& options) { return apply(options, {std::cout, std::cerr}); }
int run_rollback(const RollbackOptions& options) {
    return rollback(options, {std::cout, std::cerr});
}
int run_confirm(const ConfirmOptions& options) { return confirm(options, {std::cout, std::cerr}); }
int run_history(const HistoryOptions& options) { return history(options, {std::cout, std::cerr}); }

}  // namespace lotmesh::tool
