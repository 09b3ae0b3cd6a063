#include "tools/lotmesh/command_line.h"

#include <doctest/doctest.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

using namespace lotmesh;
using namespace lotmesh::tool;

namespace {

template <typename T>
T parsed(const std::vector<std::string>& words) {
    const Command command = parse_command_line(words);
    REQUIRE(std::holds_alternative<T>(command));
    return std::get<T>(command);
}

// A mistake: one line and an exit code, nothing on stdout.
std::string mistake(const std::vector<std::string>& words, int exit_code) {
    CAPTURE(words.size());
    const auto finish = parsed<Finish>(words);
    CHECK(finish.exit_code == exit_code);
    CHECK(finish.output.empty());
    CHECK(finish.error.starts_with("lotmesh: "));
    CHECK(finish.error.find('\n') == std::string::npos);
    return finish.error;
}

class ConfigFile {
public:
    explicit ConfigFile(const std::string& text) {
        path = std::filesystem::temp_directory_path() / "lotmesh-config-XXXXXX";
        REQUIRE(::close(::mkstemp(path.data())) == 0);
        std::ofstream(path) << text;
    }
    ~ConfigFile() { std::filesystem::remove(path); }
    ConfigFile(const ConfigFile&) = delete;
    ConfigFile& operator=(const ConfigFile&) = delete;

    std::string path;
};

}  // namespace

TEST_CASE("serve takes each of its options, listeners more than once") {
    const auto options =
        parsed<ServeOptions>({"serve",      "--listen",        "1883",     "--listen",
                              "[::1]:1884", "--routes",        "r",        "--name",
                              "n",          "--data",          "d",        "--cluster-credentials",
                              "c",          "--port-file",     "p",        "--log-level",
                              "debug",      "--ws-origin",     "http://a", "--ws-origin",
                              "http://b",   "--trusted-proxy", "::1",      "--trusted-proxy",
                              "10.0.0.0/8"});
    ServeOptions expected;
    expected.listen = {"1883", "[::1]:1884"};
    expected.ws_origins = {"http://a", "http://b"};
    expected.trusted_proxies = {"::1", "10.0.0.0/8"};
    expected.routes = "r";
    expected.name = "n";
    expected.data = "d";
    expected.cluster_credentials = "c";
    expected.port_file = "p";
    expected.log_level = "debug";
    CHECK(options == expected);
    CHECK(parsed<ServeOptions>({"serve"}) == ServeOptions{});
}

TEST_CASE("serve takes what clients are told and what they are bound by") {
    const auto options = parsed<ServeOptions>(
        {"serve", "--limit", "maximum-qos=1", "--limit", "topic-levels=9", "--server-reference",
         "b:1883", "--response-information", "reply/%c", "--log-topics"});
    CHECK(options.limits == std::vector<std::string>{"maximum-qos=1", "topic-levels=9"});
    CHECK(options.log_topics);
    const auto config = to_config(options);
    REQUIRE(config);
    CHECK(config->limits.maximum_qos == mqtt::QoS::AtLeastOnce);
    CHECK(config->limits.topic_levels_max == 9);
    CHECK(config->server_reference == "b:1883");
    CHECK(config->response_information == "reply/%c");
    CHECK(config->log_topics);
}

TEST_CASE("what clients cannot be told is refused") {
    const auto complaint = [](const ServeOptions& options) {
        const auto config = to_config(options);
        return config ? std::string() : config.error();
    };
    ServeOptions options;
    options.limits = {"maximum-qos=3"};
    CHECK(complaint(options) == "--limit: maximum-qos is a number from 0 to 2");
    options = {};
    options.server_reference = std::string(129, 'x');
    CHECK(complaint(options) == "--server-reference: no text, or too long");
    options = {};
    options.response_information = "reply/#";
    CHECK(complaint(options) == "--response-information: no topic, or too long");
}

TEST_CASE("serve takes how clients prove who they are") {
    const auto options = parsed<ServeOptions>(
        {"serve", "--password-file", "u", "--jwt-key", "a", "--jwt-key", "b", "--jwt-audience",
         "us", "--jwt-issuer", "them", "--allow-anonymous", "--audit-log", "l", "--core-dumps"});
    const auto config = to_config(options);
    REQUIRE(config);
    CHECK(config->auth.password_file == "u");
    CHECK(config->auth.jwt_keys == std::vector<std::filesystem::path>{"a", "b"});
    CHECK(config->auth.jwt_audience == "us");
    CHECK(config->auth.jwt_issuer == "them");
    CHECK(config->allow_anonymous);
    CHECK(config->audit_log == "l");
    CHECK(config->core_dumps);
    const auto nothing = to_config(parsed<ServeOptions>({"serve"}));
    REQUIRE(nothing);
    CHECK_FALSE(nothing->auth.any());
    CHECK_FALSE(nothing->allow_anonymous);
    CHECK_FALSE(nothing->core_dumps);
}

