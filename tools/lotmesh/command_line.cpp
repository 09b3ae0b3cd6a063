#include "tools/lotmesh/command_line.h"

#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>

#include "base/result.h"
#include "compiler/diag/suggest.h"
#include "runtime/server/scram.h"
#include "tools/lotmesh/completion.h"
#include "tools/lotmesh/describe_app.h"
#include "tools/lotmesh/manual_page.h"
#include "tools/lotmesh/mqtt_client.h"
#include "tools/lotmesh/serve_options.h"
#include "tools/lotmesh/version.h"

namespace lotmesh::tool {

namespace {

// In the place of a command line; none can hold a zero byte.
const std::string kDescribe("\0describe", 9);

Finish mistake(int exit_code, std::string why) {
    // CLI11 breaks some of its messages into lines.
    while (why.ends_with('\n'))
        why.pop_back();
    std::replace(why.begin(), why.end(), '\n', ' ');
    return {exit_code, {}, "lotmesh: " + why};
}

std::string config_path(const CLI::App& app) { return app.get_config_ptr()->as<std::string>(); }

// An empty value is what an unset variable of a shell leaves behind: to go on as if the option had
// not been given would be another broker than the one that was meant.
std::optional<std::string> empty_option(const CLI::App& app) {
    for (const CLI::Option* option : app.get_options())
        for (const std::string& value : option->results())
            if (value.empty()) return option->get_name();
    return std::nullopt;
}

// CLI11 reports by exceptions; they end here.
std::optional<Command> parse(CLI::App& app, std::vector<std::string> words, int usage_code) {
    if (words.size() == 1 && words.front() == kDescribe) return describe_app(app);
    std::reverse(words.begin(), words.end());  // CLI11 takes them from the back
    try {
        app.parse(std::move(words));
    } catch (const CLI::CallForHelp&) {
        return Finish{0, app.help(), {}};
    } catch (const CLI::ConfigError& error) {
        return mistake(usage_code, "configuration file " + config_path(app) + ":" + error.what());
    } catch (const CLI::FileError&) {
        return mistake(usage_code, "configuration file " + config_path(app) + " cannot be read");
    } catch (const CLI::ParseError& error) {
        return mistake(usage_code, error.what());
    }
    if (const auto option = empty_option(app))
        return mistake(usage_code, *option + ": the value is empty");
    return std::nullopt;
}

Command parse_serve(const std::vector<std::string>& words) {
    CLI::App app("Run a broker.", "lotmesh serve");
    ServeOptions options;
    add_serve_options(app, options, words);
    if (auto finish = parse(app, words, kExitConfig)) return *finish;
    return options;
}

// -W, -A and -D: what to make of a code, a group or all warnings.
class LevelWords {
public:
    explicit LevelWords(CLI::App& app) {
        add(app, "-W,--warn", warn_, "show as a warning: a code, a group or `warnings`");
        add(app, "-A,--allow", allow_, "do not show");
        add(app, "-D,--deny", deny_, "take for an error");
        app.add_flag("--deny-warnings", deny_warnings_, "the same as -D warnings");
    }

    Result<diag::Levels, std::string> read() const {
        diag::Levels levels;
        const std::array<std::pair<const std::vector<std::string>*, diag::Level>, 3> all = {
            {{&warn_, diag::Level::Warn},
             {&allow_, diag::Level::Allow},
             {&deny_, diag::Level::Deny}}};
        if (deny_warnings_)
            if (auto set = levels.set("warnings", diag::Level::Deny); !set)
                return failure(set.error());
        for (const auto& [words, level] : all)
            for (const std::string& word : *words)
                if (auto set = levels.set(word, level); !set) return failure(set.error());
        return levels;
    }

private:
    static void add(CLI::App& app, const char* names, std::vector<std::string>& words,
                    const char* about) {
        app.add_option(names, words, about)->type_name("CODE")->take_all()->allow_extra_args(false);
    }

