#include "compiler/diag/levels.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <tuple>

#include "base/assert.h"
#include "compiler/diag/suggest.h"

namespace lotmesh::diag {

namespace {

constexpr std::string_view kEverything = "warnings";
constexpr std::uint16_t kHundred = 100;

std::uint16_t number_of(Code code) { return static_cast<std::uint16_t>(code); }

std::string unknown_selector(std::string_view selector) {
    std::vector<std::string_view> words = {kEverything};
    for (const Group& group : groups())
        words.push_back(group.name);
    const std::optional<std::string_view> meant = nearest(selector, words);
    if (meant) return fmt::format("there is no `{}`, did you mean `{}`?", selector, *meant);
    return fmt::format("there is no `{}`: expected a code like LOT0506, {}", selector,
                       join_words(words));
}

}  // namespace

const std::vector<Group>& groups() {
    static const std::vector<Group> all = {
        {"input", 0, "what a file is"},
        {"syntax", 1, "how it is written"},
        {"structure", 2, "what stands where"},
        {"values", 3, "what a value may be"},
        {"support", 4, "what this broker does not run"},
        {"advice", 5, "what is better done another way"},
        {kClusterGroup, 6, "how the nodes fit together"},
    };
    return all;
}

const Group& group_of(Code code) {
    const auto found = std::ranges::find(groups(), number_of(code) / kHundred, &Group::hundred);
    ASSERT(found != groups().end());
    return *found;
}

std::optional<Code> parse_code(std::string_view word) {
    const std::string upper = upper_case(word);
    std::string_view digits = upper;
    if (digits.starts_with("LOT")) digits.remove_prefix(3);
    if (digits.size() != 4) return std::nullopt;
    std::uint16_t number = 0;
    const char* const end = digits.data() + digits.size();
    if (std::from_chars(digits.data(), end, number).ptr != end) return std::nullopt;
    const auto found = std::ranges::find(all_codes(), static_cast<Code>(number), &CodeInfo::code);
    if (found == all_codes().end()) return std::nullopt;
    return found->code;
}

Result<void, std::string> Levels::set(std::string_view selector, Level level) {
    if (selector == kEverything) {
        rules_.push_back({Reach::Everything, 0, level});
        return {};
    }
    const auto group = std::ranges::find(groups(), selector, &Group::name);
    if (group != groups().end()) {
        rules_.push_back({Reach::Group, group->hundred, level});
        return {};
    }
    const std::optional<Code> code = parse_code(selector);
    if (!code) return failure(unknown_selector(selector));
    if (info(*code).severity == Severity::Error && level != Level::Deny)
        return failure(fmt::format("{} is an error and stays one", to_string(*code)));
    rules_.push_back({Reach::Code, number_of(*code), level});
    return {};
}

bool Levels::covers(const Rule& rule, Code code) const {
    switch (rule.reach) {
        case Reach::Everything: return true;
        case Reach::Group: return rule.number == number_of(code) / kHundred;
        case Reach::Code: return rule.number == number_of(code);
    }
    UNREACHABLE();
}

std::optional<Severity> Levels::severity_of(Code code, Severity severity) const {
    if (severity == Severity::Error) return severity;
    const Rule* decides = nullptr;
    for (const Rule& rule : rules_) {
        // Everything means warnings; a note becomes an error only where it is named.
        if (severity == Severity::Note && rule.reach == Reach::Everything &&
            rule.level == Level::Deny)
            continue;
        if (!covers(rule, code)) continue;
        if (decides == nullptr ||
            std::tie(rule.reach, rule.level) > std::tie(decides->reach, decides->level))
            decides = &rule;
    }
    if (decides == nullptr) return severity;
    switch (decides->level) {
        case Level::Allow: return std::nullopt;
        case Level::Warn: return decides->reach == Reach::Everything ? severity : Severity::Warning;
        case Level::Deny: return Severity::Error;
    }
    UNREACHABLE();
}

}  // namespace lotmesh::diag