TEST_CASE("who tokens are for and from needs keys of tokens") {
    for (const char* const option : {"--jwt-audience", "--jwt-issuer"}) {
        const auto config = to_config(parsed<ServeOptions>({"serve", option, "us"}));
        REQUIRE_FALSE(config);
        CHECK(config.error() == std::string(option) + ": there are no tokens without --jwt-key");
    }
}

TEST_CASE("passwd takes a file, a user and what to do") {
    const auto options =
        parsed<PasswdOptions>({"passwd", "users", "ada", "--scram", "--iterations", "4096"});
    CHECK(options ==
          PasswdOptions{.file = "users", .user = "ada", .scram = true, .iterations = 4096});
    CHECK(parsed<PasswdOptions>({"passwd", "users", "ada", "--delete"}).action ==
          PasswdAction::Delete);
    CHECK_FALSE(mistake({"passwd", "users"}, 2).empty());
    CHECK_FALSE(mistake({"passwd", "users", "ada", "--iterations", "4095"}, 2).empty());
}

TEST_CASE("a TOML file has the same names, and an option wins over it") {
    const ConfigFile file(
        "listen = [\"127.0.0.1:1883\", \"[::1]:1884\"]\nname = \"from file\"\nlog-level = "
        "\"warning\"\n");
    const auto options =
        parsed<ServeOptions>({"serve", "--config", file.path, "--name", "from option"});
    CHECK(options.listen == std::vector<std::string>{"127.0.0.1:1883", "[::1]:1884"});
    CHECK(options.name == "from option");
    CHECK(options.log_level == "warning");
    const ConfigFile number("listen = 1885\n");
    CHECK(parsed<ServeOptions>({"serve", "--config", number.path}).listen ==
          std::vector<std::string>{"1885"});
    const ConfigFile lists("ws-origin = [\"http://a\"]\ntrusted-proxy = [\"::1\", \"::2\"]\n");
    const auto listed = parsed<ServeOptions>({"serve", "--config", lists.path});
    CHECK(listed.ws_origins == std::vector<std::string>{"http://a"});
    CHECK(listed.trusted_proxies == std::vector<std::string>{"::1", "::2"});
}

TEST_CASE("a mistake in a configuration file is named with file and line") {
    const auto complaint = [](const std::string& text) {
        const ConfigFile file(text);
        const std::string line = mistake({"serve", "--config", file.path}, 78);
        const std::string head = "lotmesh: configuration file " + file.path + ":";
        REQUIRE(line.starts_with(head));
        return line.substr(head.size());
    };
    CHECK(complaint("\nnosuch = \"x\"\n") == "2: there is no option nosuch");
    CHECK(complaint("help = \"x\"\n") == "1: there is no option help");
    CHECK(complaint("config = \"x\"\n") == "1: there is no option config");
    CHECK(complaint("name = \"abc\n") == "1: a string has no end on its line");
    CHECK(complaint("name = [\"a\"]\n") == "1: name takes one value");
    CHECK(complaint("data = \"\"\n") == "1: data is empty");
    CHECK(complaint("listen = []\n") == "1: listen is empty");
    CHECK(mistake({"serve", "--config", "/nosuch"}, 78) ==
          "lotmesh: configuration file /nosuch cannot be read");
    CHECK(mistake({"serve", "--config", "/tmp"}, 78) ==
          "lotmesh: configuration file /tmp cannot be read");
}

TEST_CASE("an option with an empty value is refused, whatever a shell made of it") {
    for (const char* option : {"--listen", "--routes", "--name", "--data", "--cluster-credentials",
                               "--port-file", "--log-level", "--config"}) {
        CHECK(mistake({"serve", option, ""}, 78) ==
              "lotmesh: " + std::string(option) + ": the value is empty");
        CHECK(mistake({"serve", option + std::string("=")}, 78).starts_with("lotmesh: "));
    }
}

