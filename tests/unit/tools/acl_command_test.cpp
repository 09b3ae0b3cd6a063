#include "tools/lotmesh/acl_command.h"

#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <vector>

#include "tests/support/temporary_folder.h"
#include "tools/lotmesh/command_line.h"

using namespace lotmesh;
using namespace lotmesh::tool;

namespace {

const std::string kRules =
    "allow anybody connect\n"
    "group staff = ada\n"
    "allow group staff read,write plant/%u/#\n"
    "deny anybody publish plant/#\n";

struct Told {
    AclExit exit = AclExit::Yes;
    std::string out;
    std::string error;
};

// The folder's name is left out of what is told.
struct Bench {
    test::TemporaryFolder folder;

    Told check(const std::string& rules, const access::Principal& who = {},
               const std::optional<AclQuestion>& question = std::nullopt) const {
        const AclOptions options = {folder.write("acl", rules), who, question};
        return told([&](AclStreams streams) { return check_acl(options, streams); });
    }
    Told import(const std::string& text) const {
        const ImportAclOptions options = {folder.write("acl", text)};
        return told([&](AclStreams streams) { return import_acl(options, streams); });
    }
    template <typename Run>
    Told told(Run run) const {
        std::ostringstream out;
        std::ostringstream error;
        const AclExit exit = run({out, error});
        return {exit, without_folder(out.str()), without_folder(error.str())};
    }
    std::string without_folder(std::string text) const {
        const std::string name = folder.path() + "/";
        for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name))
            text.erase(at, name.size());
        return text;
    }
};

// A good command line's options, or the complaint.
AclOptions read(std::vector<std::string> words) {
    words.insert(words.begin(), {"acl", "check", "FILE"});
    const Command command = parse_command_line(words);
    REQUIRE(std::holds_alternative<AclOptions>(command));
    return std::get<AclOptions>(command);
}
std::string complaint(const std::vector<std::string>& words) {
    const Command command = parse_command_line(words);
    REQUIRE(std::holds_alternative<Finish>(command));
    CHECK(std::get<Finish>(command).exit_code == kExitLintUsage);
    return std::get<Finish>(command).error;
}
std::string question_complaint(std::vector<std::string> words) {
    words.insert(words.begin(), {"acl", "check", "FILE"});
    return complaint(words);
}

}  // namespace

TEST_CASE("a good file of rules is counted") {
    const Bench bench;
    CHECK(bench.check(kRules).out == "acl: 3 rules, 1 group\n");
    const Told nothing = bench.check("# nobody may do anything\n");
    CHECK(nothing.out == "acl: 0 rules, 0 groups\n");
    CHECK(nothing.exit == AclExit::Yes);
}

TEST_CASE("a question is answered with the rule that decides it") {
    const Bench bench;
    const Told allowed =
        bench.check(kRules, {"", "ada"}, {{access::Action::Publish, "plant/ada/x"}});
    CHECK(allowed.exit == AclExit::Yes);
    CHECK(allowed.out == "allowed by acl:3: allow group staff read,write plant/%u/#\n");
    const Told denied = bench.check(kRules, {"", "bob"}, {{access::Action::Publish, "plant/x"}});
    CHECK(denied.exit == AclExit::Denied);
    CHECK(denied.out == "denied by acl:4: deny anybody publish plant/#\n");
    const Told no_rule = bench.check(kRules, {}, {{access::Action::Subscribe, "#"}});
    CHECK(no_rule.exit == AclExit::Denied);
    CHECK(no_rule.out == "denied: no rule of acl allows it\n");
}

TEST_CASE("S1: it is told why a name keeps its owner out") {
    const Bench bench;
    const Told unsafe = bench.check("allow anybody read a/%u/#\nallow anybody connect\n",
                                    {"", "a/b"}, {{access::Action::Connect, ""}});
    CHECK(unsafe.exit == AclExit::Denied);
    CHECK(unsafe.out ==
          "denied: the name has +, # or / in it, and is a level of topics in "
          "acl:1: allow anybody read a/%u/#\n");
    std::string rules;
    access::Principal who;
    for (int i = 0; i < 17; ++i) {
        who.groups.push_back("g" + std::to_string(i));
        rules += "group " + who.groups.back() + " =\nallow group " + who.groups.back() + " admin\n";
    }
    CHECK(bench.check(rules, who, {{access::Action::Admin, ""}}).out ==
          "denied: in more than 16 groups\n");
}

TEST_CASE("mistakes are shown, all of them, and nothing is answered") {
    const Bench bench;
    const Told wrong =
        bench.check("alow\nallow anybody reed a\n", {}, {{access::Action::Connect, ""}});
    CHECK(wrong.exit == AclExit::CouldNotRun);
    CHECK(wrong.out.empty());
    CHECK(
        wrong.error.starts_with("acl:1:1: alow is not allow, deny or group, which begin a line; "
                                "did you mean allow?\n    alow\n    ^\nacl:2:15: reed is not"));
    const AclOptions missing = {bench.folder.path("other"), {}, std::nullopt};
    const Told none = bench.told([&](AclStreams streams) { return check_acl(missing, streams); });
    CHECK(none.exit == AclExit::CouldNotRun);
    CHECK(none.error.starts_with("lotmesh acl: "));
}

