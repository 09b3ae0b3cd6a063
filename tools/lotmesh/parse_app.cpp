#include "tools/lotmesh/parse_app.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <utility>

#include "tools/lotmesh/describe_app.h"

namespace lotmesh::tool {

namespace {

const std::string kDescribe("\0describe", 9);

std::string config_path(const CLI::App& app) { return app.get_config_ptr()->as<std::string>(); }

// An empty value is what an unset variable of a shell leaves behind: to go on as if the option had
// not been given would be another broker than the one that was meant.
std::optional<std::string> empty_option(const CLI::App& app) {
    for (const CLI::Option* option : app.get_options())
        for (const std::string& value : option->results())
            if (value.empty()) return option->get_name();
    return std::nullopt;
}

}  // namespace

std::vector<std::string> describe_words() { return {kDescribe}; }

Finish mistake(int exit_code, std::string why) {
    // CLI11 breaks some of its messages into lines.
    while (why.ends_with('\n'))
        why.pop_back();
    std::replace(why.begin(), why.end(), '\n', ' ');
    return {exit_code, {}, "lotmesh: " + why};
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

}  // namespace lotmesh::tool
