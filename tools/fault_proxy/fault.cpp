#include "tools/fault_proxy/fault.h"

#include <algorithm>
#include <charconv>

namespace lotmesh::fault_proxy {

namespace {

constexpr std::uint64_t kAmountMax = 1ULL << 40U;

struct Shape {
    std::string_view verb;
    Verb meaning;
    bool direction;
    std::size_t numbers_min;
    std::size_t numbers_max;
};

constexpr Shape kShapes[] = {
    {"pass", Verb::Pass, true, 0, 0},
    {"freeze", Verb::Freeze, true, 0, 0},
    {"blackhole", Verb::Blackhole, false, 0, 0},
    {"delay", Verb::Delay, true, 1, 2},
    {"bandwidth", Verb::Bandwidth, true, 1, 1},
    {"corrupt", Verb::Corrupt, true, 1, 1},
    {"cut", Verb::CutAfter, true, 1, 1},
    {"cut", Verb::Cut, false, 0, 0},
    {"half-close", Verb::HalfClose, true, 0, 0},
    {"heal", Verb::Heal, false, 0, 0},
    {"status", Verb::Status, false, 0, 0},
};

std::vector<std::string_view> words_of(std::string_view line) {
    std::vector<std::string_view> words;
    while (true) {
        const std::size_t begin = line.find_first_not_of(" \t\r");
        if (begin == std::string_view::npos) return words;
        line.remove_prefix(begin);
        const std::size_t end = std::min(line.find_first_of(" \t\r"), line.size());
        words.push_back(line.substr(0, end));
        line.remove_prefix(end);
    }
}

std::optional<std::uint64_t> number(std::string_view word) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc() || end != word.data() + word.size() || value > kAmountMax)
        return std::nullopt;
    return value;
}

std::vector<std::size_t> directions_of(std::string_view word) {
    if (word == "up") return {kUp};
    if (word == "down") return {kDown};
    if (word == "both") return {kUp, kDown};
    return {};
}

}  // namespace

Result<Command, std::string> parse_command(std::string_view line) {
    const std::vector<std::string_view> words = words_of(line);
    if (words.empty()) return failure(std::string("empty command"));
    const auto* shape = std::ranges::find_if(kShapes, [&words](const Shape& candidate) {
        const std::size_t fixed = candidate.direction ? 2 : 1;
        return candidate.verb == words[0] && words.size() >= fixed + candidate.numbers_min &&
               words.size() <= fixed + candidate.numbers_max;
    });
    if (shape == std::end(kShapes)) return failure("no such command: " + std::string(line));
    Command command{.verb = shape->meaning, .directions = {}};
    std::size_t next = 1;
    if (shape->direction) {
        command.directions = directions_of(words[next++]);
        if (command.directions.empty())
            return failure(std::string("the direction must be up, down or both"));
    }
    std::vector<std::uint64_t> numbers;
    for (; next < words.size(); ++next) {
        const auto value = number(words[next]);
        if (!value) return failure("not a number: " + std::string(words[next]));
        numbers.push_back(*value);
    }
    if (!numbers.empty()) command.amount = numbers[0];
    if (numbers.size() > 1) command.jitter = numbers[1];
    return command;
}

void apply(const Command& command, Faults& faults) {
    switch (command.verb) {
        case Verb::Pass:
            for (const std::size_t i : command.directions)
                faults[i].mode = Mode::Pass;
            break;
        case Verb::Freeze:
            for (const std::size_t i : command.directions)
                faults[i].mode = Mode::Freeze;
            break;
        case Verb::Blackhole:
            for (Fault& fault : faults)
                fault.mode = Mode::Blackhole;
            break;
        case Verb::Delay:
            for (const std::size_t i : command.directions) {
                faults[i].delay_us = static_cast<std::int64_t>(command.amount) * 1000;
                faults[i].jitter_us = static_cast<std::int64_t>(command.jitter) * 1000;
            }
            break;
        case Verb::Bandwidth:
            for (const std::size_t i : command.directions)
                faults[i].bytes_per_sec = command.amount;
            break;
        case Verb::Corrupt:
            for (const std::size_t i : command.directions)
                faults[i].corrupt_after = command.amount;
            break;
        case Verb::CutAfter:
            for (const std::size_t i : command.directions)
                faults[i].cut_after = command.amount;
            break;
        case Verb::Heal: faults = {}; break;
        case Verb::Cut:
        case Verb::HalfClose:
        case Verb::Status: break;
    }
}

}  // namespace lotmesh::fault_proxy
