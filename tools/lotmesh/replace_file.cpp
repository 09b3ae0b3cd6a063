#include "tools/lotmesh/replace_file.h"

#include <unistd.h>

#include <fstream>
#include <system_error>

namespace lotmesh::tool {

namespace fs = std::filesystem;

Result<void, std::string> replace_file(const std::filesystem::path& path, const std::string& text) {
    // A link stays a link.
    std::error_code error;
    const fs::path target = fs::is_symlink(path, error) ? fs::canonical(path, error) : path;
    const fs::path temporary = target.parent_path() / ("." + target.filename().string() + ".fmt" +
                                                       std::to_string(::getpid()));
    {
        std::ofstream file(temporary, std::ios::binary);
        file << text;
        if (!file.flush()) {
            fs::remove(temporary, error);
            return failure("cannot write beside " + path.string());
        }
    }
    fs::permissions(temporary, fs::status(target, error).permissions(), error);
    fs::rename(temporary, target, error);
    if (!error) return {};
    const std::string why = error.message();
    fs::remove(temporary, error);
    return failure("cannot replace " + path.string() + ": " + why);
}

}  // namespace lotmesh::tool
