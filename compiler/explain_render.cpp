#include "compiler/explain_render.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "compiler/cluster.h"
#include "compiler/diag/levels.h"
#include "compiler/diag/render_text.h"
#include "compiler/diag/suggest.h"
#include "compiler/sema/references.h"

namespace lotmesh {

namespace {

constexpr diag::TextStyle kStyle{.colour = false, .columns = 100};

constexpr std::string_view kManualHead =
    "# Diagnostics\n"
    "\n"
    "What each code means, with a file that gives it, what `lotmesh lint` says about that file, "
    "and\n"
    "the file mended. `lotmesh explain LOT0302` shows the same. Codes never change their meaning.\n"
    "[The route language](lot-language.md) is the page to learn from; this one is to look things "
    "up.\n"
    "\n"
    "This page is made by `LOTMESH_UPDATE_GOLDEN=1 test_compiler` from "
    "`compiler/diag/explain_*.cpp`."
    "\n";

class OneVariable final : public ReferenceResolver {
public:
    explicit OneVariable(const diag::Variable& variable) : variable_(variable) {}
    std::optional<std::string> env(std::string_view name) const override {
        if (name.empty() || name != variable_.name) return std::nullopt;
        return std::string(variable_.value);
    }
    std::optional<std::string> secret(std::string_view) const override { return std::nullopt; }

private:
    const diag::Variable& variable_;
};

CompilerLimits limits_of(const diag::SampleSetup& setup) {
    CompilerLimits limits;
    const auto narrow = [](std::size_t& limit, std::size_t value) {
        if (value != 0) limit = value;
    };
    narrow(limits.file_bytes_max, setup.file_bytes_max);
    narrow(limits.definitions_max, setup.definitions_max);
    narrow(limits.definition_tokens_max, setup.definition_tokens_max);
    narrow(limits.value_bytes_max, setup.value_bytes_max);
    narrow(limits.rules_max, setup.rules_max);
    narrow(limits.condition_tests_max, setup.condition_tests_max);
    return limits;
}

// What has to be known about the circumstances: " (with ...)", or nothing.
std::string circumstances(const diag::Page& page, const diag::Variable& variable) {
    const diag::SampleSetup& setup = page.setup;
    std::vector<std::string> parts;
    const auto limit = [&](std::size_t value, std::string_view what) {
        if (value != 0) parts.push_back(fmt::format("as if {} {} were the limit", value, what));
    };
    if (!variable.name.empty())
        parts.push_back(fmt::format("loaded with {}={}", variable.name, variable.value));
    else if (setup.load)
        parts.emplace_back("loaded by a broker");
    if (setup.cluster) parts.emplace_back("with --cluster");
    if (setup.portable) parts.emplace_back("with --portable");
    limit(setup.file_bytes_max, "bytes");
    limit(setup.definitions_max, setup.definitions_max == 1 ? "definition" : "definitions");
    limit(setup.definition_tokens_max, "words and values");
    limit(setup.value_bytes_max, "bytes");
    limit(setup.rules_max, "rules");
    limit(setup.condition_tests_max, "tests");
    std::string text;
    for (const std::string& part : parts)
        text += (text.empty() ? " (" : ", ") + part;
    return text.empty() ? text : text + ")";
}

// The lines of a text, as they may be shown.
std::vector<std::string> lines_of(std::string_view text) {
    const source::Source source({std::string(), std::string(text)});
    std::vector<std::string> lines;
    for (std::uint32_t line = 1; line <= source.line_count(); ++line)
        lines.push_back(source.display_line(line));
    while (!lines.empty() && lines.back().empty())
        lines.pop_back();
    return lines;
}

std::string indented(std::string_view text) {
    std::string out;
    for (const std::string& line : lines_of(text))
        out += line.empty() ? "\n" : fmt::format("    {}\n", line);
    return out;
}

std::string fenced(std::string_view text) {
    std::string out = "```\n";
    for (const std::string& line : lines_of(text))
        out += line + "\n";
    return out + "```\n";
}

// What is said about the bad sample.
std::string findings_of(const diag::Page& page) {
    const CompileResult result = compile_sample(page, Sample::Bad);
    std::string out;
    for (const diag::Diagnostic& diagnostic : result.report.diagnostics)
        out += (out.empty() ? "" : "\n") +
               diag::render_text(diagnostic, result.report.sources, kStyle);
    return out;
}

// The samples and what is said about them; `block` sets a piece of text apart.
std::string samples_of(const diag::Page& page, std::string (*block)(std::string_view)) {
    return fmt::format("This gives it{}:\n\n{}\n{}\nMended{}:\n\n{}",
                       circumstances(page, page.bad_variable), block(page.bad),
                       block(findings_of(page)), circumstances(page, page.good_variable),
                       block(page.good));
}

std::string list_group(const diag::Group& group) {
    std::string out;
    for (const diag::CodeInfo& code : diag::all_codes()) {
        if (diag::group_of(code.code).hundred != group.hundred) continue;
        if (out.empty()) out = fmt::format("{}: {}\n", group.name, group.about);
        out += fmt::format("    {}  {}\n", diag::to_string(code.code), code.title);
    }
    return out;
}

std::string manual_index(const diag::Group& group) {
    std::string out;
    for (const diag::CodeInfo& code : diag::all_codes()) {
        if (diag::group_of(code.code).hundred != group.hundred) continue;
        if (out.empty()) out = fmt::format("\n| {} | {} |\n|---|---|\n", group.name, group.about);
        const std::string name = diag::to_string(code.code);
        out += fmt::format("| [{}](#{}) | {} |\n", name, diag::lower_case(name), code.title);
    }
    return out;
}

// A heading is the bare code, so that links to it stay when a title changes.
std::string manual_group(const diag::Group& group) {
    std::string out;
    for (const diag::Page& page : diag::pages()) {
        if (diag::group_of(page.code).hundred != group.hundred) continue;
        const diag::CodeInfo& code = diag::info(page.code);
        if (out.empty()) out = fmt::format("\n## {}: {}\n", group.name, group.about);
        out += fmt::format("\n### {}\n\n**{}** ({})\n\n{}\n\n{}", diag::to_string(page.code),
                           code.title, diag::to_string(code.severity), page.text,
                           samples_of(page, fenced));
    }
    return out;
}

// What is written one behind the other in a sample.
class ClusterSample final : public topology::FilePort {
public:
    explicit ClusterSample(std::string_view sample) {
        std::string* file = nullptr;
        while (!sample.empty()) {
            const std::size_t end = std::min(sample.find('\n'), sample.size() - 1) + 1;
            const std::string_view line = sample.substr(0, end);
            sample.remove_prefix(end);
            if (line.starts_with(kFile))
                file = &begin(std::string(line.substr(kFile.size(), end - kFile.size() - 1)));
            else if (file != nullptr)
                *file += line;
        }
    }

