// How much memory this process uses and may use: what the kernel says. Reads /proc and the cgroup's
// files; any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace lotmesh::server {

// What is in memory and not on disk as well. None: the kernel does not say.
std::optional<std::uint64_t> used_bytes(const std::filesystem::path& proc = "/proc");

// The lowest of what the machine has, what the cgroups that we are in allow, and the limits of this
// process on its address space and data.
std::uint64_t memory_bytes_max(const std::filesystem::path& proc = "/proc",
                               const std::filesystem::path& cgroup = "/sys/fs/cgroup");

}  // namespace lotmesh::server
