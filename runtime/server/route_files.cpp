#include "runtime/server/route_files.h"

#include <algorithm>

#include "compiler/limits.h"
#include "runtime/server/files.h"

namespace lotmesh::server {

namespace fs = std::filesystem;

namespace {

bool is_route_file(const fs::path& path) {
    return path.extension() == ".lot" && !path.filename().string().starts_with('.');
}

Result<std::vector<fs::path>, std::string> list_folder(const fs::path& folder) {
    std::error_code error;
    std::vector<fs::path> paths;
    for (fs::directory_iterator item(folder, error), end; !error && item != end;
         item.increment(error))
        if (is_route_file(item->path())) paths.push_back(item->path());
    if (error) return failure("cannot read " + folder.string() + ": " + error.message());
    if (paths.size() > kRouteFilesMax)
        return failure(folder.string() + " holds more than " + std::to_string(kRouteFilesMax) +
                       " route files");
    std::sort(paths.begin(), paths.end());
    return paths;
}

}  // namespace

Result<std::vector<source::SourceText>, std::string> read_routes(const fs::path& path,
                                                                 std::size_t bytes_max) {
    std::vector<fs::path> paths{path};
    std::error_code error;
    if (fs::is_directory(path, error)) {
        auto listed = list_folder(path);
        if (!listed) return failure(listed.error());
        paths = std::move(*listed);
    }
    std::vector<source::SourceText> files;
    std::size_t bytes = 0;
    for (const fs::path& file : paths) {
        auto text = read_file(file, CompilerLimits{}.file_bytes_max);
        if (!text) return failure(text.error());
        bytes += text->size();
        if (bytes > bytes_max)
            return failure("the route files of " + path.string() + " are larger than " +
                           std::to_string(bytes_max) + " bytes together");
        files.push_back({file.string(), std::move(*text)});
    }
    return files;
}

ir::Plan with_absolute_paths(ir::Plan plan, const std::filesystem::path& routes) {
    std::error_code error;
    const bool is_folder = std::filesystem::is_directory(routes, error);
    const std::filesystem::path folder = is_folder ? routes : routes.parent_path();
    for (ir::Link& link : plan.links)
        for (std::string* path : {&link.tls.server_ca_cert_path, &link.tls.client_cert_path})
            if (!path->empty()) *path = (folder / *path).string();
    return plan;
}

}  // namespace lotmesh::server
