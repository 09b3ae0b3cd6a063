// Every bound of compiler/limits.h, at the bound and one past it.
#include <doctest/doctest.h>

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "compiler/cluster.h"
#include "compiler/compile.h"
#include "compiler/diag/render_text.h"
#include "compiler/source/notebook.h"

using namespace lotmesh;
using diag::Code;

namespace {

CompileResult compile_text(std::string text, const CompilerLimits& limits) {
    const SourceText file{"a.lot", std::move(text)};
    CompileOptions options;
    options.limits = limits;
    return compile({&file, 1}, options);
}

bool has(const CompileResult& result, Code code) {
    return std::ranges::find(result.report.diagnostics, code, &diag::Diagnostic::code) !=
           result.report.diagnostics.end();
}

// What a text is refused for, each code once.
std::set<Code> codes_of(std::string text, const CompilerLimits& limits = {}) {
    std::set<Code> codes;
    for (const diag::Diagnostic& finding : compile_text(std::move(text), limits).report.diagnostics)
        codes.insert(finding.code);
    return codes;
}

std::string repeated(std::size_t count, std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < count; ++i)
        result += text;
    return result;
}

constexpr std::string_view kBridgeHead =
    "DEFINE ROUTE B WITH TYPE MQTT_BRIDGE ADD SOURCE_CONFIG WITH BROKER SELF "
    "ADD DESTINATION_CONFIG WITH BROKER_ADDRESS \"b.example\" WITH BROKER_PORT '1883' "
    "WITH CLIENT_ID \"b\" ";
constexpr std::size_t kBridgeHeadTokens = 22;
constexpr std::size_t kMappingTokens = 12;

std::string mapping(std::string_view name, std::string_view topic = "a") {
    return fmt::format(
        "ADD MAPPING {0} WITH SOURCE_TOPIC \"{1}\" WITH DESTINATION_TOPIC \"{1}\" "
        "WITH DIRECTION \"out\" ",
        name, topic);
}

CompileResult compile_notebook(std::string text) {
    const SourceText file{"a.lotnb", std::move(text)};
    return compile({&file, 1});
}

std::string route(std::size_t number, std::string_view extra = {}) {
    return fmt::format(
        "DEFINE ROUTE R{0} WITH TYPE MQTT_CLUSTER ADD CLUSTER_CONFIG WITH BROKER_ADDRESS "
        "\"n{0}.example\" WITH BROKER_PORT '1883' WITH CLIENT_ID \"c{0}\" {1}\n",
        number, extra);
}

// A resolver whose every value has one length.
class LongValues final : public ReferenceResolver {
public:
    explicit LongValues(std::size_t size) : value_(size, 'v') {}
    std::optional<std::string> env(std::string_view) const override { return value_; }
    std::optional<std::string> secret(std::string_view) const override { return value_; }

private:
    std::string value_;
};

}  // namespace

TEST_CASE("a file has its largest size and no byte more") {
    const std::string text = route(1);
    CompilerLimits limits;
    limits.file_bytes_max = text.size();
    CHECK(compile_text(text, limits).ok());
    CHECK(has(compile_text(text + " ", limits), Code::FileTooLarge));
}

TEST_CASE("a file has its largest number of definitions and not one more") {
    CompilerLimits limits;
    limits.definitions_max = 2;
    CHECK(compile_text(route(1) + route(2), limits).ok());
    CHECK(has(compile_text(route(1) + route(2) + route(3), limits), Code::TooManyDefinitions));
}

TEST_CASE("definitions of other kinds count as routes do") {
    CompilerLimits limits;
    limits.definitions_max = 2;
    const std::string two = route(1) + "DEFINE MODEL M WITH TOPIC \"x\"\n";
    CHECK(codes_of(two, limits) == std::set{Code::Unsupported});
    CHECK(codes_of(two + "DEFINE ACTION A\n", limits).contains(Code::TooManyDefinitions));
}

