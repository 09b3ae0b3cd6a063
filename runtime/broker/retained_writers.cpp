#include "runtime/broker/retained_writers.h"

#include "base/assert.h"

namespace lotmesh::broker {

RetainedWriters::Writer* RetainedWriters::hold(const Principal* principal) {
    if (principal == nullptr) return nullptr;
    std::unique_ptr<Writer>& writer = writers_[{principal->client_id, principal->user_name}];
    if (writer == nullptr) writer = std::make_unique<Writer>();
    if (writer->principal != *principal) {  // he comes from elsewhere now, or with other groups
        writer->principal = *principal;
        writer->asked_after = 0;
    }
    ++writer->messages;
    return writer.get();
}

void RetainedWriters::release(Writer* writer) {
    if (writer == nullptr) return;
    ASSERT(writer->messages > 0);
    if (--writer->messages > 0) return;
    const Principal& principal = writer->principal;
    const auto at = writers_.find({principal.client_id, principal.user_name});
    ASSERT(at != writers_.end());
    writers_.erase(at);
}

bool RetainedWriters::may_still_write(Writer& writer, std::string_view topic, Policy& policy,
                                      std::uint64_t policy_changes) {
    ASSERT(policy_changes > 0);
    if (writer.asked_after != policy_changes) {
        writer.authority = policy.authority_of(writer.principal);
        writer.asked_after = policy_changes;
    }
    return writer.authority == nullptr || (writer.authority->may(Permission::Publish, topic) &&
                                           writer.authority->may(Permission::Retain, topic));
}

}  // namespace lotmesh::broker
