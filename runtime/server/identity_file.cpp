#include "runtime/server/identity_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>

#include <cerrno>
#include <limits>

#include "base/assert.h"
#include "runtime/server/files.h"

namespace lotmesh::server {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kIdentityBytesMax = 4096;
constexpr std::size_t kPinsBytesMax = 64 * 1024;
constexpr std::string_view kPinsFile = "peers";
constexpr mode_t kDirectoryMode = 0700;
constexpr mode_t kFileMode = 0600;

using Failure = Result<void, std::string>;

Failure make_directory(const fs::path& directory) {
    std::error_code error;
    fs::create_directories(directory.parent_path(), error);
    if (::mkdir(directory.c_str(), kDirectoryMode) == 0) return {};
    if (errno != EEXIST) return failure(os_complaint("create data directory", directory));
    if (!fs::is_directory(directory, error))
        return failure("data directory " + directory.string() + " is not a directory");
    return {};
}

Result<net::FileDescriptor, std::string> lock_directory(const fs::path& directory) {
    const fs::path path = directory / "lock";
    net::FileDescriptor lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kFileMode));
    if (!lock) return failure(os_complaint("open", path));
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) == 0) return lock;
    if (errno == EWOULDBLOCK)
        return failure("data directory " + directory.string() + " is in use by another process");
    return failure(os_complaint("lock", path));
}

cluster::Identity new_identity() {
    return {cluster::make_node_id(random_number(), random_number()), 0};
}

Result<cluster::Identity, std::string> read_identity(const fs::path& path) {
    std::error_code error;
    if (fs::symlink_status(path, error).type() == fs::file_type::not_found) return new_identity();
    const auto text = read_file(path, kIdentityBytesMax);
    if (!text) return failure(text.error());
    auto identity = cluster::parse_identity(*text);
    std::string why;
    if (!identity)
        why = identity.error();
    else if (identity->incarnation == std::numeric_limits<std::uint64_t>::max())
        why = "the incarnation cannot grow any more";
    if (why.empty()) return *identity;
    return failure(path.string() + " is damaged: " + why +
                   " (restore it, or remove it to start as a new node)");
}

}  // namespace

std::uint64_t random_number() {
    std::uint64_t number = 0;
    ASSERT(::getrandom(&number, sizeof(number), 0) == sizeof(number));
    return number;
}

Result<NodeIdentity, std::string> claim_identity(const fs::path& directory) {
    const fs::path folder = fs::absolute(directory / "").parent_path();
    if (const auto made = make_directory(folder); !made) return failure(made.error());
    auto lock = lock_directory(folder);
    if (!lock) return failure(lock.error());
    const fs::path path = folder / "identity";
    auto identity = read_identity(path);
    if (!identity) return failure(identity.error());
    ++identity->incarnation;
    const auto written = write_durably(path, cluster::format_identity(*identity));
    if (!written) return failure(written.error());
    return NodeIdentity{*identity, std::move(*lock)};
}

Result<cluster::CertificatePins, std::string> read_pins(const fs::path& directory) {
    const fs::path path = directory / kPinsFile;
    std::error_code error;
    if (fs::symlink_status(path, error).type() == fs::file_type::not_found)
        return cluster::CertificatePins();
    const auto text = read_file(path, kPinsBytesMax);
    if (!text) return failure(text.error());
    auto pins = cluster::CertificatePins::parse(*text);
    if (pins) return pins;
    return failure(path.string() + " is damaged: " + pins.error() +
                   " (restore it, or remove it to take peers as they are the next time)");
}

Result<void, std::string> write_pins(const fs::path& directory, const std::string& text) {
    return replace_private_file(directory / kPinsFile, text);
}

NodeIdentity passing_identity() {
    NodeIdentity passing{new_identity(), {}};
    passing.identity.incarnation = 1;
    return passing;
}

}  // namespace lotmesh::server
