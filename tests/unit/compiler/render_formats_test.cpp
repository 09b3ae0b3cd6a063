#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "compiler/compile.h"
#include "compiler/diag/render.h"

using namespace lotmesh;
using Json = nlohmann::json;

namespace {

// One finding with everything that a finding can have, and one without.
diag::Report sample() {
    diag::Report report;
    report.sources.emplace_back(SourceText{"routes/a b.lot", "first\nsecond \xC3\xA9 line\n"});
    report.sources.emplace_back(SourceText{"n.lotnb#cell2", "x\n"});
    report.omitted = {0, 3};
    diag::Diagnostic full =
        diag::draft(diag::Code::UnknownKey, {0, 16, 20}, "no key <line> & \"more\"");
    full.caption = "100% wrong";
    full.related.push_back({{0, 0, 5}, "first here"});
    full.notes.push_back("a note");
    full.help = "write it right";
    full.fixes.push_back({"write `row`", diag::Applicability::Machine, {{{0, 16, 20}, "row"}}});
    report.diagnostics.push_back(std::move(full));
    report.diagnostics.push_back(diag::draft(diag::Code::SamePeer, {1, 0, 1}, "twice\nover"));
    return report;
}

}  // namespace

TEST_CASE("short is one line for each finding, as compilers print it") {
    CHECK(diag::render_short(sample()) ==
          "routes/a b.lot:2:10: error[LOT0208]: no key <line> & \"more\"\n"
          "n.lotnb#cell2:1:1: warning[LOT0502]: twice\\x0aover\n");
}

TEST_CASE("JSON has a version, places in lines and bytes, notes and fixes") {
    const Json json = Json::parse(diag::render_json(sample()));
    CHECK(json["version"] == 1);
    REQUIRE(json["diagnostics"].size() == 2);
    const Json& first = json["diagnostics"][0];
    CHECK(first["code"] == "LOT0208");
    CHECK(first["severity"] == "error");
    CHECK(first["message"] == "no key <line> & \"more\"");
    CHECK(first["file"] == "routes/a b.lot");
    CHECK(first["line"] == 2);
    CHECK(first["column"] == 10);
    CHECK(first["end_line"] == 2);
    CHECK(first["end_column"] == 14);
    CHECK(first["begin"] == 16);
    CHECK(first["end"] == 20);
    REQUIRE(first["notes"].size() == 4);
    CHECK(first["notes"][1]["message"] == "first here");
    CHECK(first["notes"][1]["line"] == 1);
    CHECK(first["notes"][3] == Json{{"message", "help: write it right"}});
    REQUIRE(first["fixes"].size() == 1);
    CHECK(first["fixes"][0]["applicability"] == "machine-applicable");
    CHECK(first["fixes"][0]["edits"][0]["text"] == "row");
    CHECK(json["diagnostics"][1]["fixes"].empty());
    CHECK(json["omitted"] == Json::array({{{"file", "n.lotnb#cell2"}, {"count", 3}}}));
}

TEST_CASE("a file name that is not UTF-8 is shown as far as it can be") {
    diag::Report report;
    report.sources.emplace_back(SourceText{"\xFF.lot", "x"});
    report.omitted = {0};
    report.diagnostics.push_back(diag::draft(diag::Code::BadText, {0, 0, 1}, "y"));
    CHECK(Json::parse(diag::render_json(report))["diagnostics"][0]["file"] == "\uFFFD.lot");
    CHECK(diag::render_sarif(report, "1").find("%FF.lot") != std::string::npos);
}

TEST_CASE("SARIF 2.1.0 has the rules, the places and the fixes") {
    const Json log = Json::parse(diag::render_sarif(sample(), "1.2.3"));
    CHECK(log["version"] == "2.1.0");
    const Json& run = log["runs"][0];
    CHECK(run["tool"]["driver"]["name"] == "lotmesh");
    CHECK(run["tool"]["driver"]["version"] == "1.2.3");
    CHECK(run["tool"]["driver"]["rules"].size() == diag::all_codes().size());
    REQUIRE(run["results"].size() == 2);
    const Json& result = run["results"][0];
    CHECK(result["ruleId"] == "LOT0208");
    CHECK(result["level"] == "error");
    CHECK(result["message"]["text"] == "no key <line> & \"more\": 100% wrong");
    const Json& place = result["locations"][0]["physicalLocation"];
    CHECK(place["artifactLocation"]["uri"] == "routes/a%20b.lot");
    CHECK(place["region"]["startLine"] == 2);
    CHECK(place["region"]["byteOffset"] == 16);
    CHECK(place["region"]["byteLength"] == 4);
    CHECK(result["relatedLocations"][0]["message"]["text"] == "first here");
    const Json& change = result["fixes"][0]["artifactChanges"][0];
    CHECK(change["replacements"][0]["insertedContent"]["text"] == "row");
}

TEST_CASE("GitHub's commands escape what would end them") {
    CHECK(diag::render_github(sample()) ==
          "::error file=routes/a b.lot,line=2,endLine=2,col=10,endColumn=14,title=LOT0208::"
          "no key <line> & \"more\": 100%25 wrong\n"
          "::warning file=n.lotnb#cell2,line=1,endLine=1,col=1,endColumn=2,title=LOT0502::"
          "twice%0Aover\n");
}

TEST_CASE("JUnit has a case for each file, failed where there is an error") {
    const std::string xml = diag::render_junit(sample());
    CHECK(xml.find("tests=\"2\" failures=\"1\"") != std::string::npos);
    CHECK(xml.find("name=\"routes/a b.lot\">") != std::string::npos);
    CHECK(xml.find("message=\"no key &lt;line&gt; &amp; &quot;more&quot;\"") != std::string::npos);
    CHECK(xml.find("<system-out>warning[LOT0502]") != std::string::npos);

    diag::Report clean;
    clean.sources.emplace_back(SourceText{"a.lot", ""});
    clean.omitted = {0};
    CHECK(diag::render_junit(clean).find("name=\"a.lot\"/>") != std::string::npos);
}

TEST_CASE("formats are chosen by their names") {
    for (const std::string_view word : diag::format_words()) {
        const auto format = diag::parse_format(word);
        REQUIRE(format);
        CHECK_FALSE(diag::render(sample(), *format, {}, "1").empty());
    }
    CHECK_FALSE(diag::parse_format("xml"));
}
