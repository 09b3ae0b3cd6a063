#include "base/near_words.h"

#include <algorithm>
#include <vector>

namespace lotmesh {

namespace {

constexpr std::size_t kShortWord = 4;
constexpr std::size_t kWordBytesMax = 64;  // no known word is longer; keeps the table small

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::size_t allowed_distance(std::string_view known) { return known.size() <= kShortWord ? 1 : 2; }

}  // namespace

std::string upper_case(std::string_view word) {
    std::string result(word);
    std::ranges::transform(result, result.begin(), upper);
    return result;
}

std::string lower_case(std::string_view word) {
    std::string result(word);
    std::ranges::transform(result, result.begin(), lower);
    return result;
}

std::size_t edit_distance(std::string_view left, std::string_view right, std::size_t limit) {
    const std::size_t rows = left.size();
    const std::size_t columns = right.size();
    const std::size_t gap = rows > columns ? rows - columns : columns - rows;
    if (gap > limit || rows > kWordBytesMax) return limit + 1;
    std::vector<std::size_t> two_back(columns + 1);
    std::vector<std::size_t> back(columns + 1);
    std::vector<std::size_t> current(columns + 1);
    for (std::size_t j = 0; j <= columns; ++j)
        back[j] = j;
    for (std::size_t i = 1; i <= rows; ++i) {
        current[0] = i;
        for (std::size_t j = 1; j <= columns; ++j) {
            const bool same = upper(left[i - 1]) == upper(right[j - 1]);
            current[j] =
                std::min({back[j] + 1, current[j - 1] + 1, back[j - 1] + (same ? 0U : 1U)});
            const bool swapped = i > 1 && j > 1 && upper(left[i - 1]) == upper(right[j - 2]) &&
                                 upper(left[i - 2]) == upper(right[j - 1]);
            if (swapped) current[j] = std::min(current[j], two_back[j - 2] + 1);
        }
        std::swap(two_back, back);
        std::swap(back, current);
    }
    return std::min(back[columns], limit + 1);
}

bool is_near(std::string_view word, std::string_view known) {
    const std::size_t allowed = allowed_distance(known);
    return edit_distance(word, known, allowed) <= allowed;
}

std::optional<std::string_view> nearest(std::string_view word,
                                        std::span<const std::string_view> known) {
    std::optional<std::string_view> best;
    std::size_t best_distance = 3;
    for (const std::string_view candidate : known) {
        const std::size_t allowed = allowed_distance(candidate);
        const std::size_t distance = edit_distance(word, candidate, allowed);
        if (distance > allowed || distance >= best_distance) continue;
        best = candidate;
        best_distance = distance;
    }
    return best;
}

}  // namespace lotmesh
