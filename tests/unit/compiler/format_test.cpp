#include "compiler/format_file.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>

#include "base/rng.h"
#include "compiler/compile.h"
#include "compiler/ir/dump.h"
#include "tests/unit/compiler/golden.h"

using namespace lotmesh;
using namespace lotmesh::test;

namespace {

std::string formatted(const std::string& text) {
    const FormatResult result = format_file({"a.lot", text});
    REQUIRE_MESSAGE(result.text, text);
    return *result.text;
}

// What the file means, or what is wrong with it without regard to the place.
std::string meaning(const std::string& text) {
    const SourceText file{"a.lot", text};
    const CompileResult result = compile({&file, 1});
    std::string all = result.plan ? ir::dump(*result.plan) : "";
    std::vector<std::string> messages;
    for (const diag::Diagnostic& diagnostic : result.report.diagnostics)
        if (diagnostic.code != diag::Code::NumberInString &&
            diagnostic.code != diag::Code::OddEscape)
            messages.push_back(diag::to_string(diagnostic.code) + diagnostic.message);
    std::ranges::sort(messages);
    for (const std::string& message : messages)
        all += message + "\n";
    return all;
}

std::vector<std::string> comments_of(const std::string& text) {
    std::vector<std::string> comments;
    for (std::size_t at = text.find("c:"); at != std::string::npos; at = text.find("c:", at + 1))
        comments.push_back(text.substr(at, text.find_first_of(" \n*", at) - at));
    std::ranges::sort(comments);
    return comments;
}

constexpr std::string_view kUntidy = R"(

// c:licence

-- c:about the route
DEFINE   ROUTE Untidy   // c:head
  WITH TYPE MQTT_CLUSTER
	ADD CLUSTER_CONFIG /* c:block */
  WITH CLIENT_ID 'a"b'
 /* c:one */ WITH BROKER_PORT 1883

        // c:above
        WITH BROKER_ADDRESS /* c:in */ "a.example" -- c:behind
     WITH USE_TLS "TRUE"    WITH PASSWORD GET   SECRET "p"
        // WITH c:commented-out
ADD ROUTE_CONFIG WITH OVERLOAD_POLICY "Realtime"
      // c:end
DEFINE PYTHON x
   # body   stays "
     WITH anything

// c:mail
DEFINE ROUTE Mail WITH TYPE EMAIL
  ADD  SMTP_CONFIG
// c:last
)";

constexpr std::string_view kTidy = R"(// c:licence

// c:about the route
DEFINE ROUTE Untidy WITH TYPE MQTT_CLUSTER  // c:head
    ADD CLUSTER_CONFIG  // c:block
        // c:above
        // c:in
        // c:behind
        WITH BROKER_ADDRESS "a.example"
        // c:one
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "a\"b"
        WITH PASSWORD GET SECRET "p"
        WITH USE_TLS true
    // WITH c:commented-out
    ADD ROUTE_CONFIG
        WITH OVERLOAD_POLICY "realtime"
        // c:end

DEFINE PYTHON x
   # body   stays "
     WITH anything

// c:mail
DEFINE ROUTE Mail WITH TYPE EMAIL
  ADD  SMTP_CONFIG
// c:last
)";

