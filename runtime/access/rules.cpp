#include "runtime/access/rules.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "base/near_words.h"
#include "runtime/access/limits.h"
#include "runtime/access/print.h"

namespace lotmesh::access {

namespace {

class Faults {
public:
    explicit Faults(const Rules& rules) : rules_(rules) {}

    std::vector<Fault> find() {
        for (const Group& group : rules_.groups)
            check(group);
        for (const Rule& rule : rules_.rules)
            check(rule);
        if (rules_.rules.size() > kRulesMax)
            add(rules_.rules[kRulesMax].line, fmt::format("there are more than {} rules; {}",
                                                          kRulesMax, "%u and groups save many"));
        if (rules_.groups.size() > kGroupsMax)
            add(rules_.groups[kGroupsMax].line,
                fmt::format("there are more than {} groups", kGroupsMax));
        std::ranges::stable_sort(faults_, {}, &Fault::line);
        return std::move(faults_);
    }

private:
    void check(const Group& group) {
        const auto [there, is_new] = groups_.try_emplace(group.name, group.line);
        if (!is_new)
            add(group.line, fmt::format("group {} is there already, in line {}: put all its "
                                        "members there",
                                        group.name, there->second));
        const std::set<std::string_view> members(group.members.begin(), group.members.end());
        for (const std::string_view member : members)
            if (++groups_of_[member] == kGroupsOfPrincipalMax + 1)
                add(group.line,
                    fmt::format("{} is in more than {} groups", member, kGroupsOfPrincipalMax));
    }

    void check(const Rule& rule) {
        for (const Subject& subject : rule.who)
            if (subject.kind == SubjectKind::Group && !groups_.contains(subject.name))
                add(rule.line, unknown_group(subject.name));
        if (!rule.when.empty()) {
            if (++conditioned_ == kConditionedRulesMax + 1)
                add(rule.line,
                    fmt::format("more than {} rules have a condition", kConditionedRulesMax));
            return;
        }
        const Subject& first = std::ranges::min(rule.who);
        if (++rules_of_[first] == kRulesOfSubjectMax + 1)
            add(rule.line, fmt::format("more than {} rules are about {}; %u, %c and groups save "
                                       "many",
                                       kRulesOfSubjectMax, to_string(first)));
    }

    std::string unknown_group(const std::string& name) const {
        std::vector<std::string_view> known;
        known.reserve(groups_.size());
        for (const auto& [group, line] : groups_)
            known.push_back(group);
        if (const auto meant = nearest(name, known))
            return fmt::format("there is no group {}; did you mean {}?", name, *meant);
        return fmt::format("there is no group {}; say who is in it with `group {} = ...`", name,
                           name);
    }

    void add(std::uint32_t line, std::string what) { faults_.push_back({line, std::move(what)}); }

    const Rules& rules_;
    std::vector<Fault> faults_;
    std::map<std::string_view, std::uint32_t> groups_;  // the line of each
    std::map<std::string_view, std::size_t> groups_of_;
    std::map<Subject, std::size_t> rules_of_;
    std::size_t conditioned_ = 0;
};

}  // namespace

std::vector<Fault> faults_of(const Rules& rules) { return Faults(rules).find(); }

}  // namespace lotmesh::access
