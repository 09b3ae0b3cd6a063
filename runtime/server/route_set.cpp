#include "runtime/server/route_set.h"

#include <algorithm>
#include <set>
#include <system_error>
#include <vector>

#include "runtime/server/files.h"
#include "runtime/server/route_files.h"

namespace lotmesh::server {

namespace fs = std::filesystem;
using source::SourceText;

namespace {

using Done = Result<void, std::string>;

constexpr std::string_view kExtension = ".lot";
constexpr std::size_t kNameBytesMax = 200;

fs::path last_good(const fs::path& folder) { return folder / kLastGoodFolder; }

std::string complaint(const char* what, const fs::path& path, const std::error_code& error) {
    return std::string("cannot ") + what + " " + path.string() + ": " + error.message();
}

Done write_all(const fs::path& folder, std::span<const SourceText> files) {
    for (const SourceText& file : files)
        if (auto written = write_durably(folder / fs::path(file.name).filename(), file.text);
            !written)
            return written;
    return {};
}

// Route files of the folder that are not among these.
Done remove_others(const fs::path& folder, std::span<const SourceText> files) {
    const auto there = read_routes(folder);
    if (!there) return failure(there.error());
    for (const SourceText& file : *there) {
        const std::string name = fs::path(file.name).filename().string();
        if (std::ranges::any_of(files, [&](const SourceText& kept) {
                return fs::path(kept.name).filename() == name;
            }))
            continue;
        std::error_code error;
        fs::remove(file.name, error);
        if (error) return failure(complaint("remove", file.name, error));
    }
    return {};
}

Done remove_folder(const fs::path& folder) {
    std::error_code error;
    fs::remove_all(folder, error);
    if (error) return failure(complaint("remove", folder, error));
    return {};
}

Done rename_folder(const fs::path& from, const fs::path& to) {
    std::error_code error;
    fs::rename(from, to, error);
    if (error) return failure(complaint("rename", from, error));
    return {};
}

// Whole or not at all: it is filled under another name.
Done copy_last_good(const fs::path& folder) {
    const auto files = read_routes(folder);
    if (!files) return failure(files.error());
    const fs::path making = last_good(folder).string() + ".new";
    if (auto removed = remove_folder(making); !removed) return removed;
    std::error_code error;
    if (!fs::create_directory(making, error)) return failure(complaint("create", making, error));
    fs::permissions(making, fs::perms::owner_all, error);
    if (auto written = write_all(making, *files); !written) return written;
    return rename_folder(making, last_good(folder));
}

}  // namespace

Done check_file_names(std::span<const SourceText> files) {
    if (files.size() > kRouteFilesMax)
        return failure("there are more than " + std::to_string(kRouteFilesMax) + " files");
    std::set<std::string_view> names;
    for (const SourceText& file : files) {
        const bool plain = file.name.ends_with(kExtension) && !file.name.starts_with('.') &&
                           file.name.find('/') == std::string::npos &&
                           file.name.find('\0') == std::string::npos &&
                           file.name.size() <= kNameBytesMax;
        if (!plain) return failure("'" + file.name + "' is no name of a route file");
        if (!names.insert(file.name).second) return failure("'" + file.name + "' is there twice");
    }
    return {};
}

Done replace_route_files(const fs::path& folder, std::span<const SourceText> files) {
    if (!has_last_good(folder))
        if (auto copied = copy_last_good(folder); !copied) return copied;
    if (auto written = write_all(folder, files); !written) return written;
    return remove_others(folder, files);
}

bool has_last_good(const fs::path& folder) {
    std::error_code error;
    return fs::is_directory(last_good(folder), error);
}

Done take_back_route_files(const fs::path& folder) {
    const auto files = read_routes(last_good(folder));
    if (!files) return failure(files.error());
    if (auto written = write_all(folder, *files); !written) return written;
    if (auto removed = remove_others(folder, *files); !removed) return removed;
    return drop_last_good(folder);
}

Done drop_last_good(const fs::path& folder) {
    // Gone in one step; what is left of it under the other name means nothing.
    const fs::path leaving = last_good(folder).string() + ".old";
    if (auto removed = remove_folder(leaving); !removed) return removed;
    if (!has_last_good(folder)) return {};
    if (auto renamed = rename_folder(last_good(folder), leaving); !renamed) return renamed;
    return remove_folder(leaving);
}

}  // namespace lotmesh::server
