#include "compiler/route_template.h"

#include <doctest/doctest.h>

#include <map>
#include <sstream>

#include "compiler/compile.h"

using namespace lotmesh;

namespace {

// As a form does: required fields get a value, lines of others go.
std::string fill_in(const std::string& text, const std::map<std::string, std::string>& values) {
    std::istringstream lines(text);
    std::string filled;
    for (std::string line; std::getline(lines, line);) {
        const std::size_t begin = line.find('#');
        const std::size_t end = line.rfind('#');
        if (begin == std::string::npos) {
            filled += line + "\n";
            continue;
        }
        const std::string field = line.substr(begin + 1, end - begin - 1);
        if (!field.ends_with(",true")) continue;
        const std::string name = field.substr(0, field.find(','));
        REQUIRE(values.contains(name));
        filled += line.replace(begin, end - begin + 1, values.at(name)) + "\n";
    }
    return filled;
}

}  // namespace

TEST_CASE("a template is refused as it is, and a route when its fields are filled in") {
    REQUIRE_FALSE(template_types().empty());
    for (const std::string_view type : template_types()) {
        CAPTURE(std::string(type));
        const auto text = route_template(type);
        REQUIRE(text.has_value());
        CHECK(text->find("'#BROKER_PORT,int,") != std::string::npos);
        const SourceText raw{"template.lot", *text};
        CHECK_FALSE(compile({&raw, 1}).ok());
        const SourceText filled{"route.lot", fill_in(*text, {{"NAME", "A"},
                                                             {"BROKER_ADDRESS", "10.0.0.2"},
                                                             {"BROKER_PORT", "1883"},
                                                             {"CLIENT_ID", "a-to-b"},
                                                             {"SOURCE_TOPIC", "a/#"},
                                                             {"DESTINATION_TOPIC", "b/#"},
                                                             {"DIRECTION", "out"}})};
        const CompileResult result = compile({&filled, 1});
        REQUIRE(result.ok());
        CHECK(result.plan->links.size() + result.plan->bridges.size() == 1);
        for (const diag::Diagnostic& finding : result.report.diagnostics)
            CHECK(finding.code == diag::Code::BridgeInactive);
    }
    CHECK_FALSE(route_template("MODBUS_TCP").has_value());
}
