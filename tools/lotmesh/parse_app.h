// One command's words through its CLI::App: help, mistakes and descriptions become values. What
// parses the words of a command includes this, and nothing else sees CLI11.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/lotmesh/command_line.h"

namespace CLI {  // NOLINT(readability-identifier-naming): the library's name
class App;
}

namespace lotmesh::tool {

// In the place of a command line; none can hold a zero byte. The answer is a CommandInfo.
std::vector<std::string> describe_words();

// One line, whatever `why` has at its end.
Finish mistake(int exit_code, std::string why);

// Nothing where the words could be read: they stand where the App was told to put them.
std::optional<Command> parse(CLI::App& app, std::vector<std::string> words, int usage_code);

}  // namespace lotmesh::tool
