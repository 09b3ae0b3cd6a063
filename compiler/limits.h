// Every bound of the compiler in one place. A route file may come from a remote command, so nothing
// that its author can grow is without one. Tests use small ones; everyone else the defaults.
#pragma once

#include <cstddef>

namespace lotmesh {

struct CompilerLimits {
    std::size_t file_bytes_max = std::size_t{64} << 20;
    std::size_t definitions_max = 200'000;        // per file
    std::size_t definition_tokens_max = 100'000;  // in one route
    std::size_t rules_max = 500;                  // of access, in all files together
    std::size_t condition_tests_max = 32;         // in one rule
    std::size_t condition_depth_max = 8;          // of parentheses and NOTs in each other
    std::size_t value_bytes_max = 4096;           // one literal, one resolved reference
    std::size_t diagnostics_shown_max = 100;      // per file; the rest is counted
    std::size_t cluster_nodes_max = 1'000;        // folders that are checked together
    std::size_t diagnostics_kept_max = 10'000;    // per file, while compiling
    std::size_t odd_edits_max = 100'000;          // comments and blanks mended at once, per file
    std::size_t allowances_max = 10'000;          // codes in `// lot: allow(...)`, per file
};

// One message, caption or help as it is shown: it may quote a word of any length.
inline constexpr std::size_t kRemarkBytesMax = 600;

// A route's name stands in topic names and metrics, a mapping's and a rule's beside it.
inline constexpr std::size_t kRouteNameBytesMax = 128;

}  // namespace lotmesh
