// `lotmesh fmt`: puts route files into their canonical form. A file is replaced in one step or not
// at all; one with mistakes in its writing is left as it is.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

namespace lotmesh::tool {

enum class FmtMode : std::uint8_t {
    Write,  // files that change are replaced and named; standard input goes to standard output
    Check,  // names those that would change
    Diff,   // shows what would change
};

struct FmtOptions {
    std::vector<std::string> paths;  // files, folders, "-" for stdin; as for lint
    FmtMode mode = FmtMode::Write;
    bool operator==(const FmtOptions&) const = default;
};

enum class FmtExit : int {
    Clean = 0,        // and, when writing, what was changed
    Differences = 1,  // found by Check or Diff
    CouldNotRun = 2,  // for at least one file: unreadable, unwritable, or with mistakes
};

struct FmtStreams {
    std::istream& in;
    std::ostream& out;
    std::ostream& error;
};

FmtExit format_paths(const FmtOptions& options, FmtStreams streams);

// With the process's own streams. The exit code.
int run_fmt(const FmtOptions& options);

}  // namespace lotmesh::tool
