// The one table of MQTT packet cases: valid packets with their values, broken ones with the reason
// code that they deserve. It drives the tests of decoding, encoding, truncation and splitting, and
// gives the fuzzers their seeds. To cover a new rule, add a line to the file of its family.
#pragma once

#include <vector>

#include "tests/cases/packets_ack.h"
#include "tests/cases/packets_connack.h"
#include "tests/cases/packets_connect.h"
#include "tests/cases/packets_misc.h"
#include "tests/cases/packets_publish.h"
#include "tests/cases/packets_subscribe.h"

namespace lotmesh::mqtt::cases {

inline std::vector<PacketCase> all_packets() {
    std::vector<PacketCase> all;
    for (const auto* family : {&kConnectCases, &kConnackCases, &kPublishCases, &kAckCases,
                               &kSubscribeCases, &kUnsubscribeCases, &kMiscCases})
        all.insert(all.end(), family->begin(), family->end());
    return all;
}

// Calls visit(case, version) for each case in each of its versions.
template <typename Visit>
void for_each_packet(const std::vector<PacketCase>& family, Visit&& visit) {
    for (const PacketCase& c : family)
        for (const ProtocolVersion version : list(c.versions))
            visit(c, version);
}

template <typename Visit>
void for_each_packet(Visit&& visit) {
    for_each_packet(all_packets(), visit);
}

}  // namespace lotmesh::mqtt::cases
