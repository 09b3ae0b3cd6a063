#include <doctest/doctest.h>

#include <array>

#include "compiler/compile.h"
#include "compiler/diag/apply_fixes.h"

using namespace lotmesh;
using diag::Applicability;
using diag::Code;

namespace {

constexpr std::string_view kGood = R"(DEFINE ROUTE A WITH TYPE MQTT_CLUSTER
    ADD CLUSTER_CONFIG
        WITH BROKER_ADDRESS "a.example"
        WITH BROKER_PORT '1883'
        WITH CLIENT_ID "a"
        WITH USERNAME "u\\v"
        WITH PASSWORD "hunter2"
)";

// What certainly was meant by something else.
struct Slip {
    std::string_view good;
    std::string_view bad;
};

constexpr std::array kSlips = {
    Slip{"DEFINE ROUTE", "DEFNIE ROUTE"},
    Slip{"ROUTE A", "ROUTE \"A\""},
    Slip{"ROUTE A", "ROUTE 'A'"},
    Slip{"TYPE MQTT_CLUSTER", "TYPE \"MQTT_CLUSTER\""},
    Slip{"TYPE MQTT_CLUSTER", "TYPE mqtt_cluster"},
    Slip{"    ADD CLUSTER_CONFIG", "    CLUSTER_CONFIG"},
    Slip{"WITH BROKER_ADDRESS", "with BROKER_ADDRESS"},
    Slip{"WITH BROKER_PORT", "WITHBROKER_PORT"},
    Slip{"WITH BROKER_PORT '1883'", "WITH broker_port '1883'"},
    Slip{"'1883'", "\"1883\""},
    Slip{"WITH CLIENT_ID \"a\"", "CLIENT_ID \"a\""},
    Slip{"CLIENT_ID \"a\"", "CLIENT_ID a"},
    Slip{"u\\\\v", "u\\v"},
    Slip{"PASSWORD \"hunter2\"", "PASSWORD hunter2"},
    Slip{"DEFINE ROUTE", "DEFINEROUTE"},
    Slip{"DEFINE ROUTE", "DEFINE"},
    Slip{"\"a.example\"", "\u201Ca.example\u201D"},
    Slip{"\"a.example\"", "\"a.example\";"},
    Slip{"\"a.example\"", "\"a.example\","},
    Slip{"WITH CLIENT_ID", "WITH\u00A0CLIENT_ID"},
    Slip{"WITH BROKER_PORT '1883'", "WITH BROKER_PORT='1883'"},
    Slip{"WITH BROKER_PORT '1883'", "WITH BROKER_PORT: '1883'"},
};

CompileResult compiled(const std::string& text) {
    const SourceText file{"a.lot", text};
    return compile({&file, 1});
}

std::string fixed(std::string text) {
    for (int round = 0; round < 10; ++round) {
        const diag::Fixed result = diag::apply_fixes(compiled(text).report, 0);
        if (result.count == 0) break;
        text = result.text;
    }
    return text;
}

std::string spoilt(std::string text, const Slip& slip) {
    const std::size_t at = text.find(slip.good);
    if (at != std::string::npos) text.replace(at, slip.good.size(), slip.bad);
    return text;
}

}  // namespace

TEST_CASE("a file without findings is left as it is") {
    CHECK(compiled(std::string(kGood)).report.diagnostics.empty());
    CHECK(fixed(std::string(kGood)) == kGood);
}

TEST_CASE("what is certain is mended, and the file is good then") {
    for (const Slip& slip : kSlips) {
        const std::string bad = spoilt(std::string(kGood), slip);
        CAPTURE(bad);
        REQUIRE(bad != kGood);
        CHECK_FALSE(compiled(bad).report.diagnostics.empty());
        std::string mended = fixed(bad);
        std::erase(mended, ' ');
        std::string wanted(kGood);
        std::erase(wanted, ' ');
        CHECK(mended == wanted);
    }
}

TEST_CASE("many slips at once are mended, too, and mending is done then") {
    std::string bad(kGood);
    // `CLIENT_ID a` without its WITH as well could be a block with a label.
    for (const Slip& slip : kSlips)
        if (slip.bad != "CLIENT_ID a") bad = spoilt(bad, slip);
    const std::string mended = fixed(bad);
    CAPTURE(bad);
    CAPTURE(mended);
    CHECK(compiled(mended).report.diagnostics.empty());
    CHECK(fixed(mended) == mended);
}

TEST_CASE("comments that begin with # are mended all together") {
    const std::string bad = "# one\n# two\n" + std::string(kGood);
    CHECK(fixed(bad) == "// one\n// two\n" + std::string(kGood));
}

TEST_CASE("what is only likely is offered, and not made") {
    const std::string bad = spoilt(std::string(kGood), {"BROKER_ADDRESS", "HOST"});
    const CompileResult result = compiled(bad);
    REQUIRE(result.report.diagnostics.size() == 1);
    const diag::Diagnostic& finding = result.report.diagnostics[0];
    REQUIRE(finding.fixes.size() == 1);
    CHECK(finding.fixes[0].applicability == Applicability::Maybe);
    CHECK(finding.fixes[0].edits[0].text == "BROKER_ADDRESS");
    CHECK(diag::apply_fixes(result.report, 0).count == 0);
    CHECK(fixed(bad) == bad);
}

TEST_CASE("a fix shows nothing of a secret") {
    const CompileResult result = compiled(spoilt(std::string(kGood), {"\"hunter2\"", "hunter2"}));
    for (const diag::Diagnostic& finding : result.report.diagnostics)
        for (const diag::Fix& fix : finding.fixes)
            for (const diag::Edit& edit : fix.edits)
                CHECK(edit.text.find("hunter2") == std::string::npos);
}

TEST_CASE("fixes that overlap are made one after another") {
    diag::Report report;
    report.sources.emplace_back(SourceText{"a.lot", "abc"});
    report.omitted = {0};
    for (const std::string_view text : {"x", "y"}) {
        diag::Diagnostic finding = diag::draft(Code::OddEscape, {0, 0, 2}, "m");
        finding.fixes.push_back(
            diag::replacement({0, 0, 2}, std::string(text), Applicability::Machine));
        report.diagnostics.push_back(std::move(finding));
    }
    const diag::Fixed result = diag::apply_fixes(report, 0);
    CHECK(result.count == 1);
    CHECK(result.text == "xc");
}
