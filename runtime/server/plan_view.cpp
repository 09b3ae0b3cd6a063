#include "runtime/server/plan_view.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/assert.h"
#include "base/hash.h"
#include "compiler/ir/diff.h"
#include "compiler/ir/dump.h"

namespace lotmesh::server {

namespace {

constexpr std::string_view kLinkWord = "link ";
constexpr std::string_view kBridgeWord = "bridge ";
constexpr std::string_view kRuleWord = "rule ";
constexpr std::string_view kMapping = "mapping";
constexpr std::string_view kIndent = "  ";

// Those that ir::diff calls retuned.
constexpr std::array<std::string_view, 6> kInPlace = {"message_validity_sec", "keepalive_sec",
                                                      "reconnection_retries", "overload_policy",
                                                      "overload_timeout_ms",  "overload_capacity"};

bool is_in_place(const SettingChange& change) {
    return std::ranges::find(kInPlace, change.key) != kInPlace.end() ||
           change.key.starts_with(std::string(kMapping) + ".") ||
           change.key.ends_with(".reconnection_retries");
}

std::string_view take_line(std::string_view& text) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return line;
}

std::optional<ShownSetting> parse_setting(std::string_view line) {
    if (!line.starts_with(kIndent)) return std::nullopt;
    line.remove_prefix(kIndent.size());
    const std::size_t key_end = line.find(' ');
    if (key_end == 0 || key_end == std::string_view::npos) return std::nullopt;
    const std::size_t value = line.find_first_not_of(' ', key_end);
    if (value == std::string_view::npos) return std::nullopt;
    return ShownSetting{std::string(line.substr(0, key_end)), std::string(line.substr(value))};
}

// The lines of ir::dump behind the first. A bridge has groups: its ends, and its mappings, which
// may have two lines.
std::vector<ShownSetting> settings_of(std::string_view text) {
    std::vector<ShownSetting> settings;
    std::string group;
    while (!text.empty()) {
        std::string_view line = take_line(text);
        line.remove_prefix(kIndent.size());
        const bool inner = line.starts_with(kIndent);
        if (inner && group.starts_with(kMapping)) {
            line.remove_prefix(kIndent.size());
            if (settings.empty() || settings.back().key != group)
                settings.push_back({group, std::string(line)});
            else
                settings.back().value += " and " + std::string(line);
            continue;
        }
        auto setting =
            parse_setting(inner ? std::string(line) : std::string(kIndent) + std::string(line));
        if (inner) {
            ASSERT(setting.has_value());
            setting->key = group + "." + setting->key;
        } else if (!setting || setting->key == kMapping) {
            group = line;
            std::ranges::replace(group, ' ', '_');
            if (setting) group[kMapping.size()] = '.';
            continue;
        }
        settings.push_back(std::move(*setting));
    }
    return settings;
}

ShownLink shown_link(const std::string& name, std::string_view dumped, bool bridge) {
    take_line(dumped);
    return {name, settings_of(dumped), bridge};
}

const ShownSetting* find(const std::vector<ShownSetting>& settings, std::string_view key) {
    const auto found = std::ranges::find(settings, key, &ShownSetting::key);
    return found == settings.end() ? nullptr : &*found;
}

std::vector<SettingChange> compare_settings(const ShownLink& before, const ShownLink& after) {
    std::vector<SettingChange> changes;
    for (const ShownSetting& old : before.settings) {
        const ShownSetting* const now = find(after.settings, old.key);
        const std::string value = now == nullptr ? std::string() : now->value;
        if (value != old.value) changes.push_back({old.key, old.value, value});
    }
    for (const ShownSetting& now : after.settings)
        if (find(before.settings, now.key) == nullptr) changes.push_back({now.key, {}, now.value});
    return changes;
}

ShownChange whole(ChangeKind kind, const ShownLink& link) {
    const ShownLink nothing;
    return {kind, link.name,
            kind == ChangeKind::Add ? compare_settings(nothing, link)
                                    : compare_settings(link, nothing)};
}

void add_change(const ShownLink& before, const ShownLink& after,
                std::vector<ShownChange>& changes) {
    std::vector<SettingChange> settings = compare_settings(before, after);
    if (settings.empty()) return;
    const bool in_place =
        before.bridge == after.bridge && std::ranges::all_of(settings, is_in_place);
    changes.push_back(
        {in_place ? ChangeKind::Retune : ChangeKind::Reconnect, before.name, std::move(settings)});
}

void add_secret(std::string_view key, const ir::Secret& before, const ir::Secret& after,
                ShownChange& change) {
    const bool shows = before.empty() != after.empty();
    if (before == after || shows) return;
    change.settings.push_back({std::string(key), "***", "*** (another one)"});
}

// Of a link, or of one end of a bridge.
template <typename End>
void add_secrets(const std::string& group, const End& before, const End& after,
                 ShownChange& change) {
    add_secret(group + "password", before.password, after.password, change);
    add_secret(group + "client_cert_pass", before.tls.client_cert_pass, after.tls.client_cert_pass,
               change);
}

}  // namespace

