#include "tests/support/storm_client.h"

#include <algorithm>

namespace lotmesh::test {
namespace {

constexpr std::uint32_t kNoLimit = 0xFFFF'FFFF;
constexpr std::size_t kBrokersWindow = 3;  // Limits::inflight_max of the storm

// One answer that was waited for; there must be one.
template <typename Set, typename Key>
void take(Set& set, const Key& key) {
    const auto it = set.find(key);
    REQUIRE(it != set.end());
    set.erase(it);
}

}  // namespace

void StormClient::open(ConnId conn) {
    *this = StormClient();
    conn_ = conn;
    phase_ = Phase::Silent;
}

void StormClient::end_session() {
    StormSession* session = std::exchange(session_, nullptr);
    if (session == nullptr) return;
    if (expiry_sec_ == 0)
        *session = StormSession();
    else
        session->kept = expiry_sec_ == mqtt::kSessionExpiryNever ? StormSession::Kept::Yes
                                                                 : StormSession::Kept::Perhaps;
}

void StormClient::socket_gone() {
    end_session();
    phase_ = Phase::Away;
}

void StormClient::closed_by_broker() {
    REQUIRE((phase_ == Phase::Silent || phase_ == Phase::Greeting || phase_ == Phase::Open));
    end_session();
    phase_ = Phase::Ended;
}

void StormClient::hear(ByteView bytes) {
    while (!bytes.empty()) {
        const auto step = mqtt::next_frame(bytes, kNoLimit);
        REQUIRE(step.has_value());
        REQUIRE(step->frame.size != 0);  // whole packets only
        REQUIRE((phase_ == Phase::Greeting || phase_ == Phase::Open));
        REQUIRE_FALSE(goodbye_.has_value());  // [MQTT-3.14.4-1]
        hear_packet(step->frame);
        bytes = bytes.subspan(step->frame.size);
    }
}

void StormClient::hear_packet(const mqtt::Frame& frame) {
    // [MQTT-3.2.0-1] [MQTT-3.2.0-2]
    REQUIRE((frame.type() == mqtt::PacketType::Connack) == (phase_ == Phase::Greeting));
    const auto packet = mqtt::decode_packet(frame, version_, mqtt::Sender::Server);
    REQUIRE(packet.has_value());
    std::visit([this](const auto& known) { on(known); }, *packet);
}

void StormClient::on(const mqtt::Connack& packet) {
    REQUIRE(packet.reason == ReasonCode::Success);
    phase_ = Phase::Open;
    // 3.1 does not say whether there is a session, so there it must be certain.
    const bool present = version_ == ProtocolVersion::V31
                             ? !clean_start_ && session_->kept == StormSession::Kept::Yes
                             : packet.session_present;
    if (present) {
        REQUIRE_FALSE(clean_start_);
        REQUIRE(session_->kept != StormSession::Kept::No);
        for (auto& [id, sent] : session_->in_flight)
            sent.on_this_connection = false;
    } else {
        REQUIRE((clean_start_ || session_->kept != StormSession::Kept::Yes));
        *session_ = StormSession();
    }
    session_->kept = StormSession::Kept::Yes;
}

// [MQTT-3.3.4-9]
void StormClient::take_place(StormSession::Sent& sent) const {
    sent.on_this_connection = true;
    const auto places = std::ranges::count_if(
        session_->in_flight, [](const auto& entry) { return entry.second.on_this_connection; });
    REQUIRE(static_cast<std::size_t>(places) <= window_);
}

// [MQTT-3.3.2-3] [MQTT-3.3.2-11] [MQTT-3.1.2-26] [MQTT-3.1.2-27]
void StormClient::check_topic(const mqtt::Publish& packet) {
    std::string topic(packet.topic);
    if (const auto alias = packet.properties.topic_alias) {
        REQUIRE(*alias >= 1);
        REQUIRE(*alias <= topic_alias_maximum_);
        if (topic.empty()) topic = topic_aliases_[*alias];
        topic_aliases_[*alias] = topic;
    }
    REQUIRE_FALSE(topic.empty());
    REQUIRE(as_text(packet.payload) == topic);
}

void StormClient::on(const mqtt::Publish& packet) {
    ++messages_heard_;
    check_topic(packet);
    if (packet.qos == kQoS0) return;
    const auto it = session_->in_flight.find(packet.packet_id);
    if (!packet.dup) {
        REQUIRE(it == session_->in_flight.end());  // [MQTT-2.2.1-4]
        take_place(session_->in_flight[packet.packet_id] = {.qos = packet.qos});
        return;
    }
    // [MQTT-4.4.0-1] [MQTT-4.3.3-6]
    REQUIRE(it != session_->in_flight.end());
    REQUIRE(it->second.qos == packet.qos);
    REQUIRE_FALSE(it->second.released);
    REQUIRE_FALSE(it->second.on_this_connection);
    take_place(it->second);
}

void StormClient::on(const mqtt::Puback& packet) { take(pubacks_, packet.packet_id); }

void StormClient::on(const mqtt::Pubrec& packet) {
    take(pubrecs_, packet.packet_id);
    if (mqtt::is_error(packet.reason)) return;
    session_->unreleased.insert(packet.packet_id);
    received_.insert(packet.packet_id);
}

void StormClient::on(const mqtt::Pubrel& packet) {
    const auto it = session_->in_flight.find(packet.packet_id);
    if (it != session_->in_flight.end() && it->second.released) return;
    take(pubrels_for_unknown_, packet.packet_id);
    if (is_v5()) REQUIRE(packet.reason == ReasonCode::PacketIdentifierNotFound);
}

void StormClient::on(const mqtt::Pubcomp& packet) {
    const auto it = pubcomps_.find(packet.packet_id);
    REQUIRE(it != pubcomps_.end());
    if (is_v5()) REQUIRE(packet.reason == it->second);
    pubcomps_.erase(it);
}

void StormClient::on(const mqtt::Suback& packet) {
    take(subacks_, packet.packet_id);
    REQUIRE(packet.reasons.size() == 1);
}

void StormClient::on(const mqtt::Unsuback& packet) { take(unsubacks_, packet.packet_id); }

void StormClient::on(const mqtt::Pingresp&) {
    REQUIRE(pingresps_ > 0);
    --pingresps_;
}

void StormClient::on(const mqtt::Disconnect& packet) { goodbye_ = packet.reason; }

template <typename Other>
void StormClient::on(const Other&) {
    FAIL("a packet that a broker does not send");
}

Bytes StormClient::encoded(const mqtt::Packet& packet) const {
    Bytes bytes;
    mqtt::encode(packet, version_, bytes);
    return bytes;
}

Bytes StormClient::connect(const Hello& hello, std::uint16_t topic_alias_maximum,
                           StormSession& session) {
    REQUIRE(phase_ == Phase::Silent);
    phase_ = Phase::Greeting;
    version_ = hello.version;
    client_id_ = hello.client_id;
    clean_start_ = hello.clean_start;
    keep_alive_ = hello.keep_alive_sec != 0;
    if (is_v5())
        expiry_sec_ = hello.session_expiry_sec.value_or(0);
    else
        expiry_sec_ = clean_start_ ? 0 : mqtt::kSessionExpiryNever;
    window_ = is_v5()
                  ? std::min<std::size_t>(hello.receive_maximum.value_or(0xFFFF), kBrokersWindow)
                  : kBrokersWindow;
    topic_alias_maximum_ = is_v5() ? topic_alias_maximum : 0;
    session_ = &session;
    mqtt::Connect packet = TestClient::connect_packet(hello);
    packet.properties.topic_alias_maximum = topic_alias_maximum_;
    return encoded(packet);
}

Bytes StormClient::disconnect(ReasonCode reason, std::optional<std::uint32_t> expiry_sec) {
    mqtt::Disconnect packet;
    packet.reason = reason;
    packet.properties.session_expiry_interval_sec = expiry_sec;
    // What was 0 stays 0, and to ask for more is an offence.
    if (is_v5() && expiry_sec && expiry_sec_ != 0) expiry_sec_ = *expiry_sec;
    return encoded(packet);
}

Bytes StormClient::publish(std::string_view topic, QoS qos, mqtt::PacketId packet_id, bool retain) {
    if (qos == kQoS1) pubacks_.insert(packet_id);
    if (qos == kQoS2) pubrecs_.insert(packet_id);
    return encoded(TestClient::message(topic, topic, qos,
                                       qos == kQoS0 ? mqtt::PacketId{0} : packet_id, retain));
}

mqtt::PacketId StormClient::next_request() { return ++last_request_; }

Bytes StormClient::subscribe(std::string_view filter, const mqtt::SubscriptionOptions& options) {
    const mqtt::PacketId id = next_request();
    subacks_.insert(id);
    return encoded(
        mqtt::Subscribe{.packet_id = id, .entries = {{filter, options}}, .properties = {}});
}

Bytes StormClient::unsubscribe(std::string_view filter) {
    const mqtt::PacketId id = next_request();
    unsubacks_.insert(id);
    return encoded(mqtt::Unsubscribe{.packet_id = id, .filters = {filter}, .properties = {}});
}

Bytes StormClient::ping() {
    ++pingresps_;
    return encoded(mqtt::Pingreq{});
}

Bytes StormClient::puback(mqtt::PacketId packet_id) {
    const auto it = session_->in_flight.find(packet_id);
    if (it != session_->in_flight.end() && it->second.qos == kQoS1) session_->in_flight.erase(it);
    return encoded(
        mqtt::Puback{.packet_id = packet_id, .reason = ReasonCode::Success, .properties = {}});
}

Bytes StormClient::pubrec(mqtt::PacketId packet_id, ReasonCode reason) {
    const bool refuses = is_v5() && mqtt::is_error(reason);
    const auto it = session_->in_flight.find(packet_id);
    const bool known = it != session_->in_flight.end() && it->second.qos == kQoS2;
    if (!known && !refuses) pubrels_for_unknown_.insert(packet_id);
    if (known && refuses && !it->second.released)
        session_->in_flight.erase(it);
    else if (known)
        it->second.released = true;
    return encoded(mqtt::Pubrec{.packet_id = packet_id, .reason = reason, .properties = {}});
}

Bytes StormClient::pubrel(mqtt::PacketId packet_id) {
    const bool known = session_->unreleased.erase(packet_id) != 0;
    received_.erase(packet_id);
    pubcomps_.emplace(packet_id,
                      known ? ReasonCode::Success : ReasonCode::PacketIdentifierNotFound);
    return encoded(
        mqtt::Pubrel{.packet_id = packet_id, .reason = ReasonCode::Success, .properties = {}});
}

Bytes StormClient::pubcomp(mqtt::PacketId packet_id) {
    const auto it = session_->in_flight.find(packet_id);
    if (it != session_->in_flight.end() && it->second.released) session_->in_flight.erase(it);
    return encoded(
        mqtt::Pubcomp{.packet_id = packet_id, .reason = ReasonCode::Success, .properties = {}});
}

bool StormClient::is_beyond_window(QoS qos, mqtt::PacketId packet_id,
                                   std::size_t receive_maximum) const {
    if (!is_v5() || qos == kQoS0 || received_.size() < receive_maximum) return false;
    return qos == kQoS1 || !session_->unreleased.contains(packet_id);
}

bool StormClient::has_all_answers() const {
    return pubacks_.empty() && pubrecs_.empty() && pubcomps_.empty() &&
           pubrels_for_unknown_.empty() && subacks_.empty() && unsubacks_.empty() &&
           pingresps_ == 0;
}

}  // namespace lotmesh::test
