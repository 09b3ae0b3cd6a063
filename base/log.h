// Lines for people, on stderr: time, level, text. A thin face over spdlog, which only log.cpp sees.
//
// Any thread. Values go into the text as key=value. Control characters are escaped, so what a
// client chose (a client id, a topic) cannot forge a line. Never a secret, never a payload.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lotmesh::log {

enum class Level : std::uint8_t { Debug, Info, Warning, Error };

// "debug", "info", "warning" or "error".
std::optional<Level> parse_level(std::string_view word);

// Lines below this level are not written. Info until set.
void set_level(Level level);

void write(Level level, std::string_view text);

// Keeps what is written from now on, to be taken and shown elsewhere too; while nobody takes it,
// `lines_max` of it, and what comes after those is not kept.
struct Line {
    Level level = Level::Info;
    std::string text;  // escaped
};
void keep_lines(std::size_t lines_max);
std::vector<Line> take_kept_lines();

inline void debug(std::string_view text) { write(Level::Debug, text); }
inline void info(std::string_view text) { write(Level::Info, text); }
inline void warning(std::string_view text) { write(Level::Warning, text); }
inline void error(std::string_view text) { write(Level::Error, text); }

}  // namespace lotmesh::log
