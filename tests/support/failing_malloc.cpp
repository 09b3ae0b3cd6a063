// Loaded before the C library (LD_PRELOAD): some allocations of the process fail. Which, says
// LOTMESH_FAIL_ALLOCATIONS=FROM:FIRST:COUNT, where FROM is "start" or "listening" (count from the
// first call of listen), FIRST the number of the first one that fails, from 1, and COUNT how many.
//
// For tests/e2e/test_allocation.py, which runs the release program as it is.
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>

extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* block, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
}

namespace {

constexpr std::size_t kFromWordMax = 16;

std::atomic<long> first = 0;  // 0: nothing fails yet
std::atomic<long> count = 0;
std::atomic<long> made = 0;
bool from_listening = false;
long first_said = 0;

__attribute__((constructor)) void read_what_fails() {
    const char* const said = std::getenv("LOTMESH_FAIL_ALLOCATIONS");
    char from[kFromWordMax] = {};
    long how_many = 0;
    if (said == nullptr || std::sscanf(said, "%15[a-z]:%ld:%ld", from, &first_said, &how_many) != 3)
        return;
    count = how_many;
    from_listening = from[0] == 'l';
    if (!from_listening) first = first_said;
}

bool fails() {
    const long begin = first.load(std::memory_order_relaxed);
    if (begin == 0) return false;
    const long number = made.fetch_add(1, std::memory_order_relaxed) + 1;
    if (number < begin || number >= begin + count) return false;
    errno = ENOMEM;
    return true;
}

}  // namespace

extern "C" {

void* malloc(std::size_t size) { return fails() ? nullptr : __libc_malloc(size); }

void* calloc(std::size_t number, std::size_t size) {
    return fails() ? nullptr : __libc_calloc(number, size);
}

void* realloc(void* block, std::size_t size) {
    return fails() ? nullptr : __libc_realloc(block, size);
}

void* aligned_alloc(std::size_t alignment, std::size_t size) {
    return fails() ? nullptr : __libc_memalign(alignment, size);
}

int listen(int socket, int backlog) {
    if (from_listening) first = first_said;
    return static_cast<int>(::syscall(SYS_listen, socket, backlog));
}
}
