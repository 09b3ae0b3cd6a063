#include "runtime/broker/shared_group.h"

#include "base/assert.h"

namespace lotmesh::broker {

SharedGroup& SharedGroups::insert(std::string_view text) {
    const GroupId id = groups_.insert(std::make_unique<SharedGroup>());
    SharedGroup& group = *find(id);
    group.id = id;
    group.text = text;
    const bool inserted = by_text_.emplace(group.text, &group).second;
    ASSERT(inserted);
    return group;
}

void SharedGroups::erase(const SharedGroup& group) {
    ASSERT(group.members() == 0);
    by_text_.erase(group.text);
    groups_.erase(group.id);
}

SharedGroup* SharedGroups::find(std::string_view text) const {
    const auto it = by_text_.find(text);
    return it == by_text_.end() ? nullptr : it->second;
}

}  // namespace lotmesh::broker
