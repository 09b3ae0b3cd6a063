// Where GET ENV and GET SECRET find their values: the environment of the process, and files in the
// folders for secrets, of which the first that has the name wins.
#pragma once

#include <filesystem>
#include <vector>

#include "compiler/sema/references.h"

namespace lotmesh::server {

class SystemReferences final : public ReferenceResolver {
public:
    explicit SystemReferences(std::vector<std::filesystem::path> secret_folders)
        : secret_folders_(std::move(secret_folders)) {}

    std::optional<std::string> env(std::string_view name) const override;
    // The content of the file without one newline at its end.
    std::optional<std::string> secret(std::string_view name) const override;

private:
    std::vector<std::filesystem::path> secret_folders_;
};

// $CREDENTIALS_DIRECTORY (systemd) where it is set, then /run/secrets (containers).
std::vector<std::filesystem::path> default_secret_folders();

}  // namespace lotmesh::server
