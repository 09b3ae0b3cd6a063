// All route files of a folder replaced at once, and taken back. Before the first one is touched a
// copy of all is made in a hidden folder beside them, `.last-good`; it is there until the new ones
// are final. Who starts and finds it takes them back, so neither a crash in the middle nor a broker
// that dies of its new routes leaves anything but what ran before.
//
// Any thread, one at a time for a folder. Files are 0600. Errors are one line with the path.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "base/result.h"
#include "compiler/source/source.h"

namespace lotmesh::server {

inline constexpr std::string_view kLastGoodFolder = ".last-good";

// Plain names of route files, each once, no more than a folder may have.
Result<void, std::string> check_file_names(std::span<const source::SourceText> files);

// The names of the files are those in the folder; other route files there are removed. Makes the
// copy first, where there is none yet.
Result<void, std::string> replace_route_files(const std::filesystem::path& folder,
                                              std::span<const source::SourceText> files);

bool has_last_good(const std::filesystem::path& folder);
// What ran before is there again, and nothing waits any more.
Result<void, std::string> take_back_route_files(const std::filesystem::path& folder);
// The new ones are final.
Result<void, std::string> drop_last_good(const std::filesystem::path& folder);

}  // namespace lotmesh::server
