// What a command takes, as values: what completion and the manual are made from.
#pragma once

#include <string>
#include <vector>

namespace lotmesh::tool {

struct OptionInfo {
    std::vector<std::string> names;  // "--format", "-W"; empty: a word without a dash
    std::string value;               // what stands behind it: PATH; empty: nothing does
    std::string about;
    std::vector<std::string> choices;  // where the values are a few words
    bool repeats = false;
    bool required = false;
    bool operator==(const OptionInfo&) const = default;
};

struct CommandInfo {
    std::string name;
    std::string summary;  // one line
    std::string about;    // sentences
    std::vector<OptionInfo> options;
    bool operator==(const CommandInfo&) const = default;
};

}  // namespace lotmesh::tool