TEST_CASE("wrong words give one line and the exit code of their command") {
    CHECK(mistake({"serve", "--nosuch"}, 78).find("--nosuch") != std::string::npos);
    CHECK(mistake({"serve", "--listen"}, 78).find("--listen") != std::string::npos);
    CHECK(mistake({"serve", "stray"}, 78).find("stray") != std::string::npos);
    CHECK(mistake({"lint"}, 2).find("PATH") != std::string::npos);
    CHECK(mistake({"lint", "--nosuch", "x"}, 2).find("--nosuch") != std::string::npos);
    CHECK(mistake({"lint", "--colour", "pink", "x"}, 2).find("pink") != std::string::npos);
    CHECK(mistake({"srve"}, 78).find("srve") != std::string::npos);
    mistake({}, 78);
}

TEST_CASE("lint takes files, folders and standard input") {
    const auto options =
        parsed<LintOptions>({"lint", "--color", "never", "--portable", "--plan", "a.lot", "-"});
    CHECK(options.paths == std::vector<std::string>{"a.lot", "-"});
    CHECK(options.colour == ColourChoice::Never);
    CHECK(options.portable);
    CHECK(options.print_plan);
    CHECK(parsed<LintOptions>({"lint", "x"}).colour == ColourChoice::Auto);
}

TEST_CASE("lint takes a cluster in the place of paths") {
    const auto options = parsed<LintOptions>({"lint", "--cluster", "nodes", "--deploy"});
    CHECK(options.cluster == "nodes");
    CHECK(options.deploy);
    CHECK(options.paths.empty());
    CHECK(mistake({"lint", "--cluster", "nodes", "x"}, 2).find("--cluster") != std::string::npos);
    CHECK(mistake({"lint", "--cluster", "nodes", "--fix"}, 2).find("--fix") != std::string::npos);
    CHECK(mistake({"lint", "--deploy", "x"}, 2).find("--cluster") != std::string::npos);
}

TEST_CASE("graph takes a folder and a format") {
    CHECK(parsed<GraphOptions>({"graph", "nodes"}).folder == "nodes");
    CHECK(parsed<GraphOptions>({"graph", "nodes", "--format", "svg"}).drawing ==
          lotmesh::topology::Drawing::Svg);
    CHECK(mistake({"graph"}, 2).find("DIR") != std::string::npos);
    CHECK(parsed<GraphOptions>({"graph", "--live", "node1:1884"}).live ==
          std::vector<lotmesh::Endpoint>{{"node1", 1884}});
    CHECK(mistake({"graph", "--live", "node1:0"}, 2).find("node1:0") != std::string::npos);
    CHECK(mistake({"graph", "x", "--format", "png"}, 2).find("`mermaid`") != std::string::npos);
}

TEST_CASE("trace takes where, what and who is away") {
    const auto options = parsed<TraceOptions>(
        {"trace", "nodes", "--from", "a", "--topic", "t", "--without", "b", "--without", "c"});
    CHECK(options.from == "a");
    CHECK(options.topic == "t");
    CHECK(options.without == std::vector<std::string>{"b", "c"});
    CHECK(mistake({"trace", "nodes", "--topic", "t"}, 2).find("--from") != std::string::npos);
    CHECK(parsed<LintOptions>({"lint", "--cluster", "nodes", "--online"}).online);
}

TEST_CASE("lint is told the format and what to make of findings") {
    const auto options =
        parsed<LintOptions>({"lint", "--format", "sarif", "-D", "warnings", "-A", "LOT0506", "-A",
                             "LOT0504", "--warn", "support", "x"});
    CHECK(options.format == diag::Format::Sarif);
    diag::Levels levels;
    REQUIRE(levels.set("support", diag::Level::Warn));
    REQUIRE(levels.set("LOT0506", diag::Level::Allow));
    REQUIRE(levels.set("LOT0504", diag::Level::Allow));
    REQUIRE(levels.set("warnings", diag::Level::Deny));
    CHECK(options.levels == levels);
    diag::Levels denied;
    REQUIRE(denied.set("warnings", diag::Level::Deny));
    CHECK(parsed<LintOptions>({"lint", "--deny-warnings", "x"}).levels == denied);
    CHECK(mistake({"lint", "--format", "xml", "x"}, 2).find("`junit`") != std::string::npos);
    CHECK(mistake({"lint", "-A", "advise", "x"}, 2).find("did you mean `advice`?") !=
          std::string::npos);
}

