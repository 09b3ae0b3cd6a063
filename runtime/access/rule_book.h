// Rules made ready for questions, and what one principal may do by them. Immutable; the book is
// shared by all who hold Rights, and goes with the last of them.
//
// A decision looks at the rules that begin with a subject of this principal, in their order:
// kRulesOfSubjectMax for each of its subjects at most, and at those whose condition holds for it,
// kConditionedRulesMax at most; and a topic costs its levels (S37).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/access/pattern.h"
#include "runtime/access/rules.h"

namespace lotmesh::access {

// Who acts, as the broker knows it.
struct Principal {
    std::string client_id = {};
    std::string user_name = {};            // empty: anonymous
    std::vector<std::string> groups = {};  // that the credentials speak of
    std::string listener = {};
    bool operator==(const Principal&) const = default;
};

enum class Reason : std::uint8_t {
    Rule,           // a rule says so
    NoRule,         // none is about it: denied
    UnsafeName,     // a rule about it uses a name of its that has +, # or / in it: denied
    TooManyGroups,  // denied
};

struct Decision {
    Verdict verdict = Verdict::Deny;
    Reason reason = Reason::NoRule;
    const Rule* rule = nullptr;  // of the book; at Rule and UnsafeName
    bool operator==(const Decision&) const = default;
};

class RuleBook {
public:
    using SubjectId = std::uint32_t;

    // Of one principal: those that hold for it, ascending, and the first rule that makes it unsafe.
    struct Standing {
        std::vector<SubjectId> subjects;
        std::vector<std::uint32_t> rules = {};  // with a condition that holds; indexes, ascending
        Decision refused = {Verdict::Allow};    // unless it says Deny, questions are answered
    };

    // Rules without faults (faults_of).
    explicit RuleBook(Rules rules);

    Standing standing_of(const Principal& principal) const;
    Decision decide(const Standing& standing, const Names& names, Action action,
                    std::string_view topic) const;

    const Rules& rules() const { return rules_; }

private:
    // Beside the rule of the same index.
    struct Entry {
        std::vector<SubjectId> who;  // all of the rule's, ascending
        Pattern pattern;
    };

    SubjectId intern(const Subject& subject);
    void add_group(const Group& group);
    void add_if_known(std::vector<SubjectId>& subjects, SubjectKind kind,
                      const std::string& name) const;
    bool decides(std::uint32_t index, const Standing& standing, const Names& names, Action action,
                 std::string_view topic) const;
    std::vector<std::uint32_t> rules_that_hold(const Standing& standing, const Names& names) const;
    bool uses_unsafe_name(std::uint32_t index, const Names& names) const;
    const Rule* unsafe_rule(const Standing& standing, const Names& names) const;

    Rules rules_;
    std::vector<Entry> entries_;
    std::map<Subject, SubjectId> ids_;
    std::vector<std::vector<std::uint32_t>> rules_of_;  // by SubjectId: indexes, ascending
    std::vector<std::uint32_t> conditioned_;  // rules with a condition: indexes, ascending
    std::map<std::string, std::vector<SubjectId>, std::less<>> groups_of_;  // by user name
};

// What one principal may do. Small: names, and a number for each of its subjects.
class Rights {
public:
    Rights(std::shared_ptr<const RuleBook> book, const Principal& principal);

    // `topic`: valid; empty where the action has none.
    Decision decide(Action action, std::string_view topic) const;
    bool may(Action action, std::string_view topic) const {
        return decide(action, topic).verdict == Verdict::Allow;
    }

private:
    std::shared_ptr<const RuleBook> book_;
    std::string client_id_;
    std::string user_name_;
    RuleBook::Standing standing_;
};

}  // namespace lotmesh::access
