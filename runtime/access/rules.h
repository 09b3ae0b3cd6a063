// Rules of access as they were written: who, what, and on which topics. The first rule from the top
// that is about an action decides it; where none is, it is denied (rule_book.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/access/action.h"

namespace lotmesh::access {

enum class Verdict : std::uint8_t { Deny, Allow };

// The order in which one is looked for: a rule is kept with its first.
enum class SubjectKind : std::uint8_t {
    User,
    Client,
    Group,
    Listener,
    Anonymous,  // who has no user name
    Anybody,
};

// One condition on who acts. Names are compared byte by byte.
struct Subject {
    SubjectKind kind = SubjectKind::Anybody;
    std::string name = {};  // not for Anonymous and Anybody
    auto operator<=>(const Subject&) const = default;
};

// What a condition is made of. Operators stand behind what they apply to.
struct ConditionStep {
    enum class Kind : std::uint8_t {
        Holds,       // the subject
        ClientLike,  // a client id of this pattern (condition.h), which is the name of the subject
        Not,
        And,
        Or,
    };
    Kind kind = Kind::Holds;
    Subject subject = {};
    bool operator==(const ConditionStep&) const = default;
};
using Condition = std::vector<ConditionStep>;

struct Rule {
    Verdict verdict = Verdict::Deny;
    std::vector<Subject> who = {};  // all of them hold; at least one
    ActionSet actions = {};         // with a topic, or without: not both kinds
    // A filter, of which levels may be %u (the user name) and %c (the client id). Empty where the
    // actions have none.
    std::string topic = {};
    std::uint32_t line = 0;  // where it was written; 0: nowhere
    Condition when = {};     // empty: always. With one, `who` is anybody
    std::string name = {};   // of a rule that has one
    bool operator==(const Rule&) const = default;
};

// Users by name. Credentials may make others members of it too.
struct Group {
    std::string name = {};
    std::vector<std::string> members = {};
    std::uint32_t line = 0;
    bool operator==(const Group&) const = default;
};

struct Rules {
    std::vector<Group> groups = {};
    std::vector<Rule> rules = {};
    bool operator==(const Rules&) const = default;
};

// What is wrong with rules, each for itself.
struct Fault {
    std::uint32_t line = 0;
    std::string what;  // one line for people
    bool operator==(const Fault&) const = default;
};

// About all rules together: groups that are not there, or twice, and bounds.
std::vector<Fault> faults_of(const Rules& rules);

}  // namespace lotmesh::access
