// The file of `--audit-log`: one JSON object a line, in ASCII, for programs that collect them.
//
//     {"time":"2026-11-30T21:40:00.123Z","kind":"connected","client_id":"a","user":"b",
//      "remote":"10.0.0.2:51234","detail":""}
//
// Appended to, so that a program that rotates files may rename it and send SIGHUP. Only its owner
// can read it. Each line is one write, so no line stands in another. Core thread.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "runtime/broker/audit.h"
#include "runtime/net/file_descriptor.h"

namespace lotmesh::server {

// With its line end. What clients chose cannot leave its string: control characters, and whatever
// is not ASCII, are escaped.
std::string to_json_line(const broker::Audit& audit, WallTime now);

class AuditLog {
public:
    // The error is one line with the path.
    static Result<AuditLog, std::string> open(const std::filesystem::path& path);

    // The file of that name, which may be another by now. Where that fails, the old one is written
    // on.
    Result<void, std::string> reopen();

    // A line that cannot be written (the disk is full) is lost; the log says so once, until one can
    // be written again.
    void write(const broker::Audit& audit, WallTime now);

private:
    AuditLog(std::filesystem::path path, net::FileDescriptor file)
        : path_(std::move(path)), file_(std::move(file)) {}

    std::filesystem::path path_;
    net::FileDescriptor file_;
    bool failing_ = false;
};

}  // namespace lotmesh::server