PlanView view_of(const ir::Plan& plan) {
    PlanView view;
    view.links.reserve(plan.links.size() + plan.bridges.size());
    for (const ir::Link& link : plan.links)
        view.links.push_back(shown_link(link.name, ir::dump(link), false));
    for (const ir::Bridge& bridge : plan.bridges)
        view.links.push_back(shown_link(bridge.name, ir::dump(bridge), true));
    std::ranges::sort(view.links, {}, &ShownLink::name);
    view.rules.reserve(plan.rules.size());
    for (const ir::Rule& rule : plan.rules)
        view.rules.push_back(shown_link(rule.name, ir::dump(rule), false));
    std::ranges::sort(view.rules, {}, &ShownLink::name);
    return view;
}

std::string print(const PlanView& view) {
    std::string text;
    const auto add = [&text](std::string_view word, const ShownLink& link) {
        text += fmt::format("{}{}\n", word, link.name);
        for (const ShownSetting& setting : link.settings)
            text += fmt::format("{}{:<21} {}\n", kIndent, setting.key, setting.value);
    };
    for (const ShownLink& link : view.links)
        add(link.bridge ? kBridgeWord : kLinkWord, link);
    for (const ShownLink& rule : view.rules)
        add(kRuleWord, rule);
    return text;
}

Result<PlanView, std::string> parse_plan_view(std::string_view text) {
    PlanView view;
    ShownLink* last = nullptr;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::string_view line = take_line(text);
        std::string_view word;
        for (const std::string_view known : {kLinkWord, kBridgeWord, kRuleWord})
            if (line.starts_with(known) && line.size() > known.size()) word = known;
        if (!word.empty()) {
            auto& list = word == kRuleWord ? view.rules : view.links;
            last = &list.emplace_back(
                ShownLink{std::string(line.substr(word.size())), {}, word == kBridgeWord});
            continue;
        }
        auto setting = parse_setting(line);
        if (!setting || last == nullptr)
            return failure("line " + std::to_string(number) + " of the plan is no part of a plan");
        last->settings.push_back(std::move(*setting));
    }
    if (!std::ranges::is_sorted(view.links, {}, &ShownLink::name) ||
        !std::ranges::is_sorted(view.rules, {}, &ShownLink::name))
        return failure(std::string("the plan is not in the order of its names"));
    return view;
}

std::string hash_of(const PlanView& view) { return fmt::format("{:016x}", hash64(print(view))); }

std::string_view sign(ChangeKind kind) {
    switch (kind) {
        case ChangeKind::Add: return "+";
        case ChangeKind::Retune: return "~";
        case ChangeKind::Reconnect: return "-/+";
        case ChangeKind::Remove: return "-";
    }
    UNREACHABLE();
}

std::string_view name(ChangeKind kind) {
    switch (kind) {
        case ChangeKind::Add: return "add";
        case ChangeKind::Retune: return "retune";
        case ChangeKind::Reconnect: return "reconnect";
        case ChangeKind::Remove: return "remove";
    }
    UNREACHABLE();
}

namespace {

std::vector<ShownChange> compare_lists(const std::vector<ShownLink>& before,
                                       const std::vector<ShownLink>& after) {
    std::vector<ShownChange> changes;
    auto left = before.begin();
    auto right = after.begin();
    while (left != before.end() || right != after.end()) {
        const bool only_left =
            right == after.end() || (left != before.end() && left->name < right->name);
        const bool only_right =
            left == before.end() || (right != after.end() && right->name < left->name);
        if (only_left)
            changes.push_back(whole(ChangeKind::Remove, *left++));
        else if (only_right)
            changes.push_back(whole(ChangeKind::Add, *right++));
        else
            add_change(*left++, *right++, changes);
    }
    return changes;
}

// Nothing of a rule breaks a connection that may go on.
void add_rule_changes(const PlanView& before, const PlanView& after,
                      std::vector<ShownChange>& changes) {
    for (ShownChange& change : compare_lists(before.rules, after.rules)) {
        change.rule = true;
        if (change.kind == ChangeKind::Reconnect) change.kind = ChangeKind::Retune;
        changes.push_back(std::move(change));
    }
}

}  // namespace

std::vector<ShownChange> compare(const PlanView& before, const PlanView& after) {
    std::vector<ShownChange> changes = compare_lists(before.links, after.links);
    add_rule_changes(before, after, changes);
    return changes;
}

std::vector<ShownChange> compare(const ir::Plan& before, const ir::Plan& after) {
    const PlanView old = view_of(before);
    const PlanView now = view_of(after);
    std::vector<ShownChange> changes = compare_lists(old.links, now.links);
    const auto reconnect = [&changes](const std::string& name) -> ShownChange& {
        auto found = std::ranges::find(changes, name, &ShownChange::link);
        if (found == changes.end())
            found = changes.insert(std::ranges::upper_bound(changes, name, {}, &ShownChange::link),
                                   {ChangeKind::Reconnect, name, {}});
        found->kind = ChangeKind::Reconnect;
        return *found;
    };
    const ir::PlanDiff diff = ir::diff(before, after);
    for (const ir::LinkChange& link : diff.reconnect)
        add_secrets("", link.before, link.after, reconnect(link.after.name));
    for (const ir::Change<ir::Bridge>& bridge : diff.bridges.reconnect) {
        ShownChange& change = reconnect(bridge.after.name);
        add_secrets("source.", bridge.before.source, bridge.after.source, change);
        add_secrets("destination.", bridge.before.destination, bridge.after.destination, change);
    }
    add_rule_changes(old, now, changes);
    return changes;
}

}  // namespace lotmesh::server
