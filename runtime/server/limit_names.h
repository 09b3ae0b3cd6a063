// The limits of the broker by name: what `--limit NAME=VALUE` sets and docs/limits.md lists.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "runtime/broker/limits.h"

namespace lotmesh::server {

struct LimitInfo {
    std::string_view name;   // "packet-bytes"; seconds and bytes are in the name
    std::string_view about;  // what is limited, and what happens to what is beyond
    std::uint64_t min = 0;
    std::uint64_t max = 0;
    std::uint64_t (*get)(const broker::Limits& limits) = nullptr;
    void (*set)(broker::Limits& limits, std::uint64_t value) = nullptr;
    std::string_view counter;  // below $SYS/broker/; empty: nothing is refused, or nobody counts it
};

std::span<const LimitInfo> limit_infos();

// "NAME=VALUE". The error is one line.
Result<void, std::string> set_limit(broker::Limits& limits, std::string_view text);

// docs/limits.md
std::string limits_page();

}  // namespace lotmesh::server
