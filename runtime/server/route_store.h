// The route files of a node: read, compile, validate, compare; the last good plan stays where
// anything is wrong. Revisions count the plans that were taken over.
//
// Core thread only, but for read(). Bounded by the compiler's limits, kRouteFilesMax and
// kRouteBytesMax.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "compiler/compile.h"
#include "runtime/server/route_edit.h"
#include "runtime/server/route_files.h"

namespace lotmesh::server {

// Of one reload, in the log and in $SYS; the rest is counted.
inline constexpr std::size_t kReloadErrorsMax = 50;

// How many links a new plan changed; see ir::PlanDiff.
struct PlanChanges {
    std::size_t added = 0;
    std::size_t removed = 0;
    std::size_t retuned = 0;
    std::size_t reconnected = 0;
    bool operator==(const PlanChanges&) const = default;
};

struct Reload {
    enum class Cause : std::uint8_t { Start, FileChange, Signal, Command };
    enum class Kind : std::uint8_t {
        Applied,    // there is a new plan
        Unchanged,  // it says what the current one says
        Refused,    // it has errors; the current plan stays
    };

    Kind kind = Kind::Unchanged;
    Cause cause = Cause::Start;
    std::uint64_t revision = 0;         // of the plan that now holds; 0: none yet
    std::uint64_t fingerprint = 0;      // of it, with its secrets: not to be shown
    std::string hash;                   // of what is shown of it (plan_view.h)
    std::size_t links = 0;              // that it has
    PlanChanges changes;                // where it was applied
    bool news = true;                   // false: exactly what the reload before said
    std::size_t files = 0;              // that were read
    std::vector<std::string> errors;    // one line each, bounded; the last may say how many more
    std::vector<std::string> warnings;  // the same
    std::string text;                   // errors and warnings with lines and carets
    std::string diagnostics = "[]";     // JSON, as `lotmesh lint --format json` has them; bounded
    std::size_t omitted = 0;            // how many more there are
};

// A route of the plan, for people.
struct RouteSource {
    std::string name;
    std::string file;        // as it was read: a path, or the cell of a notebook
    std::uint32_t line = 0;  // of its DEFINE
    std::string text;        // what may be shown of it
    bool operator==(const RouteSource&) const = default;
};
std::string_view name(Reload::Kind kind);    // "applied", ...
std::string_view name(Reload::Cause cause);  // "start", ...

class RouteStore {
public:
    // The resolver outlives the store.
    RouteStore(std::filesystem::path path, const ReferenceResolver& resolver)
        : path_(std::move(path)), resolver_(resolver) {}

    // What the files say now, not yet compared with anything.
    struct Reading {
        Reload reload;
        ir::Plan plan;  // where it is not refused, and the rest
        std::vector<RouteSource> routes = {};
        std::uint64_t fingerprint = 0;
        std::string view = {};     // what is shown of the plan, printed
        std::string hash = {};     // of it
        std::string sources = {};  // the files as JSON, for Revisions
    };

    // Any thread: sees nothing but the path and the resolver, which never change.
    Reading read() const;
    // Writes or removes a file of commands, see route_edit.h. Any thread, but one at a time.
    Edited edit(const RouteEdit& edit) const { return edit_routes(path_, resolver_, edit); }

    Reload take(Reading reading);
    Reload reload() { return take(read()); }
    // An earlier run ended with this one: the same plan has its number, another one the next.
    void resume(std::uint64_t revision, std::uint64_t fingerprint);
    // The last good one; empty before there was any.
    const ir::Plan& plan() const { return plan_; }
    // As the text of that plan says them, by name.
    const std::vector<RouteSource>& routes() const { return routes_; }
    // What is shown of it, and the files that said it; until the next take().
    const std::string& view() const { return view_; }
    const std::string& sources() const { return sources_; }

private:
    std::filesystem::path path_;
    const ReferenceResolver& resolver_;
    ir::Plan plan_;
    std::vector<RouteSource> routes_;
    std::string view_;
    std::string hash_;
    std::string sources_;
    std::uint64_t revision_ = 0;
    std::uint64_t fingerprint_ = 0;
    bool loaded_ = false;
    std::uint64_t last_said_ = 0;  // hash of the text
};

// For the retained message $SYS/broker/routes/reload.
inline constexpr std::string_view kReloadTopic = "$SYS/broker/routes/reload";
std::string to_json(const Reload& reload, WallTime at);

// "2026-01-31T12:00:00.000Z"
std::string to_iso8601(WallTime time);

}  // namespace lotmesh::server
