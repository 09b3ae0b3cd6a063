#include "tools/lotmesh/manual_page.h"

#include <fmt/core.h>

#include <string_view>

#include "compiler/diag/levels.h"
#include "compiler/sema/schema.h"
#include "tools/lotmesh/version.h"

namespace lotmesh::tool {

namespace {

// Backslashes and dashes mean something to roff, and so does a dot or a quote at the beginning.
std::string roff(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c == '\\')
            result += "\\e";
        else if (c == '-')
            result += "\\-";
        else
            result += c;
    }
    return result.starts_with('.') || result.starts_with('\'') ? "\\&" + result : result;
}

std::string bold(std::string_view text) { return "\\fB" + roff(text) + "\\fR"; }
std::string italic(std::string_view text) { return "\\fI" + roff(text) + "\\fR"; }

std::string item(const std::string& head, std::string_view text) {
    return fmt::format(".TP\n{}\n{}\n", head, roff(text));
}

std::string synopsis_of(const CommandInfo& command) {
    std::string line = bold("lotmesh " + command.name);
    bool has_options = false;
    std::string words;
    for (const OptionInfo& option : command.options) {
        has_options = has_options || !option.names.empty();
        if (!option.names.empty()) continue;
        const std::string word = italic(option.value) + (option.repeats ? " ..." : "");
        words += option.required ? " " + word : " [" + word + "]";
    }
    return line + (has_options ? " [" + italic("OPTIONS") + "]" : "") + words + "\n.br\n";
}

std::string option_of(const OptionInfo& option) {
    std::string head;
    for (const std::string& name : option.names)
        head += (head.empty() ? "" : ", ") + bold(name);
    if (!option.value.empty()) head += (head.empty() ? "" : " ") + italic(option.value);
    return item(head, option.about);
}

std::string section_of(const CommandInfo& command) {
    std::string out = fmt::format(".SS lotmesh {}\n{}\n", roff(command.name), roff(command.about));
    for (const OptionInfo& option : command.options)
        out += option_of(option);
    return out;
}

std::string routes_section() {
    std::string out = ".SH ROUTES\nRoute files describe who is linked to whom.\n";
    for (const sema::RouteSchema& route : sema::route_schemas()) {
        out += fmt::format(".SS {}\n{}\n", roff(route.type), roff(route.about));
        for (const sema::BlockSchema& block : route.blocks) {
            out += fmt::format(".PP\n{}\n", bold(fmt::format("ADD {}", block.name)));
            for (const sema::KeySchema& key : block.keys)
                out += item(fmt::format("{} {}", bold(key.name), italic(key.sample)), key.meaning);
        }
    }
    return out;
}

std::string diagnostics_section() {
    std::string out =
        ".SH DIAGNOSTICS\n" + bold("lotmesh explain CODE") + " says what one means.\n";
    for (const diag::Group& group : diag::groups())
        out += item(bold(fmt::format("LOT{:02}xx", group.hundred)),
                    fmt::format("{}: {}", group.name, group.about));
    return out;
}

}  // namespace

std::string manual_page(std::span<const CommandInfo> commands) {
    std::string out = ".\\\" Made by `lotmesh man`; do not edit.\n";
    out += fmt::format(".TH LOTMESH 1 \"\" \"lotmesh {}\" \"User Commands\"\n", kVersion);
    out += ".SH NAME\nlotmesh \\- an MQTT broker that becomes a cluster by writing a text file\n";
    out += ".SH SYNOPSIS\n";
    for (const CommandInfo& command : commands)
        out += synopsis_of(command);
    out += ".SH COMMANDS\n";
    for (const CommandInfo& command : commands)
        out += section_of(command);
    return out + routes_section() + diagnostics_section();
}

}  // namespace lotmesh::tool
