// Who this node is: a uuid that the data directory keeps for life, and the incarnation, which is
// counted up and on disk before each start goes on.
//
// A data directory belongs to one process at a time; the lock is held as long as the NodeIdentity
// lives, and the system drops it when the process dies.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.h"
#include "runtime/cluster/certificate_pins.h"
#include "runtime/cluster/identity.h"
#include "runtime/net/file_descriptor.h"

namespace lotmesh::server {

struct NodeIdentity {
    cluster::Identity identity;
    net::FileDescriptor lock;  // of the data directory; none for a node without one
};

// Makes the directory (0700) and the file (0600) where they are missing. The error is one line for
// people; nothing was changed then.
Result<NodeIdentity, std::string> claim_identity(const std::filesystem::path& directory);

// For a node without a data directory: new at each start.
NodeIdentity passing_identity();

// What an earlier start knew of its peers' certificates; nothing where there is no file. The error
// is one line for people.
Result<cluster::CertificatePins, std::string> read_pins(const std::filesystem::path& directory);
// For the next one. The directory is there.
Result<void, std::string> write_pins(const std::filesystem::path& directory,
                                     const std::string& text);

// From the system's generator; for seeds, nonces and new uuids.
std::uint64_t random_number();

}  // namespace lotmesh::server
