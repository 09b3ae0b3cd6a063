// Mistakes put in on purpose, to see that the simulator finds them (tests/sim). A build has one at
// most, named by the macro LOTMESH_SABOTAGE, and none without it. Only .cpp files may include this.
#pragma once

#include <cstdint>

#ifndef LOTMESH_SABOTAGE
#define LOTMESH_SABOTAGE None
#endif

namespace lotmesh::cluster {

enum class Sabotage : std::uint8_t {
    None,
    NoDedup,            // a record that was applied is applied again
    AckBeforeApply,     // an ack is taken for one record more than was applied
    NoBarrier,          // SUBACK waits for nobody
    NoGapDetection,     // nothing is sent again after a broken link, and nobody sees the gap
    ForgetInterest,     // a peer that is away has no subscribers
    NoTombstones,       // deletions are not replicated by the retained comparison
    CountExpiredTwice,  // what waited too long
};

constexpr bool sabotaged(Sabotage sabotage) { return sabotage == Sabotage::LOTMESH_SABOTAGE; }

}  // namespace lotmesh::cluster