// A random file out of pieces that are right, oddly laid out.
std::string random_file(Rng& rng) {
    static constexpr std::array<std::string_view, 5> kGaps = {" ", "\n", "\r\n  ", "\t", "\n\n"};
    static constexpr std::array<std::string_view, 10> kKeys = {
        "BROKER_ADDRESS \"a.example\"",   "BROKER_PORT 1883",       "CLIENT_ID 'x y'",
        "BROKER_PORT \"1883\"",           "USE_TLS \"False\"",      "USERNAME \"a\\\\b\"",
        "MESSAGE_VALIDITY_SEC '30'",      "PASSWORD GET ENV \"P\"", "NOSUCH_KEY 5 SECONDS",
        "CLIENT_ID \"a\" + GET ENV \"B\""};
    std::string text;
    int comments = 0;
    const auto gap = [&] {
        text += kGaps[rng.below(kGaps.size())];
        if (rng.below(4) != 0) return;
        const std::string name = "c:" + std::to_string(comments++);
        text += rng.below(2) == 0 ? "// " + name + "\n" : "/* " + name + " */ ";
    };
    const auto words = [&](std::string_view several) {
        gap();
        text += several;
        text += ' ';
    };
    for (std::size_t rules = rng.below(3); rules > 0; --rules) {
        gap();
        text += "\nDEFINE RULE A" + std::to_string(rules);
        static constexpr std::array<std::string_view, 4> kParts = {
            "WITH PRIORITY '9'", "FOR publish", "TO TOPIC \"a/%u\"", "TO TOPIC GET ENV \"T\""};
        static constexpr std::array<std::string_view, 9> kTests = {"USER IS \"a\"",
                                                                   "USER IN GROUP 'g'",
                                                                   "CLIENTID IS \"a\\\"b\"",
                                                                   "CLIENTID MATCHES \"a*\"",
                                                                   "ANONYMOUS",
                                                                   "ANYBODY",
                                                                   "USER HAS Rights",
                                                                   "CLIENTID MATCHES REGEX \"x\"",
                                                                   "USER IS GET ENV \"U\" + \"x\""};
        // Each at most once, in any order; of the two topics one.
        const std::size_t first = rng.below(3);
        for (std::size_t part = first; part < first + 3; ++part)
            if (rng.below(4) != 0) words(kParts[part % 3 == 2 ? 2 + rng.below(2) : part % 3]);
        words("IF");
        for (std::size_t tests = 1 + rng.below(6); tests > 0; --tests) {
            if (rng.below(3) == 0) words("NOT");
            const bool in_parentheses = rng.below(3) == 0;
            if (in_parentheses) words("(");
            words(kTests[rng.below(kTests.size())]);
            if (in_parentheses) words(")");
            if (tests > 1) words(rng.below(2) == 0 ? "AND" : "OR");
        }
        words("THEN ALLOW");
        if (rng.below(2) == 0) words("ELSE DENY");
    }
    for (std::size_t routes = 1 + rng.below(3); routes > 0; --routes) {
        gap();
        text += "\nDEFINE ROUTE R" + std::to_string(routes);
        words("WITH TYPE MQTT_CLUSTER");
        for (std::size_t blocks = rng.below(3); blocks > 0; --blocks) {
            words(blocks == 2 ? "ADD ROUTE_CONFIG" : "ADD CLUSTER_CONFIG");
            for (std::size_t keys = rng.below(6); keys > 0; --keys)
                words("WITH " + std::string(kKeys[rng.below(kKeys.size())]));
        }
        gap();
    }
    return text;
}

}  // namespace

TEST_CASE("a file is laid out anew and keeps its comments") {
    CHECK(formatted(std::string(kUntidy)) == kTidy);
    CHECK(formatted(std::string(kTidy)) == kTidy);
    CHECK(meaning(std::string(kUntidy)) == meaning(std::string(kTidy)));
}

TEST_CASE("a rule has one form, in one line or in several") {
    CHECK(formatted("// c:a\nDEFINE RULE R WITH PRIORITY '7' // c:b\n TO TOPIC 'a/#' FOR write\n"
                    "// c:c\n IF ( USER IS 'ada' AND/* c:d */NOT(ANONYMOUS) )\nELSE DENY THEN ALLOW"
                    "\n// c:e\n") ==
          "// c:a\nDEFINE RULE R WITH PRIORITY 7 FOR Write TO TOPIC \"a/#\"  // c:b\n    // c:c\n"
          "    IF (USER IS \"ada\" AND NOT (ANONYMOUS)) THEN ALLOW ELSE DENY  // c:d\n\n// c:e\n");
    const std::string name(30, 'n');
    const std::string wide = "DEFINE RULE R WITH PRIORITY 7 FOR Connect\n    IF USER IS \"" + name +
                             "\"\n        OR (USER IS \"" + name + "\" OR ANONYMOUS)\n" +
                             "        OR CLIENTID MATCHES \"x*\"\n    THEN ALLOW  // c:x\n";
    CHECK(formatted(wide) == wide);
    CHECK(meaning(wide).contains("then"));
}

