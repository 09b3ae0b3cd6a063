#include "runtime/access/rule_book.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "runtime/access/condition.h"
#include "runtime/access/limits.h"

namespace lotmesh::access {

namespace {

void sort_once_each(std::vector<RuleBook::SubjectId>& ids) {
    std::ranges::sort(ids);
    ids.erase(std::ranges::unique(ids).begin(), ids.end());
}

// Empty names are of nobody: no rule takes them for a level.
bool is_unsafe(std::string_view name) { return !name.empty() && !is_one_level(name); }

}  // namespace

RuleBook::RuleBook(Rules rules) : rules_(std::move(rules)) {
    entries_.reserve(rules_.rules.size());
    for (const Rule& rule : rules_.rules) {
        ASSERT(!rule.who.empty());
        const auto index = static_cast<std::uint32_t>(entries_.size());
        Entry& entry = entries_.emplace_back(Entry{{}, Pattern(rule.topic)});
        entry.who.reserve(rule.who.size());
        for (const Subject& subject : rule.who)
            entry.who.push_back(intern(subject));
        sort_once_each(entry.who);
        if (rule.when.empty()) {
            rules_of_[intern(std::ranges::min(rule.who))].push_back(index);
            continue;
        }
        ASSERT(is_well_formed(rule.when));
        conditioned_.push_back(index);
        for (const ConditionStep& step : rule.when)
            if (step.kind == ConditionStep::Kind::Holds) intern(step.subject);
    }
    for (const Group& group : rules_.groups)
        add_group(group);
}

RuleBook::SubjectId RuleBook::intern(const Subject& subject) {
    const auto [there, is_new] =
        ids_.try_emplace(subject, static_cast<SubjectId>(rules_of_.size()));
    if (is_new) rules_of_.emplace_back();
    return there->second;
}

void RuleBook::add_group(const Group& group) {
    const auto id = ids_.find({SubjectKind::Group, group.name});
    if (id == ids_.end()) return;  // no rule speaks of it
    for (const std::string& member : group.members)
        groups_of_[member].push_back(id->second);
}

void RuleBook::add_if_known(std::vector<SubjectId>& subjects, SubjectKind kind,
                            const std::string& name) const {
    if (const auto id = ids_.find({kind, name}); id != ids_.end()) subjects.push_back(id->second);
}

RuleBook::Standing RuleBook::standing_of(const Principal& principal) const {
    Standing standing;
    std::vector<SubjectId>& subjects = standing.subjects;
    if (const auto groups = groups_of_.find(principal.user_name); groups != groups_of_.end())
        subjects = groups->second;
    for (const std::string& group : principal.groups)
        add_if_known(subjects, SubjectKind::Group, group);
    sort_once_each(subjects);
    if (subjects.size() > kGroupsOfPrincipalMax) {
        standing.refused = {Verdict::Deny, Reason::TooManyGroups, nullptr};
        return standing;
    }
    if (principal.user_name.empty())
        add_if_known(subjects, SubjectKind::Anonymous, {});
    else
        add_if_known(subjects, SubjectKind::User, principal.user_name);
    add_if_known(subjects, SubjectKind::Client, principal.client_id);
    add_if_known(subjects, SubjectKind::Listener, principal.listener);
    add_if_known(subjects, SubjectKind::Anybody, {});
    sort_once_each(subjects);
    const Names names{principal.user_name, principal.client_id};
    standing.rules = rules_that_hold(standing, names);
    if (const Rule* unsafe = unsafe_rule(standing, names))
        standing.refused = {Verdict::Deny, Reason::UnsafeName, unsafe};
    return standing;
}

std::vector<std::uint32_t> RuleBook::rules_that_hold(const Standing& standing,
                                                     const Names& names) const {
    const auto holds = [&](const ConditionStep& step) {
        if (step.kind == ConditionStep::Kind::ClientLike) return is_like(step.subject.name, names);
        return std::ranges::binary_search(standing.subjects, ids_.at(step.subject));
    };
    std::vector<std::uint32_t> rules;
    for (const std::uint32_t index : conditioned_)
        if (is_true(rules_.rules[index].when, holds)) rules.push_back(index);
    rules.shrink_to_fit();
    return rules;
}

bool RuleBook::uses_unsafe_name(std::uint32_t index, const Names& names) const {
    const Pattern& pattern = entries_[index].pattern;
    return (is_unsafe(names.user_name) && pattern.uses_user_name()) ||
           (is_unsafe(names.client_id) && pattern.uses_client_id());
}

const Rule* RuleBook::unsafe_rule(const Standing& standing, const Names& names) const {
    if (!is_unsafe(names.user_name) && !is_unsafe(names.client_id)) return nullptr;
    for (const SubjectId subject : standing.subjects)
        for (const std::uint32_t index : rules_of_[subject])
            if (uses_unsafe_name(index, names) &&
                std::ranges::includes(standing.subjects, entries_[index].who))
                return &rules_.rules[index];
    for (const std::uint32_t index : standing.rules)
        if (uses_unsafe_name(index, names)) return &rules_.rules[index];
    return nullptr;
}

bool RuleBook::decides(std::uint32_t index, const Standing& standing, const Names& names,
                       Action action, std::string_view topic) const {
    const Rule& rule = rules_.rules[index];
    const Entry& entry = entries_[index];
    if (!rule.actions.has(action)) return false;
    if (entry.who.size() > 1 && !std::ranges::includes(standing.subjects, entry.who)) return false;
    if (!has_topic(action)) return true;
    // Of a topic name both are the same. A filter must be allowed in all of its parts, and is
    // denied in any.
    return rule.verdict == Verdict::Allow ? entry.pattern.covers(topic, names)
                                          : entry.pattern.overlaps(topic, names);
}

Decision RuleBook::decide(const Standing& standing, const Names& names, Action action,
                          std::string_view topic) const {
    if (standing.refused.verdict == Verdict::Deny) return standing.refused;
    auto first = static_cast<std::uint32_t>(rules_.rules.size());
    for (const SubjectId subject : standing.subjects)
        for (const std::uint32_t index : rules_of_[subject]) {
            if (index >= first) break;
            if (decides(index, standing, names, action, topic)) first = index;
        }
    for (const std::uint32_t index : standing.rules) {
        if (index >= first) break;
        if (decides(index, standing, names, action, topic)) first = index;
    }
    if (first == rules_.rules.size()) return {};
    return {rules_.rules[first].verdict, Reason::Rule, &rules_.rules[first]};
}

Rights::Rights(std::shared_ptr<const RuleBook> book, const Principal& principal)
    : book_(std::move(book)),
      client_id_(principal.client_id),
      user_name_(principal.user_name),
      standing_(book_->standing_of(principal)) {
    standing_.subjects.shrink_to_fit();
}

Decision Rights::decide(Action action, std::string_view topic) const {
    return book_->decide(standing_, {user_name_, client_id_}, action, topic);
}

}  // namespace lotmesh::access
