#include "compiler/parse/parser.h"

#include <doctest/doctest.h>

#include "compiler/ast/dump.h"

using namespace lotmesh;

namespace {

struct Parsed {
    ast::File file;
    std::size_t findings = 0;
};

Parsed parse_text(const std::string& text) {
    const source::Source source({"a.lot", text});
    const CompilerLimits limits;
    diag::Sink sink(1, limits);
    Parsed parsed{parse::parse(source, 0, limits, sink), 0};
    for (const ast::Route& route : parsed.file.routes)
        parsed.findings += route.findings.size();
    parsed.findings += sink.finish({}).diagnostics.size();
    return parsed;
}

}  // namespace

TEST_CASE("every form of value becomes a term") {
    const Parsed parsed = parse_text(R"(DEFINE ROUTE A
        WITH S "a\"b\\c" WITH Q '18' WITH N 18 WITH D 5 SECONDS WITH W true
        WITH E GET ENV "X" WITH X GET SECRET "Y" WITH R "p_" + RANDOM UUID WITH M)");
    CHECK(parsed.findings == 0);
    CHECK(ast::dump(parsed.file) == R"(route A
  S = "a"b\c"
  Q = '18'
  N = 18
  D = 5 SECONDS
  W = true
  E = env(X)
  X = secret(Y)
  R = "p_" + random
  M = (nothing)
)");
}

TEST_CASE("keywords are keys, kinds and names where those stand") {
    const Parsed parsed =
        parse_text("DEFINE ROUTE ROUTE WITH TYPE X WITH ENV 1 ADD SECRET UUID WITH GET 2");
    CHECK(parsed.findings == 0);
    CHECK(ast::dump(parsed.file) == R"(route ROUTE
  TYPE = X
  ENV = 1
  block SECRET UUID
    GET = 2
)");
}

TEST_CASE("blocks have labels, quoted or not, and STORE is one") {
    const Parsed parsed = parse_text(
        "DEFINE ROUTE A ADD MAPPING m WITH A 1 ADD TAG \"t 1\" WITH B 2 STORE Other WITH C 3");
    CHECK(parsed.findings == 0);
    CHECK(ast::dump(parsed.file) == R"(route A
  block MAPPING m
    A = 1
  block TAG t 1
    B = 2
  block STORE
    C = 3
)");
}

TEST_CASE("a foreign body is skipped to the next DEFINE that is not deeper") {
    const Parsed parsed = parse_text(R"(DEFINE ACTION A
    DEFINE inside
    "open ' WITH (((
  DEFINE MODEL B
      DEFINE RULE hidden
DEFINE ROUTE C WITH K 1
  DEFINE PYTHON D
DEFINE MODEL E
)");
    CHECK(parsed.findings == 0);
    CHECK(ast::dump(parsed.file) ==
          "route C\n  K = 1\nforeign ACTION\nforeign PYTHON\nforeign MODEL\n");
}

TEST_CASE("what begins a comment here begins none in a foreign body") {
    for (const char* const body : {"# see /* for all", "x = \"\"\"\n /* \n\"\"\"", "/*"}) {
        CAPTURE(body);
        const Parsed parsed =
            parse_text(std::string("DEFINE PYTHON A\n    ") + body + "\nDEFINE ROUTE B WITH K 1\n");
        CHECK(parsed.findings == 0);
        CHECK(ast::dump(parsed.file) == "route B\n  K = 1\nforeign PYTHON\n");
    }
}

TEST_CASE("after a mistake the next statement is read as if nothing had been") {
    const Parsed parsed = parse_text("DEFINE ROUTE A WITH K 1 ) ( x WITH L 2 ADD B ] WITH M 3");
    CHECK(parsed.findings == 2);
    CHECK(ast::dump(parsed.file) ==
          "route A\n  K = 1 (broken)\n  L = 2\n  block B (broken)\n    M = 3\n");
}

TEST_CASE("dashes belong to a name, two in a row too, unless it would end in them") {
    const Parsed parsed = parse_text("DEFINE ROUTE Node--1 WITH K a-b WITH L c-- a comment");
    CHECK(parsed.findings == 0);
    CHECK(ast::dump(parsed.file) == "route Node--1\n  K = a-b\n  L = c\n");
}

TEST_CASE("comments of all three kinds are nothing to the parser") {
    const Parsed parsed = parse_text("// a\nDEFINE /* b\n c */ ROUTE A -- d\nWITH K 1 // e");
    CHECK(parsed.findings == 0);
    CHECK(ast::dump(parsed.file) == "route A\n  K = 1\n");
}

TEST_CASE("spans are byte offsets into the text") {
    const std::string text = "// caf\u00e9\nDEFINE ROUTE A WITH KEY \"v\"";
    const Parsed parsed = parse_text(text);
    REQUIRE(parsed.file.routes.size() == 1);
    const ast::Parameter& parameter = parsed.file.routes[0].parameters.at(0);
    const auto slice = [&](const source::Span& span) {
        return text.substr(span.begin, span.end - span.begin);
    };
    CHECK(slice(parameter.key.span) == "KEY");
    CHECK(slice(parameter.value.span) == "\"v\"");
    CHECK(slice(parameter.span) == "WITH KEY \"v\"");
}
