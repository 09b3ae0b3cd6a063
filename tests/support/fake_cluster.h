// A ClusterPort for tests of the broker: records what it is told, answers as the test says.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "runtime/broker/ports.h"

namespace lotmesh::test {

class FakeCluster final : public broker::ClusterPort {
public:
    struct Peer {
        broker::ConnId conn;
        std::string client_id;
        Bytes rest;
        broker::Principal principal = {};
        bool known_by_policy = false;
        std::optional<Instant> proof_ends_at = std::nullopt;
    };

    // What to answer.
    broker::Forwarded forwarded = broker::Forwarded::Nowhere;
    broker::BarrierTicket next_ticket = 0;  // given to each SUBSCRIBE and counted up; 0: none
    bool starting = false;
    bool pause_sources = false;
    bool keep_tombstones = false;

    // What it was told, in order.
    std::vector<broker::MessageRef> messages;
    std::vector<std::string> interest;  // "+filter", "-filter"
    std::vector<std::vector<std::string>> barriers;
    std::vector<Peer> peers;

    broker::Forwarded forward(const broker::MessageRef& message, Now) override {
        if (forwarded != broker::Forwarded::QuotaFull) messages.push_back(message);
        return forwarded;
    }
    void interest_added(std::string_view filter, Now) override {
        interest.push_back("+" + std::string(filter));
    }
    void interest_removed(std::string_view filter, Now) override {
        interest.push_back("-" + std::string(filter));
    }
    broker::BarrierTicket subscribe_barrier(std::span<const std::string_view> filters,
                                            Now) override {
        barriers.emplace_back(filters.begin(), filters.end());
        return next_ticket == 0 ? 0 : next_ticket++;
    }
    void peer_connected(const broker::PeerConnection& peer, Now, broker::Effects&) override {
        peers.push_back({peer.conn, std::string(peer.connect.client_id),
                         Bytes(peer.rest.begin(), peer.rest.end()), peer.principal,
                         peer.known_by_policy, peer.proof_ends_at});
    }
    std::size_t end_unwelcome_peers(const std::function<bool(const broker::Principal&)>& is_welcome,
                                    Now, broker::Effects&) override {
        return std::erase_if(peers, [&](const Peer& peer) { return !is_welcome(peer.principal); });
    }
    bool is_starting() const override { return starting; }
    bool sources_should_pause() const override { return pause_sources; }
    bool keeps_tombstones(Now) override { return keep_tombstones; }
};

}  // namespace lotmesh::test
