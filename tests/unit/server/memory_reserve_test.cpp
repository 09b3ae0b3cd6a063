#include "runtime/server/memory_reserve.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <new>

using namespace lotmesh::server;

namespace {

// In a process of its own, where the handler may stay and the end is seen.
template <typename Body>
int exit_code_of(Body&& body) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) ::_exit(body());
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("the first failure takes the reserve, which can be had again") {
    CHECK(exit_code_of([] {
              if (!keep_memory_reserve() || memory_reserve_is_spent()) return 1;
              std::get_new_handler()();
              if (!memory_reserve_is_spent()) return 2;
              return restore_memory_reserve() && !memory_reserve_is_spent() ? 0 : 3;
          }) == 0);
}

TEST_CASE("a failure without a reserve ends the process, by a code of its own and no signal") {
    CHECK(exit_code_of([] {
              if (!keep_memory_reserve()) return 1;
              std::get_new_handler()();
              std::get_new_handler()();
              return 2;
          }) == kExitOutOfMemory);
}