TEST_CASE("rules of the route language are asked as those of a file are") {
    const Bench bench;
    const std::string text =
        "// rules\nDEFINE RULE Plant WITH PRIORITY 100 FOR Write TO TOPIC \"plant/#\"\n"
        "    IF USER IN GROUP \"staff\" THEN ALLOW ELSE DENY\n"
        "DEFINE RULE Connect WITH PRIORITY 200 FOR Connect IF ANYBODY THEN ALLOW\n";
    const std::string path = bench.folder.write("rules.lot", text);
    const auto ask = [&](const std::string& where, const access::Principal& who,
                         const std::optional<AclQuestion>& question) {
        const AclOptions options = {where, who, question};
        return bench.told([&](AclStreams streams) { return check_acl(options, streams); });
    };
    const AclQuestion publish{access::Action::Publish, "plant/a"};
    CHECK(ask(path, {}, std::nullopt).out == "rules.lot: 2 rules, 0 groups\n");
    const access::Principal ada{.client_id = "c", .user_name = "ada", .groups = {"staff"}};
    CHECK(ask(path, ada, publish).out ==
          "allowed by rules.lot:2: rule Plant: allow write plant/#\n");
    CHECK(ask(bench.folder.path(), {}, publish).out ==
          "denied by rules.lot:2: rule Plant: deny write plant/#\n");
    CHECK(ask(path, {}, {{access::Action::Connect, ""}}).exit == AclExit::Yes);
    CHECK(ask(path, {}, {{access::Action::Admin, ""}}).out ==
          "denied: no rule of rules.lot allows it\n");
    bench.folder.write("rules.lot", text + "DEFINE RULE Bad\n");
    const Told bad = ask(path, {}, std::nullopt);
    CHECK(bad.exit == AclExit::CouldNotRun);
    CHECK(bad.error.contains("error[LOT0219]"));
    CHECK(ask(bench.folder.path("none.lot"), {}, std::nullopt).exit == AclExit::CouldNotRun);
}

TEST_CASE("mosquitto's file is written as rules, or it is told why not") {
    const Bench bench;
    const Told good = bench.import("user ada\ntopic read plant/#\n");
    CHECK(good.exit == AclExit::Yes);
    CHECK(good.out == "allow anybody connect\nallow user ada read plant/#\n");
    const Told wrong = bench.import("user ada\ntopic raed plant/#\n");
    CHECK(wrong.exit == AclExit::CouldNotRun);
    CHECK(wrong.out.empty());
    CHECK(
        wrong.error.starts_with("acl:2:7: raed is not read, write, readwrite or deny; did you "
                                "mean read?\n    topic raed plant/#\n          ^\n"));
}

TEST_CASE("the words of acl and import") {
    CHECK(read({}) == AclOptions{"FILE", {}, std::nullopt});
    CHECK(read({"--user", "ada", "--client", "c1", "--group", "g", "--group", "h", "--listener",
                "l", "--action", "publish", "--topic", "a/b"}) ==
          AclOptions{"FILE", {"c1", "ada", {"g", "h"}, "l"}, {{access::Action::Publish, "a/b"}}});
    CHECK(read({"--action", "connect"}).question == AclQuestion{access::Action::Connect, ""});
    CHECK(read({"--action", "sys", "--topic", "$SYS/#"}).question ==
          AclQuestion{access::Action::Sys, "$SYS/#"});
    CHECK(read({"--action", "subscribe", "--topic", "$share/g/a/#"}).question ==
          AclQuestion{access::Action::Subscribe, "a/#"});
    const Command import = parse_command_line({"import", "acl", "FILE"});
    REQUIRE(std::holds_alternative<ImportAclOptions>(import));
    CHECK(std::get<ImportAclOptions>(import).file == "FILE");
}

TEST_CASE("words that acl and import do not know") {
    CHECK(complaint({"acl"}).find("WORK is required") != std::string::npos);
    CHECK(complaint({"acl", "look", "FILE"}).find("WORK: look not in {check}") !=
          std::string::npos);
    CHECK(complaint({"acl", "check"}).find("FILE is required") != std::string::npos);
    CHECK(complaint({"import", "users", "FILE"}).find("WHAT: users not in {acl}") !=
          std::string::npos);
    CHECK(complaint({"import", "acl"}).find("FILE is required") != std::string::npos);
    CHECK(question_complaint({"--user", "ada"}) ==
          "lotmesh: --action is required, to ask a question");
    CHECK(question_complaint({"--action", "publsh", "--topic", "a"}) ==
          "lotmesh: --action: there is no action publsh; did you mean publish?");
    CHECK(question_complaint({"--action", "fly"})
              .find("there is no action fly; there are connect, "
                    "publish") != std::string::npos);
    CHECK(question_complaint({"--action", "publish"}) == "lotmesh: --topic: publish needs one");
    CHECK(question_complaint({"--action", "admin", "--topic", "a"}) ==
          "lotmesh: --topic: admin is about no topic");
    CHECK(question_complaint({"--action", "publish", "--topic", "a/#"}) ==
          "lotmesh: --topic: this is no topic name");
    CHECK(question_complaint({"--action", "subscribe", "--topic", "a/#/b"}) ==
          "lotmesh: --topic: this is no topic filter");
    for (const char* const action : {"subscribe", "receive"})
        CHECK(question_complaint({"--action", action, "--topic", "$SYS/a"}) ==
              "lotmesh: --topic: the action sys is for what is below $SYS, and for no other");
    CHECK(question_complaint({"--action", "sys", "--topic", "a"}).ends_with("for no other"));
}
