// Changes of the route files by command. What a command adds is a file of its own beside those that
// people write, `<Name>.command.lot`, so that it survives a restart and everybody sees where it
// comes from; only an Apply or a Rollback, which replaces all, touches files of people. Nothing is
// written that would not load.
//
// Any thread, one at a time for a folder; reads and writes files. Bounded as route_files.h says.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "compiler/diag/diagnostic.h"
#include "compiler/sema/references.h"

namespace lotmesh::server {

inline constexpr std::string_view kCommandFileEnding = ".command.lot";
inline constexpr std::uint32_t kConfirmSecMax = 3'600;

struct RouteEdit {
    enum class Kind : std::uint8_t {
        Put,        // `text` is one route: added, or in the place of the one that a command added
        Remove,     // the route of the name `text`
        RemoveAll,  // every one that a command added
        Apply,      // `text` is JSON, see docs/commands.md: all files are replaced
        TakeBack,   // what was before an Apply that is not final
        Confirm,    // an Apply is final
        Rollback,   // to the kept revision of the number that `text` begins with; behind it may
                    // stand the seconds within which it must be confirmed
    };
    Kind kind = Kind::Put;
    std::string text;
    std::filesystem::path revisions = {};  // where they are kept; empty: nowhere
    std::uint64_t running_revision = 0;    // filled in when its turn comes
};

struct Edited {
    bool done = false;
    std::string message;  // one line: what was done, or why nothing
    std::string route;    // that it is about, where it is about one
    diag::Report report;  // of the text of a Put, and of what is there where that is in its way
    std::uint32_t confirm_within_sec = 0;  // of an Apply or a Rollback; 0: it is final
};

// `routes` is what the node reads: only a folder can be added to.
Edited edit_routes(const std::filesystem::path& routes, const ReferenceResolver& resolver,
                   const RouteEdit& edit);

}  // namespace lotmesh::server
