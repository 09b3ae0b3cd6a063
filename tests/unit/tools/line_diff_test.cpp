#include "tools/lotmesh/line_diff.h"

#include <doctest/doctest.h>

using lotmesh::tool::unified_diff;

TEST_CASE("equal texts have no difference") {
    CHECK(unified_diff("a", "x\ny\n", "x\ny\n").empty());
    CHECK(unified_diff("a", "", "").empty());
}

TEST_CASE("a change stands among three lines of what surrounds it") {
    CHECK(unified_diff("a.lot", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n") ==
          "--- a.lot\n+++ a.lot\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

TEST_CASE("changes far apart are hunks of their own, near ones share one") {
    const std::string before = "a\n1\n2\n3\n4\n5\n6\n7\n8\nb\n";
    const std::string after = "A\n1\n2\n3\n4\n5\n6\n7\n8\nB\nC\n";
    CHECK(unified_diff("f", before, after) ==
          "--- f\n+++ f\n@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n"
          "@@ -7,4 +7,5 @@\n 6\n 7\n 8\n-b\n+B\n+C\n");
    CHECK(unified_diff("f", "a\n1\n2\nb\n", "A\n1\n2\nB\n") ==
          "--- f\n+++ f\n@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n-b\n+B\n");
}

TEST_CASE("a text out of nothing, and into nothing") {
    CHECK(unified_diff("f", "", "x\n") == "--- f\n+++ f\n@@ -0,0 +1,1 @@\n+x\n");
    CHECK(unified_diff("f", "x\n", "") == "--- f\n+++ f\n@@ -1,1 +0,0 @@\n-x\n");
}

TEST_CASE("what is beyond the bound of work is one change") {
    std::string before;
    std::string after;
    for (int i = 0; i < 3000; ++i) {
        before += "b" + std::to_string(i) + "\n";
        after += "a" + std::to_string(i) + "\n";
    }
    const std::string diff = unified_diff("f", before, after);
    CHECK(diff.starts_with("--- f\n+++ f\n@@ -1,3000 +1,3000 @@\n-b0\n-b1\n"));
}
