// The content of the identity file in the data directory. The server reads and writes the file,
// counting the incarnation up before each start; this is only the text.
//
//     uuid 01234567-89ab-cdef-0123-456789abcdef
//     incarnation 7
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/node_id.h"
#include "base/result.h"

namespace lotmesh::cluster {

struct Identity {
    NodeId id;
    std::uint64_t incarnation = 0;  // of the last start; 0 only before the first
    bool operator==(const Identity&) const = default;
};

std::string format_identity(const Identity& identity);

// The error says, for people, what is wrong with the text.
Result<Identity, std::string> parse_identity(std::string_view text);

// A new uuid (version 4) from 128 random bits.
NodeId make_node_id(std::uint64_t random_high, std::uint64_t random_low);

}  // namespace lotmesh::cluster
