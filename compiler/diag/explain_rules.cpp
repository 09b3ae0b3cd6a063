// Pages about rules of access, of all groups.
#include <array>

#include "compiler/diag/explain.h"

namespace lotmesh::diag {

namespace {

// What most samples are when they are mended.
constexpr std::string_view kTwoRules = R"(DEFINE RULE Connect WITH PRIORITY 100 FOR Connect
    IF ANYBODY THEN ALLOW

DEFINE RULE Plant WITH PRIORITY 200 FOR Publish TO TOPIC "plant/#"
    IF USER IN GROUP "operators" THEN ALLOW ELSE DENY
)";

constexpr auto kPages = std::to_array<Page>({
    {
        .code = Code::ConditionTooLarge,
        .text = R"(A condition has a bounded number of tests, and parentheses and NOTs stand in each
other to a bounded depth, since it is asked for each client that comes. Many names
with OR between them are a group: put the users into one and test for that, or write
several rules.)",
        .bad = R"(DEFINE RULE Connect WITH PRIORITY 100 FOR Connect
    IF ANYBODY THEN ALLOW

DEFINE RULE Plant WITH PRIORITY 200 FOR Publish TO TOPIC "plant/#"
    IF USER IS "ada" OR USER IS "bob" OR USER IS "eve" THEN ALLOW
)",
        .good = R"(DEFINE RULE Connect WITH PRIORITY 100 FOR Connect
    IF ANYBODY THEN ALLOW

DEFINE RULE Plant WITH PRIORITY 200 FOR Publish TO TOPIC "plant/#"
    IF USER IN GROUP "operators" THEN ALLOW
)",
        .setup = {.condition_tests_max = 2},
    },
    {
        .code = Code::TooManyRules,
        .text =
            R"(All files of a folder together have a bounded number of rules, since each question of
a client may look at all of them. Often a rule was written for each device. One rule
is enough for all of them where the topic has their names in it: `%u` stands for the
user name and `%c` for the client id. Groups save rules as well.)",
        .bad = R"(DEFINE RULE Connect WITH PRIORITY 100 FOR Connect
    IF ANYBODY THEN ALLOW

DEFINE RULE Pump1 WITH PRIORITY 201 FOR Publish TO TOPIC "plant/pump1/#"
    IF USER IS "pump1" THEN ALLOW

DEFINE RULE Pump2 WITH PRIORITY 202 FOR Publish TO TOPIC "plant/pump2/#"
    IF USER IS "pump2" THEN ALLOW
)",
        .good = R"(DEFINE RULE Connect WITH PRIORITY 100 FOR Connect
    IF ANYBODY THEN ALLOW

DEFINE RULE Pumps WITH PRIORITY 200 FOR Publish TO TOPIC "plant/%u/#"
    IF NOT ANONYMOUS THEN ALLOW
)",
        .setup = {.rules_max = 2},
    },
    {
        .code = Code::DuplicateRule,
        .text =
            R"(A rule is known by its name: in plans, in the answers of `lotmesh acl check`, and when
a file is edited. Two of one name cannot be told apart. They may stand in different
files; all files that are loaded together count. Rename one of them, or remove it if
it is a copy.)",
        .bad = R"(DEFINE RULE Connect WITH PRIORITY 100 FOR Connect
    IF ANYBODY THEN ALLOW

DEFINE RULE Connect WITH PRIORITY 200 FOR Publish TO TOPIC "plant/#"
    IF USER IN GROUP "operators" THEN ALLOW ELSE DENY
)",
        .good = kTwoRules,
    },
    {
        .code = Code::UnknownScope,
        .text =
            R"(Behind `FOR` stands what a rule is about: to connect, to publish, to subscribe and so
on. There is nothing of this name. A rule that is not understood is never left out in
silence, for then it would be wrong who may do what. Write one of the words that the
message lists, in any case.)",
        .bad = R"(DEFINE RULE Connect WITH PRIORITY 100 FOR Connect
    IF ANYBODY THEN ALLOW

DEFINE RULE Plant WITH PRIORITY 200 FOR Publsh TO TOPIC "plant/#"
    IF USER IN GROUP "operators" THEN ALLOW ELSE DENY
)",
        .good = kTwoRules,
    },
    {
        .code = Code::MissingPart,
        .text =
            R"(A rule says in which order it is asked (`WITH PRIORITY`), what it is about (`FOR`), of
whom (`IF`) and what follows (`THEN`). Without one of them it says nothing. `ELSE` and
`TO TOPIC` may be left out: without `ELSE` the rules behind it decide, without a topic
it is about all topics.)",
        .bad = R"(DEFINE RULE Connect WITH PRIORITY 100 FOR Connect
    IF ANYBODY THEN ALLOW

DEFINE RULE Plant WITH PRIORITY 200
    IF USER IN GROUP "operators" THEN ALLOW ELSE DENY
)",
        .good = kTwoRules,
    },
    {
        .code = Code::RepeatedPart,
        .text =
            R"(Each part of a rule stands once. Of two, nobody could say which one counts. Most likely
two rules were written into one: each of them begins with `DEFINE RULE` and has a name
of its own.)",
        .bad = R"(DEFINE RULE Connect WITH PRIORITY 100 FOR Connect
    IF ANYBODY THEN ALLOW

