#include "compiler/diag/levels.h"

#include <doctest/doctest.h>

#include "compiler/compile.h"

using namespace lotmesh;
using diag::Code;
using diag::Level;
using diag::Levels;
using diag::Severity;

namespace {

constexpr std::string_view kAdvisable = R"(DEFINE ROUTE A WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "a.example"
        WITH BROKER_PORT '8883'
        WITH CLIENT_ID "a"
        WITH MESSAGE_VALIDITY_SEC '5'
)";

CompileResult compiled(const Levels& levels) {
    const SourceText file{"a.lot", std::string(kAdvisable)};
    CompileOptions options;
    options.levels = levels;
    return compile({&file, 1}, options);
}

std::string complaint(std::string_view selector, Level level) {
    const auto set = Levels().set(selector, level);
    return set ? "" : set.error();
}

}  // namespace

TEST_CASE("without levels a finding is what the registry says") {
    CHECK(Levels().severity_of(Code::SamePeer, Severity::Warning) == Severity::Warning);
    CHECK(Levels().severity_of(Code::OutOfRange, Severity::Error) == Severity::Error);
    CHECK(compiled({}).report.warning_count() == 2);
}

TEST_CASE("warnings can be hidden, or taken for errors, and there is a plan all the same") {
    Levels deny;
    REQUIRE(deny.set("warnings", Level::Deny));
    const CompileResult denied = compiled(deny);
    CHECK(denied.report.error_count() == 2);
    CHECK(denied.ok());

    Levels allow;
    REQUIRE(allow.set("advice", Level::Allow));
    CHECK(compiled(allow).report.diagnostics.empty());
}

TEST_CASE("the most specific selector decides, and of equals the strictest") {
    Levels levels;
    REQUIRE(levels.set("LOT0506", Level::Allow));
    REQUIRE(levels.set("warnings", Level::Deny));
    REQUIRE(levels.set("advice", Level::Warn));
    CHECK_FALSE(levels.severity_of(Code::UnusualValidity, Severity::Warning));
    CHECK(levels.severity_of(Code::SamePeer, Severity::Warning) == Severity::Warning);
    CHECK(levels.severity_of(Code::Unsupported, Severity::Warning) == Severity::Error);
    REQUIRE(levels.set("0506", Level::Deny));
    CHECK(levels.severity_of(Code::UnusualValidity, Severity::Warning) == Severity::Error);
}

TEST_CASE("errors stay errors, and all warnings are not all notes") {
    Levels levels;
    REQUIRE(levels.set("warnings", Level::Allow));
    CHECK(levels.severity_of(Code::OutOfRange, Severity::Error) == Severity::Error);
    Levels deny;
    REQUIRE(deny.set("warnings", Level::Deny));
    CHECK(deny.severity_of(Code::SamePeer, Severity::Note) == Severity::Note);
    REQUIRE(deny.set("advice", Level::Deny));
    CHECK(deny.severity_of(Code::SamePeer, Severity::Note) == Severity::Error);
}

TEST_CASE("what selects nothing is named, with what was meant") {
    CHECK(complaint("advise", Level::Deny) == "there is no `advise`, did you mean `advice`?");
    CHECK(complaint("LOT9999", Level::Deny).find("expected a code like LOT0506") !=
          std::string::npos);
    CHECK(complaint("LOT0302", Level::Allow) == "LOT0302 is an error and stays one");
    CHECK(complaint("LOT0302", Level::Deny) == "");
}

TEST_CASE("every code belongs to a group") {
    for (const diag::CodeInfo& code : diag::all_codes())
        CHECK_FALSE(diag::group_of(code.code).name.empty());
}
