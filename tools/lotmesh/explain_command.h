// `lotmesh explain`: what a diagnostic's code means, with a file that gives it and the file mended.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace lotmesh::tool {

struct ExplainOptions {
    std::vector<std::string> codes;  // "LOT0302", "lot0302" or "0302"; none: the list of all
    bool operator==(const ExplainOptions&) const = default;
};

enum class ExplainExit : int { Explained = 0, UnknownCode = 2 };

// Explains all of the codes or, where one of them does not exist, none: that is one line to
// `error`.
ExplainExit explain(const ExplainOptions& options, std::ostream& out, std::ostream& error);

// With the process's own streams. The exit code.
int run_explain(const ExplainOptions& options);

}  // namespace lotmesh::tool
