#include "runtime/server/files.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>

#include "runtime/net/file_descriptor.h"
#include "runtime/net/io_error.h"

namespace lotmesh::server {

namespace {

Result<std::string, std::string> read_all(int fd, const std::filesystem::path& path,
                                          std::size_t bytes_max) {
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

}  // namespace

std::string os_complaint(const std::string& what, const std::filesystem::path& path) {
    return "cannot " + what + " " + path.string() + ": " + net::last_os_error().text;
}

Result<std::string, std::string> read_file(const std::filesystem::path& path,
                                           std::size_t bytes_max) {
    // Without O_NONBLOCK a named pipe would hold us here.
    const net::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file) return failure(os_complaint("read", path));
    struct stat status{};
    if (::fstat(file.get(), &status) != 0) return failure(os_complaint("read", path));
    if (!S_ISREG(status.st_mode)) return failure(path.string() + " is not a regular file");
    return read_all(file.get(), path, bytes_max);
}

// The new content is on disk before its name is, and the name before we return.
Result<void, std::string> write_durably(const std::filesystem::path& path, std::string_view text) {
    const std::filesystem::path temporary = path.string() + ".new";
    const net::FileDescriptor file(
        ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!file) return failure(os_complaint("write", temporary));
    if (!write_all(file.get(), text) || ::fsync(file.get()) != 0)
        return failure(os_complaint("write", temporary));
    if (::rename(temporary.c_str(), path.c_str()) != 0) return failure(os_complaint("write", path));
    const std::filesystem::path parent = path.parent_path();
    const net::FileDescriptor folder(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder || ::fsync(folder.get()) != 0) return failure(os_complaint("sync", parent));
    return {};
}

}  // namespace lotmesh::server