TEST_CASE("blocks, mappings and parts of a sum are bounded with their definition") {
    CompilerLimits limits;
    limits.definition_tokens_max = kBridgeHeadTokens + 2 * kMappingTokens;
    const std::string two = std::string(kBridgeHead) + mapping("M1") + mapping("M2");
    CHECK(codes_of(two, limits) == std::set{Code::BridgeInactive});
    CHECK(codes_of(two + mapping("M3"), limits).contains(Code::DefinitionTooLong));
    limits.definition_tokens_max = 17 + 3;
    CHECK(codes_of(route(1, "ADD ROUTE_CONFIG ADD"), limits) != std::set<Code>{});
    CHECK_FALSE(
        codes_of(route(1, "ADD ROUTE_CONFIG ADD"), limits).contains(Code::DefinitionTooLong));
    CHECK(codes_of(route(1, "ADD ROUTE_CONFIG ADD ADD"), limits).contains(Code::DefinitionTooLong));
    limits.definition_tokens_max = 17 + 5;
    CHECK(codes_of(route(1, "WITH USERNAME \"a\" + \"b\""), limits).empty());
    CHECK(codes_of(route(1, "WITH USERNAME \"a\" + \"b\" + \"c\""), limits) ==
          std::set{Code::DefinitionTooLong});
}

TEST_CASE("a definition has its largest number of tokens and not one more") {
    CompilerLimits limits;
    limits.definition_tokens_max = 17;
    CHECK(compile_text(route(1), limits).ok());
    limits.definition_tokens_max = 16;
    const CompileResult result = compile_text(route(1), limits);
    CHECK(has(result, Code::DefinitionTooLong));
}

TEST_CASE("a value has its largest size and no byte more") {
    CompilerLimits limits;
    limits.value_bytes_max = 40;
    const auto with_user = [](std::size_t size) {
        return route(1, fmt::format("WITH USERNAME \"{}\"", std::string(size, 'u')));
    };
    CHECK(compile_text(with_user(40), limits).ok());
    CHECK(has(compile_text(with_user(41), limits), Code::ValueTooLong));
}

TEST_CASE("a sum, a topic and the name of a reference have the largest size of a value") {
    CompilerLimits limits;
    limits.value_bytes_max = 40;
    const std::string half(20, 'u');
    const auto sum = [&](std::string_view more) {
        return route(1, fmt::format("WITH USERNAME \"{0}\" + \"{0}{1}\"", half, more));
    };
    CHECK(codes_of(sum(""), limits).empty());
    CHECK(codes_of(sum("u"), limits) == std::set{Code::ValueTooLong});
    const auto bridge = [](std::size_t size) {
        return std::string(kBridgeHead) + mapping("M", std::string(size, 't'));
    };
    CHECK(codes_of(bridge(40), limits) == std::set{Code::BridgeInactive});
    CHECK(codes_of(bridge(41), limits).contains(Code::ValueTooLong));
    const auto reference = [](std::size_t size) {
        return route(1, fmt::format("WITH USERNAME GET SECRET \"{}\"", std::string(size, 'N')));
    };
    CHECK_FALSE(codes_of(reference(40), limits).contains(Code::ValueTooLong));
    CHECK(codes_of(reference(41), limits).contains(Code::ValueTooLong));
}

