// The plans that this node has run, the newest last: what changed, when and why; with a data
// directory also the route files that said so, for `lotmesh rollback`, across restarts.
//
// Core thread. Bounded by kRevisionsMax and, for the files of one revision, kRevisionBytesMax.
// Files may hold secrets: they are 0600 in a folder of 0700, and never published.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "runtime/server/route_store.h"

namespace lotmesh::server {

inline constexpr std::size_t kRevisionsMax = 20;
// Of the kept form of the files; a revision that has more is kept without them.
inline constexpr std::size_t kRevisionBytesMax = std::size_t{4} << 20;

struct Revision {
    std::uint64_t number = 0;
    std::uint64_t fingerprint = 0;  // ir::fingerprint, takes secrets in: never published
    std::string hash;               // hash_of() what is shown
    std::int64_t at_ms = 0;         // wall clock
    std::string cause;
    std::size_t links = 0;
    std::size_t files = 0;
    PlanChanges changes;
    bool kept = false;  // with its files
    bool operator==(const Revision&) const = default;
};

class Revisions {
public:
    // `folder`: where they are kept; none: in memory, without files.
    explicit Revisions(std::optional<std::filesystem::path> folder) : folder_(std::move(folder)) {}

    // What an earlier run has kept. The error is one line; then there are none.
    Result<void, std::string> load();
    // The error is one line about what could not be kept; it is in the list all the same.
    Result<void, std::string> add(const Reload& reload, std::string_view sources, WallTime at);

    const std::vector<Revision>& all() const { return all_; }

private:
    std::optional<std::filesystem::path> folder_;
    std::vector<Revision> all_;
};

// The files of a kept revision, by name. For tools: reads the folder of a node's data directory.
Result<std::vector<SourceText>, std::string> read_revision(const std::filesystem::path& folder,
                                                           std::uint64_t number);

// For $SYS/broker/config/history: the newest first.
std::string history_json(const std::vector<Revision>& revisions);

}  // namespace lotmesh::server
