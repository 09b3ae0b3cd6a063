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

struct Reload {
    enum class Kind : std::uint8_t {
        Applied,    // there is a new plan
        Unchanged,  // it says what the current one says
        Refused,    // it has errors; the current plan stays
    };

    Kind kind = Kind::Unchanged;
    std::uint64_t revision = 0;         // of the plan that now holds; 0: none yet
    bool news = true;                   // false: exactly what the reload before said
    std::size_t files = 0;              // that were read
    std::vector<std::string> errors;    // one line each, bounded; the last may say how many more
    std::vector<std::string> warnings;  // the same
    std::string text;                   // errors and warnings with lines and carets
};

// A route of the plan, for people.
struct RouteSource {
    std::string name;
    std::string file;        // as it was read: a path, or the cell of a notebook
    std::uint32_t line = 0;  // of its DEFINE
    std::string text;        // what may be shown of it
    bool operator==(const RouteSource&) const = default;
};

class RouteStore {
public:
    // The resolver outlives the store.
    RouteStore(std::filesystem::path path, const ReferenceResolver& resolver)
        : path_(std::move(path)), resolver_(resolver) {}

    // What the files say now, not yet compared with anything.
    struct Reading {
        Reload reload;
        ir::Plan plan;  // where it is not refused, as the rest
        std::vector<RouteSource> routes;
    };

    // Any thread: sees nothing but the path and the resolver, which never change.
    Reading read() const;
    // Writes or removes a file of commands, see route_edit.h. Any thread, but one at a time.
    Edited edit(const RouteEdit& edit) const { return edit_routes(path_, resolver_, edit); }

    Reload take(Reading reading);
    Reload reload() { return take(read()); }
    // The last good one; empty before there was any.
    const ir::Plan& plan() const { return plan_; }
    // As the text of that plan says them, by name.
    const std::vector<RouteSource>& routes() const { return routes_; }

private:
    std::filesystem::path path_;
    const ReferenceResolver& resolver_;
    ir::Plan plan_;
    std::vector<RouteSource> routes_;
    std::uint64_t revision_ = 0;
    std::uint64_t last_said_ = 0;  // hash of the text
};

// For the retained message $SYS/broker/routes/reload.
inline constexpr std::string_view kReloadTopic = "$SYS/broker/routes/reload";
std::string to_json(const Reload& reload, WallTime at);

// "2026-01-31T12:00:00.000Z"
std::string to_iso8601(WallTime time);

}  // namespace lotmesh::server
