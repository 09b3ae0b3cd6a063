#include "base/log.h"

#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace lotmesh::log {

namespace {

spdlog::level::level_enum spdlog_level(Level level) {
    switch (level) {
        case Level::Debug: return spdlog::level::debug;
        case Level::Info: return spdlog::level::info;
        case Level::Warning: return spdlog::level::warn;
        case Level::Error: return spdlog::level::err;
    }
    return spdlog::level::err;
}

spdlog::logger& logger() {
    static const std::shared_ptr<spdlog::logger> instance = [] {
        auto made = std::make_shared<spdlog::logger>(
            "lotmesh", std::make_shared<spdlog::sinks::stderr_sink_mt>());
        made->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
        return made;
    }();
    return *instance;
}

bool needs_escape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

std::string escaped(std::string_view text) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        if (!needs_escape(c)) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += "\\x";
        out += kDigits[byte >> 4];
        out += kDigits[byte & 15];
    }
    return out;
}

// Lines come from all threads.
struct Kept {
    std::mutex mutex;
    std::size_t lines_max = 0;
    std::vector<Line> lines;
};

Kept& kept() {
    static Kept instance;
    return instance;
}

void keep(Level level, const std::string& text) {
    Kept& all = kept();
    const std::lock_guard lock(all.mutex);
    if (all.lines.size() < all.lines_max) all.lines.push_back({level, text});
}

}  // namespace

std::optional<Level> parse_level(std::string_view word) {
    if (word == "debug") return Level::Debug;
    if (word == "info") return Level::Info;
    if (word == "warning") return Level::Warning;
    if (word == "error") return Level::Error;
    return std::nullopt;
}

void set_level(Level level) { logger().set_level(spdlog_level(level)); }

void write(Level level, std::string_view text) {
    if (!logger().should_log(spdlog_level(level))) return;
    const std::string line = escaped(text);
    logger().log(spdlog_level(level), spdlog::string_view_t(line));
    keep(level, line);
}

void keep_lines(std::size_t lines_max) {
    const std::lock_guard lock(kept().mutex);
    kept().lines_max = lines_max;
}

std::vector<Line> take_kept_lines() {
    const std::lock_guard lock(kept().mutex);
    return std::exchange(kept().lines, {});
}

}  // namespace lotmesh::log
