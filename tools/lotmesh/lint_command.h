// `lotmesh lint`: compiles route files without running anything and shows what is wrong with them.
// Reads the files, touches nothing else: no environment references, sockets with `online` only;
// writes with `fix` only.
//
// A folder is what a broker would read of it: its *.lot, but for hidden ones, make one plan. Each
// folder in it is a plan of its own, so that those of many nodes can stand side by side, and so is
// each notebook (*.lotnb), which a broker reads only when it is named. Files that are given by name
// make one plan together. A cluster is a folder of nodes' folders, checked together.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

#include "compiler/diag/levels.h"
#include "compiler/diag/render.h"

namespace lotmesh::tool {

enum class ColourChoice : std::uint8_t {
    Auto,  // on a terminal, unless NO_COLOR is set
    Always,
    Never,
};

struct LintOptions {
    std::vector<std::string> paths = {};  // files, folders, "-" for stdin
    ColourChoice colour = ColourChoice::Auto;
    diag::Format format = diag::Format::Text;
    diag::Levels levels = {};  // what is shown, and as what
    bool portable = false;     // warn about what only this broker understands
    bool print_plan = false;   // show what the routes mean
    bool fix = false;          // mend what needs no thought, and look again
    std::string cluster = {};  // folder of the nodes' folders, which are looked at together
    bool deploy = false;       // of a cluster: all that a node needs must be there
    bool online = false;       // of a cluster: ask the nodes whether they run what is written
    bool operator==(const LintOptions&) const = default;
};

enum class LintExit : int { Clean = 0, Findings = 1, CouldNotRun = 2 };

// Streams are the caller's. Findings go to `out`, a reason for not running to `error`.
struct LintStreams {
    std::istream& in;
    std::ostream& out;
    std::ostream& error;
};

// How text looks is decided already; the choice of colour in the options is not looked at.
LintExit lint(const LintOptions& options, const diag::TextStyle& style, LintStreams streams);

// With the process's own streams, terminal and NO_COLOR. The exit code.
int run_lint(const LintOptions& options);

}  // namespace lotmesh::tool
