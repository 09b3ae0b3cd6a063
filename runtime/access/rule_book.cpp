#include "runtime/access/rule_book.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
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
        rules_of_[intern(std::ranges::min(rule.who))].push_back(index);
        sort_once_each(entry.who);
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
    if (const Rule* unsafe = unsafe_rule(standing, {principal.user_name, principal.client_id}))
        standing.refused = {Verdict::Deny, Reason::UnsafeName, unsafe};
    return standing;
}

const Rule* RuleBook::unsafe_rule(const Standing& standing, const Names& names) const {
    const bool unsafe_user = is_unsafe(names.user_name);
    const bool unsafe_client = is_unsafe(names.client_id);
    if (!unsafe_user && !unsafe_client) return nullptr;
    for (const SubjectId subject : standing.subjects)
        for (const std::uint32_t index : rules_of_[subject]) {
            const Entry& entry = entries_[index];
            const bool uses = (unsafe_user && entry.pattern.uses_user_name()) ||
                              (unsafe_client && entry.pattern.uses_client_id());
            if (uses && std::ranges::includes(standing.subjects, entry.who))
                return &rules_.rules[index];
        }
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
