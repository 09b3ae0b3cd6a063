#include "compiler/diag/suggest.h"

#include <doctest/doctest.h>

#include <array>

using namespace lotmesh::diag;

TEST_CASE("words are listed as in a sentence") {
    constexpr std::array<std::string_view, 3> kWords = {"lossless", "balanced", "realtime"};
    CHECK(join_words(kWords) == "`lossless`, `balanced` or `realtime`");
    CHECK(join_words(std::span(kWords).first(1)) == "`lossless`");
    CHECK(join_words({}).empty());
}
