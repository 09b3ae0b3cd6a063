#include "runtime/net/allocator.h"

#include <openssl/crypto.h>
#include <uv.h>

#include <cstdlib>
#include <new>

namespace lotmesh::net {

namespace {

// Tries again as long as there is a handler, which does not return where it has nothing to give.
template <typename Allocate>
void* insist(Allocate&& allocate) {
    while (true) {
        void* const made = allocate();
        const std::new_handler handler = std::get_new_handler();
        if (made != nullptr || handler == nullptr) return made;
        handler();
    }
}

void* take(std::size_t size) {
    return insist([size] { return std::malloc(size == 0 ? 1 : size); });
}

void* take_zeroed(std::size_t count, std::size_t size) {
    return insist([=] { return std::calloc(count == 0 ? 1 : count, size == 0 ? 1 : size); });
}

void* take_again(void* block, std::size_t size) {
    return insist([=] { return std::realloc(block, size); });
}

// As OpenSSL's own: nothing is no block.
void* take_again_or_free(void* block, std::size_t size, const char*, int) {
    if (size != 0) return take_again(block, size);
    std::free(block);
    return nullptr;
}

}  // namespace

void share_new_handler() {
    ::uv_replace_allocator(take, take_again, take_zeroed, std::free);
    ::CRYPTO_set_mem_functions(
        [](std::size_t size, const char*, int) { return size == 0 ? nullptr : take(size); },
        take_again_or_free, [](void* block, const char*, int) { std::free(block); });
}

}  // namespace lotmesh::net
