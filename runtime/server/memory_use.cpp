#include "runtime/server/memory_use.h"

#include <sys/sysinfo.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>

#include "runtime/server/files.h"

namespace lotmesh::server {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFileBytesMax = 64 * 1024;

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
    if (parsed.ec != std::errc()) return std::nullopt;
    return value;
}

// The nth word of a line, from 0.
std::string_view word(std::string_view line, int n) {
    for (; n > 0; --n)
        line.remove_prefix(std::min(line.find(' '), line.size() - 1) + 1);
    return line.substr(0, line.find_first_of(" \n"));
}

// Of this process in the one hierarchy of cgroups (version 2): "0::/system.slice/lotmesh.service".
std::optional<std::string> own_cgroup(const fs::path& proc) {
    const auto text = read_file(proc / "self" / "cgroup", kFileBytesMax);
    if (!text) return std::nullopt;
    constexpr std::string_view kBegin = "0::/";
    const std::size_t at = text->starts_with(kBegin) ? 0 : text->find("\n0::/");
    if (at == std::string::npos) return std::nullopt;
    const std::size_t begin = text->find("::/", at) + kBegin.size() - 1;
    return text->substr(begin, text->find('\n', begin) - begin);
}

// "Max data size      1000      unlimited      bytes": the first number is the one that holds.
std::optional<std::uint64_t> own_limit(const fs::path& proc, std::string_view name) {
    const auto text = read_file(proc / "self" / "limits", kFileBytesMax);
    if (!text) return std::nullopt;
    const std::size_t at = text->find(name);
    if (at == std::string::npos) return std::nullopt;
    const std::size_t begin = text->find_first_not_of(' ', at + name.size());
    return begin == std::string::npos ? std::nullopt
                                      : number(std::string_view(*text).substr(begin));
}

}  // namespace

std::optional<std::uint64_t> used_bytes(const fs::path& proc) {
    const auto text = read_file(proc / "self" / "statm", kFileBytesMax);
    if (!text || text->empty()) return std::nullopt;
    const auto resident = number(word(*text, 1));
    const auto shared = number(word(*text, 2));  // pages of files
    if (!resident || !shared || *shared > *resident) return std::nullopt;
    return (*resident - *shared) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::uint64_t memory_bytes_max(const fs::path& proc, const fs::path& cgroup) {
    struct sysinfo machine{};
    ::sysinfo(&machine);
    std::uint64_t least = std::uint64_t{machine.totalram} * machine.mem_unit;
    for (const std::string_view name : {"Max address space", "Max data size"})
        if (const auto limit = own_limit(proc, name)) least = std::min(least, *limit);
    const auto own = own_cgroup(proc);
    // A limit higher up holds for us, too.
    for (fs::path at = own ? cgroup / *own : cgroup;; at = at.parent_path()) {
        if (const auto text = read_file(at / "memory.max", kFileBytesMax))
            if (const auto limit = number(*text)) least = std::min(least, *limit);  // or "max"
        if (at == cgroup || at == at.parent_path()) return least;
    }
}

}  // namespace lotmesh::server
