// ASSERT and UNREACHABLE: for what only a mistake of ours can cause. Always on, in every build.
// The one place in lotmesh that aborts.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace lotmesh {

[[noreturn]] inline void assertion_failed(const char* what, const char* file, int line) {
    std::fprintf(stderr, "lotmesh: %s:%d: assertion failed: %s\n", file, line, what);
    std::abort();
}

}  // namespace lotmesh

#define ASSERT(condition)               \
    ((condition) ? static_cast<void>(0) \
                 : ::lotmesh::assertion_failed(#condition, __FILE__, __LINE__))

#define UNREACHABLE() ::lotmesh::assertion_failed("unreachable", __FILE__, __LINE__)
