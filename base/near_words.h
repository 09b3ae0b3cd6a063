// Did-you-mean: which known word was meant by an unknown one. Pure functions over borrowed text.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace lotmesh {

// Damerau-Levenshtein (optimal string alignment), without regard to ASCII case. Costs of more than
// `limit` are reported as limit + 1.
std::size_t edit_distance(std::string_view left, std::string_view right, std::size_t limit);

// Two typing mistakes at most; one for words of four letters or fewer. A difference in case is
// none.
bool is_near(std::string_view word, std::string_view known);

// The nearest of `known` that is near enough; the first of equals.
std::optional<std::string_view> nearest(std::string_view word,
                                        std::span<const std::string_view> known);

std::string upper_case(std::string_view word);  // ASCII only
std::string lower_case(std::string_view word);

}  // namespace lotmesh
