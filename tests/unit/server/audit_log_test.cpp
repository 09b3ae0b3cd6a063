#include "runtime/server/audit_log.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "tests/support/temporary_folder.h"

using namespace lotmesh;
using namespace lotmesh::server;
using broker::Audit;
using broker::AuditKind;
namespace fs = std::filesystem;

namespace {

constexpr WallTime kNow{1'700'000'000'007};
const Audit kAda{AuditKind::Connected, "sensor", "ada", "10.0.0.2:51234", "TLS"};
const std::string kLine =
    R"({"time":"2023-11-14T22:13:20.007Z","kind":"connected","client_id":"sensor","user":"ada",)"
    R"("remote":"10.0.0.2:51234","detail":"TLS"})"
    "\n";

}  // namespace

TEST_CASE("what happened is one JSON object a line") { CHECK(to_json_line(kAda, kNow) == kLine); }

TEST_CASE("S33: what a client chose cannot leave its string") {
    Audit audit = kAda;
    audit.client_id = "a\"},\n{\x1B[31m\\\x7F\xE2\x80\xA8\xC3\xA9";
    audit.user_name = std::string("\0\xFF", 2);
    const std::string line = to_json_line(audit, kNow);
    CHECK(line.contains(R"("client_id":"a\"},\n{\u001b[31m\\\u007f\u2028\u00e9")"));
    CHECK(line.contains(R"("user":"\u0000\ufffd")"));
    CHECK(line.find('\n') == line.size() - 1);
}

TEST_CASE("lines are appended to a file that is its owner's") {
    const test::TemporaryFolder folder;
    const std::string path = folder.write("audit", "before\n");
    fs::permissions(path, fs::perms::all);
    auto audit_log = AuditLog::open(path);
    REQUIRE(audit_log);
    audit_log->write(kAda, kNow);
    audit_log->write(kAda, kNow);
    CHECK(folder.read("audit") == "before\n" + kLine + kLine);
    CHECK(fs::status(path).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("a file that was renamed is left alone once it is opened again") {
    const test::TemporaryFolder folder;
    auto audit_log = AuditLog::open(folder.path("audit"));
    REQUIRE(audit_log);
    audit_log->write(kAda, kNow);
    fs::rename(folder.path("audit"), folder.path("audit.1"));
    audit_log->write(kAda, kNow);
    REQUIRE(audit_log->reopen());
    audit_log->write(kAda, kNow);
    CHECK(folder.read("audit.1") == kLine + kLine);
    CHECK(folder.read("audit") == kLine);
    // Where it cannot be, the old one is written on.
    fs::remove(folder.path("audit"));
    fs::create_directory(folder.path("audit"));
    CHECK_FALSE(audit_log->reopen());
    audit_log->write(kAda, kNow);
}

TEST_CASE("a file that cannot be written is told") {
    const test::TemporaryFolder folder;
    CHECK(AuditLog::open("/nowhere/audit").error() ==
          "cannot write /nowhere/audit: no such file or directory");
    CHECK_FALSE(AuditLog::open(folder.path()));
    CHECK_FALSE(AuditLog::open("/dev/null"));
}
