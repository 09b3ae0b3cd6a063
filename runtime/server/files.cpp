#include "runtime/server/files.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>

#include "runtime/net/file_descriptor.h"
#include "runtime/net/io_error.h"

namespace lotmesh::server {

namespace fs = std::filesystem;

namespace {

Result<std::string, std::string> read_all(int fd, const fs::path& path, std::size_t bytes_max) {
    std::string text;
    // One byte more than allowed shows that there is more.
    while (text.size() <= bytes_max) {
        const std::size_t at = text.size();
        text.resize(std::min(at + 65'536, bytes_max + 1));
        const ssize_t size = ::read(fd, text.data() + at, text.size() - at);
        if (size < 0) return failure(os_complaint("read", path));
        text.resize(at + static_cast<std::size_t>(size));
        if (size == 0) return text;
    }
    return failure(path.string() + " is larger than " + std::to_string(bytes_max) + " bytes");
}

bool write_all(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t size = ::write(fd, text.data(), text.size());
        if (size < 0) return false;
        text.remove_prefix(static_cast<std::size_t>(size));
    }
    return true;
}

enum class Sync : bool { No, Yes };

// The new content is on disk before its name is, where that is asked for.
Result<void, std::string> replace(const fs::path& path, std::string_view text, Sync sync) {
    const fs::path temporary = path.string() + ".new";
    // A leftover could belong to more readers than the new one.
    ::unlink(temporary.c_str());
    const net::FileDescriptor file(
        ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!file) return failure(os_complaint("write", temporary));
    if (!write_all(file.get(), text) || (sync == Sync::Yes && ::fsync(file.get()) != 0))
        return failure(os_complaint("write", temporary));
    if (::rename(temporary.c_str(), path.c_str()) != 0) return failure(os_complaint("write", path));
    return {};
}

}  // namespace

std::string os_complaint(const std::string& what, const fs::path& path) {
    return "cannot " + what + " " + path.string() + ": " + net::last_os_error().text;
}

Result<std::string, std::string> read_file(const fs::path& path, std::size_t bytes_max) {
    // Without O_NONBLOCK a named pipe would hold us here.
    const net::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file) return failure(os_complaint("read", path));
    struct stat status{};
    if (::fstat(file.get(), &status) != 0) return failure(os_complaint("read", path));
    if (!S_ISREG(status.st_mode)) return failure(path.string() + " is not a regular file");
    return read_all(file.get(), path, bytes_max);
}

Result<void, std::string> write_durably(const fs::path& path, std::string_view text) {
    if (auto replaced = replace(path, text, Sync::Yes); !replaced) return replaced;
    const fs::path parent = path.has_parent_path() ? path.parent_path() : fs::path(".");
    const net::FileDescriptor folder(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder || ::fsync(folder.get()) != 0) return failure(os_complaint("sync", parent));
    return {};
}

Result<void, std::string> replace_private_file(const fs::path& path, std::string_view text) {
    return replace(path, text, Sync::No);
}

}  // namespace lotmesh::server
