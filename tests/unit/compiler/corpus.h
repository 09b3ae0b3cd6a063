// The seeded corpus: good route files with mistakes put in, and what each of them must be called.
//
// A mistake takes the place of one statement of a good route. What it must be reported as is part
// of it: a code and a line. A broken file has several routes, laid out in different ways, and
// mistakes in any of their statements, so that the number of diagnostics, their codes and their
// lines are known beforehand.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/rng.h"
#include "compiler/diag/diagnostic.h"

namespace lotmesh::test {

// The statements of a route, in the order of the text.
enum class Slot : std::uint8_t {
    Head,
    Add,
    Address,
    Port,
    ClientId,
    User,
    Password,
    Validity,
    Tls,
    Keepalive,
    AddRouteConfig,
    Policy,
};
inline constexpr std::size_t kSlotCount = 12;

// Which other statement of the route must be good for this mistake to be one of its own.
enum class Needs : std::uint8_t { Nothing, GoodAdd, GoodHead, GoodNext };

struct Mistake {
    Slot slot{};
    // In the place of the statement; `{}` is the number of the route. Nothing: it is left out.
    std::string_view bad;
    diag::Code code{};
    std::size_t line = 0;  // where it is reported, counted from the first line of `bad`
    Needs needs = Needs::Nothing;
};

std::span<const Mistake> mistakes();

// Where and as what a mistake must be reported; in the order of the text.
struct Expected {
    std::size_t line = 0;
    diag::Code code{};
    bool operator==(const Expected&) const = default;
    auto operator<=>(const Expected&) const = default;
};

struct BrokenFile {
    std::string text;
    std::vector<Expected> expected;
};

inline constexpr std::size_t kLayoutCount = 4;

// Three routes; the one in the middle has the mistake.
BrokenFile file_with(const Mistake& mistake, std::size_t layout);
// Two to six routes with 2 to 9 mistakes in them.
BrokenFile broken_file(Rng& rng);

}  // namespace lotmesh::test