    std::vector<std::string> warn_;
    std::vector<std::string> allow_;
    std::vector<std::string> deny_;
    bool deny_warnings_ = false;
};

Command parse_lint(const std::vector<std::string>& words) {
    CLI::App app("Check route files: exit code 0 clean, 1 findings, 2 could not run.",
                 "lotmesh lint");
    LintOptions options;
    const std::map<std::string, ColourChoice> colours = {{"auto", ColourChoice::Auto},
                                                         {"always", ColourChoice::Always},
                                                         {"never", ColourChoice::Never}};
    std::string colour = "auto";
    CLI::Option* const path =
        app.add_option("PATH", options.paths, "files or folders; - for standard input");
    app.add_option("--colour,--color", colour, "auto, always or never")->capture_default_str();
    std::string format = "text";
    app.add_option("--format", format, "text, short, json, sarif, github or junit")
        ->capture_default_str();
    LevelWords levels(app);
    app.add_flag("--portable", options.portable, "warn about what only this broker understands");
    CLI::Option* const plan =
        app.add_flag("--plan", options.print_plan, "show what the routes mean");
    CLI::Option* const fix =
        app.add_flag("--fix", options.fix, "mend in the files what needs no thought");
    CLI::Option* const cluster =
        app.add_option("--cluster", options.cluster,
                       "folder with one folder for each node, checked together")
            ->type_name("DIR")
            ->excludes(path)
            ->excludes(plan)
            ->excludes(fix);
    app.add_flag("--deploy", options.deploy, "what a node needs must be there: references, files")
        ->needs(cluster);
    app.add_flag("--online", options.online, "ask the nodes whether they run what is written")
        ->needs(cluster);
    if (auto finish = parse(app, words, kExitLintUsage)) return *finish;
    if (options.paths.empty() && options.cluster.empty())
        return mistake(kExitLintUsage, "PATH is required");
    const auto chosen = colours.find(colour);
    if (chosen == colours.end())
        return mistake(kExitLintUsage,
                       "--colour: \"" + colour + "\" is none of auto, always, never");
    options.colour = chosen->second;
    const auto known_format = diag::parse_format(format);
    if (!known_format)
        return mistake(kExitLintUsage,
                       "--format: expected " + diag::join_words(diag::format_words()));
    options.format = *known_format;
    auto chosen_levels = levels.read();
    if (!chosen_levels) return mistake(kExitLintUsage, chosen_levels.error());
    options.levels = std::move(*chosen_levels);
    return options;
}

Command parse_fmt(const std::vector<std::string>& words) {
    CLI::App app(
        "Put route files into their canonical form: exit code 0 done or nothing to do, "
        "1 --check or --diff found differences, 2 could not.",
        "lotmesh fmt");
    FmtOptions options;
    bool check = false;
    bool diff = false;
    app.add_option("PATH", options.paths, "files or folders; - from standard input to output")
        ->required();
    CLI::Option* const check_flag =
        app.add_flag("--check", check, "change nothing, name the files that would change");
    app.add_flag("--diff", diff, "change nothing, show what would change")->excludes(check_flag);
    if (auto finish = parse(app, words, kExitLintUsage)) return *finish;
    if (check) options.mode = FmtMode::Check;
    if (diff) options.mode = FmtMode::Diff;
    return options;
}

Command parse_explain(const std::vector<std::string>& words) {
    CLI::App app("Say what diagnostics mean; without a code, list all of them.", "lotmesh explain");
    ExplainOptions options;
    app.add_option("CODE", options.codes, "as lint shows it: LOT0302 or 0302");
    if (auto finish = parse(app, words, kExitLintUsage)) return *finish;
    return options;
}

Command parse_completion(const std::vector<std::string>& words) {
    CLI::App app("Write the completion script of a shell to standard output.",
                 "lotmesh completion");
    std::string word;
    app.add_option("SHELL", word, "bash, zsh or fish")->required();
    if (auto finish = parse(app, words, kExitLintUsage)) return *finish;
    const auto shell = parse_shell(word);
    if (!shell) return mistake(kExitLintUsage, "\"" + word + "\" is none of bash, zsh, fish");
    return Finish{0, completion_script(*shell, describe_commands()), {}};
}

Command parse_man(const std::vector<std::string>& words) {
    CLI::App app("Write the manual page to standard output, for `man -l -`.", "lotmesh man");
    if (auto finish = parse(app, words, kExitLintUsage)) return *finish;
    return Finish{0, manual_page(describe_commands()), {}};
}

constexpr const char* kFormats = "text or json";

void add_format(CLI::App& app, std::string& format) {
    app.add_option("--format", format, kFormats)->capture_default_str();
}

std::optional<OutputFormat> parse_format(const std::string& word) {
    if (word == "text") return OutputFormat::Text;
    if (word == "json") return OutputFormat::Json;
    return std::nullopt;
}

Command parse_status(const std::vector<std::string>& words) {
    CLI::App app(
        "How brokers are and what they run: exit code 0 all is well, 1 a node is not "
        "healthy or its files say something else, 2 a node could not be asked.",
        "lotmesh status");
    StatusOptions options;
    std::string format = "text";
    app.add_option("BROKER", options.brokers, "HOST:PORT")->required();
    add_format(app, format);
    app.add_flag("--watch", options.watch, "again whenever something changes, until Ctrl-C");
    if (auto finish = parse(app, words, kExitLintUsage)) return *finish;
    const auto known = parse_format(format);
    if (!known) return mistake(kExitLintUsage, std::string("--format: expected ") + kFormats);
    options.format = *known;
    return options;
}

Command parse_plan(const std::vector<std::string>& words) {
    CLI::App app(
        "What route files would change: exit code 0 nothing, 2 something, 1 could not run.",
        "lotmesh plan");
    PlanOptions options;
    std::string format = "text";
    app.add_option("PATH", options.path, "file or folder, as a broker would read it")
        ->capture_default_str();
    app.add_option("--against", options.against, "a broker, or a file or folder")
        ->type_name("HOST:PORT|PATH")
        ->capture_default_str();
    add_format(app, format);
    app.add_option("--out", options.out, "save the plan, for `lotmesh apply`")->type_name("FILE");
    if (auto finish = parse(app, words, kExitPlanUsage)) return *finish;
    const auto known = parse_format(format);
    if (!known) return mistake(kExitPlanUsage, std::string("--format: expected ") + kFormats);
    options.format = *known;
    return options;
}

// --health-within and --confirm-within.
class RolloutWords {
public:
    explicit RolloutWords(CLI::App& app) {
        app.add_option("--health-within", health_,
                       "roll back unless its links are well by then; 0: do not look")
            ->type_name("TIME")
            ->capture_default_str();
        app.add_option("--confirm-within", confirm_,
                       "roll back unless `lotmesh confirm` is said by then")
            ->type_name("TIME");
    }
    Result<RolloutOptions, std::string> read() const {
        const auto health = parse_seconds(health_);
        if (!health) return failure("--health-within: " + health.error());
        const auto confirm = parse_seconds(confirm_);
        if (!confirm) return failure("--confirm-within: " + confirm.error());
        return RolloutOptions{*health, *confirm};
    }

private:
    std::string health_ = "15s";
    std::string confirm_ = "0";
};

Command parse_apply(const std::vector<std::string>& words) {
    CLI::App app(
        "Bring route files to a running broker: exit code 0 done, 1 nothing was "
        "changed or it was rolled back.",
        "lotmesh apply");
    ApplyOptions options;
    app.add_option("PATH", options.path, "file or folder, or a plan saved by `lotmesh plan --out`")
        ->capture_default_str();
    app.add_option("--to", options.to, "the broker (default: that of the saved plan, or 127.0.0.1)")
        ->type_name("HOST:PORT");
    RolloutWords rollout(app);
    if (auto finish = parse(app, words, kExitPlanUsage)) return *finish;
    const auto read = rollout.read();
    if (!read) return mistake(kExitPlanUsage, read.error());
    options.rollout = *read;
    return options;
}

Command parse_rollback(const std::vector<std::string>& words) {
    CLI::App app(
        "Bring back the files of a kept revision, or what was there before a change that is "
        "not confirmed: exit code 0 done, 1 not, or it was taken back.",
        "lotmesh rollback");
    RollbackOptions options;
    app.add_option("REVISION", options.revision, "as `lotmesh history` lists it: r12");
    app.add_option("--to", options.to, "the broker")->type_name("HOST:PORT")->capture_default_str();
    RolloutWords rollout(app);
    if (auto finish = parse(app, words, kExitPlanUsage)) return *finish;
    const auto read = rollout.read();
    if (!read) return mistake(kExitPlanUsage, read.error());
    options.rollout = *read;
    return options;
}

Command parse_confirm(const std::vector<std::string>& words) {
    CLI::App app("Keep what `lotmesh apply --confirm-within` has brought.", "lotmesh confirm");
    ConfirmOptions options;
    app.add_option("BROKER", options.broker, "HOST:PORT")->capture_default_str();
    if (auto finish = parse(app, words, kExitPlanUsage)) return *finish;
    return options;
}

Command parse_history(const std::vector<std::string>& words) {
    CLI::App app("The plans that a broker has run, the newest first.", "lotmesh history");
    HistoryOptions options;
    std::string format = "text";
    app.add_option("BROKER", options.broker, "HOST:PORT")->capture_default_str();
    add_format(app, format);
    if (auto finish = parse(app, words, kExitPlanUsage)) return *finish;
    const auto known = parse_format(format);
    if (!known) return mistake(kExitPlanUsage, std::string("--format: expected ") + kFormats);
    options.format = *known;
    return options;
}

Command parse_graph(const std::vector<std::string>& words) {
    CLI::App app(
        "Draw a cluster: exit code 0 drawn, 1 drawn and the files have errors, 2 could not.",
        "lotmesh graph");
    GraphOptions options;
    std::string format = "text";
    app.add_option("DIR", options.folder, "folder with one folder for each node");
    app.add_option("--format", format, "text, dot, mermaid, svg or json")->capture_default_str();
    std::vector<std::string> live;
    app.add_option("--live", live,
                   "broker to ask how its links are; may be repeated. Without DIR only what runs")
        ->type_name("HOST:PORT")
        ->take_all()
        ->allow_extra_args(false);
    if (auto finish = parse(app, words, kExitLintUsage)) return *finish;
    for (const std::string& word : live) {
        const auto broker = parse_broker(word);
        if (!broker) return mistake(kExitLintUsage, "--live: " + broker.error());
        options.live.push_back(*broker);
    }
    if (options.folder.empty() && options.live.empty())
        return mistake(kExitLintUsage, "DIR is required, or --live");
    const auto drawing = topology::parse_drawing(format);
    if (!drawing)
        return mistake(kExitLintUsage,
                       "--format: expected " + diag::join_words(topology::drawing_words()));
    options.drawing = *drawing;
    return options;
}

Command parse_trace(const std::vector<std::string>& words) {
    CLI::App app(
        "Say who hears a message: exit code 0 all nodes, 1 not all of them, 2 could not run.",
        "lotmesh trace");
    TraceOptions options;
    bool json = false;
    app.add_option("DIR", options.folder, "folder with one folder for each node")->required();
    app.add_option("--from", options.from, "where it is published")->type_name("NODE")->required();
    app.add_option("--topic", options.topic, "on which topic")->required();
    app.add_option("--without", options.without, "a node that is away; may be repeated")
        ->type_name("NODE")
        ->take_all()
        ->allow_extra_args(false);
    app.add_flag("--json", json, "for programs");
    if (auto finish = parse(app, words, kExitLintUsage)) return *finish;
    if (json) options.format = TraceFormat::Json;
    return options;
}

Command parse_passwd(const std::vector<std::string>& words) {
    CLI::App app("Set the password of a user. It is read from standard input.", "lotmesh passwd");
    PasswdOptions options;
    bool remove = false;
    app.add_option("FILE", options.file, "file of users; made where it is not there")->required();
    app.add_option("USER", options.user, "whose password it is")->required();
    app.add_flag("--scram", options.scram, "for SCRAM-SHA-256 too");
    app.add_option("--iterations", options.iterations,
                   "of SCRAM-SHA-256: work that a guess costs, and a login too")
        ->check(CLI::Range(server::kScramIterationsMin, server::kScramIterationsMax))
        ->capture_default_str();
    app.add_flag("--delete", remove, "take the user out of the file");
    if (auto finish = parse(app, words, kExitLintUsage)) return *finish;
    if (remove) options.action = PasswdAction::Delete;
    return options;
}

Command parse_new(const std::vector<std::string>& words) {
    CLI::App app(
        "Write the folders of a new cluster: for each node its configuration and its "
        "routes to all others.",
        "lotmesh new");
    NewClusterOptions options;
    std::string what;
    app.add_option("WHAT", what, "cluster")->required()->check(CLI::IsMember({"cluster"}));
    app.add_option("DIR", options.folder, "folder that gets a folder for each node")->required();
    app.add_option("--nodes", options.nodes,
                   "their names, each perhaps with its host: a,b or a=10.0.0.1,b=10.0.0.2 "
                   "(default host: this machine, each node with a port of its own)")
        ->type_name("NAME[=HOST],...")
        ->required();
    app.add_flag("--tls", options.tls,
                 "links and clients in TLS, with an authority made for this cluster alone");
    app.add_option("--port", options.port,
                   "of each node; on this machine of the first, the others have the next ones "
                   "(default: 1883, with TLS 8883)")
        ->check(CLI::Range(1, 65'000));
    app.add_option("--days", options.days, "for which its certificates hold")
        ->check(CLI::Range(1, kCertificateDaysMax))
        ->capture_default_str();
    if (auto finish = parse(app, words, kExitLintUsage)) return *finish;
    return options;
}

struct CommandEntry {
    std::string_view name;
    std::string_view takes;  // in the help
    std::string_view summary;
    Command (*parse)(const std::vector<std::string>& words);
};

// A new command needs no more than a line here and a function that makes its App: help,
// completion and manual follow.
constexpr CommandEntry kCommands[] = {
    {"serve", "[OPTIONS]", "run a broker", parse_serve},
    {"lint", "[OPTIONS] PATH", "check route files", parse_lint},
    {"fmt", "[OPTIONS] PATH", "put route files into their canonical form", parse_fmt},
    {"explain", "[CODE...]", "say what a diagnostic means", parse_explain},
    {"graph", "[OPTIONS] DIR", "draw a cluster", parse_graph},
    {"trace", "[OPTIONS] DIR", "say who hears a message", parse_trace},
    {"plan", "[PATH]", "what route files would change on a running broker", parse_plan},
    {"apply", "[PATH]", "bring route files to a running broker", parse_apply},
    {"confirm", "[BROKER]", "keep what apply --confirm-within has brought", parse_confirm},
    {"history", "[BROKER]", "the plans that a broker has run", parse_history},
    {"rollback", "[REVISION]", "bring one of them back", parse_rollback},
    {"status", "BROKER...", "how brokers are and what they run", parse_status},
    {"passwd", "FILE USER", "set the password of a user", parse_passwd},
    {"new", "cluster --nodes NAMES DIR", "write the folders of a new cluster", parse_new},
    {"completion", "SHELL", "complete words in bash, zsh or fish", parse_completion},
    {"man", "", "the manual page", parse_man},
};

std::string help() {
    std::string text = "lotmesh: an MQTT broker that becomes a cluster by writing a text file\n\n";
    for (const CommandEntry& entry : kCommands)
        text += fmt::format("  lotmesh {:<20} {}\n", fmt::format("{} {}", entry.name, entry.takes),
                            entry.summary);
    return text + "  lotmesh --version\n\nlotmesh COMMAND --help tells more.\n";
}

}  // namespace

Command parse_command_line(const std::vector<std::string>& words) {
    if (words.empty()) return mistake(kExitConfig, "no command given (see lotmesh --help)");
    const std::string& command = words.front();
    const std::vector<std::string> rest(words.begin() + 1, words.end());
    for (const CommandEntry& entry : kCommands)
        if (entry.name == command) return entry.parse(rest);
    if (command == "--version") return Finish{0, std::string("lotmesh ") + kVersion + "\n", {}};
    if (command == "--help" || command == "-h") return Finish{0, help(), {}};
    return mistake(kExitConfig, "\"" + command + "\" is no command (see lotmesh --help)");
}

std::vector<CommandInfo> describe_commands() {
    std::vector<CommandInfo> commands;
    for (const CommandEntry& entry : kCommands) {
        commands.push_back(std::get<CommandInfo>(entry.parse({kDescribe})));
        commands.back().name = entry.name;
        commands.back().summary = entry.summary;
    }
    return commands;
}

}  // namespace lotmesh::tool
