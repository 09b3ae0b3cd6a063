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

namespace lotmesh::server {

inline constexpr std::size_t kRouteFilesMax = 10'000;
// Of all files together.
inline constexpr std::size_t kRouteBytesMax = std::size_t{64} << 20;
// Of one reload, in the log and in $SYS; the rest is counted.
inline constexpr std::size_t kReloadErrorsMax = 50;

// A file, or the *.lot files of a folder (not below it) by name; hidden ones are an editor's. The
// error is one line for people.
Result<std::vector<SourceText>, std::string> read_routes(const std::filesystem::path& path,
                                                         std::size_t bytes_max = kRouteBytesMax);

// How many links a new plan changed; see ir::PlanDiff.
struct PlanChanges {
    std::size_t added = 0;
    std::size_t removed = 0;
    std::size_t retuned = 0;
    std::size_t reconnected = 0;
    bool operator==(const PlanChanges&) const = default;
};

struct Reload {
    enum class Cause : std::uint8_t { Start, FileChange, Signal };
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
        std::uint64_t fingerprint = 0;
        std::string view = {};     // what is shown of the plan, printed
        std::string hash = {};     // of it
        std::string sources = {};  // the files as JSON, for Revisions
    };

    // Any thread: sees nothing but the path and the resolver, which never change.
    Reading read() const;
    Reload take(Reading reading);
    Reload reload() { return take(read()); }
    // An earlier run ended with this one: the same plan has its number, another one the next.
    void resume(std::uint64_t revision, std::uint64_t fingerprint);
    // The last good one; empty before there was any.
    const ir::Plan& plan() const { return plan_; }
    // What is shown of it, and the files that said it; until the next take().
    const std::string& view() const { return view_; }
    const std::string& sources() const { return sources_; }

private:
    std::filesystem::path path_;
    const ReferenceResolver& resolver_;
    ir::Plan plan_;
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
