#include "runtime/server/references.h"

#include <cstdlib>
#include <string>

#include "compiler/limits.h"
#include "runtime/server/files.h"

namespace lotmesh::server {

std::optional<std::string> SystemReferences::env(std::string_view name) const {
    const char* value = std::getenv(std::string(name).c_str());
    if (value == nullptr) return std::nullopt;
    return value;
}

std::optional<std::string> SystemReferences::secret(std::string_view name) const {
    // A name is a name: no way out of the folder.
    const bool plain =
        !name.empty() && !name.starts_with('.') && !name.contains('/') && !name.contains('\0');
    if (!plain) return std::nullopt;
    for (const std::filesystem::path& folder : secret_folders_) {
        auto text = read_file(folder / name, CompilerLimits{}.value_bytes_max + 2);
        if (!text) continue;
        if (text->ends_with('\n')) text->pop_back();
        if (text->ends_with('\r')) text->pop_back();
        return std::move(*text);
    }
    return std::nullopt;
}

std::vector<std::filesystem::path> default_secret_folders() {
    std::vector<std::filesystem::path> folders;
    if (const char* systemd = std::getenv("CREDENTIALS_DIRECTORY")) folders.emplace_back(systemd);
    folders.emplace_back("/run/secrets");
    return folders;
}

}  // namespace lotmesh::server