TEST_CASE("fmt takes paths and one mode") {
    CHECK(parsed<FmtOptions>({"fmt", "a.lot", "-"}) == FmtOptions{{"a.lot", "-"}, FmtMode::Write});
    CHECK(parsed<FmtOptions>({"fmt", "--check", "a"}).mode == FmtMode::Check);
    CHECK(parsed<FmtOptions>({"fmt", "--diff", "a"}).mode == FmtMode::Diff);
    CHECK(mistake({"fmt", "--diff", "--check", "a"}, 2).find("--check") != std::string::npos);
    CHECK(mistake({"fmt"}, 2).find("PATH") != std::string::npos);
}

TEST_CASE("the commands around a running broker take their options") {
    CHECK(parsed<StatusOptions>({"status", "a:1", "b", "--watch", "--format", "json"}) ==
          StatusOptions{{"a:1", "b"}, OutputFormat::Json, true});
    CHECK(parsed<PlanOptions>({"plan"}) == PlanOptions{});
    CHECK(parsed<PlanOptions>({"plan", "d", "--against", "a", "--out", "f"}) ==
          PlanOptions{"d", "a", OutputFormat::Text, "f"});
    CHECK(parsed<ApplyOptions>({"apply"}) == ApplyOptions{});
    CHECK(parsed<ApplyOptions>(
              {"apply", "d", "--to", "a", "--health-within", "2m", "--confirm-within", "60s"}) ==
          ApplyOptions{"d", "a", {Seconds{120}, Seconds{60}}});
    CHECK(parsed<RollbackOptions>({"rollback", "r3", "--to", "a"}) ==
          RollbackOptions{"r3", "a", {}});
    CHECK(parsed<RollbackOptions>(
              {"rollback", "r3", "--health-within", "0", "--confirm-within", "1m"}) ==
          RollbackOptions{"r3", kDefaultBroker, {Seconds{0}, Seconds{60}}});
    mistake({"rollback", "r3", "--health-within", "soon"}, kExitPlanUsage);
    CHECK(parsed<ConfirmOptions>({"confirm", "a"}) == ConfirmOptions{"a"});
    CHECK(parsed<HistoryOptions>({"history"}) == HistoryOptions{});
    mistake({"status"}, kExitLintUsage);
    mistake({"plan", "--format", "sarif"}, kExitPlanUsage);
    mistake({"apply", "--confirm-within", "soon"}, kExitPlanUsage);
    mistake({"rollback", "r1", "r2"}, kExitPlanUsage);
}

TEST_CASE("help and version go to stdout with exit code 0") {
    for (const std::vector<std::string>& words : {std::vector<std::string>{"--help"},
                                                  {"-h"},
                                                  {"--version"},
                                                  {"serve", "--help"},
                                                  {"lint", "--help"}}) {
        const auto finish = parsed<Finish>(words);
        CHECK(finish.exit_code == 0);
        CHECK(finish.output.find("lotmesh") != std::string::npos);
        CHECK(finish.error.empty());
    }
}

TEST_CASE("what serve was told becomes a configuration, or one line") {
    ServeOptions options;
    options.listen = {"127.0.0.1:0"};
    options.routes = "r";
    const auto config = to_config(options);
    REQUIRE(config.has_value());
    CHECK(config->listen == std::vector<server::ListenAddress>{{"127.0.0.1", 0}});
    CHECK(config->routes == "r");
    CHECK_FALSE(config->data.has_value());
    CHECK(config->log_level == log::Level::Info);

    options.log_level = "loud";
    CHECK(to_config(options).error().starts_with("--log-level: \"loud\""));
    options.listen = {"nonsense"};
    CHECK(to_config(options).error().starts_with("--listen: \"nonsense\""));
    options = {};
    options.ws_origins = {"https://example.org/", "nonsense"};
    CHECK(to_config(options).error().starts_with("--ws-origin: \"nonsense\""));
    options.ws_origins.pop_back();
    CHECK(to_config(options)->ws_origins == std::vector<std::string>{"https://example.org"});
    options.trusted_proxies = {"10.0.0.0/8", "10.0.0.0/33"};
    CHECK(to_config(options).error().starts_with("--trusted-proxy: \"10.0.0.0/33\""));
    options.trusted_proxies.pop_back();
    CHECK(to_config(options)->trusted_proxies.size() == 1);
    options = {};
    options.name = std::string(129, 'n');
    CHECK(to_config(options).error().starts_with("--name: "));
    options.name.pop_back();
    CHECK(to_config(options).has_value());
    options.name = "node\xFF";
    CHECK(to_config(options).error() == "--name: not valid UTF-8");
}
