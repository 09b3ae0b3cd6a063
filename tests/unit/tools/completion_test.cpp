// docs/completion/ and docs/lotmesh.1 are what the program writes; LOTMESH_UPDATE_GOLDEN=1
// test_tools writes them anew.
#include "tools/lotmesh/completion.h"

#include <doctest/doctest.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tools/lotmesh/command_line.h"

using namespace lotmesh::tool;

namespace {

const std::string kDocs = LOTMESH_SOURCE_DIR "/docs/";

std::string output_of(const std::vector<std::string>& words) {
    const Command command = parse_command_line(words);
    REQUIRE(std::holds_alternative<Finish>(command));
    CHECK(std::get<Finish>(command).exit_code == 0);
    return std::get<Finish>(command).output;
}

void check_file(const std::string& path, const std::string& expected) {
    CAPTURE(path);
    if (::getenv("LOTMESH_UPDATE_GOLDEN") != nullptr) {
        std::filesystem::create_directories(std::filesystem::path(path).parent_path());
        std::ofstream(path, std::ios::binary) << expected;
    }
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    const bool up_to_date = text.str() == expected;
    CHECK(up_to_date);
}

struct ShellResult {
    int exit_code = -1;
    std::string output;
};

ShellResult run_shell(const std::string& command) {
    std::FILE* const pipe = ::popen((command + " 2>&1").c_str(), "r");
    REQUIRE(pipe != nullptr);
    ShellResult result;
    char part[512];
    while (const std::size_t size = std::fread(part, 1, sizeof part, pipe))
        result.output.append(part, size);
    result.exit_code = WEXITSTATUS(::pclose(pipe));
    return result;
}

bool is_installed(const std::string& program) {
    return run_shell("command -v " + program).exit_code == 0;
}

// What bash offers for the last of these words.
std::vector<std::string> completed(const std::vector<std::string>& words) {
    std::string array;
    for (const std::string& word : words)
        array += " '" + word + "'";
    const ShellResult result = run_shell("cd " + kDocs + ".. && bash --norc -c \"source " + kDocs +
                                         "completion/lotmesh.bash; COMP_WORDS=(" + array +
                                         "); COMP_CWORD=" + std::to_string(words.size() - 1) +
                                         "; _lotmesh; printf '%s\\n' \\\"\\${COMPREPLY[@]}\\\"\"");
    CHECK(result.exit_code == 0);
    std::vector<std::string> offered;
    std::istringstream lines(result.output);
    for (std::string line; std::getline(lines, line);)
        if (!line.empty()) offered.push_back(line);
    return offered;
}

bool offers(const std::vector<std::string>& words, const std::string& word) {
    return std::ranges::count(completed(words), word) != 0;
}

}  // namespace

TEST_CASE("the completion scripts and the manual in docs/ are what the program writes") {
    check_file(kDocs + "completion/lotmesh.bash", output_of({"completion", "bash"}));
    check_file(kDocs + "completion/_lotmesh", output_of({"completion", "zsh"}));
    check_file(kDocs + "completion/lotmesh.fish", output_of({"completion", "fish"}));
    check_file(kDocs + "lotmesh.1", output_of({"man"}));
}

TEST_CASE("bash completes commands, options, words, codes and files") {
    CHECK(completed({"lotmesh", "ser"}) == std::vector<std::string>{"serve"});
    CHECK(offers({"lotmesh", ""}, "explain"));
    CHECK(completed({"lotmesh", "lint", "--portab"}) == std::vector<std::string>{"--portable"});
    CHECK(completed({"lotmesh", "lint", "--format", "s"}) ==
          std::vector<std::string>{"short", "sarif"});
    CHECK(completed({"lotmesh", "serve", "--log-level", "w"}) ==
          std::vector<std::string>{"warning"});
    CHECK(completed({"lotmesh", "explain", "LOT030"}).size() == 9);
    CHECK(offers({"lotmesh", "lint", "-D", ""}, "warnings"));
    CHECK(completed({"lotmesh", "fmt", "READ"}) == std::vector<std::string>{"README.md"});
    CHECK(completed({"lotmesh", "serve", "--name", ""}).empty());
    CHECK(completed({"lotmesh", "nonsense", ""}).empty());
}

TEST_CASE("zsh and fish, where they are installed, can read their scripts") {
    if (is_installed("zsh"))
        CHECK(run_shell("zsh --no-exec " + kDocs + "completion/_lotmesh").exit_code == 0);
    if (is_installed("fish")) {
        const std::string script = kDocs + "completion/lotmesh.fish";
        CHECK(run_shell("fish --no-execute " + script).exit_code == 0);
        const ShellResult offered =
            run_shell("fish --no-config -c \"source " + script + "; complete -C 'lotmesh ser'\"");
        CHECK(offered.output.starts_with("serve"));
        const ShellResult codes = run_shell("fish --no-config -c \"source " + script +
                                            "; complete -C 'lotmesh explain LOT0302'\"");
        CHECK(codes.output.starts_with("LOT0302"));
    }
    CHECK(run_shell("bash -n " + kDocs + "completion/lotmesh.bash").exit_code == 0);
}

TEST_CASE("each command of the help is described, with all that its own help names") {
    const std::string help = output_of({"--help"});
    for (const CommandInfo& command : describe_commands()) {
        CAPTURE(command.name);
        CHECK(help.find("lotmesh " + command.name) != std::string::npos);
        CHECK_FALSE(command.summary.empty());
        CHECK(command.about.ends_with("."));
        const std::string own = output_of({command.name, "--help"});
        for (const OptionInfo& option : command.options)
            for (const std::string& name : option.names)
                CHECK(own.find(name) != std::string::npos);
    }
}

TEST_CASE("an unknown shell is one line and exit code 2") {
    const Command command = parse_command_line({"completion", "csh"});
    REQUIRE(std::holds_alternative<Finish>(command));
    CHECK(std::get<Finish>(command).exit_code == 2);
}
