// Bytes of a connection -> packets -> handlers.
//
// Packets are decoded straight from the shell's buffer; a connection keeps bytes of its own only
// while a packet is incomplete or its reading is paused, and frees them after that.
#pragma once

#include "runtime/broker/state.h"

namespace lotmesh::broker {

// `bytes` may be empty: works on what is held, after a pause. The connection may be gone after it
// (it became a peer's).
void receive(Turn& turn, Connection& connection, ByteView bytes);

// Does what handlers noted: see State, "to settle".
void settle(Turn& turn);

}  // namespace lotmesh::broker
