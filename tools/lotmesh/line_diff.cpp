#include "tools/lotmesh/line_diff.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace lotmesh::tool {

namespace {

constexpr std::size_t kContextLines = 3;
constexpr std::size_t kCellsMax = std::size_t{4} << 20;  // of the table of common lines

using Lines = std::vector<std::string_view>;

Lines split(std::string_view text) {
    Lines lines;
    while (!text.empty()) {
        const std::size_t newline = text.find('\n');
        lines.push_back(text.substr(0, newline));
        text.remove_prefix(newline == std::string_view::npos ? text.size() : newline + 1);
    }
    return lines;
}

// One line of the output: ' ', '-' or '+', and what it says.
struct Step {
    char sign = ' ';
    std::string_view line;
};

// The longest common subsequence of two middles, as steps.
void compare_middles(std::span<const std::string_view> before,
                     std::span<const std::string_view> after, std::vector<Step>& steps) {
    const std::size_t columns = after.size() + 1;
    if ((before.size() + 1) * columns > kCellsMax) {
        for (const std::string_view line : before)
            steps.push_back({'-', line});
        for (const std::string_view line : after)
            steps.push_back({'+', line});
        return;
    }
    std::vector<std::uint32_t> common((before.size() + 1) * columns);
    for (std::size_t i = before.size(); i-- > 0;)
        for (std::size_t j = after.size(); j-- > 0;)
            common[i * columns + j] =
                before[i] == after[j]
                    ? common[(i + 1) * columns + j + 1] + 1
                    : std::max(common[(i + 1) * columns + j], common[i * columns + j + 1]);
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < before.size() || j < after.size()) {
        const bool both = i < before.size() && j < after.size();
        if (both && before[i] == after[j]) {
            steps.push_back({' ', before[i++]});
            ++j;
        } else if (j == after.size() ||
                   (both && common[(i + 1) * columns + j] >= common[i * columns + j + 1])) {
            steps.push_back({'-', before[i++]});
        } else {
            steps.push_back({'+', after[j++]});
        }
    }
}

std::vector<Step> compare(const Lines& before, const Lines& after) {
    const std::size_t shorter = std::min(before.size(), after.size());
    std::size_t head = 0;
    while (head < shorter && before[head] == after[head])
        ++head;
    std::size_t tail = 0;
    while (tail < shorter - head &&
           before[before.size() - 1 - tail] == after[after.size() - 1 - tail])
        ++tail;
    std::vector<Step> steps;
    steps.reserve(before.size() + after.size());
    for (std::size_t i = 0; i < head; ++i)
        steps.push_back({' ', before[i]});
    compare_middles(std::span(before).subspan(head, before.size() - head - tail),
                    std::span(after).subspan(head, after.size() - head - tail), steps);
    for (std::size_t i = before.size() - tail; i < before.size(); ++i)
        steps.push_back({' ', before[i]});
    return steps;
}

// Steps [begin, end) as one hunk; the lines count what stands before it.
std::string hunk(std::span<const Step> steps, std::size_t line_before, std::size_t line_after) {
    std::size_t count_before = 0;
    std::size_t count_after = 0;
    std::string body;
    for (const Step& step : steps) {
        count_before += step.sign != '+' ? 1 : 0;
        count_after += step.sign != '-' ? 1 : 0;
        body += fmt::format("{}{}\n", step.sign, step.line);
    }
    const auto range = [](std::size_t line, std::size_t count) {
        return fmt::format("{},{}", count == 0 ? line : line + 1, count);
    };
    return fmt::format("@@ -{} +{} @@\n{}", range(line_before, count_before),
                       range(line_after, count_after), body);
}

// One past the last step of the hunk that begins with the change at `begin`.
std::size_t end_of_hunk(std::span<const Step> steps, std::size_t begin) {
    std::size_t last_change = begin;
    for (std::size_t i = begin; i < steps.size() && i <= last_change + 2 * kContextLines; ++i)
        if (steps[i].sign != ' ') last_change = i;
    return std::min(last_change + 1 + kContextLines, steps.size());
}

}  // namespace

std::string unified_diff(std::string_view name, std::string_view before, std::string_view after) {
    if (before == after) return {};
    const Lines lines_before = split(before);
    const Lines lines_after = split(after);
    const std::vector<Step> steps = compare(lines_before, lines_after);
    std::string out = fmt::format("--- {0}\n+++ {0}\n", name);
    std::size_t written = 0;
    std::size_t line_before = 0;
    std::size_t line_after = 0;
    while (written < steps.size()) {
        const auto change = std::find_if(steps.begin() + static_cast<std::ptrdiff_t>(written),
                                         steps.end(), [](const Step& s) { return s.sign != ' '; });
        const auto at = static_cast<std::size_t>(change - steps.begin());
        const std::size_t begin = at - std::min(at - written, kContextLines);
        line_before += begin - written;
        line_after += begin - written;
        if (change == steps.end()) break;
        const std::size_t end = end_of_hunk(steps, at);
        const auto range = std::span(steps).subspan(begin, end - begin);
        out += hunk(range, line_before, line_after);
        for (const Step& step : range) {
            line_before += step.sign != '+' ? 1 : 0;
            line_after += step.sign != '-' ? 1 : 0;
        }
        written = end;
    }
    return out;
}

}  // namespace lotmesh::tool