TEST_CASE("a rule that lacks something is left as it is") {
    for (const char* const text :
         {"DEFINE RULE R  FOR Publish IF USER THEN ALLOW\n", "DEFINE RULE R  IF ANYBODY\n",
          "DEFINE RULE R  WITH PRIORITY FOR Publish IF ANYBODY THEN ALLOW\n",
          "DEFINE RULE R  FOR Publish IF USER IS THEN DENY ELSE\n"})
        CHECK(formatted(text) == text);
    CHECK_FALSE(format_file({"a.lot", "DEFINE RULE R if ANYBODY THEN ALLOW\n"}).text);
}

TEST_CASE("blank lines stay single, and go where keys change places") {
    const std::string kept =
        "DEFINE ROUTE A WITH TYPE MQTT_CLUSTER\n    ADD CLUSTER_CONFIG\n"
        "        WITH BROKER_ADDRESS \"a\"\n\n        WITH BROKER_PORT '1'\n\n"
        "        // why\n        WITH CLIENT_ID \"c\"\n";
    CHECK(formatted(kept) == kept);
    CHECK(formatted("DEFINE ROUTE A WITH TYPE MQTT_CLUSTER\n\n\n ADD CLUSTER_CONFIG\n\n"
                    "  WITH BROKER_PORT '1'\n\n  WITH BROKER_ADDRESS \"a\"\n") ==
          "DEFINE ROUTE A WITH TYPE MQTT_CLUSTER\n\n    ADD CLUSTER_CONFIG\n"
          "        WITH BROKER_ADDRESS \"a\"\n        WITH BROKER_PORT '1'\n");
}

TEST_CASE("files without a definition keep what they have") {
    CHECK(formatted("") == "");
    CHECK(formatted("\n  \n") == "");
    CHECK(formatted("-- only\n\n/* a\n   b */\n") == "// only\n\n/* a\n   b */\n");
}

TEST_CASE("a file that is not understood is left alone, and the reason is given") {
    const FormatResult result = format_file({"a.lot", "DEFINE ROUTE A WITH TYPE MQTT_CLUSTER ;\n"});
    CHECK_FALSE(result.text);
    REQUIRE(result.report.error_count() == 1);
    CHECK(result.report.diagnostics[0].code == diag::Code::BadCharacter);
}

TEST_CASE("mistakes in the meaning are no matter for the layout") {
    const std::string text =
        "DEFINE ROUTE A WITH TYPE MQTT_CLUSTER\n    ADD CLUSTER_CONFIG\n"
        "        WITH BROKER_PORT eighty\n        WITH WARP_FACTOR '9'\n";
    CHECK(formatted(text) == text);
}

TEST_CASE("every good file that we have is understood, and formatting it twice is formatting it") {
    for (const std::string& file : lot_files(LOTMESH_SOURCE_DIR "/routes")) {
        const FormatResult result = format_file({file, read_text(file)});
        if (!result.text) continue;
        CAPTURE(file);
        CHECK(formatted(*result.text) == *result.text);
        CHECK(meaning(*result.text) == meaning(read_text(file)));
    }
}

TEST_CASE("random files: idempotent, same meaning, every comment kept") {
    Rng rng(77);
    for (int round = 0; round < 400; ++round) {
        const std::string text = random_file(rng);
        CAPTURE(text);
        const std::string once = formatted(text);
        CAPTURE(once);
        CHECK(formatted(once) == once);
        CHECK(meaning(once) == meaning(text));
        CHECK(comments_of(once) == comments_of(text));
    }
}

TEST_CASE("a comment that declares a node goes on doing so") {
    const auto formatted = [](const std::string& text) {
        return *format_file({"a.lot", text}).text;
    };
    CHECK(formatted("//!node: a listen: 1883\n") == "//! node: a listen: 1883\n");
    CHECK(formatted("  //!   node: a listen: 1883\n") == "//! node: a listen: 1883\n");
    CHECK(formatted("//!\n") == "//!\n");
    CHECK(formatted("// ! none\n") == "// ! none\n");
}
