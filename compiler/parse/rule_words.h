// The keywords of rules. In a rule they are tokens of their own; the lexer gives a word for them,
// since anywhere else they are names and keys as any other.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace lotmesh::parse {

struct RuleWord {
    std::string_view text;
    std::size_t type;  // of the token
};

// What `DEFINE` begins a rule with.
inline constexpr std::string_view kRuleKeyword = "RULE";

std::optional<RuleWord> find_rule_word(std::string_view text);
// Written in another case, or with typing mistakes. Of short words the case alone: two of them are
// one letter from each other.
std::optional<RuleWord> near_rule_word(std::string_view text);
// Empty: the token is none of them.
std::string_view rule_word_of(std::size_t type);

}  // namespace lotmesh::parse
