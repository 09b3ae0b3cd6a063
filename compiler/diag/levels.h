// What to make of warnings and notes: show them, hide them, or take them for errors. Errors stay
// what they are: without a plan there is nothing to let pass.
//
// A selector is a code (LOT0506), a group (advice) or `warnings`, which is everything. The most
// specific one that names a code decides; of equals the strictest.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "compiler/diag/diagnostic.h"

namespace lotmesh::diag {

enum class Level : std::uint8_t { Allow, Warn, Deny };

// Codes of one hundred have one name.
struct Group {
    std::string_view name;
    std::uint16_t hundred = 0;
    std::string_view about;
};

// Of codes about how nodes fit together; only a look at all of them finds those.
inline constexpr std::string_view kClusterGroup = "cluster";

const std::vector<Group>& groups();
const Group& group_of(Code code);

// "LOT0506", "lot0506" or "0506".
std::optional<Code> parse_code(std::string_view word);

class Levels {
public:
    // The error is one line, with a suggestion where there is one.
    Result<void, std::string> set(std::string_view selector, Level level);

    // What a diagnostic of this code and severity becomes; nothing: it is not shown.
    std::optional<Severity> severity_of(Code code, Severity severity) const;
    bool operator==(const Levels&) const = default;

private:
    // Ordered from the general to the specific.
    enum class Reach : std::uint8_t { Everything, Group, Code };
    struct Rule {
        Reach reach = Reach::Everything;
        std::uint16_t number = 0;  // of the code, or its hundred
        Level level = Level::Warn;
        bool operator==(const Rule&) const = default;
    };

    bool covers(const Rule& rule, Code code) const;

    std::vector<Rule> rules_;
};

}  // namespace lotmesh::diag
