#include "runtime/net/background_work.h"

#include <uv.h>

#include "base/assert.h"

namespace lotmesh::net {

struct BackgroundWork::Request {
    uv_work_t uv{};
    BackgroundWork* owner = nullptr;  // none: it is gone
    std::function<void()> work;
    std::function<void()> done;
};

BackgroundWork::~BackgroundWork() {
    if (request_ == nullptr) return;
    request_->owner = nullptr;
    uv_cancel(reinterpret_cast<uv_req_t*>(&request_->uv));
}

void BackgroundWork::run(std::function<void()> work, std::function<void()> done) {
    ASSERT(!busy());
    request_ = new Request{{}, this, std::move(work), std::move(done)};
    request_->uv.data = request_;
    const int error = uv_queue_work(
        loop_.native(), &request_->uv,
        [](uv_work_t* uv) { static_cast<Request*>(uv->data)->work(); },
        [](uv_work_t* uv, int) {
            const std::unique_ptr<Request> request(static_cast<Request*>(uv->data));
            if (request->owner == nullptr) return;
            request->owner->request_ = nullptr;
            request->done();
        });
    ASSERT(error == 0);
}

}  // namespace lotmesh::net
