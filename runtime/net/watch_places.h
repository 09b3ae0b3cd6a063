// Where a change of what a path means would show: folders, and in each of them the names that
// matter.
//
// Symbolic links are followed one by one, also those in the middle of the path and those in the
// folder that it names: each of them can be swapped where it stands, and what is behind it can
// change, too. Reads the file system. Bounded by kWatchedLinksMax.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <set>
#include <string>

namespace lotmesh::net {

inline constexpr std::size_t kWatchedLinksMax = 1000;

struct WatchPlaces {
    // Keys are free of links. The empty name stands for all entries of the folder.
    std::map<std::filesystem::path, std::set<std::string>> folders;
    bool exists = false;   // the path leads to something
    bool complete = true;  // false: something could not be read, or there are too many links
};

// The path is absolute. What it leads to need not exist.
WatchPlaces watch_places(const std::filesystem::path& path);

}  // namespace lotmesh::net
