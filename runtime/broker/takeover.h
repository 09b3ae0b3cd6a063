// CONNECT meets a session of the same client id: takeover of its connection, Clean Start,
// resumption (section 3.1.2.4 and 3.1.4 of MQTT 5.0).
#pragma once

#include "runtime/broker/state.h"
#include "runtime/mqtt/packet.h"

namespace lotmesh::broker {

struct Claimed {
    Session* session = nullptr;
    bool present = false;  // it was resumed
};

// The old connection, if there is one, is told and closed. The session that comes back has no
// connection and no will.
Claimed claim_session(Turn& turn, std::string_view client_id, bool clean_start);

}  // namespace lotmesh::broker
