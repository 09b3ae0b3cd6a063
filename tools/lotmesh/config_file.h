// The configuration file of `lotmesh serve`: the part of TOML that its options need. A line is
// `key = value`; a value is a string in "" or '', a number without a sign, or an array of those,
// which may go over several lines; # begins a comment. Sections and all else are refused by name.
//
// Pure. Bounded by kConfigBytesMax.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace lotmesh::tool {

inline constexpr std::size_t kConfigBytesMax = std::size_t{1} << 20;

struct ConfigEntry {
    std::string key;
    std::vector<std::string> values;
    bool array = false;
    std::size_t line = 0;
    bool operator==(const ConfigEntry&) const = default;
};

// The error is "LINE: what is wrong".
Result<std::vector<ConfigEntry>, std::string> parse_config(std::string_view text);

}  // namespace lotmesh::tool
