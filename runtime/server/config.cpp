#include "runtime/server/config.h"

#include <sys/stat.h>

#include "runtime/server/files.h"

namespace lotmesh::server {

namespace {

constexpr std::size_t kCredentialsBytesMax = 4096;

}  // namespace

Result<ClusterCredentials, std::string> read_credentials(const std::filesystem::path& path) {
    const auto text = read_file(path, kCredentialsBytesMax);
    if (!text) return failure(text.error());
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0) return failure(os_complaint("read", path));
    if ((status.st_mode & S_IROTH) != 0)
        return failure(path.string() + " holds a password and everybody can read it: chmod o-r");
    std::string_view line = *text;
    if (line.ends_with('\n')) line.remove_suffix(1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0 || line.contains('\n'))
        return failure(path.string() + " is not one line \"user:password\"");
    return ClusterCredentials{std::string(line.substr(0, colon)),
                              std::string(line.substr(colon + 1))};
}

}  // namespace lotmesh::server