    const std::vector<NodeFolder>& folders() const { return folders_; }
    std::optional<std::string> read(const std::string& folder,
                                    const std::string& path) const override {
        const auto found = others_.find(folder + "/" + path);
        if (found == others_.end()) return std::nullopt;
        return found->second;
    }

private:
    static constexpr std::string_view kFile = "// file: ";

    std::string& begin(const std::string& name) {
        const std::string folder = name.substr(0, name.find('/'));
        if (folders_.empty() || folders_.back().name != folder) {
            folders_.push_back({.name = folder});
            folders_.back().path = folder;
        }
        if (name.ends_with(".lot"))
            return folders_.back().files.emplace_back(SourceText{name, {}}).text;
        if (name.ends_with(".toml"))
            return folders_.back().declaration.emplace(SourceText{name, {}}).text;
        return others_[name];
    }

    std::vector<NodeFolder> folders_;
    std::map<std::string, std::string> others_;
};

// The plan is that of all nodes together.
CompileResult compile_cluster_sample(std::string_view text) {
    const ClusterSample sample(text);
    ClusterOptions options;
    options.files = &sample;
    options.answers = read_answers(text);
    ClusterResult cluster = check_cluster(sample.folders(), options);
    CompileResult result;
    if (cluster.ok) {
        result.plan.emplace();
        for (const topology::Link& link : cluster.model.links)
            result.plan->links.push_back(link.route.link);
    }
    result.report = std::move(cluster.report);
    return result;
}

}  // namespace

CompileResult compile_sample(const diag::Page& page, Sample which) {
    const bool bad = which == Sample::Bad;
    if (page.setup.cluster) return compile_cluster_sample(bad ? page.bad : page.good);
    const OneVariable resolver(bad ? page.bad_variable : page.good_variable);
    CompileOptions options;
    options.mode = page.setup.load ? CompileMode::Load : CompileMode::Check;
    options.resolver = &resolver;
    options.portable = page.setup.portable;
    options.limits = limits_of(page.setup);
    const SourceText file{std::string(page.setup.file_name),
                          std::string(bad ? page.bad : page.good)};
    return compile({&file, 1}, options);
}

std::vector<topology::Answer> read_answers(std::string_view lines) {
    constexpr std::string_view kRunning = "// running on ";
    std::map<std::string, topology::LiveNode> nodes;
    std::istringstream in{std::string(lines)};
    for (std::string line; std::getline(in, line);) {
        if (!line.starts_with(kRunning)) continue;
        std::istringstream words(line.substr(kRunning.size()));
        std::string name;
        topology::LiveRoute route;
        words >> name >> route.name >> route.address >> route.port >> route.client_id;
        name.pop_back();  // the colon
        topology::LiveNode& node = nodes[name];
        node.name = name;
        node.routes.push_back(std::move(route));
    }
    std::vector<topology::Answer> answers;
    answers.reserve(nodes.size());
    for (auto& [name, node] : nodes)
        answers.push_back({name, std::move(node)});
    return answers;
}

std::string render_page(diag::Code code) {
    const diag::CodeInfo& info = diag::info(code);
    const diag::Page& page = diag::page_of(code);
    return fmt::format("{}: {} ({}, group {})\n\n{}\n\n{}", diag::to_string(code), info.title,
                       diag::to_string(info.severity), diag::group_of(code).name, page.text,
                       samples_of(page, indented));
}

std::string render_code_list() {
    std::string out;
    for (const diag::Group& group : diag::groups()) {
        const std::string part = list_group(group);
        out += (out.empty() || part.empty() ? "" : "\n") + part;
    }
    return out;
}

std::string render_code_manual() {
    std::string out(kManualHead);
    for (const diag::Group& group : diag::groups())
        out += manual_index(group);
    for (const diag::Group& group : diag::groups())
        out += manual_group(group);
    return out;
}

}  // namespace lotmesh
