// Completion scripts for shells, made from what the commands take: commands, options, the words
// that they take, codes of diagnostics, and files. docs/completion/ holds them; docs/hacking.md
// says how they are made anew.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "tools/lotmesh/command_info.h"

namespace lotmesh::tool {

enum class Shell : std::uint8_t { Bash, Zsh, Fish };

std::optional<Shell> parse_shell(std::string_view word);

std::string completion_script(Shell shell, std::span<const CommandInfo> commands);

}  // namespace lotmesh::tool
