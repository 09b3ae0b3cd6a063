#include "runtime/mqtt/packet.h"

#include <algorithm>

namespace lotmesh::mqtt {

// Written out, since a span compares by no operator.
bool Will::operator==(const Will& other) const {
    return topic == other.topic && std::ranges::equal(payload, other.payload) && qos == other.qos &&
           retain == other.retain && properties == other.properties;
}

bool Connect::operator==(const Connect& other) const {
    const bool same_password = password.has_value() == other.password.has_value() &&
                               (!password || std::ranges::equal(*password, *other.password));
    return same_password && version == other.version && clean_start == other.clean_start &&
           keep_alive_sec == other.keep_alive_sec && client_id == other.client_id &&
           will == other.will && user_name == other.user_name && properties == other.properties;
}

bool Publish::operator==(const Publish& other) const {
    return topic == other.topic && std::ranges::equal(payload, other.payload) && qos == other.qos &&
           dup == other.dup && retain == other.retain && packet_id == other.packet_id &&
           properties == other.properties;
}

}  // namespace lotmesh::mqtt
