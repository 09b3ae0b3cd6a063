#include "tests/support/storm.h"

#include <algorithm>

#include "tests/cases/packets.h"

namespace lotmesh::test {
namespace {

using Phase = StormClient::Phase;

constexpr std::array<std::string_view, 8> kFilters{"a",   "b", "+",          "#",
                                                   "a/+", "w", "$share/g/a", "$share/h/a/+"};
constexpr std::array<std::string_view, 6> kTopics{"a", "b",      "a/b",
                                                  "w", "$other", "a/a longer name"};
constexpr std::array<const char*, 4> kClientIds{"one", "two", "three", ""};
constexpr std::array kVersions{ProtocolVersion::V31, ProtocolVersion::V311, ProtocolVersion::V5};
constexpr std::array kQoSs{kQoS0, kQoS1, kQoS2};
constexpr std::uint32_t kShortExpirySec = 5;
constexpr std::uint16_t kReceiveMaximum = 3;
constexpr std::uint16_t kTopicAliasMaximum = 2;
constexpr std::size_t kPacketBytesMax = 2000;

// Small, so that every bound is met.
broker::Limits limits() {
    broker::Limits limits;
    limits.packet_bytes_max = kPacketBytesMax;
    limits.receive_maximum = kReceiveMaximum;
    limits.topic_alias_maximum = kTopicAliasMaximum;
    limits.inflight_max = 3;
    limits.inflight_entries_max = 6;
    limits.queue.messages_max = 12;
    limits.queue.messages_high = 6;
    limits.offline_messages_max = 5;
    limits.qos0_messages_max = 5;
    limits.retained_max = 3;
    limits.subscriptions_per_session_max = 3;
    limits.pending_subacks_max = 2;
    return limits;
}

struct Offence {
    Bytes bytes;
    ReasonCode reason;
};

// What the table of packet cases has for a client of this version to do wrong once it is connected,
// or instead of that.
std::vector<Offence> offences_of(ProtocolVersion version, bool as_connect) {
    std::vector<Offence> offences;
    for (const auto& c : mqtt::cases::all_packets()) {
        const auto versions = list(c.versions);
        if (c.is_valid() || c.sender != mqtt::Sender::Client) continue;
        if (std::ranges::find(versions, version) == versions.end()) continue;
        Bytes bytes = c.bytes();
        const bool is_connect = bytes.front() >> 4 == static_cast<int>(mqtt::PacketType::Connect);
        if (is_connect == as_connect)
            offences.push_back({std::move(bytes), std::get<ReasonCode>(c.expected)});
    }
    return offences;
}

const std::vector<Offence>& known_offences(ProtocolVersion version, bool as_connect) {
    static const auto all = [] {
        std::map<std::pair<ProtocolVersion, bool>, std::vector<Offence>> table;
        for (const ProtocolVersion v : kVersions)
            for (const bool connect : {false, true})
                table[{v, connect}] = offences_of(v, connect);
        return table;
    }();
    return all.at({version, as_connect});
}

mqtt::Publish with_alias(std::string_view topic, std::uint16_t alias) {
    mqtt::Publish packet = TestClient::message(topic, "x");
    packet.properties.topic_alias = alias;
    return packet;
}

}  // namespace

Storm::Storm(Choose choose) : choose_(std::move(choose)), rig_(limits()) {
    witness_.open(rig_.new_conn());
    rig_.handle(broker::Accepted{witness_.conn(), {.remote_address = "192.0.2.1:1"}});
    send(witness_, witness_.connect(Hello{.client_id = "witness"}, 0, witness_session_), {});
    send(witness_, witness_.subscribe("witness", {}), {});
}

std::vector<StormClient*> Storm::everybody() {
    std::vector<StormClient*> all{&witness_};
    for (StormClient& client : clients_)
        all.push_back(&client);
    return all;
}

StormClient* Storm::find(ConnId conn) {
    for (StormClient* client : everybody())
        if (client->phase() != Phase::Away && client->conn() == conn) return client;
    return nullptr;
}

std::vector<Phase> Storm::phases() {
    std::vector<Phase> phases;
    for (const StormClient* client : everybody())
        phases.push_back(client->phase());
    return phases;
}

void Storm::absorb_close(ConnId conn) {
    StormClient* client = find(conn);
    REQUIRE(client != nullptr);
    client->hear(rig_.outputs[conn]);
    rig_.outputs.erase(conn);
    client->closed_by_broker();
}

// The last words of who was closed come first: a session passes from the old connection to the new.
void Storm::absorb_actions() {
    for (const broker::Action& action : rig_.actions) {
        if (const auto* pause = std::get_if<broker::PauseReading>(&action)) {
            if (StormClient* client = find(pause->conn)) client->paused = true;
        } else if (const auto* resume = std::get_if<broker::ResumeReading>(&action)) {
            if (StormClient* client = find(resume->conn)) client->paused = false;
        } else if (const auto* close = std::get_if<broker::CloseConnection>(&action)) {
            absorb_close(close->conn);
        }
    }
    rig_.actions.clear();
}

void Storm::absorb() {
    absorb_actions();
    for (const auto& [conn, bytes] : rig_.outputs) {
        if (bytes.empty()) continue;
        StormClient* client = find(conn);
        REQUIRE(client != nullptr);
        const std::size_t before = client->messages_heard();
        client->hear(bytes);
        messages_heard_ += client->messages_heard() - before;
    }
    rig_.outputs.clear();
}

void Storm::check_own_reason(const StormClient& client, Phase was) const {
    REQUIRE(&client != &witness_);
    REQUIRE(was == Phase::Open);
    const bool taken_over = client.client_id() == connecting_;  // [MQTT-3.1.4-3]
    // Else it took nothing, and its queue was full.
    if (client.is_v5())
        REQUIRE(client.goodbye() ==
                (taken_over ? ReasonCode::SessionTakenOver : ReasonCode::QuotaExceeded));
}

// Whoever else has been closed in this step had a reason of its own.
void Storm::check_others(const StormClient* actor, const std::vector<Phase>& before) {
    std::size_t at = 0;
    for (const StormClient* client : everybody()) {
        const Phase was = before[at++];
        if (client != actor && client->phase() == Phase::Ended && was != Phase::Ended)
            check_own_reason(*client, was);
    }
}

void Storm::send(StormClient& client, const Bytes& bytes, Expected expected) {
    const std::vector<Phase> before = phases();
    rig_.handle(broker::Received{client.conn(), bytes});
    absorb();
    REQUIRE((client.phase() == Phase::Ended) == expected.ends);
    if (expected.ends && client.is_v5()) REQUIRE(client.goodbye() == expected.reason);
    check_others(&client, before);
}

void Storm::check_witness() {
    const std::size_t before = witness_.messages_heard();
    send(witness_, witness_.ping(), {});
    send(witness_, witness_.publish("witness", kQoS0, 0, false), {});
    REQUIRE(witness_.messages_heard() == before + 1);
    REQUIRE(witness_.has_all_answers());
}

void Storm::step() {
    switch (choose_(24)) {
        case 0: change_world(); break;
        case 1: pass_barriers(); break;
        case 2:
            let_time_pass(Duration::milliseconds(static_cast<std::int64_t>(choose_(3000))));
            break;
        default: act(clients_[choose_(clients_.size())]); break;
    }
}

void Storm::act(StormClient& client) {
    switch (client.phase()) {
        case Phase::Away:
            client.open(rig_.new_conn());
            rig_.handle(broker::Accepted{client.conn(), {.remote_address = "192.0.2.1:1"}});
            absorb();
            return;
        case Phase::Silent: chance(6) ? greet_wrongly(client) : greet(client); return;
        case Phase::Open: act_open(client); return;
        case Phase::Greeting: UNREACHABLE();
        case Phase::Ended:
            client.socket_gone();
            rig_.handle(broker::Closed{client.conn(), "closed"});
            absorb();
            return;
    }
}

Hello Storm::choose_hello() {
    Hello hello;
    hello.version = one_of(kVersions);
    hello.client_id = one_of(kClientIds);
    const bool is_v31 = hello.version == ProtocolVersion::V31;
    if (is_v31 && hello.client_id.empty()) hello.client_id = "one";
    // 3.1 is not told whether there was a session, so where that is uncertain it wants none.
    const bool expires = std::ranges::any_of(clients_, [&hello](const StormClient& client) {
        return client.client_id() == hello.client_id && client.expiry_sec() == kShortExpirySec;
    });
    const bool uncertain = is_v31 && (expires || sessions_[std::string(hello.client_id)].kept ==
                                                     StormSession::Kept::Perhaps);
    hello.clean_start = chance(3) || hello.client_id.empty() || uncertain;
    if (chance(4)) hello.keep_alive_sec = 3;
    if (chance(2) && !hello.client_id.empty())
        hello.session_expiry_sec = chance(3) ? kShortExpirySec : mqtt::kSessionExpiryNever;
    if (chance(2)) hello.receive_maximum = static_cast<std::uint16_t>(1 + choose_(4));
    if (chance(3))
        hello.will = mqtt::Will{.topic = "w",
                                .payload = as_bytes("w"),
                                .qos = one_of(kQoSs),
                                .retain = chance(2),
                                .properties = {}};
    return hello;
}

void Storm::greet(StormClient& client) {
    const Hello hello = choose_hello();
    const auto seat = static_cast<std::size_t>(&client - clients_.data());
    connecting_ = hello.client_id;
    StormSession& session =
        hello.client_id.empty() ? nameless_[seat] : sessions_[std::string(hello.client_id)];
    send(client, client.connect(hello, static_cast<std::uint16_t>(choose_(4)), session), {});
    connecting_ = "nobody";
    REQUIRE(client.phase() == Phase::Open);
    ++connects_;
}

void Storm::greet_wrongly(StormClient& client) {
    ++offences_;
    const ProtocolVersion version = one_of(kVersions);
    const auto& connects = known_offences(version, true);
    // A CONNACK of a CONNECT that breaks a rule is not looked at here: packet_cases_test.cpp does.
    const Bytes bytes =
        chance(2) ? connects[choose_(connects.size())].bytes : client.encoded(mqtt::Pingreq{});
    rig_.handle(broker::Received{client.conn(), bytes});
    REQUIRE(rig_.count(broker::CloseConnection{client.conn()}) == 1);
    rig_.outputs.erase(client.conn());
    absorb();
    REQUIRE(client.phase() == Phase::Ended);
    check_witness();
}

void Storm::act_open(StormClient& client) {
    if (client.paused) {  // what it sends is not read; it may go
        if (chance(8)) act_leave(client);
        return;
    }
    const std::size_t choice = choose_(20);
    if (choice < 8)
        act_publish(client);
    else if (choice < 11)
        act_subscribe(client);
    else if (choice < 17)
        act_acknowledge(client);
    else if (choice < 18)
        send(client, client.ping(), {});
    else if (choice < 19)
        act_leave(client);
    else
        offend(client);
}

void Storm::act_publish(StormClient& client) {
    const QoS qos = one_of(kQoSs);
    const auto id = static_cast<mqtt::PacketId>(1 + choose_(5));
    if (chance(4)) {
        send(client, client.pubrel(id), {});
        return;
    }
    const std::string_view topic = one_of(kTopics);
    Expected expected;
    if (client.is_beyond_window(qos, id, kReceiveMaximum))
        expected = {.ends = true, .reason = ReasonCode::ReceiveMaximumExceeded};
    send(client, client.publish(topic, qos, id, chance(4)), expected);
}

void Storm::act_subscribe(StormClient& client) {
    const std::string_view filter = one_of(kFilters);
    if (chance(4)) {
        send(client, client.unsubscribe(filter), {});
        return;
    }
    mqtt::SubscriptionOptions options{.qos = one_of(kQoSs)};
    if (client.is_v5()) {
        options.no_local = chance(3) && !filter.starts_with("$share/");  // [MQTT-3.8.3-4]
        options.retain_as_published = chance(2);
        options.retain_handling = static_cast<mqtt::RetainHandling>(choose_(3));
    }
    send(client, client.subscribe(filter, options), {});
}

// Of something that is in flight, and with the right packet, mostly.
void Storm::act_acknowledge(StormClient& client) {
    auto id = static_cast<mqtt::PacketId>(1 + choose_(20));
    std::size_t kind = choose_(3);
    const auto& in_flight = client.session().in_flight;
    if (!in_flight.empty() && !chance(6)) {
        auto it = in_flight.begin();
        std::advance(it, choose_(in_flight.size()));
        id = it->first;
        if (!chance(4)) kind = it->second.released ? 2 : it->second.qos == kQoS2 ? 1 : 0;
    }
    if (kind == 0) {
        send(client, client.puback(id), {});
    } else if (kind == 1) {
        const auto reason = chance(6) ? ReasonCode::QuotaExceeded : ReasonCode::Success;
        send(client, client.pubrec(id, reason), {});
    } else {
        send(client, client.pubcomp(id), {});
    }
}

void Storm::act_leave(StormClient& client) {
    if (client.paused || chance(2)) {
        const std::vector<Phase> before = phases();
        client.socket_gone();
        rig_.handle(broker::Closed{client.conn(), "reset by peer"});
        absorb();
        check_others(&client, before);
        return;
    }
    const auto reason =
        client.is_v5() && chance(2) ? ReasonCode::DisconnectWithWill : ReasonCode::Success;
    std::optional<std::uint32_t> expiry_sec;
    if (client.is_v5() && chance(2)) expiry_sec = chance(2) ? 0 : kShortExpirySec;
    Expected expected{.ends = true};
    if (expiry_sec.value_or(0) != 0 && client.expiry_sec() == 0)
        expected.reason = ReasonCode::ProtocolError;
    send(client, client.disconnect(reason, expiry_sec), expected);
}

void Storm::offend(StormClient& client) {
    ++offences_;
    const auto& known = known_offences(client.version(), false);
    const Offence& offence = known[choose_(known.size())];
    Expected expected{.ends = true, .reason = offence.reason};
    Bytes bytes = offence.bytes;
    switch (choose_(10)) {
        case 0:
            bytes = client.encoded(TestClient::connect_packet(Hello{.version = client.version()}));
            expected.reason = ReasonCode::ProtocolError;
            break;
        case 1:
            bytes = Bytes(kPacketBytesMax, 0x30);
            bytes[1] = 0xFF;
            bytes[2] = 0x7F;
            expected.reason = ReasonCode::PacketTooLarge;
            break;
        case 2:
            bytes = {static_cast<std::uint8_t>(choose_(16)), 0};
            expected.reason = ReasonCode::MalformedPacket;
            break;
        case 3:
            if (!client.is_v5()) break;
            bytes = client.encoded(with_alias("a", kTopicAliasMaximum + 1));
            expected.reason = ReasonCode::TopicAliasInvalid;
            break;
        case 4:
            if (!client.is_v5()) break;
            bytes = client.encoded(with_alias("", kTopicAliasMaximum));
            expected.reason = ReasonCode::ProtocolError;
            break;
        case 5:
            bytes = client.encoded(
                mqtt::Subscribe{.packet_id = 1, .entries = {{"$cluster/#", {}}}, .properties = {}});
            expected.reason = ReasonCode::NotAuthorized;
            break;
        case 6:
            bytes = client.encoded(TestClient::message("$cluster", "x"));
            expected.reason = ReasonCode::NotAuthorized;
            break;
        default: break;
    }
    send(client, bytes, expected);
    check_witness();
}

void Storm::pass_barriers() {
    for (; first_ticket_ < rig_.cluster.next_ticket; ++first_ticket_) {
        rig_.core.barrier_passed(first_ticket_, rig_.now, rig_.effects);
        rig_.collect();
    }
    absorb();
}

// The peers, and the sockets.
void Storm::change_world() {
    StormClient& client = clients_[choose_(clients_.size())];
    const bool connected = client.phase() == Phase::Open;
    switch (choose_(6)) {
        case 0:
        case 1:
            rig_.cluster.forwarded =
                chance(4) ? broker::Forwarded::QuotaFull : broker::Forwarded::Nowhere;
            break;
        case 2: rig_.cluster.pause_sources = chance(4); break;
        case 3:
            if (rig_.cluster.next_ticket == 0) rig_.cluster.next_ticket = first_ticket_ = 1;
            break;
        case 4:
            if (connected) rig_.handle(broker::Congested{client.conn()});
            break;
        default:
            if (connected) rig_.handle(broker::Writable{client.conn()});
            break;
    }
    rig_.core.resume_sources(rig_.now, rig_.effects);
    rig_.collect();
    absorb();
}

void Storm::let_time_pass(Duration duration) {
    const std::vector<Phase> before = phases();
    rig_.advance(duration);
    absorb();
    std::size_t at = 0;
    for (const StormClient* client : everybody()) {
        const Phase was = before[at++];
        if (was == Phase::Ended || client->phase() != Phase::Ended) continue;
        REQUIRE(client != &witness_);
        if (was == Phase::Silent) continue;  // never said CONNECT
        const bool too_slow = client->goodbye() == ReasonCode::QuotaExceeded;
        const bool too_quiet = client->goodbye() == ReasonCode::KeepAliveTimeout;
        if (client->is_v5()) REQUIRE((too_slow || (too_quiet && client->has_keep_alive())));
    }
}

// A clean start without expiry, and away.
void Storm::end_session_of(const char* client_id) {
    StormClient& client = clients_.front();
    client.open(rig_.new_conn());
    rig_.handle(broker::Accepted{client.conn(), {.remote_address = "192.0.2.1:1"}});
    send(client, client.connect(Hello{.client_id = client_id}, 0, sessions_[client_id]), {});
    REQUIRE(client.phase() == Phase::Open);
    send(client, client.disconnect(ReasonCode::Success, std::nullopt), {.ends = true});
    act(client);
}

void Storm::finish() {
    rig_.cluster.forwarded = broker::Forwarded::Nowhere;
    rig_.cluster.pause_sources = false;
    pass_barriers();
    for (StormClient& client : clients_)
        if (client.phase() == Phase::Open) rig_.handle(broker::Writable{client.conn()});
    rig_.core.resume_sources(rig_.now, rig_.effects);
    rig_.collect();
    absorb();
    let_time_pass(Duration::seconds(30));  // no subscriber pauses anybody for so long
    for (StormClient& client : clients_) {
        if (client.phase() == Phase::Open) REQUIRE(client.has_all_answers());
        if (client.phase() != Phase::Away) {
            client.socket_gone();
            rig_.handle(broker::Closed{client.conn(), "gone"});
            absorb();
        }
    }
    for (const char* client_id : kClientIds)
        if (*client_id != '\0') end_session_of(client_id);
    check_witness();
    send(witness_, witness_.disconnect(ReasonCode::Success, std::nullopt), {.ends = true});
    act(witness_);

    REQUIRE(rig_.core.connected_clients() == 0);
    rig_.core.for_each_interest([](std::string_view) { FAIL("a filter is left"); });
    const auto& interest = rig_.cluster.interest;
    REQUIRE(std::ranges::count_if(interest, [](const auto& s) { return s[0] == '+'; }) * 2 ==
            static_cast<std::ptrdiff_t>(interest.size()));
    REQUIRE(rig_.core.counters().connections_opened == connects_ + 1 + kClientIds.size() - 1);
}

}  // namespace lotmesh::test
