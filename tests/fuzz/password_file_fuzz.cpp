// Any bytes as a file of users: what is read of it is written and read again as the same, and no
// user has a name that could not be one.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "runtime/net/password_hash.h"
#include "runtime/server/password_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace lotmesh;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto file = server::PasswordFile::parse(text);
    const auto line = server::parse_password_line(text);
    if (line) {
        ASSERT(server::is_user_name(line->user));
        ASSERT(server::parse_password_line(to_string(*line)) == *line);
        const auto* hash = std::get_if<server::PasswordHash>(&line->secret);
        ASSERT(hash == nullptr || net::is_password_hash(hash->text));
    }
    ASSERT(!file || file->find("") == nullptr);
    return 0;
}
