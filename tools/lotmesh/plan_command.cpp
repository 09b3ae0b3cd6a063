#include "tools/lotmesh/plan_command.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/assert.h"
#include "base/hash.h"
#include "compiler/diag/render_text.h"
#include "runtime/server/files.h"
#include "runtime/server/route_store.h"

namespace lotmesh::tool {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using server::ChangeKind;
using server::ShownChange;

namespace {

constexpr const char* kFormatKey = "lotmesh_plan";
constexpr int kFormatVersion = 1;
constexpr std::size_t kSavedBytesMax = std::size_t{64} << 20;

// What the files are compared with.
struct Base {
    std::string name;  // for people
    std::optional<RunningNode> node;
    server::PlanView view;
};

struct Found {
    Base base;
    std::string hash;  // of the files' plan
    std::vector<ShownChange> changes;
};

std::string dump(const Json& json) {
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<Found, std::string> compare_with_files(const CompiledFiles& files, const std::string& path) {
    auto base = compile_files(path);
    if (!base) return failure(base.error());
    return Found{{path, std::nullopt, server::view_of(base->plan)},
                 {},
                 server::compare(base->plan, files.plan)};
}

Result<Found, std::string> compare_with_broker(const CompiledFiles& files,
                                               const std::string& broker) {
    const auto where = parse_broker(broker);
    if (!where) return failure(where.error() + ", and no file or folder");
    auto node = read_running_node(*where);
    if (!node) return failure(node.error());
    if (!node->config)
        return failure(to_string(*where) +
                       " does not say which plan it runs: it was started "
                       "without --routes, or is older");
    if (!node->config->plan)
        return failure(to_string(*where) + " runs a plan that is too large to be shown");
    server::PlanView view = *node->config->plan;
    auto changes = server::compare(view, server::view_of(files.plan));
    return Found{{to_string(*where), std::move(*node), std::move(view)}, {}, std::move(changes)};
}

Result<Found, std::string> find_changes(const CompiledFiles& files, const std::string& against) {
    std::error_code error;
    auto found = fs::exists(against, error) ? compare_with_files(files, against)
                                            : compare_with_broker(files, against);
    if (found) found->hash = server::hash_of(server::view_of(files.plan));
    return found;
}

bool disturbs(ChangeKind kind) {
    return kind == ChangeKind::Reconnect || kind == ChangeKind::Remove;
}

// None of a rule, nor where there is no node to ask.
const RunningLink* running_link(const ShownChange& change, const RunningNode* node) {
    return node == nullptr || change.rule ? nullptr : node->link(change.link);
}

// "; 12 messages wait for node2, which has 3 subscriptions"
std::string load_text(const ShownChange& change, const RunningNode* node) {
    const RunningLink* const link = running_link(change, node);
    if (link == nullptr || !disturbs(change.kind)) return {};
    if (link->peer.empty()) return fmt::format("; {}, met no peer yet", link->state);
    return fmt::format("; {} message{} wait{} for {}, which has {} subscription{}",
                       link->load.queued_messages, link->load.queued_messages == 1 ? "" : "s",
                       link->load.queued_messages == 1 ? "s" : "", link->peer,
                       link->load.remote_subscriptions,
                       link->load.remote_subscriptions == 1 ? "" : "s");
}

std::string_view explanation_of_rule(ChangeKind kind) {
    switch (kind) {
        case ChangeKind::Add: return "new rule";
        case ChangeKind::Retune:
        case ChangeKind::Reconnect: return "who may do what changes at once";
        case ChangeKind::Remove: return "no longer asked";
    }
    UNREACHABLE();
}

std::string_view explanation(ChangeKind kind) {
    switch (kind) {
        case ChangeKind::Add: return "new link";
        case ChangeKind::Retune: return "changed in place, the connection stays";
        case ChangeKind::Reconnect: return "connects anew, the old connection serves until then";
        case ChangeKind::Remove: return "drained, then closed";
    }
    UNREACHABLE();
}

std::string setting_text(const ShownChange& change, const server::SettingChange& setting) {
    switch (change.kind) {
        case ChangeKind::Add: return setting.after;
        case ChangeKind::Remove: return setting.before;
        case ChangeKind::Retune:
        case ChangeKind::Reconnect: break;
    }
    const auto shown = [](const std::string& value) { return value.empty() ? "(none)" : value; };
    return fmt::format("{} -> {}", shown(setting.before), shown(setting.after));
}

bool has_secrets(const server::PlanView& view) {
    return std::ranges::any_of(view.links, [](const server::ShownLink& link) {
        return std::ranges::any_of(link.settings, [](const server::ShownSetting& setting) {
            return setting.value == "***";
        });
    });
}

std::string text(const Found& found, const CompiledFiles& files) {
    const RunningNode* const node = found.base.node ? &*found.base.node : nullptr;
    std::string base = found.base.name;
    if (node != nullptr)
        base = fmt::format("{} ({}), which runs r{} {}", node->name, base, node->config->revision,
                           node->config->hash);
    std::string out;
    if (found.changes.empty())
        out = fmt::format("no changes: {} says what is in {}\n", base, files.path);
    else
        out = fmt::format("{} against {}:\n\n{}\n{}\n", files.path, base,
                          changes_text(found.changes, node), summary_text(found.changes));
    if (node != nullptr && has_secrets(found.base.view))
        out +=
            "A broker does not show its secrets: a changed one is not seen here, and makes its "
            "link connect anew.\n";
    return out;
}

Json change_json(const ShownChange& change, const RunningNode* node) {
    Json json = {{"action", server::name(change.kind)},
                 {change.rule ? "rule" : "link", change.link}};
    json["settings"] = Json::array();
    for (const server::SettingChange& setting : change.settings)
        json["settings"].push_back(
            {{"key", setting.key}, {"before", setting.before}, {"after", setting.after}});
    const RunningLink* const link = running_link(change, node);
    if (link != nullptr && disturbs(change.kind))
        json["impact"] = {{"state", link->state},
                          {"peer", link->peer},
                          {"queued_messages", link->load.queued_messages},
                          {"queued_bytes", link->load.queued_bytes},
                          {"remote_subscriptions", link->load.remote_subscriptions}};
    return json;
}

Json to_json(const Found& found, const CompiledFiles& files) {
    const RunningNode* const node = found.base.node ? &*found.base.node : nullptr;
    Json json = {{kFormatKey, kFormatVersion}};
    json["base"] = {{"target", found.base.name}, {"hash", server::hash_of(found.base.view)}};
    if (node != nullptr) {
        json["base"]["node"] = node->name;
        json["base"]["revision"] = node->config->revision;
    }
    json["files"] = {
        {"path", files.path}, {"digest", digest_of(files.files)}, {"hash", found.hash}};
    json["changes"] = Json::array();
    for (const ShownChange& change : found.changes)
        json["changes"].push_back(change_json(change, node));
    return json;
}

Result<void, std::string> save(const Found& found, const CompiledFiles& files,
                               const std::string& path) {
    if (!found.base.node)
        return failure(
            std::string("--out saves a plan against a running broker, not one against "
                        "files"));
    return server::replace_private_file(path, dump(to_json(found, files)));
}

std::string string_at(const Json& json, const char* object, const char* key) {
    const auto outer = json.find(object);
    if (outer == json.end() || !outer->is_object()) return {};
    const auto inner = outer->find(key);
    return inner != outer->end() && inner->is_string() ? inner->get<std::string>() : std::string();
}

}  // namespace

Result<CompiledFiles, std::string> compile_files(const std::string& path) {
    auto files = server::read_routes(path);
    if (!files) return failure(files.error());
    CompileResult compiled = compile(*files);
    if (!compiled.ok()) return failure(diag::render_text(compiled.report));
    std::error_code error;
    const fs::path whole = fs::absolute(path, error);
    return CompiledFiles{(error ? fs::path(path) : whole).lexically_normal().string(),
                         std::move(*files), std::move(*compiled.plan)};
}

std::string digest_of(const std::vector<SourceText>& files) {
    std::uint64_t digest = 0;
    for (const SourceText& file : files) {
        digest = hash64(fs::path(file.name).filename().string(), digest);
        digest = hash64(file.text, digest);
    }
    return fmt::format("{:016x}", digest);
}

std::string changes_text(const std::vector<ShownChange>& changes, const RunningNode* node) {
    std::string out;
    for (const ShownChange& change : changes) {
        out += fmt::format(
            "{:>3} {}{}  ({}{})\n", server::sign(change.kind), change.rule ? "rule " : "",
            change.link, change.rule ? explanation_of_rule(change.kind) : explanation(change.kind),
            load_text(change, node));
        if (change.kind == ChangeKind::Remove) continue;
        for (const server::SettingChange& setting : change.settings)
            out += fmt::format("      {:<21} {}\n", setting.key, setting_text(change, setting));
    }
    return out;
}

std::string summary_text(const std::vector<ShownChange>& changes) {
    const auto count = [&changes](ChangeKind kind) {
        return std::ranges::count(changes, kind, &ShownChange::kind);
    };
    return fmt::format("{} to add, {} to change in place, {} to connect anew, {} to remove",
                       count(ChangeKind::Add), count(ChangeKind::Retune),
                       count(ChangeKind::Reconnect), count(ChangeKind::Remove));
}

bool is_saved_plan(const std::string& file) {
    const auto text = server::read_file(file, kSavedBytesMax);
    return text && Json::parse(*text, nullptr, false).contains(kFormatKey);
}

Result<SavedPlan, std::string> read_saved_plan(const std::string& file) {
    const auto text = server::read_file(file, kSavedBytesMax);
    if (!text) return failure(text.error());
    const Json json = Json::parse(*text, nullptr, false);
    const bool known = json.is_object() && json.contains(kFormatKey) &&
                       json[kFormatKey] == kFormatVersion && json.contains("base");
    if (!known || !json["base"].is_object() || !json["base"].contains("revision") ||
        !json["base"]["revision"].is_number_unsigned())
        return failure(file + " is no plan that `lotmesh plan --out` saved");
    return SavedPlan{string_at(json, "base", "target"),
                     json["base"]["revision"].get<std::uint64_t>(), string_at(json, "base", "hash"),
                     string_at(json, "files", "path"), string_at(json, "files", "digest")};
}

PlanExit show_plan(const PlanOptions& options, PlanStreams streams) {
    const auto fail = [&streams](const std::string& why) {
        streams.error << (why.starts_with("error") ? "" : "lotmesh plan: ") << why
                      << (why.ends_with('\n') ? "" : "\n");
        return PlanExit::CouldNotRun;
    };
    const auto files = compile_files(options.path);
    if (!files) return fail(files.error());
    const auto found = find_changes(*files, options.against);
    if (!found) return fail(found.error());
    if (!options.out.empty())
        if (const auto saved = save(*found, *files, options.out); !saved)
            return fail(saved.error());
    switch (options.format) {
        case OutputFormat::Text: streams.out << text(*found, *files); break;
        case OutputFormat::Json: streams.out << dump(to_json(*found, *files)); break;
    }
    return found->changes.empty() ? PlanExit::NoChange : PlanExit::Changes;
}

int run_plan(const PlanOptions& options) {
    return static_cast<int>(show_plan(options, {std::cout, std::cerr}));
}

}  // namespace lotmesh::tool
