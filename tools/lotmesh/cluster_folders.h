// The folders of a cluster's nodes: what `lint --cluster`, graph and trace look at.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "compiler/cluster.h"

namespace lotmesh::tool {

inline constexpr const char* kDeclarationName = "node.toml";

// Each folder in `path` that is not hidden and holds *.lot files or a node.toml, by name. Folders
// within those are not looked at, as a broker does not. The error is one line.
Result<std::vector<NodeFolder>, std::string> read_cluster_folders(const std::string& path);

// Files that declarations name, as far as they can be read.
class NodeFiles final : public topology::FilePort {
public:
    std::optional<std::string> read(const std::string& folder,
                                    const std::string& path) const override;
};

class NodeCrypto final : public topology::CryptoPort {
public:
    Result<PemFile, std::string> read(std::string_view text,
                                      const std::string& passphrase) const override;
    bool covers(std::string_view text, const std::string& host) const override;
    std::optional<bool> is_password(std::string_view password,
                                    std::string_view hash) const override;
};

}  // namespace lotmesh::tool