TEST_CASE("a sum of references stops at the largest size, however many there are") {
    const SourceText file{
        "a.lot", route(1, "WITH USERNAME GET ENV \"X\"" + repeated(20'000, " + GET ENV \"X\""))};
    CompileOptions options;
    const LongValues longest(options.limits.value_bytes_max);
    options.resolver = &longest;
    CHECK(has(compile({&file, 1}, options), Code::ValueTooLong));
}

TEST_CASE("a reference brings a value of the largest size and no byte more") {
    const SourceText file{"a.lot", route(1, "WITH USERNAME GET ENV \"X\"")};
    CompileOptions options;
    options.limits.value_bytes_max = 100;
    const LongValues fits(100);
    options.resolver = &fits;
    CHECK(compile({&file, 1}, options).ok());
    const LongValues too_long(101);
    options.resolver = &too_long;
    CHECK(has(compile({&file, 1}, options), Code::BadReferenceValue));
}

TEST_CASE("the name of a route has 128 bytes and not one more") {
    const auto named = [](std::size_t size) {
        std::string text = route(1);
        return text.replace(text.find("R1"), 2, std::string(size, 'R'));
    };
    CHECK(compile_text(named(128), {}).ok());
    CHECK(has(compile_text(named(129), {}), Code::NameTooLong));
}

TEST_CASE("the name of a mapping has 128 bytes and not one more") {
    const auto named = [](std::size_t size) {
        return std::string(kBridgeHead) + mapping(std::string(size, 'M'));
    };
    CHECK(codes_of(named(kRouteNameBytesMax)) == std::set{Code::BridgeInactive});
    CHECK(codes_of(named(kRouteNameBytesMax + 1)).contains(Code::NameTooLong));
}

TEST_CASE("comments of a file name so many codes, and of one more nothing is heeded") {
    CompilerLimits limits;
    limits.allowances_max = 3;
    const std::string warned = route(1, "WITH PASSWORD \"p\"");
    CHECK(codes_of(warned, limits) == std::set{Code::PasswordAlone});
    const std::string two = "// lot: allow(LOT0508, LOT9999)\n";
    CHECK(codes_of(two + "// lot: allow(LOT0508)\n" + warned, limits) ==
          std::set{Code::BadAllow, Code::UnusedAllow});
    limits.allowances_max = 1;
    CHECK(codes_of("// lot: allow(LOT0508)\n" + warned, limits).empty());
    limits.allowances_max = 0;
    const CompileResult result = compile_text("// lot: allow(LOT0508,,,)\n" + warned, limits);
    REQUIRE(result.report.diagnostics.size() == 2);
    CHECK(result.report.diagnostics[0].code == Code::BadAllow);
    CHECK(result.report.diagnostics[0].message == "a file names 0 codes at most in comments");
    CHECK(result.report.diagnostics[1].code == Code::PasswordAlone);
}

TEST_CASE("so many comments and blanks of a file are mended, and one more is told alone") {
    CompilerLimits limits;
    limits.odd_edits_max = 3;
    // How many places each finding mends.
    const auto mended = [&](const std::string& text) {
        std::vector<std::size_t> counts;
        for (const diag::Diagnostic& finding : compile_text(text, limits).report.diagnostics)
            if (finding.code == Code::HashComment)
                counts.push_back(finding.fixes.empty() ? 0 : finding.fixes.front().edits.size());
        return counts;
    };
    using Counts = std::vector<std::size_t>;
    CHECK(mended(route(1) + repeated(3, "# x\n")) == Counts{3});
    CHECK(mended(route(1) + repeated(4, "# x\n")) == Counts{3, 0});
    CHECK(mended(route(1) + repeated(9, "# x\n")) == Counts{3, 0});
    CHECK(mended("# x\n# x\n" + route(1) + "# x\n# x\n\n\n# x\n") == Counts{2, 1, 0, 0});
    CHECK(mended(repeated(9, "# x\n") + route(1)) == Counts{3, 0});
}

TEST_CASE("findings before the first definition are counted, however many there are") {
    const CompileResult result = compile_text(repeated(1'000, "x\n# y\n") + route(1), {});
    CHECK(result.report.diagnostics.size() + result.report.omitted[0] == 1'001);
}

TEST_CASE("a value that is too long is mended no further than it may be") {
    const std::string backslashes = repeated(100'000, "\\a");
    const CompileResult result =
        compile_text(route(1, "WITH USERNAME \"" + backslashes + "\""), {});
    for (const diag::Diagnostic& finding : result.report.diagnostics)
        for (const diag::Fix& fix : finding.fixes)
            CHECK(fix.edits.size() <= CompilerLimits{}.value_bytes_max);
    CHECK(has(result, Code::ValueTooLong));
}

TEST_CASE("a notebook has so many cells, and nests so deep, and no more") {
    const auto cells = [](std::size_t count) {
        std::string text = "[" + repeated(count, "{\"kind\":1},");
        text.back() = ']';
        return compile_notebook(text);
    };
    CHECK(cells(source::kNotebookCellsMax).report.diagnostics.empty());
    CHECK(has(cells(source::kNotebookCellsMax + 1), Code::BadNotebook));
    // The array of cells and the cell itself are two.
    const auto nested = [](std::size_t depth) {
        return compile_notebook("[{\"kind\":1,\"x\":" + std::string(depth - 2, '[') +
                                std::string(depth - 2, ']') + "}]");
    };
    CHECK(nested(source::kNotebookNestingMax).report.diagnostics.empty());
    CHECK(has(nested(source::kNotebookNestingMax + 1), Code::BadNotebook));
    CHECK(has(compile_notebook(std::string(100'000, '[')), Code::BadNotebook));
    CHECK(has(compile_notebook(repeated(100'000, "[{\"x\":")), Code::BadNotebook));
    CHECK(has(compile_notebook("[{\"x\":" + std::string(100'000, '[')), Code::BadNotebook));
}

TEST_CASE("a cluster has so many nodes and not one more") {
    std::vector<NodeFolder> folders;
    for (const char* const name : {"a", "b", "c"})
        folders.push_back({.name = name, .files = {SourceText{name, ""}}});
    ClusterOptions options;
    options.limits.cluster_nodes_max = 3;
    const auto is_told = [&] {
        return std::ranges::any_of(
            check_cluster(folders, options).report.diagnostics, [](const diag::Diagnostic& d) {
                return d.code == Code::BadDeclaration && d.message.starts_with("there are more");
            });
    };
    CHECK_FALSE(is_told());
    options.limits.cluster_nodes_max = 2;
    CHECK(is_told());
}

TEST_CASE("more diagnostics than are shown are counted") {
    CompilerLimits limits;
    limits.diagnostics_shown_max = 3;
    const std::string three = route(1, "WITH A '1' WITH B '1' WITH C '1'");
    const std::string four = route(1, "WITH A '1' WITH B '1' WITH C '1' WITH D '1'");
    CHECK(compile_text(three, limits).report.omitted == std::vector<std::size_t>{0});
    const CompileResult result = compile_text(four, limits);
    CHECK(result.report.diagnostics.size() == 3);
    CHECK(result.report.omitted == std::vector<std::size_t>{1});
    CHECK(diag::render_text(result.report).find("a.lot: and 1 more\n") != std::string::npos);
}

TEST_CASE("more diagnostics than are kept are counted, and errors are not lost among warnings") {
    CompilerLimits limits;
    limits.diagnostics_kept_max = 2;
    const std::string warnings = route(1, R"(WITH USERNAME "\a" + "\b" + "\c" + "\d")");
    const CompileResult clean = compile_text(warnings, limits);
    CHECK(clean.ok());
    CHECK(clean.report.diagnostics.size() == 2);
    CHECK(clean.report.omitted[0] == 2);
    const CompileResult result =
        compile_text(warnings + "DEFINE ROUTE B WITH TYPE NONSENSE", limits);
    CHECK_FALSE(result.ok());
    CHECK(result.report.has_errors());
}

// Each shape fills a definition, and would take minutes if it were judged in more than linear time.
TEST_CASE("the worst that a definition can hold is judged at once") {
    std::string mappings{kBridgeHead};
    for (int i = 0; i < 30'000; ++i)
        mappings += fmt::format("ADD MAPPING M{} ", i);
    CHECK(codes_of(mappings).contains(Code::MissingKey));
    CHECK(codes_of(route(1, repeated(15'000, "WITH BROKER ADDRESS \"x\" ")))
              .contains(Code::UnknownKey));
    CHECK(codes_of(route(1, "WITH BROKER ADDRESS \"x\" ") +
                   repeated(20'000, "ADD CLASTER_KONFIC ")) != std::set<Code>{});
    CHECK(codes_of(route(1, repeated(30'000, "WITH \u201C "))).contains(Code::BadCharacter));
    CHECK(codes_of(repeated(CompilerLimits{}.allowances_max, "// lot: allow(LOT0508)\n") +
                   route(1, repeated(3'000, "WITH USERNAME \"\\a\" ")))
              .contains(Code::RepeatedKey));
}

TEST_CASE("ten thousand routes compile, and deep nonsense does no harm") {
    std::string text;
    for (std::size_t number = 0; number < 10'000; ++number)
        text += route(number);
    const CompileResult result = compile_text(text, {});
    REQUIRE(result.ok());
    CHECK(result.plan->links.size() == 10'000);
    CHECK_FALSE(compile_text("DEFINE ROUTE A " + std::string(200'000, '('), {}).ok());
    std::string sum = "WITH USERNAME \"a\"";
    for (int i = 0; i < 10'000; ++i)
        sum += " + \"a\"";
    CHECK_FALSE(compile_text(route(1, sum + " + "), {}).ok());
}
