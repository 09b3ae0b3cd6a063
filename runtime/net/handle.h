// UvHandle<T, Context>: one libuv handle with the value that its callbacks work on.
//
// Loop thread only. The memory that libuv sees is a block of its own: close() hands it to libuv,
// and only the close callback frees it (libuv's own rule: "The handle's memory can only be
// reclaimed or reused from inside the uv_close_cb or afterwards, not before."). Closing happens
// exactly once; destroying a UvHandle closes it, and one that outlives its closing is empty then.
// Private to runtime/net: include it from .cpp files, or with T only declared.
#pragma once

#include <uv.h>

#include <utility>

#include "base/assert.h"

namespace lotmesh::net {

template <typename T, typename Context>
class UvHandle {
public:
    using ClosedHook = void (*)(Context&);

    UvHandle() = default;
    UvHandle(UvHandle&& other) noexcept { take(other); }
    UvHandle& operator=(UvHandle&& other) noexcept {
        if (this != &other) {
            discard();
            take(other);
        }
        return *this;
    }
    ~UvHandle() { discard(); }

    // init is the uv_..._init call; its error is returned, and then there is no handle.
    template <typename Init>
    int open(Context context, Init&& init) {
        ASSERT(block_ == nullptr);
        auto* block = new Block{{}, std::move(context), nullptr, this};
        if (const int error = init(&block->uv); error != 0) {
            delete block;
            return error;
        }
        block->uv.data = block;
        block_ = block;
        return 0;
    }

    explicit operator bool() const { return block_ != nullptr; }
    T* get() const { return &block_->uv; }
    bool closing() const {
        return uv_is_closing(reinterpret_cast<const uv_handle_t*>(&block_->uv)) != 0;
    }

    // Closes, and calls the hook when libuv has let go, unless this object is gone by then. The
    // hook may destroy this object.
    void close(ClosedHook hook) {
        ASSERT(block_ != nullptr && !closing());
        block_->hook = hook;
        uv_close(reinterpret_cast<uv_handle_t*>(&block_->uv), &UvHandle::on_closed);
    }

    static Context& context(T* uv) { return static_cast<Block*>(uv->data)->context; }

private:
    struct Block {
        T uv;
        Context context;
        ClosedHook hook;
        UvHandle* owner;  // none: it is gone, and the block lives on until libuv lets go
    };

    void take(UvHandle& other) {
        block_ = std::exchange(other.block_, nullptr);
        if (block_ != nullptr) block_->owner = this;
    }

    static void on_closed(uv_handle_t* uv) {
        auto* block = static_cast<Block*>(uv->data);
        // Before the hook, which may destroy the owner; one that lives on is empty from here.
        if (block->owner != nullptr) block->owner->block_ = nullptr;
        if (block->hook != nullptr) block->hook(block->context);
        delete block;
    }

    void discard() {
        if (block_ == nullptr) return;
        block_->hook = nullptr;
        block_->owner = nullptr;
        if (!closing()) uv_close(reinterpret_cast<uv_handle_t*>(&block_->uv), &UvHandle::on_closed);
        block_ = nullptr;
    }

    Block* block_ = nullptr;
};

}  // namespace lotmesh::net
