// How many connections one listener has, where it may have so many only. A value; loop thread.
//
// Bounded by the shell's connections and the listeners of the configuration.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "base/slot_map.h"

namespace lotmesh::server {

class ListenerQuota {
public:
    // 0: any.
    bool has_room(const std::string& listener, std::size_t connections_max) const;
    // It has come; once for each connection that is to be counted.
    void entered(SlotHandle connection, const std::string& listener);
    // Nothing where it is not counted.
    void left(SlotHandle connection);

private:
    struct Slot {
        SlotHandle connection;
        std::string listener;
    };

    std::map<std::string, std::size_t> counts_;  // by listener
    std::vector<Slot> slots_;                    // by the connection's index
};

}  // namespace lotmesh::server