DEFINE RULE Plant WITH PRIORITY 200 FOR Publish TO TOPIC "plant/#"
    IF USER IN GROUP "operators" THEN ALLOW ELSE DENY ELSE ALLOW
)",
        .good = kTwoRules,
    },
    {
        .code = Code::BadCondition,
        .text =
            R"(A condition is made of tests with `AND`, `OR` and `NOT` between and before them, and of
parentheses that are closed again. Without parentheses `NOT` comes before `AND`, and
`AND` before `OR`. Here a word is missing or too many; the message says where. The
tests are `USER IS "name"`, `USER IN GROUP "name"`, `CLIENTID IS "id"`, `CLIENTID
MATCHES "pattern"`, `ANONYMOUS` and `ANYBODY`.)",
        .bad = R"(DEFINE RULE Connect WITH PRIORITY 100 FOR Connect
    IF ANYBODY THEN ALLOW

DEFINE RULE Plant WITH PRIORITY 200 FOR Publish TO TOPIC "plant/#"
    IF USER IN GROUP "operators" CLIENTID IS "desk" THEN ALLOW
)",
        .good = R"(DEFINE RULE Connect WITH PRIORITY 100 FOR Connect
    IF ANYBODY THEN ALLOW

DEFINE RULE Plant WITH PRIORITY 200 FOR Publish TO TOPIC "plant/#"
    IF USER IN GROUP "operators" AND CLIENTID IS "desk" THEN ALLOW
)",
    },
    {
        .code = Code::TopicWithoutUse,
        .text =
            R"(To connect, to give commands and to be another broker of the cluster concern the whole
broker and no topic. A rule about them that names one was meant otherwise: either its
scope is another one, like `Publish`, or the topic has to go.)",
        .bad = R"(DEFINE RULE Connect WITH PRIORITY 100 FOR Connect
    IF ANYBODY THEN ALLOW

DEFINE RULE Plant WITH PRIORITY 200 FOR Admin TO TOPIC "plant/#"
    IF USER IN GROUP "operators" THEN ALLOW ELSE DENY
)",
        .good = R"(DEFINE RULE Connect WITH PRIORITY 100 FOR Connect
    IF ANYBODY THEN ALLOW

DEFINE RULE Plant WITH PRIORITY 200 FOR Admin
    IF USER IN GROUP "operators" THEN ALLOW ELSE DENY
)",
    },
    {
        .code = Code::BadRuleTopic,
        .text =
            R"(The topic of a rule is a topic filter: `+` stands for a whole level and `#` for the last
ones. What is below `$SYS` is for the scope `Sys` and for no other. Of a shared
subscription, rules see the topics behind the name of the group, so write no
`$share`.)",
        .bad = R"(DEFINE RULE Connect WITH PRIORITY 100 FOR Connect
    IF ANYBODY THEN ALLOW

DEFINE RULE Plant WITH PRIORITY 200 FOR Publish TO TOPIC "plant/#/speed"
    IF USER IN GROUP "operators" THEN ALLOW ELSE DENY
)",
        .good = kTwoRules,
    },
    {
        .code = Code::BadPlaceholder,
        .text =
            R"(In the topic of a rule a level may be `%u`, which stands for the user name, or `%c`, which
stands for the client id. They are whole levels, so that no name can be made that
stands for the place of another one. There are no others.)",
        .bad = R"(DEFINE RULE Connect WITH PRIORITY 100 FOR Connect
    IF ANYBODY THEN ALLOW

DEFINE RULE Plant WITH PRIORITY 200 FOR Publish TO TOPIC "plant/pump-%u/#"
    IF USER IN GROUP "operators" THEN ALLOW ELSE DENY
)",
        .good = R"(DEFINE RULE Connect WITH PRIORITY 100 FOR Connect
    IF ANYBODY THEN ALLOW

DEFINE RULE Plant WITH PRIORITY 200 FOR Publish TO TOPIC "plant/%u/#"
    IF USER IN GROUP "operators" THEN ALLOW ELSE DENY
)",
    },
    {
        .code = Code::BadClientPattern,
        .text =
            R"(The pattern behind `CLIENTID MATCHES` is a text in which one `*` may stand for any
characters, at its end, at its beginning or in the middle; or it is `%u` alone, which
stands for the user name. More than one `*`, and `%u` beside something else, are not
taken: they let a client that chooses its id itself pass for another one. Several
patterns go with `OR`.)",
        .bad = R"(DEFINE RULE Connect WITH PRIORITY 100 FOR Connect
    IF ANYBODY THEN ALLOW

DEFINE RULE Plant WITH PRIORITY 200 FOR Publish TO TOPIC "plant/#"
    IF CLIENTID MATCHES "*pump*" THEN ALLOW
)",
        .good = R"(DEFINE RULE Connect WITH PRIORITY 100 FOR Connect
    IF ANYBODY THEN ALLOW

