#include "tools/lotmesh/route_files.h"

#include <fmt/core.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <istream>
#include <map>
#include <system_error>

#include "compiler/limits.h"
#include "compiler/source/notebook.h"

namespace lotmesh::tool {

using source::SourceText;

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kExtension = ".lot";

// The rest of a stream, up to one byte more than a route file may have.
std::string read_stream(std::istream& in) {
    const std::size_t bytes_max = CompilerLimits{}.file_bytes_max + 1;
    std::string text;
    char buffer[4096];
    while (text.size() < bytes_max && (in.read(buffer, sizeof buffer), in.gcount() > 0))
        text.append(buffer, static_cast<std::size_t>(in.gcount()));
    return text;
}

std::string cannot_read(const std::string& path, const std::error_code& reason) {
    return fmt::format("cannot read {}: {}", path, reason.message());
}

Result<SourceText, std::string> read_file(const std::string& path) {
    errno = 0;
    std::ifstream in(path, std::ios::binary);
    if (!in) return failure(cannot_read(path, {errno, std::generic_category()}));
    SourceText file{path, read_stream(in)};
    if (in.bad()) return failure(cannot_read(path, {EIO, std::generic_category()}));
    return file;
}

struct Listing {
    std::map<fs::path, std::vector<std::string>> folders;  // the route files of each
    std::vector<std::string> notebooks;
};

// What is in a folder and in each folder in it; all in the order of their names.
Result<Listing, std::string> list_folder(const std::string& path) {
    Listing listing;
    std::error_code error;
    for (auto entry = fs::recursive_directory_iterator(path, error);
         !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
        std::error_code dangling;
        const bool is_folder = entry->is_directory(dangling);
        if (entry->path().filename().string().starts_with('.')) {
            if (is_folder) entry.disable_recursion_pending();
        } else if (!is_folder && entry->path().extension() == kExtension) {
            listing.folders[entry->path().parent_path()].push_back(entry->path().string());
        } else if (!is_folder && source::is_notebook(entry->path().filename().string())) {
            listing.notebooks.push_back(entry->path().string());
        }
    }
    if (error) return failure(cannot_read(path, error));
    for (auto& [folder, files] : listing.folders)
        std::ranges::sort(files);
    std::ranges::sort(listing.notebooks);
    return listing;
}

Result<PlanFiles, std::string> read_files(const std::vector<std::string>& paths, std::istream& in) {
    PlanFiles files;
    for (const std::string& path : paths) {
        if (path == kStandardInput) {
            files.push_back({std::string(kStandardInputName), read_stream(in)});
            continue;
        }
        auto file = read_file(path);
        if (!file) return failure(file.error());
        files.push_back(std::move(*file));
    }
    return files;
}

}  // namespace

Result<std::vector<PlanFiles>, std::string> read_route_files(const std::vector<std::string>& paths,
                                                             std::istream& in) {
    std::vector<std::vector<std::string>> plans(1);
    for (const std::string& path : paths) {
        std::error_code error;
        if (!fs::is_directory(path, error)) {
            plans.front().push_back(path);
            continue;
        }
        auto listing = list_folder(path);
        if (!listing) return failure(listing.error());
        for (auto& [folder, files] : listing->folders)
            plans.push_back(std::move(files));
        for (std::string& notebook : listing->notebooks)
            plans.push_back({std::move(notebook)});
    }
    std::vector<PlanFiles> result;
    for (const std::vector<std::string>& names : plans) {
        if (names.empty()) continue;
        auto files = read_files(names, in);
        if (!files) return failure(files.error());
        result.push_back(std::move(*files));
    }
    return result;
}

}  // namespace lotmesh::tool
