// Every bound of compiler/limits.h, at the bound and one past it.
#include <doctest/doctest.h>

#include <fmt/core.h>

#include <algorithm>

#include "compiler/compile.h"
#include "compiler/diag/render_text.h"

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
