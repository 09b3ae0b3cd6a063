#include "tools/lotmesh/command_line.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <map>
#include <optional>

#include "tools/lotmesh/version.h"

namespace lotmesh::tool {

namespace {

constexpr const char* kHelp =
    "lotmesh: an MQTT broker that becomes a cluster by writing a text file\n"
    "\n"
    "  lotmesh serve [OPTIONS]      run a broker\n"
    "  lotmesh lint [OPTIONS] PATH  check route files\n"
    "  lotmesh --version\n"
    "\n"
    "lotmesh COMMAND --help tells more.\n";

Finish mistake(int exit_code, std::string why) {
    // CLI11 breaks some of its messages into lines.
    while (why.ends_with('\n'))
        why.pop_back();
    std::replace(why.begin(), why.end(), '\n', ' ');
    return {exit_code, {}, "lotmesh: " + why};
}

std::string in_our_words(std::string_view text) {
    static constexpr std::string_view kUnknownKey = "INI was not able to parse ";
    if (!text.starts_with(kUnknownKey)) return std::string(text);
    return "there is no option " + std::string(text.substr(kUnknownKey.size()));
}

// CLI11 reports by exceptions; they end here.
std::optional<Finish> parse(CLI::App& app, std::vector<std::string> words, int usage_code) {
    std::reverse(words.begin(), words.end());  // CLI11 takes them from the back
    try {
        app.parse(std::move(words));
        return std::nullopt;
    } catch (const CLI::CallForHelp&) {
        return Finish{0, app.help(), {}};
    } catch (const CLI::ConfigError& error) {
        return mistake(usage_code, "configuration file: " + in_our_words(error.what()));
    } catch (const CLI::FileError& error) {
        return mistake(usage_code, "configuration file: " + in_our_words(error.what()));
    } catch (const CLI::ParseError& error) {
        return mistake(usage_code, error.what());
    }
}

Command parse_serve(const std::vector<std::string>& words) {
    CLI::App app("Run a broker.", "lotmesh serve");
    ServeOptions options;
    app.add_option("--listen", options.listen,
                   "address to listen on; may be repeated (default: 127.0.0.1:1883)")
        ->type_name("[HOST:]PORT")
        ->take_all()
        ->allow_extra_args(false);
    app.add_option("--routes", options.routes, "route file, or folder of *.lot files; watched")
        ->type_name("PATH");
    app.add_option("--name", options.name, "name of this node (default: of this machine)");
    app.add_option("--data", options.data, "folder that keeps the identity of this node")
        ->type_name("DIR");
    app.add_option("--cluster-credentials", options.cluster_credentials,
                   "file with one line user:password, which peers must present")
        ->type_name("FILE");
    app.add_option("--log-level", options.log_level, "debug, info, warning or error")
        ->capture_default_str();
    app.add_option("--port-file", options.port_file, "write the ports listened on, one a line")
        ->type_name("FILE");
    app.set_config("--config", "", "TOML file with the same names as keys")->type_name("FILE");
    app.allow_config_extras(false);
    if (auto finish = parse(app, words, kExitConfig)) return *finish;
    return options;
}

Command parse_lint(const std::vector<std::string>& words) {
    CLI::App app("Check route files: exit code 0 clean, 1 findings, 2 could not run.",
                 "lotmesh lint");
    LintOptions options;
    const std::map<std::string, ColourChoice> colours = {{"auto", ColourChoice::Auto},
                                                         {"always", ColourChoice::Always},
                                                         {"never", ColourChoice::Never}};
    std::string colour = "auto";
    app.add_option("PATH", options.paths, "files or folders; - for standard input")->required();
    app.add_option("--colour,--color", colour, "auto, always or never")->capture_default_str();
    app.add_flag("--deny-warnings", options.deny_warnings, "warnings are findings, too");
    app.add_flag("--portable", options.portable, "warn about what only this broker understands");
    app.add_flag("--plan", options.print_plan, "show what the routes mean");
    if (auto finish = parse(app, words, kExitLintUsage)) return *finish;
    const auto chosen = colours.find(colour);
    if (chosen == colours.end())
        return mistake(kExitLintUsage,
                       "--colour: \"" + colour + "\" is none of auto, always, never");
    options.colour = chosen->second;
    return options;
}

}  // namespace

Command parse_command_line(const std::vector<std::string>& words) {
    if (words.empty())
        return mistake(kExitConfig, "no command given: serve or lint (see lotmesh --help)");
    const std::string& command = words.front();
    const std::vector<std::string> rest(words.begin() + 1, words.end());
    if (command == "serve") return parse_serve(rest);
    if (command == "lint") return parse_lint(rest);
    if (command == "--version") return Finish{0, std::string("lotmesh ") + kVersion + "\n", {}};
    if (command == "--help" || command == "-h") return Finish{0, kHelp, {}};
    return mistake(kExitConfig, "\"" + command + "\" is no command: serve or lint");
}

}  // namespace lotmesh::tool
