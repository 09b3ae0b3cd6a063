#include "tools/lotmesh/acl_command_line.h"

#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include <optional>
#include <string_view>
#include <utility>

#include "base/near_words.h"
#include "base/result.h"
#include "base/topic.h"
#include "tools/lotmesh/parse_app.h"

namespace lotmesh::tool {

namespace {

Result<access::Action, std::string> read_action(std::string_view word) {
    if (const auto action = access::parse_action(word)) return *action;
    std::string known;
    std::vector<std::string_view> names;
    names.reserve(access::kActions.size());
    for (const access::Action action : access::kActions) {
        names.push_back(to_string(action));
        known += (known.empty() ? "" : ", ") + std::string(names.back());
    }
    if (const auto meant = nearest(word, names))
        return failure(fmt::format("there is no action {}; did you mean {}?", word, *meant));
    return failure(fmt::format("there is no action {}; there are {}", word, known));
}

// As the broker asks: of a shared subscription the part behind the group, and what is below $SYS
// as sys.
Result<std::string, std::string> read_topic(access::Action action, const std::string& topic) {
    using access::Action;
    const bool takes_filter = action == Action::Subscribe || action == Action::Sys;
    const bool below_sys = topic == "$SYS" || topic.starts_with("$SYS/");
    if (!has_topic(action) && !topic.empty())
        return failure(fmt::format("{} is about no topic", to_string(action)));
    if (!has_topic(action)) return topic;
    if (topic.empty()) return failure(fmt::format("{} needs one", to_string(action)));
    if (takes_filter ? !is_valid_topic_filter(topic) : !is_valid_topic_name(topic))
        return failure(fmt::format("this is no topic {}", takes_filter ? "filter" : "name"));
    if (below_sys != (action == Action::Sys) && (takes_filter || action == Action::Receive))
        return failure(std::string("the action sys is for what is below $SYS, and for no other"));
    if (const auto shared = parse_shared_filter(topic)) return std::string(shared->filter);
    return topic;
}

}  // namespace

Command parse_acl(const std::vector<std::string>& words) {
    CLI::App app(
        "Check a file of rules, or ask it a question: exit code 0 a good file, or allowed; "
        "1 denied; 2 mistakes, or could not run.",
        "lotmesh acl");
    AclOptions options;
    std::string work;
    std::string action;
    std::string topic;
    app.add_option("WORK", work, "check")->required()->check(CLI::IsMember({"check"}));
    app.add_option("FILE", options.file, "file of rules, or a folder or .lot file that has some")
        ->required();
    app.add_option("--user", options.who.user_name, "user name of who asks (default: none)");
    app.add_option("--client", options.who.client_id, "its client id");
    app.add_option("--group", options.who.groups,
                   "group that its credentials name; may be repeated")
        ->take_all()
        ->allow_extra_args(false);
    app.add_option("--listener", options.who.listener, "that it came to");
    app.add_option("--action", action,
                   "connect, publish, subscribe, receive, retain, will, sys, admin or cluster");
    app.add_option("--topic", topic, "topic name, or to subscribe a filter");
    if (auto finish = parse(app, words, kExitLintUsage)) return *finish;
    if (action.empty()) {
        if (topic.empty() && options.who == access::Principal{}) return options;
        return mistake(kExitLintUsage, "--action is required, to ask a question");
    }
    const auto known = read_action(action);
    if (!known) return mistake(kExitLintUsage, "--action: " + known.error());
    auto asked = read_topic(*known, topic);
    if (!asked) return mistake(kExitLintUsage, "--topic: " + asked.error());
    options.question = {*known, std::move(*asked)};
    return options;
}

Command parse_import(const std::vector<std::string>& words) {
    CLI::App app(
        "Write a file of another broker as one of lotmesh, to standard output: exit code 0 done, "
        "2 it says what cannot be said here, or could not run.",
        "lotmesh import");
    std::string what;
    ImportAclOptions options;
    app.add_option("WHAT", what, "acl: an acl_file of mosquitto")
        ->required()
        ->check(CLI::IsMember({"acl"}));
    app.add_option("FILE", options.file, "the other broker's")->required();
    if (auto finish = parse(app, words, kExitLintUsage)) return *finish;
    return options;
}

}  // namespace lotmesh::tool
