// Says that something at a path may have changed: a file, or a folder and the files in it.
//
// Survives what editors and deployment tools do: temporary files, renaming into place, swapped
// symbolic links (see watch_places.h), a path that vanishes and returns. Many changes in a row are
// one call, after it has been quiet for a moment. Where the system does not let us watch, that is
// logged once and there is a call each second. May call once too often, never too seldom: the
// caller compares.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "base/time.h"
#include "runtime/net/loop.h"

namespace lotmesh::net {

class FileWatch {
public:
    static constexpr Duration kQuiet = Duration::milliseconds(100);

    FileWatch(Loop& loop, const std::filesystem::path& path, std::function<void()> changed,
              Duration quiet = kQuiet);
    ~FileWatch();
    FileWatch(const FileWatch&) = delete;
    FileWatch& operator=(const FileWatch&) = delete;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace lotmesh::net
