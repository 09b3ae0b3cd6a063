#include "tools/lotmesh/acl_command.h"

#include <fmt/core.h>

#include <iostream>
#include <memory>
#include <utility>

#include "base/assert.h"
#include "runtime/access/limits.h"
#include "runtime/access/mosquitto.h"
#include "runtime/access/print.h"
#include "runtime/access/text.h"
#include "runtime/server/files.h"

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

std::string place(const std::string& file, const access::Rule& rule) {
    return fmt::format("{}:{}: {}", file, rule.line, to_string(rule));
}

std::string told(const access::Decision& decision, const std::string& file) {
    using access::Reason;
    switch (decision.reason) {
        case Reason::Rule:
            return fmt::format("{} by {}",
                               decision.verdict == access::Verdict::Allow ? "allowed" : "denied",
                               place(file, *decision.rule));
        case Reason::NoRule: return fmt::format("denied: no rule of {} allows it", file);
        case Reason::UnsafeName:
            return fmt::format(
                "denied: the name has +, # or / in it, and is a level of topics in {}",
                place(file, *decision.rule));
        case Reason::TooManyGroups:
            return fmt::format("denied: in more than {} groups", access::kGroupsOfPrincipalMax);
    }
    UNREACHABLE();
}

}  // namespace

AclExit check_acl(const AclOptions& options, AclStreams streams) {
    auto rules = read(options.file, access::read_rules, "acl", streams.error);
    if (!rules) return AclExit::CouldNotRun;
    if (!options.question) {
        streams.out << fmt::format("{}: {}, {}\n", options.file,
                                   counted(rules->rules.size(), "rule"),
                                   counted(rules->groups.size(), "group"));
        return AclExit::Yes;
    }
    const auto book = std::make_shared<const access::RuleBook>(std::move(*rules));
    const access::Decision decision =
        access::Rights(book, options.who).decide(options.question->action, options.question->topic);
    streams.out << told(decision, options.file) << "\n";
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
