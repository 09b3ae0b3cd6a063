#include "runtime/server/audit_log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/chrono.h>
#include <nlohmann/json.hpp>

#include <ctime>
#include <utility>

#include "base/log.h"
#include "runtime/server/files.h"

namespace lotmesh::server {

namespace {

constexpr std::int64_t kMsOfSecond = 1000;

// In UTC.
std::string time_text(WallTime time) {
    const std::tm parts = fmt::gmtime(static_cast<std::time_t>(time.ms / kMsOfSecond));
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", parts, time.ms % kMsOfSecond);
}

// Opening a named pipe must not wait for its reader.
Result<net::FileDescriptor, std::string> open_to_append(const std::filesystem::path& path) {
    net::FileDescriptor file(::open(
        path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, S_IRUSR | S_IWUSR));
    if (!file) return failure(os_complaint("write", path));
    struct stat status{};
    if (::fstat(file.get(), &status) != 0) return failure(os_complaint("write", path));
    if (!S_ISREG(status.st_mode)) return failure(path.string() + " is not a regular file");
    if (::fchmod(file.get(), S_IRUSR | S_IWUSR) != 0) return failure(os_complaint("write", path));
    return file;
}

}  // namespace

std::string to_json_line(const broker::Audit& audit, WallTime now) {
    const nlohmann::ordered_json line = {
        {"time", time_text(now)},         {"kind", broker::name(audit.kind)},
        {"client_id", audit.client_id},   {"user", audit.user_name},
        {"remote", audit.remote_address}, {"detail", audit.detail},
    };
    return line.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace) + "\n";
}

Result<AuditLog, std::string> AuditLog::open(const std::filesystem::path& path) {
    auto file = open_to_append(path);
    if (!file) return failure(file.error());
    return AuditLog(path, std::move(*file));
}

Result<void, std::string> AuditLog::reopen() {
    auto file = open_to_append(path_);
    if (!file) return failure(file.error());
    file_ = std::move(*file);
    return {};
}

void AuditLog::write(const broker::Audit& audit, WallTime now) {
    const std::string line = to_json_line(audit, now);
    const ssize_t written = ::write(file_.get(), line.data(), line.size());
    const bool failed = std::cmp_not_equal(written, line.size());
    if (failed && !failing_) log::error(os_complaint("write", path_) + "; lines of it are lost");
    failing_ = failed;
}

}  // namespace lotmesh::server
