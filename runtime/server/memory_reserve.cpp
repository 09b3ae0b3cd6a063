#include "runtime/server/memory_reserve.h"

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <string_view>

namespace lotmesh::server {

namespace {

std::atomic<char*> reserve = nullptr;

char* allocate(std::size_t bytes) { return static_cast<char*>(std::malloc(bytes)); }

// The allocator tries again when this returns.
void give_back() {
    char* const kept = reserve.exchange(nullptr);
    if (kept != nullptr) return std::free(kept);
    constexpr std::string_view kLastWords = "error: out of memory, and the reserve is used up\n";
    (void)!::write(STDERR_FILENO, kLastWords.data(), kLastWords.size());
    ::_exit(kExitOutOfMemory);
}

}  // namespace

bool keep_memory_reserve() {
    reserve = allocate(kMemoryReserveBytes);
    std::set_new_handler(give_back);
    return !memory_reserve_is_spent();
}

bool memory_reserve_is_spent() { return reserve.load() == nullptr; }

bool restore_memory_reserve() {
    if (!memory_reserve_is_spent()) return true;
    char* const first = allocate(kMemoryReserveBytes);
    char* const second = allocate(kMemoryReserveBytes);
    std::free(second);
    if (first != nullptr && second != nullptr) {
        reserve = first;
        return true;
    }
    std::free(first);
    return false;
}

}  // namespace lotmesh::server
