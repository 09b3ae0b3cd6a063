#include "tools/lotmesh/completion.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "base/assert.h"
#include "compiler/diag/levels.h"

namespace lotmesh::tool {

namespace {

constexpr std::string_view kMadeBy = "# Made by `lotmesh completion {}`; do not edit.\n";

bool names_file(std::string_view value) {
    constexpr std::array<std::string_view, 3> kFiles = {"PATH", "FILE", "DIR"};
    return std::ranges::find(kFiles, value) != kFiles.end();
}

std::string joined(std::span<const std::string> words, std::string_view between) {
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : std::string(between)) + word;
    return text;
}

std::string code_words() {
    std::string words;
    for (const diag::CodeInfo& code : diag::all_codes())
        words += diag::to_string(code.code) + " ";
    for (const diag::Group& group : diag::groups())
        words += std::string(group.name) + " ";
    return words + "warnings";
}

// Codes of diagnostics are many: each script has a function of its own for them.
bool is_code(const OptionInfo& option) { return option.value == "CODE"; }

// For a text between single quotes.
std::string without_quotes(std::string_view text) {
    std::string result;
    for (const char c : text)
        result += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return result;
}

// --- bash

std::string bash_reply(const OptionInfo& option) {
    if (is_code(option)) return "_lotmesh_codes";
    if (!option.choices.empty())
        return fmt::format("_lotmesh_words '{}'", joined(option.choices, " "));
    return names_file(option.value) ? "_lotmesh_files" : ":";
}

std::string bash_command(const CommandInfo& command) {
    std::string names;
    std::string values;
    std::string positional = ":";
    for (const OptionInfo& option : command.options) {
        if (option.names.empty()) {
            positional = bash_reply(option);
            continue;
        }
        names += (names.empty() ? "" : " ") + joined(option.names, " ");
        if (!option.value.empty())
            values += fmt::format("                {}) {}; return ;;\n", joined(option.names, "|"),
                                  bash_reply(option));
    }
    if (!values.empty()) values = "            case $previous in\n" + values + "            esac\n";
    return fmt::format(
        "        {})\n{}            if [[ $current == -* ]]; then\n"
        "                _lotmesh_words '{}'\n            else\n"
        "                {}\n            fi ;;\n",
        command.name, values, names, positional);
}

std::string bash_script(std::span<const CommandInfo> commands) {
    std::string names;
    std::string cases;
    for (const CommandInfo& command : commands) {
        names += command.name + " ";
        cases += bash_command(command);
    }
    return fmt::format(fmt::runtime(kMadeBy), "bash") +
           "\n_lotmesh_words() {\n"
           "    mapfile -t COMPREPLY < <(compgen -W \"$1\" -- \"$current\")\n}\n"
           "_lotmesh_codes() {\n    _lotmesh_words '" +
           code_words() +
           "'\n}\n"
           "_lotmesh_files() {\n    compopt -o filenames 2>/dev/null\n"
           "    mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n}\n"
           "_lotmesh() {\n    local current=${COMP_WORDS[COMP_CWORD]}\n"
           "    local previous=${COMP_WORDS[COMP_CWORD - 1]}\n    COMPREPLY=()\n"
           "    if ((COMP_CWORD == 1)); then\n" +
           fmt::format("        _lotmesh_words '{}--help --version'\n", names) +
           "        return\n    fi\n    case ${COMP_WORDS[1]} in\n" + cases +
           "    esac\n}\ncomplete -F _lotmesh lotmesh\n";
}

// --- zsh

// Brackets and colons part the members of a specification.
std::string zsh_text(std::string_view text) {
    std::string result;
    for (const char c : without_quotes(text)) {
        if (c == '[' || c == ']' || c == ':') result += '\\';
        result += c;
    }
    return result;
}

std::string zsh_value(const OptionInfo& option) {
    if (option.value.empty()) return "";
    std::string action = " ";
    if (is_code(option))
        action = "_lotmesh_codes";
    else if (!option.choices.empty())
        action = fmt::format("({})", joined(option.choices, " "));
    else if (names_file(option.value))
        action = "_files";
    return fmt::format(":{}:{}", zsh_text(option.value), action);
}

std::string zsh_option(const OptionInfo& option) {
    if (option.names.empty())
        return fmt::format(" \\\n                '{}{}'", option.repeats ? "*" : "",
                           zsh_value(option));
    std::string specifications;
    for (const std::string& name : option.names)
        specifications +=
            fmt::format(" \\\n                '{}{}[{}]{}'", option.repeats ? "*" : "", name,
                        zsh_text(option.about), zsh_value(option));
    return specifications;
}

std::string zsh_script(std::span<const CommandInfo> commands) {
    std::string names;
    std::string cases;
    for (const CommandInfo& command : commands) {
        names += fmt::format("        '{}:{}'\n", command.name, zsh_text(command.summary));
        std::string options;
        for (const OptionInfo& option : command.options)
            options += zsh_option(option);
        cases += fmt::format("        {})\n            _arguments{} ;;\n", command.name, options);
    }
    return "#compdef lotmesh\n" + fmt::format(fmt::runtime(kMadeBy), "zsh") +
           "\n_lotmesh_codes() {\n    compadd " + code_words() +
           "\n}\n\n_lotmesh() {\n    local -a commands\n    commands=(\n" + names +
           "    )\n    if ((CURRENT == 2)); then\n        _describe command commands\n"
           "        return\n    fi\n    local command=$words[2]\n    shift words\n"
           "    ((CURRENT--))\n    case $command in\n" +
           cases + "    esac\n}\n\n_lotmesh \"$@\"\n";
}

// --- fish

std::string fish_option(const CommandInfo& command, const OptionInfo& option) {
    std::string line =
        fmt::format("complete -c lotmesh -n '__fish_seen_subcommand_from {}'", command.name);
    for (const std::string& name : option.names)
        line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    if (!option.value.empty()) {
        const std::string words =
            is_code(option) ? "(__lotmesh_codes)" : joined(option.choices, " ");
        if (!option.names.empty()) line += names_file(option.value) ? " -r" : " -x";
        if (option.names.empty() && names_file(option.value)) line += " -F";
        if (!words.empty()) line += fmt::format(" -a '{}'", words);
    }
    return line + fmt::format(" -d '{}'\n", without_quotes(option.about));
}

std::string fish_script(std::span<const CommandInfo> commands) {
    std::string out = fmt::format(fmt::runtime(kMadeBy), "fish") +
                      "\nfunction __lotmesh_codes\n    string split ' ' '" + code_words() +
                      "'\nend\n\ncomplete -c lotmesh -f\n";
    for (const CommandInfo& command : commands)
        out += fmt::format("complete -c lotmesh -n __fish_use_subcommand -a {} -d '{}'\n",
                           command.name, without_quotes(command.summary));
    for (const CommandInfo& command : commands)
        for (const OptionInfo& option : command.options)
            out += fish_option(command, option);
    return out;
}

}  // namespace

std::optional<Shell> parse_shell(std::string_view word) {
    if (word == "bash") return Shell::Bash;
    if (word == "zsh") return Shell::Zsh;
    if (word == "fish") return Shell::Fish;
    return std::nullopt;
}

std::string completion_script(Shell shell, std::span<const CommandInfo> commands) {
    switch (shell) {
        case Shell::Bash: return bash_script(commands);
        case Shell::Zsh: return zsh_script(commands);
        case Shell::Fish: return fish_script(commands);
    }
    UNREACHABLE();
}

}  // namespace lotmesh::tool
