// The route files of a node: read, compile, validate, compare; the last good plan stays where
// anything is wrong. Revisions count the plans that were taken over.
//
// Core thread only. Bounded by the compiler's limits and kRouteFilesMax.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "compiler/compile.h"

namespace lotmesh::server {

inline constexpr std::size_t kRouteFilesMax = 10'000;
// Of one reload, in the log and in $SYS; the rest is counted.
inline constexpr std::size_t kReloadErrorsMax = 50;

// A file, or the *.lot files of a folder (not below it) by name; hidden ones are an editor's. The
// error is one line for people.
Result<std::vector<SourceText>, std::string> read_routes(const std::filesystem::path& path);

struct Reload {
    enum class Kind : std::uint8_t {
        Applied,    // there is a new plan
        Unchanged,  // it says what the current one says
        Refused,    // it has errors; the current plan stays
    };

    Kind kind = Kind::Unchanged;
    std::uint64_t revision = 0;         // of the plan that now holds; 0: none yet
    bool news = true;                   // false: exactly what the reload before said
    std::vector<std::string> errors;    // one line each, bounded
    std::vector<std::string> warnings;  // the same
    std::string text;                   // errors and warnings with lines and carets
};

class RouteStore {
public:
    // The resolver outlives the store.
    RouteStore(std::filesystem::path path, const ReferenceResolver& resolver)
        : path_(std::move(path)), resolver_(resolver) {}

    Reload reload();
    // The last good one; empty before there was any.
    const ir::Plan& plan() const { return plan_; }

private:
    Reload read_and_compile(ir::Plan& plan) const;

    std::filesystem::path path_;
    const ReferenceResolver& resolver_;
    ir::Plan plan_;
    std::uint64_t revision_ = 0;
    std::vector<std::string> last_errors_;
};

// For the retained message $SYS/broker/routes/reload.
inline constexpr std::string_view kReloadTopic = "$SYS/broker/routes/reload";
std::string to_json(const Reload& reload, WallTime at);

// "2026-01-31T12:00:00.000Z"
std::string to_iso8601(WallTime time);

}  // namespace lotmesh::server
