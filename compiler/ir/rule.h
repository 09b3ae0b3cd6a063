// A rule of access as a plan has it: what it is about, whom, and what it says
// (docs/authorisation.md). Plain values; what can be wrong with topics and patterns is told here,
// for those who make rules and for those who use them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lotmesh::ir {

enum class Scope : std::uint8_t {
    Connect,
    Publish,
    Subscribe,
    Receive,
    Retain,
    Will,
    Sys,
    Admin,
    Cluster,
    Read,   // subscribe and receive
    Write,  // publish, retain and will
};

struct ScopeInfo {
    Scope scope{};
    std::string_view name;  // as it is written: Publish
    bool has_topic = false;
    bool portable = false;  // other brokers document it
};

std::span<const ScopeInfo> scopes();
const ScopeInfo& info(Scope scope);
const ScopeInfo* find_scope(std::string_view name);  // in any case; null: there is none

// A text, and what is shown in its place where it came from a reference.
struct RuleText {
    std::string value = {};
    std::string written = {};  // GET ENV "X"; empty: the text itself
    bool operator==(const RuleText&) const = default;
};

enum class Operator : std::uint8_t {
    User,           // has this name
    Group,          // is in this group
    Client,         // has this client id
    ClientPattern,  // has a client id like this
    Anonymous,      // has no user name
    Anybody,        // always true
    Not,
    And,
    Or,
};

constexpr bool is_test(Operator op) {
    return op != Operator::Not && op != Operator::And && op != Operator::Or;
}

// Whom a rule is about: operators stand behind what they apply to.
struct ConditionStep {
    Operator op = Operator::Anybody;
    RuleText text = {};  // of tests but Anonymous and Anybody
    bool operator==(const ConditionStep&) const = default;
};
using Condition = std::vector<ConditionStep>;

enum class Verdict : std::uint8_t { Deny, Allow };

struct Rule {
    std::string name;  // unique in a plan, among rules
    std::uint32_t priority = 0;
    Scope scope = Scope::Publish;
    RuleText topic =
        {};  // a filter, of which levels may be %u and %c; empty where the scope has none
    Condition condition = {};
    Verdict then = Verdict::Deny;
    std::optional<Verdict> otherwise = {};  // none: the rules behind it decide
    bool operator==(const Rule&) const = default;
};

inline constexpr std::uint32_t kPriorityMax = 65'535;

// The topic of a rule that names none.
std::string_view default_topic(Scope scope);

enum class TopicFault : std::uint8_t {
    None,
    NoFilter,
    Shared,
    PartOfLevel,         // %u or %c beside something else
    UnknownPlaceholder,  // % and something else
    OnlySys,             // the scope Sys, and not below $SYS
    NotSys,              // below $SYS, and another scope
};
TopicFault fault_of_topic(Scope scope, std::string_view topic);

// `%u`, or a text in which one `*` may stand for any characters.
bool is_client_pattern(std::string_view text);

// Each operator has what it applies to, and one result remains.
bool is_well_formed(const Condition& condition);

// As it is written, with the parentheses that it needs.
std::string shown(const Condition& condition);
std::string_view shown(const RuleText& text);
std::string_view to_string(Verdict verdict);  // "allow"

}  // namespace lotmesh::ir
