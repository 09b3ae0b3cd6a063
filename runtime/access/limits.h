// Every bound on rules of access: on the text that they are read from, and on what one decision can
// cost. Whoever writes the rules is trusted, so these are against mistakes; a decision is asked for
// with topics that strangers choose.
#pragma once

#include <cstddef>

namespace lotmesh::access {

inline constexpr std::size_t kTextBytesMax = std::size_t{4} << 20;
inline constexpr std::size_t kLineBytesMax = 4096;

// Of one text; what follows is not told.
inline constexpr std::size_t kMistakesMax = 100;

inline constexpr std::size_t kRulesMax = 20'000;
inline constexpr std::size_t kGroupsMax = 1000;

// Words for who is meant, in one rule.
inline constexpr std::size_t kSubjectsMax = 4;

// Rules that are kept together since they begin with the same user, client, group or listener, or
// with anybody. With the next one it bounds what a decision looks at: twenty times this.
inline constexpr std::size_t kRulesOfSubjectMax = 500;

// Rules with a condition: all that hold for a principal are looked at.
inline constexpr std::size_t kConditionedRulesMax = 1000;

// Groups that one principal is in, of those that rules speak of. With more it may do nothing.
inline constexpr std::size_t kGroupsOfPrincipalMax = 16;

}  // namespace lotmesh::access
