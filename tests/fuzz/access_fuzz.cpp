// Any bytes as a file of rules: there are rules or mistakes, with places inside of the text. Good
// rules are the same when they are printed and read again, and answer any question; by reading them
// from the top, without what is made ready, one comes to the same answer.
#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "runtime/access/limits.h"
#include "runtime/access/print.h"
#include "runtime/access/rule_book.h"
#include "runtime/access/text.h"

namespace {

using namespace lotmesh;
using namespace lotmesh::access;

void check_mistakes(const std::vector<Mistake>& mistakes, std::string_view text) {
    ASSERT(!mistakes.empty() && mistakes.size() <= kMistakesMax);
    const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
    for (const Mistake& mistake : mistakes) {
        ASSERT(mistake.line >= 1 && mistake.line <= lines);
        ASSERT(mistake.column >= 1 && mistake.column <= kLineBytesMax + 1);
        ASSERT(!mistake.what.empty());
        ASSERT(mistake.text.find('\n') == std::string::npos);
    }
}

// But for the lines, which printing does not keep.
Rules without_lines(Rules rules) {
    for (Rule& rule : rules.rules)
        rule.line = 0;
    for (Group& group : rules.groups)
        group.line = 0;
    return rules;
}

bool is_about(const Rule& rule, Action action, std::string_view topic, const Names& names) {
    if (!rule.actions.has(action)) return false;
    if (!has_topic(action)) return true;
    const Pattern pattern(rule.topic);
    return rule.verdict == Verdict::Allow ? pattern.covers(topic, names)
                                          : pattern.overlaps(topic, names);
}

// Nobody in particular: then only anybody and anonymous are meant.
void ask(const Rules& rules) {
    const Rights rights(std::make_shared<const RuleBook>(rules), {"c", ""});
    for (const std::string_view topic : {"a", "a/b", "c/x", "#", "+/b", "$SYS/a"})
        for (const Action action : kActions) {
            const Rule* first = nullptr;
            for (const Rule& rule : rules.rules) {
                const bool meant = std::ranges::all_of(rule.who, [](const Subject& subject) {
                    return subject.kind == SubjectKind::Anybody ||
                           subject.kind == SubjectKind::Anonymous ||
                           (subject.kind == SubjectKind::Client && subject.name == "c");
                });
                if (!meant || !is_about(rule, action, topic, {"", "c"})) continue;
                first = &rule;
                break;
            }
            const Verdict expected = first ? first->verdict : Verdict::Deny;
            ASSERT(rights.decide(action, topic).verdict == expected);
        }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto rules = read_rules(text);
    if (!rules) {
        check_mistakes(rules.error(), text);
        return 0;
    }
    ASSERT(faults_of(*rules).empty());
    const auto again = read_rules(to_string(*rules));
    ASSERT(again && without_lines(*again) == without_lines(*rules));
    ask(*rules);
    return 0;
}
