// What the standard (SARIF 2.1.0, section 3) says of the objects that we write: which properties
// each may have, which it must, and what they hold. Asked of the reports of all golden files.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include <map>
#include <set>
#include <string>

#include "compiler/diag/render.h"
#include "tests/unit/compiler/golden.h"

using namespace lotmesh;
using namespace lotmesh::test;

namespace {

using Json = nlohmann::json;

enum class Is {
    Text,
    Uri,
    Level,
    Count,
    Index,
    Object,
    List,
    Set
};  // Index: from 1; Set: no two alike

struct Property {
    Is is = Is::Text;
    bool required = false;
    std::string kind = {};  // of the object, or of the elements
    std::size_t items_min = 0;
};
using Kind = std::map<std::string, Property>;

const std::map<std::string, Kind>& kinds() {
    static const std::map<std::string, Kind> kKinds = {
        {"log",
         {{"$schema", {Is::Uri}},
          {"version", {Is::Text, true}},
          {"runs", {Is::List, true, "run"}}}},
        {"run",
         {{"tool", {Is::Object, true, "tool"}},
          {"columnKind", {Is::Text}},
          {"results", {Is::List, false, "result"}}}},
        {"tool", {{"driver", {Is::Object, true, "toolComponent"}}}},
        {"toolComponent",
         {{"name", {Is::Text, true}},
          {"version", {Is::Text}},
          {"rules", {Is::Set, false, "reportingDescriptor"}}}},
        {"reportingDescriptor",
         {{"id", {Is::Text, true}},
          {"shortDescription", {Is::Object, false, "message"}},
          {"defaultConfiguration", {Is::Object, false, "configuration"}}}},
        {"configuration", {{"level", {Is::Level}}}},
        {"message", {{"text", {Is::Text, true}}}},
        {"result",
         {{"ruleId", {Is::Text}},
          {"level", {Is::Level}},
          {"message", {Is::Object, true, "message"}},
          {"locations", {Is::List, false, "location"}},
          {"relatedLocations", {Is::Set, false, "location"}},
          {"fixes", {Is::Set, false, "fix"}}}},
        {"location",
         {{"physicalLocation", {Is::Object, false, "physicalLocation"}},
          {"message", {Is::Object, false, "message"}}}},
        {"physicalLocation",
         {{"artifactLocation", {Is::Object, true, "artifactLocation"}},
          {"region", {Is::Object, false, "region"}}}},
        {"artifactLocation", {{"uri", {Is::Uri}}}},
        {"region",
         {{"startLine", {Is::Index}},
          {"startColumn", {Is::Index}},
          {"endLine", {Is::Index}},
          {"endColumn", {Is::Index}},
          {"byteOffset", {Is::Count}},
          {"byteLength", {Is::Count}}}},
        {"fix",
         {{"description", {Is::Object, false, "message"}},
          {"artifactChanges", {Is::Set, true, "artifactChange", 1}}}},
        {"artifactChange",
         {{"artifactLocation", {Is::Object, true, "artifactLocation"}},
          {"replacements", {Is::List, true, "replacement", 1}}}},
        {"replacement",
         {{"deletedRegion", {Is::Object, true, "region"}},
          {"insertedContent", {Is::Object, false, "content"}}}},
        {"content", {{"text", {Is::Text}}}},
    };
    return kKinds;
}

// Everything outside of these has to be escaped (RFC 3986).
bool is_uri(const std::string& text) {
    static const std::string kPlain = "-._~:/?#[]@!$&'()*+,;=%";
    for (const char c : text)
        if (std::isalnum(static_cast<unsigned char>(c)) == 0 && kPlain.find(c) == std::string::npos)
            return false;
    return true;
}

// What is wrong with a value, or nothing.
std::string complaint(const Json& object, const std::string& kind);

std::string complaint_of_list(const Json& list, const Property& property) {
    if (!list.is_array() || list.size() < property.items_min) return "is no list, or too short";
    std::set<std::string> seen;
    for (const Json& item : list) {
        if (const std::string wrong = complaint(item, property.kind); !wrong.empty()) return wrong;
        if (!seen.insert(item.dump()).second && property.is == Is::Set) return "has two alike";
    }
    return {};
}

std::string complaint_of(const Json& value, const Property& property) {
    const std::set<Json> levels = {"none", "note", "warning", "error"};
    switch (property.is) {
        case Is::Text: return value.is_string() ? "" : "is no text";
        case Is::Uri: return value.is_string() && is_uri(value) ? "" : "is no URI reference";
        case Is::Level: return levels.contains(value) ? "" : "is no level";
        case Is::Count: return value.is_number_unsigned() ? "" : "is no count";
        case Is::Index: return value.is_number_unsigned() && value > 0 ? "" : "does not start at 1";
        case Is::Object: return complaint(value, property.kind);
        case Is::List:
        case Is::Set: return complaint_of_list(value, property);
    }
    return "unreachable";
}

std::string complaint(const Json& object, const std::string& kind) {
    if (!object.is_object()) return kind + " is no object";
    const Kind& properties = kinds().at(kind);
    for (const auto& [name, property] : properties)
        if (property.required && !object.contains(name)) return kind + " has no " + name;
    for (const auto& [name, value] : object.items()) {
        const auto property = properties.find(name);
        if (property == properties.end()) return kind + " may not have " + name;
        if (const std::string wrong = complaint_of(value, property->second); !wrong.empty())
            return name + ": " + wrong;
    }
    return {};
}

std::string complaint_of_log(const diag::Report& report) {
    const Json log = Json::parse(diag::render_sarif(report, "1.2.3"));
    if (log["version"] != "2.1.0") return "another version";
    std::set<Json> rules;
    for (const Json& rule : log["runs"][0]["tool"]["driver"]["rules"])
        rules.insert(rule["id"]);
    for (const Json& result : log["runs"][0]["results"])
        if (!rules.contains(result["ruleId"])) return "a result without its rule";
    return complaint(log, "log");
}

}  // namespace

TEST_CASE("what the standard forbids would be seen") {
    const diag::Report report = check_folder(cluster_folders().front()).report;
    const Json log = Json::parse(diag::render_sarif(report, "1"));
    CHECK(complaint(log, "log").empty());
    Json other = log;
    other["runs"][0]["results"][0].erase("message");
    CHECK(complaint(other, "log") == "runs: results: result has no message");
    other = log;
    other["runs"][0]["results"][0]["level"] = "fatal";
    CHECK(complaint(other, "log") == "runs: results: level: is no level");
    other = log;
    other["runs"][0]["results"][0]["fixes"] = {{{"artifactChanges", Json::array()}}};
    CHECK(complaint(other, "log") ==
          "runs: results: fixes: artifactChanges: is no list, or too short");
    other = log;
    other["runs"][0]["tool"]["driver"]["licence"] = "free";
    CHECK(complaint(other, "log") == "runs: tool: driver: toolComponent may not have licence");
}

TEST_CASE("the SARIF of every golden file is what the standard describes") {
    for (const std::string& file : lot_files(LOTMESH_SOURCE_DIR "/tests/golden/lot")) {
        CAPTURE(file);
        const Golden golden = parse_golden(read_text(file));
        CHECK(complaint_of_log(run_golden(golden.input).compiled.report) == "");
    }
    for (const std::string& folder : cluster_folders()) {
        CAPTURE(folder);
        CHECK(complaint_of_log(check_folder(folder).report) == "");
    }
}
