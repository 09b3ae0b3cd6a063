// A storm: several clients of all versions send legal and illegal packets in any order to one Core,
// take over each other's client ids, come, go and let time pass. After each step: who broke a rule
// is told the right reason (5.0) and closed; nobody else is closed but for a reason of its own;
// every byte that the broker wrote is a packet that its receiver may get (storm_client.h). At the
// end nothing of all that is left.
//
// Where a choice is to be made it is asked for: a seeded generator or the bytes of a fuzzer answer.
// The rest of the cluster is a FakeCluster that is full, starting or slow to answer at times.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/support/storm_client.h"

namespace lotmesh::test {

class Storm {
public:
    // A number below the bound, which is not 0.
    using Choose = std::function<std::size_t(std::size_t)>;

    explicit Storm(Choose choose);

    void step();
    void finish();

    std::size_t offences() const { return offences_; }
    std::size_t connects() const { return connects_; }
    std::size_t messages_heard() const { return messages_heard_; }

private:
    // What a client's bytes must lead to.
    struct Expected {
        bool ends = false;
        std::optional<ReasonCode> reason = std::nullopt;  // of the DISCONNECT in 5.0
    };

    void act(StormClient& client);
    void greet(StormClient& client);
    void greet_wrongly(StormClient& client);
    void act_open(StormClient& client);
    void act_publish(StormClient& client);
    void act_subscribe(StormClient& client);
    void act_acknowledge(StormClient& client);
    void act_leave(StormClient& client);
    void offend(StormClient& client);
    void change_world();
    void let_time_pass(Duration duration);
    Hello choose_hello();

    void send(StormClient& client, const Bytes& bytes, Expected expected);
    void absorb();
    void absorb_actions();
    void absorb_close(ConnId conn);
    void check_own_reason(const StormClient& client, StormClient::Phase was) const;
    void check_others(const StormClient* actor, const std::vector<StormClient::Phase>& before);
    void check_witness();
    void pass_barriers();
    void end_session_of(const char* client_id);
    std::vector<StormClient*> everybody();
    std::vector<StormClient::Phase> phases();
    StormClient* find(ConnId conn);
    bool chance(std::size_t one_in) { return choose_(one_in) == 0; }
    template <typename T, std::size_t kSize>
    const T& one_of(const std::array<T, kSize>& values) {
        return values[choose_(kSize)];
    }

    Choose choose_;
    BrokerRig rig_;
    std::array<StormClient, 4> clients_;
    StormClient witness_;
    std::map<std::string, StormSession> sessions_;
    std::array<StormSession, 4> nameless_;  // of clients without an id, by seat
    StormSession witness_session_;
    std::string connecting_;  // the client id that may be taken over in this step
    broker::BarrierTicket first_ticket_ = 0;
    std::size_t offences_ = 0;
    std::size_t connects_ = 0;
    std::size_t messages_heard_ = 0;
};

}  // namespace lotmesh::test
