// Any history of several clients against one broker: each byte is a choice (tests/support/storm.h).
// After the last one everybody leaves, and nothing may be left.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "tests/support/storm.h"

namespace {

constexpr std::size_t kBytesMax = 4096;

// A check that fails is a crash, so that the fuzzer keeps the input.
void on_failed_check(const doctest::AssertData& data) {
    if (!data.m_failed) return;
    std::fprintf(stderr, "%s:%d: %s\n", data.m_file, data.m_line, data.m_expr);
    std::abort();
}

void let_checks_abort() {
    static doctest::Context context;
    context.setAsDefaultForAssertsOutOfTestCases();
    context.setAssertHandler(on_failed_check);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > kBytesMax) return 0;
    let_checks_abort();
    std::size_t at = 0;
    lotmesh::test::Storm storm([&](std::size_t bound) {
        // Two bytes where one is too few to reach every choice.
        std::size_t choice = at < size ? data[at++] : 0;
        if (bound > 256 && at < size) choice = choice << 8 | data[at++];
        return choice % bound;
    });
    while (at < size)
        storm.step();
    storm.finish();
    return 0;
}
