#include "runtime/access/condition.h"

#include <vector>

#include "base/assert.h"

namespace lotmesh::access {

namespace {

constexpr char kAnyCharacters = '*';

std::size_t operands_of(ConditionStep::Kind kind) {
    switch (kind) {
        case ConditionStep::Kind::Holds:
        case ConditionStep::Kind::ClientLike: return 0;
        case ConditionStep::Kind::Not: return 1;
        case ConditionStep::Kind::And:
        case ConditionStep::Kind::Or: return 2;
    }
    UNREACHABLE();
}

}  // namespace

bool is_like(std::string_view pattern, const Names& names) {
    const std::string_view id = names.client_id;
    // An empty name takes no place.
    if (pattern == kUserPlaceholder) return !names.user_name.empty() && id == names.user_name;
    const std::size_t star = pattern.find(kAnyCharacters);
    if (star == std::string_view::npos) return id == pattern;
    const std::string_view head = pattern.substr(0, star);
    const std::string_view tail = pattern.substr(star + 1);
    return id.size() >= head.size() + tail.size() && id.starts_with(head) && id.ends_with(tail);
}

bool is_well_formed(const Condition& condition) {
    std::size_t values = 0;
    for (const ConditionStep& step : condition) {
        const std::size_t operands = operands_of(step.kind);
        if (values < operands) return false;
        values += 1 - operands;
    }
    return values == 1;
}

bool is_true(const Condition& condition, const std::function<bool(const ConditionStep&)>& holds) {
    std::vector<bool> values;
    values.reserve(condition.size());
    for (const ConditionStep& step : condition) {
        const std::size_t operands = operands_of(step.kind);
        ASSERT(values.size() >= operands);
        const bool last = operands != 0 && values.back();
        if (operands != 0) values.pop_back();
        switch (step.kind) {
            case ConditionStep::Kind::Holds:
            case ConditionStep::Kind::ClientLike: values.push_back(holds(step)); break;
            case ConditionStep::Kind::Not: values.push_back(!last); break;
            case ConditionStep::Kind::And: values.back() = values.back() && last; break;
            case ConditionStep::Kind::Or: values.back() = values.back() || last; break;
        }
    }
    ASSERT(values.size() == 1);
    return values.front();
}

}  // namespace lotmesh::access
