#include "tools/lotmesh/cluster_folders.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <system_error>

#include "runtime/net/password_hash.h"
#include "runtime/net/pem_file.h"
#include "tools/lotmesh/route_files.h"

namespace lotmesh::tool {

namespace {

namespace fs = std::filesystem;

// What a folder holds, by name, but for what is hidden.
Result<std::vector<fs::path>, std::string> list(const std::string& path) {
    std::vector<fs::path> entries;
    std::error_code error;
    for (auto entry = fs::directory_iterator(path, error);
         !error && entry != fs::directory_iterator(); entry.increment(error))
        if (!entry->path().filename().string().starts_with('.')) entries.push_back(entry->path());
    if (error) return failure(fmt::format("cannot read {}: {}", path, error.message()));
    std::ranges::sort(entries);
    return entries;
}

Result<NodeFolder, std::string> read_folder(const fs::path& path) {
    NodeFolder folder{.name = path.filename().string(), .files = {}};
    folder.path = path.string();
    const auto entries = list(folder.path);
    if (!entries) return failure(entries.error());
    std::vector<std::string> names;
    std::string declaration;
    for (const fs::path& entry : *entries) {
        std::error_code dangling;
        if (fs::is_directory(entry, dangling)) continue;
        if (entry.extension() == ".lot") names.push_back(entry.string());
        if (entry.filename() == kDeclarationName) declaration = entry.string();
    }
    std::istringstream no_input;
    if (!names.empty()) {
        auto files = read_route_files(names, no_input);
        if (!files) return failure(files.error());
        folder.files = std::move(files->front());
    }
    if (!declaration.empty()) {
        auto file = read_route_files({declaration}, no_input);
        if (!file) return failure(file.error());
        folder.declaration = std::move(file->front().front());
    }
    return folder;
}

}  // namespace

Result<std::vector<NodeFolder>, std::string> read_cluster_folders(const std::string& path) {
    const auto entries = list(path);
    if (!entries) return failure(entries.error());
    std::vector<NodeFolder> folders;
    for (const fs::path& entry : *entries) {
        std::error_code dangling;
        if (!fs::is_directory(entry, dangling)) continue;
        auto folder = read_folder(entry);
        if (!folder) return failure(folder.error());
        if (!folder->files.empty() || folder->declaration) folders.push_back(std::move(*folder));
    }
    if (folders.empty())
        return failure(fmt::format("{} holds no folder of a node: each has *.lot files or a {}",
                                   path, kDeclarationName));
    return folders;
}

std::optional<std::string> NodeFiles::read(const std::string& folder,
                                           const std::string& path) const {
    std::istringstream no_input;
    const auto file = read_route_files({(fs::path(folder) / path).string()}, no_input);
    if (!file || file->empty()) return std::nullopt;
    return file->front().front().text;
}

Result<PemFile, std::string> NodeCrypto::read(std::string_view text,
                                              const std::string& passphrase) const {
    return net::read_pem(text, passphrase);
}

bool NodeCrypto::covers(std::string_view text, const std::string& host) const {
    return net::certificate_covers(text, host);
}

std::optional<bool> NodeCrypto::is_password(std::string_view password,
                                            std::string_view hash) const {
    return net::matches_password_hash(password, hash);
}

}  // namespace lotmesh::tool