DEFINE RULE Plant WITH PRIORITY 200 FOR Publish TO TOPIC "plant/#"
    IF CLIENTID MATCHES "pump-*" OR CLIENTID MATCHES "*-pump" THEN ALLOW
)",
    },
    {
        .code = Code::UndecidableTest,
        .text = R"(The language has this test, and this broker cannot decide it. `USER HAS` asks for
permissions that other brokers keep with each user: make a group of these users and
test for that. `CLIENTID MATCHES REGEX` would run a regular expression on what any
client sends: use `CLIENTID MATCHES "pump-*"`. The rule is refused and not left out,
for then it would be wrong who may do what.)",
        .bad = R"(DEFINE RULE Connect WITH PRIORITY 100 FOR Connect
    IF ANYBODY THEN ALLOW

DEFINE RULE Plant WITH PRIORITY 200 FOR Publish TO TOPIC "plant/#"
    IF CLIENTID MATCHES REGEX "^pump-.*$" THEN ALLOW
)",
        .good = R"(DEFINE RULE Connect WITH PRIORITY 100 FOR Connect
    IF ANYBODY THEN ALLOW

DEFINE RULE Plant WITH PRIORITY 200 FOR Publish TO TOPIC "plant/#"
    IF CLIENTID MATCHES "pump-*" THEN ALLOW
)",
    },
    {
        .code = Code::EqualPriority,
        .text =
            R"(Two rules of one priority are about the same topics, and one may allow what the other
denies. Then `DENY` wins. That may be what is meant, and who reads the file has to
know it. Give them two priorities: the rule with the lower number is asked first.)",
        .bad = R"(DEFINE RULE Connect WITH PRIORITY 100 FOR Connect
    IF ANYBODY THEN ALLOW

DEFINE RULE Plant WITH PRIORITY 200 FOR Publish TO TOPIC "plant/#"
    IF USER IN GROUP "operators" THEN ALLOW

DEFINE RULE Secret WITH PRIORITY 200 FOR Publish TO TOPIC "plant/secret"
    IF NOT USER IS "boss" THEN DENY
)",
        .good = R"(DEFINE RULE Connect WITH PRIORITY 100 FOR Connect
    IF ANYBODY THEN ALLOW

DEFINE RULE Secret WITH PRIORITY 200 FOR Publish TO TOPIC "plant/secret"
    IF NOT USER IS "boss" THEN DENY

DEFINE RULE Plant WITH PRIORITY 300 FOR Publish TO TOPIC "plant/#"
    IF USER IN GROUP "operators" THEN ALLOW
)",
    },
    {
        .code = Code::UnreachableRule,
        .text = R"(A rule with a lower number is about all that this one is about, and decides for
everybody, since it has an `ELSE`. So this one is never asked. Let the exception come
first, with the lower number, or leave the `ELSE` out: what no rule allows is denied in
the end.)",
        .bad = R"(DEFINE RULE Connect WITH PRIORITY 100 FOR Connect
    IF ANYBODY THEN ALLOW

DEFINE RULE Plant WITH PRIORITY 200 FOR Publish TO TOPIC "plant/#"
    IF USER IN GROUP "operators" THEN ALLOW ELSE DENY

DEFINE RULE Pumps WITH PRIORITY 300 FOR Publish TO TOPIC "plant/pumps/%u"
    IF USER IN GROUP "pumps" THEN ALLOW
)",
        .good = R"(DEFINE RULE Connect WITH PRIORITY 100 FOR Connect
    IF ANYBODY THEN ALLOW

DEFINE RULE Pumps WITH PRIORITY 200 FOR Publish TO TOPIC "plant/pumps/%u"
    IF USER IN GROUP "pumps" THEN ALLOW

DEFINE RULE Plant WITH PRIORITY 300 FOR Publish TO TOPIC "plant/#"
    IF USER IN GROUP "operators" THEN ALLOW ELSE DENY
)",
    },
    {
        .code = Code::NobodyConnects,
        .text =
            R"(As soon as there are rules, what none of them allows is denied, and that holds for
connecting too: with these rules nobody is let in. Add a rule `FOR Connect`. Where the
file of `--acl-file` says who may connect, let this pass with `// lot: allow(LOT0518)`
above the rule.)",
        .bad = R"(DEFINE RULE Plant WITH PRIORITY 200 FOR Publish TO TOPIC "plant/#"
    IF USER IN GROUP "operators" THEN ALLOW ELSE DENY
)",
        .good = kTwoRules,
    },
    {
        .code = Code::ConditionWithoutEffect,
        .text =
            R"(`THEN` and `ELSE` of this rule say the same, so its condition is asked for nothing. Most
likely one of the two was meant otherwise. If everybody is meant, write `IF ANYBODY`
and leave the `ELSE` out.)",
        .bad = R"(DEFINE RULE Connect WITH PRIORITY 100 FOR Connect
    IF ANYBODY THEN ALLOW

DEFINE RULE Plant WITH PRIORITY 200 FOR Publish TO TOPIC "plant/#"
    IF USER IN GROUP "operators" THEN ALLOW ELSE ALLOW
)",
        .good = kTwoRules,
    },
});

}  // namespace

std::span<const Page> rule_pages() { return kPages; }

}  // namespace lotmesh::diag
