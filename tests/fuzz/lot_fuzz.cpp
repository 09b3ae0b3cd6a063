// Any bytes as a route file: there is a plan or an error, never both and never neither; spans lie
// inside of the text; what is shown can be rendered; a plan for running keeps its invariants.
#include <cstdint>
#include <string>

#include "base/assert.h"
#include "compiler/compile.h"
#include "compiler/diag/render_text.h"
#include "compiler/ir/dump.h"
#include "compiler/ir/validate.h"

namespace {

using namespace lotmesh;

void check_report(const CompileResult& result) {
    ASSERT(result.plan.has_value() != result.report.has_errors());
    for (const diag::Diagnostic& diagnostic : result.report.diagnostics) {
        const std::size_t size = result.report.sources[diagnostic.span.file].text().size();
        ASSERT(diagnostic.span.begin <= diagnostic.span.end);
        ASSERT(diagnostic.span.end <= size);
        ASSERT(!diagnostic.message.empty());
    }
    const std::string text = diag::render_text(result.report, {.colour = true, .columns = 80});
    ASSERT(text.empty() == result.report.diagnostics.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const SourceText file{"fuzz.lot", std::string(reinterpret_cast<const char*>(data), size)};
    CompileOptions options;
    check_report(compile({&file, 1}, options));
    options.mode = CompileMode::Load;
    options.portable = true;
    const CompileResult loaded = compile({&file, 1}, options);
    check_report(loaded);
    if (!loaded.plan) return 0;
    ASSERT(ir::validate(*loaded.plan).empty());
    const CompileResult again = compile({&file, 1}, options);
    ASSERT(ir::dump(*again.plan) == ir::dump(*loaded.plan));
    return 0;
}
