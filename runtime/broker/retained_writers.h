// Who wrote the retained messages of this node, where rules hold: one entry for each principal, as
// long as there is a message of his.
//
// Core thread; owned by the RetainedStore at addresses that do not change. Bounded by
// Limits::retained_max, one for each message at most.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "runtime/broker/policy.h"

namespace lotmesh::broker {

class RetainedWriters {
public:
    struct Writer {
        Principal principal;
        std::unique_ptr<const Authority> authority = {};
        std::uint64_t asked_after = 0;  // so many changes of the rules; 0: never
        std::size_t messages = 0;
    };

    // For one more message; the same principal is the same writer. Nothing for nobody.
    Writer* hold(const Principal* principal);
    // A message of his is gone. Nothing where there is no writer.
    void release(Writer* writer);

    // Whether he may write it as the rules are after so many changes.
    static bool may_still_write(Writer& writer, std::string_view topic, Policy& policy,
                                std::uint64_t policy_changes);

    std::size_t size() const { return writers_.size(); }

private:
    using Key = std::pair<std::string, std::string>;  // client id, user name

    std::map<Key, std::unique_ptr<Writer>> writers_;
};

}  // namespace lotmesh::broker
