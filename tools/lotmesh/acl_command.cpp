#include "tools/lotmesh/acl_command.h"

#include <fmt/core.h>

#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <utility>

#include "base/assert.h"
#include "compiler/compile.h"
#include "compiler/diag/render_text.h"
#include "runtime/access/limits.h"
#include "runtime/access/mosquitto.h"
#include "runtime/access/print.h"
#include "runtime/access/text.h"
#include "runtime/server/files.h"
#include "runtime/server/plan_rules.h"
#include "runtime/server/references.h"
#include "runtime/server/route_files.h"

namespace lotmesh::tool {

namespace {

using Read = Result<access::Rules, std::vector<access::Mistake>> (*)(std::string_view text);

std::optional<access::Rules> read(const std::string& file, Read read_text, std::string_view command,
                                  std::ostream& error) {
    const auto text = server::read_file(file, access::kTextBytesMax);
    if (!text) {
        error << "lotmesh " << command << ": " << text.error() << "\n";
        return std::nullopt;
    }
    auto rules = read_text(*text);
    if (rules) return std::move(*rules);
    for (const access::Mistake& mistake : rules.error())
        error << with_line(mistake, file);
    return std::nullopt;
}

std::string counted(std::size_t count, std::string_view what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

// Rules, how many were written, and where those stand that have names.
struct ReadRules {
    access::Rules rules;
    std::size_t written = 0;
    std::map<std::string, std::string> places = {};
};

bool is_route_language(const std::string& path) {
    std::error_code error;
    return std::filesystem::is_directory(path, error) || path.ends_with(".lot") ||
           path.ends_with(".lotnb");
}

std::optional<ReadRules> read_plan(const std::string& path, std::ostream& error) {
    auto files = server::read_routes(path);
    if (!files) {
        error << "lotmesh acl: " << files.error() << "\n";
        return std::nullopt;
    }
    const server::SystemReferences references(server::default_secret_folders());
    CompileOptions options;
    options.resolver = &references;
    const CompileResult result = compile(std::move(*files), options);
    if (!result.ok()) {
        error << diag::render_text(result.report);
        return std::nullopt;
    }
    ReadRules all{{{}, server::access_rules(*result.plan)}, result.plan->rules.size()};
    for (const RouteText& rule : result.rules) {
        const source::Source& source = result.report.sources[rule.span.file];
        all.places[rule.name] =
            fmt::format("{}:{}", source.name(), source.line_of(rule.span.begin));
    }
    return all;
}

std::optional<ReadRules> read_any(const std::string& path, std::ostream& error) {
    if (is_route_language(path)) return read_plan(path, error);
    auto rules = read(path, access::read_rules, "acl", error);
    if (!rules) return std::nullopt;
    const std::size_t written = rules->rules.size();
    return ReadRules{std::move(*rules), written};
}

std::string place(const std::string& file, const ReadRules& all, const access::Rule& rule) {
    const auto named = all.places.find(rule.name);
    return named == all.places.end() ? fmt::format("{}:{}: {}", file, rule.line, to_string(rule))
                                     : fmt::format("{}: {}", named->second, to_string(rule));
}

std::string told(const access::Decision& decision, const std::string& file, const ReadRules& all) {
    using access::Reason;
    switch (decision.reason) {
        case Reason::Rule:
            return fmt::format("{} by {}",
                               decision.verdict == access::Verdict::Allow ? "allowed" : "denied",
                               place(file, all, *decision.rule));
        case Reason::NoRule: return fmt::format("denied: no rule of {} allows it", file);
        case Reason::UnsafeName:
            return fmt::format(
                "denied: the name has +, # or / in it, and is a level of topics in {}",
                place(file, all, *decision.rule));
        case Reason::TooManyGroups:
            return fmt::format("denied: in more than {} groups", access::kGroupsOfPrincipalMax);
    }
    UNREACHABLE();
}

}  // namespace

AclExit check_acl(const AclOptions& options, AclStreams streams) {
    const auto all = read_any(options.file, streams.error);
    if (!all) return AclExit::CouldNotRun;
    if (!options.question) {
        streams.out << fmt::format("{}: {}, {}\n", options.file, counted(all->written, "rule"),
                                   counted(all->rules.groups.size(), "group"));
        return AclExit::Yes;
    }
    const auto book = std::make_shared<const access::RuleBook>(all->rules);
    const access::Decision decision =
        access::Rights(book, options.who).decide(options.question->action, options.question->topic);
    streams.out << told(decision, options.file, *all) << "\n";
    return decision.verdict == access::Verdict::Allow ? AclExit::Yes : AclExit::Denied;
}

AclExit import_acl(const ImportAclOptions& options, AclStreams streams) {
    const auto rules = read(options.file, access::read_mosquitto_acl, "import acl", streams.error);
    if (!rules) return AclExit::CouldNotRun;
    streams.out << to_string(*rules);
    return AclExit::Yes;
}

int run_acl(const AclOptions& options) {
    return static_cast<int>(check_acl(options, {std::cout, std::cerr}));
}

int run_import_acl(const ImportAclOptions& options) {
    return static_cast<int>(import_acl(options, {std::cout, std::cerr}));
}

}  // namespace lotmesh::tool
