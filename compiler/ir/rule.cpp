#include "compiler/ir/rule.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/assert.h"
#include "base/near_words.h"
#include "base/topic.h"

namespace lotmesh::ir {

namespace {

constexpr std::array kScopes = {
    ScopeInfo{.scope = Scope::Connect, .name = "Connect"},
    ScopeInfo{.scope = Scope::Publish, .name = "Publish", .has_topic = true, .portable = true},
    ScopeInfo{.scope = Scope::Subscribe, .name = "Subscribe", .has_topic = true, .portable = true},
    ScopeInfo{.scope = Scope::Receive, .name = "Receive", .has_topic = true},
    ScopeInfo{.scope = Scope::Retain, .name = "Retain", .has_topic = true},
    ScopeInfo{.scope = Scope::Will, .name = "Will", .has_topic = true},
    ScopeInfo{.scope = Scope::Sys, .name = "Sys", .has_topic = true},
    ScopeInfo{.scope = Scope::Admin, .name = "Admin"},
    ScopeInfo{.scope = Scope::Cluster, .name = "Cluster"},
    ScopeInfo{.scope = Scope::Read, .name = "Read", .has_topic = true},
    ScopeInfo{.scope = Scope::Write, .name = "Write", .has_topic = true},
};

constexpr std::string_view kUserPlaceholder = "%u";
constexpr std::string_view kClientPlaceholder = "%c";

bool is_placeholder(std::string_view level) {
    return level == kUserPlaceholder || level == kClientPlaceholder;
}

bool is_sys(std::string_view topic) { return topic == "$SYS" || topic.starts_with("$SYS/"); }

// A part of a condition as text, and how tightly it is bound.
struct Shown {
    std::string text;
    int strength;
};
constexpr int kOrStrength = 1;
constexpr int kAndStrength = 2;
constexpr int kNotStrength = 3;
constexpr int kTestStrength = 4;

std::string in_quotes(const RuleText& text) {
    return text.written.empty() ? fmt::format("\"{}\"", text.value) : text.written;
}

std::string test_text(const ConditionStep& step) {
    switch (step.op) {
        case Operator::User: return "USER IS " + in_quotes(step.text);
        case Operator::Group: return "USER IN GROUP " + in_quotes(step.text);
        case Operator::Client: return "CLIENTID IS " + in_quotes(step.text);
        case Operator::ClientPattern: return "CLIENTID MATCHES " + in_quotes(step.text);
        case Operator::Anonymous: return "ANONYMOUS";
        case Operator::Anybody: return "ANYBODY";
        case Operator::Not:
        case Operator::And:
        case Operator::Or: break;
    }
    UNREACHABLE();
}

std::string with_strength(const Shown& part, int strength) {
    return part.strength < strength ? fmt::format("({})", part.text) : part.text;
}

Shown take_last(std::vector<Shown>& parts) {
    Shown last = std::move(parts.back());
    parts.pop_back();
    return last;
}

void join(std::vector<Shown>& parts, std::string_view word, int strength) {
    const Shown right = take_last(parts);
    const Shown left = take_last(parts);
    parts.push_back({fmt::format("{} {} {}", with_strength(left, strength), word,
                                 with_strength(right, strength)),
                     strength});
}

}  // namespace

std::span<const ScopeInfo> scopes() { return kScopes; }

const ScopeInfo& info(Scope scope) {
    const auto found = std::ranges::find(kScopes, scope, &ScopeInfo::scope);
    ASSERT(found != kScopes.end());
    return *found;
}

const ScopeInfo* find_scope(std::string_view name) {
    const std::string lower = lower_case(name);
    const auto found = std::ranges::find_if(
        kScopes, [&](const ScopeInfo& known) { return lower_case(known.name) == lower; });
    return found == kScopes.end() ? nullptr : &*found;
}

std::string_view default_topic(Scope scope) {
    if (scope == Scope::Sys) return "$SYS/#";
    return info(scope).has_topic ? "#" : "";
}

TopicFault fault_of_topic(Scope scope, std::string_view topic) {
    if (is_shared_filter(topic)) return TopicFault::Shared;
    if (!is_valid_topic_filter(topic)) return TopicFault::NoFilter;
    for (const std::string_view level : TopicLevels(topic)) {
        if (is_placeholder(level)) continue;
        if (level.contains(kUserPlaceholder) || level.contains(kClientPlaceholder))
            return TopicFault::PartOfLevel;
        if (level.starts_with('%')) return TopicFault::UnknownPlaceholder;
    }
    if (scope == Scope::Sys) return is_sys(topic) ? TopicFault::None : TopicFault::OnlySys;
    return is_sys(topic) ? TopicFault::NotSys : TopicFault::None;
}

bool is_client_pattern(std::string_view text) {
    if (text == kUserPlaceholder) return true;
    return !text.empty() && !text.contains(kUserPlaceholder) &&
           !text.contains(kClientPlaceholder) && std::ranges::count(text, '*') <= 1;
}

bool is_well_formed(const Condition& condition) {
    std::size_t values = 0;
    for (const ConditionStep& step : condition) {
        const std::size_t needed = is_test(step.op) ? 0 : step.op == Operator::Not ? 1 : 2;
        if (values < needed) return false;
        values += 1 - needed;
    }
    return values == 1;
}

std::string shown(const Condition& condition) {
    ASSERT(is_well_formed(condition));
    std::vector<Shown> parts;
    for (const ConditionStep& step : condition) {
        switch (step.op) {
            case Operator::Not: {
                const Shown part = take_last(parts);
                parts.push_back({"NOT " + with_strength(part, kNotStrength), kNotStrength});
                break;
            }
            case Operator::And: join(parts, "AND", kAndStrength); break;
            case Operator::Or: join(parts, "OR", kOrStrength); break;
            case Operator::User:
            case Operator::Group:
            case Operator::Client:
            case Operator::ClientPattern:
            case Operator::Anonymous:
            case Operator::Anybody: parts.push_back({test_text(step), kTestStrength}); break;
        }
    }
    return parts.front().text;
}

std::string_view shown(const RuleText& text) {
    return text.written.empty() ? text.value : text.written;
}

std::string_view to_string(Verdict verdict) {
    switch (verdict) {
        case Verdict::Deny: return "deny";
        case Verdict::Allow: return "allow";
    }
    UNREACHABLE();
}

}  // namespace lotmesh::ir
