// A peer that means harm: whole nodes, one that was dialled by the attacker and one that dials it,
// beside a client whom nobody may harm. The input is a program of steps: honest entries with wild
// numbers, frames with a right checksum and any content, plain bytes, time, reconnects.
#include <algorithm>
#include <cstdint>
#include <string>
#include <variant>

#include "base/assert.h"
#include "base/hash.h"
#include "compiler/ir/plan.h"
#include "runtime/cluster/frame.h"
#include "runtime/cluster/node.h"
#include "runtime/cluster/peer_link.h"
#include "runtime/mqtt/encode.h"

namespace {

using namespace lotmesh;
using namespace lotmesh::cluster;

constexpr broker::ConnId kWitness{1, 1};
constexpr std::size_t kStepsMax = 64;
constexpr std::array<std::string_view, 6> kTopics = {"a", "a/b", "$SYS/x", "", "+", "a/#"};

// The input, byte by byte; zeroes when it is over.
class Script {
public:
    explicit Script(ByteView bytes) : rest_(bytes) {}

    bool is_over() const { return rest_.empty(); }
    std::uint8_t byte() {
        if (rest_.empty()) return 0;
        const std::uint8_t first = rest_.front();
        rest_ = rest_.subspan(1);
        return first;
    }
    // Mostly small, sometimes huge.
    std::uint64_t number() {
        const std::uint8_t first = byte();
        if (first < 0xF0) return first % 16;
        std::uint64_t wide = first;
        for (int i = 0; i < 7; ++i)
            wide = wide << 8 | byte();
        return wide;
    }
    ByteView bytes() {
        const std::size_t wanted = byte();  // which is not among the rest any more
        const std::size_t size = std::min(wanted, rest_.size());
        const ByteView taken = rest_.first(size);
        rest_ = rest_.subspan(size);
        return taken;
    }

private:
    ByteView rest_;
};

NodeConfig config_of(std::uint8_t id) {
    NodeConfig config;
    config.id.bytes.fill(id);
    config.incarnation = 1;
    config.boot_nonce = id;
    config.name = "node";
    return config;
}

ir::Plan route_to_attacker() {
    ir::Plan plan;
    ir::Link link;
    link.name = "ToAttacker";
    link.address = "attacker";
    link.port = 1883;
    link.client_id = "label";
    plan.links.push_back(link);
    return plan;
}

class Attack {
public:
    Attack(Script& script, LinkRole role) : script_(script), role_(role), node_(config_of(1)) {
        node_.handle(broker::Accepted{kWitness, {.remote_address = "192.0.2.1:1"}, {}}, now_,
                     effects_);
        Bytes connect;
        mqtt::Connect packet;
        packet.client_id = "witness";
        mqtt::encode(packet, mqtt::ProtocolVersion::V5, connect);
        receive(kWitness, connect);
        if (role_ == LinkRole::Dialler) node_.apply_plan(route_to_attacker(), now_, effects_);
        settle();
        if (role_ == LinkRole::Acceptor) accept();
    }

    void run() {
        for (std::size_t step = 0; step < kStepsMax && !script_.is_over(); ++step)
            take_step();
        // Whatever it was, a client is served.
        answered_ = false;
        receive(kWitness, Bytes{0xC0, 0});
        ASSERT(answered_);
    }

private:
    void accept() {
        attacker_ = {2, ++generation_};
        node_.handle(broker::Accepted{attacker_, {.remote_address = "192.0.2.66:1"}, {}}, now_,
                     effects_);
        Bytes connect;
        ir::Link link;
        link.client_id = "attacker";
        append_connect(connect, link);
        receive(attacker_, connect);
    }

    void receive(broker::ConnId conn, const Bytes& bytes) {
        if (conn) node_.handle(broker::Received{conn, bytes}, now_, effects_);
        settle();
    }

    // Carries out what the node wants, until it wants nothing more.
    void settle() {
        node_.end_turn(now_, effects_);
        if (effects_.pending_bytes(kWitness) > 0) answered_ = true;
        const std::vector<broker::Action> actions = effects_.actions();
        effects_.reset();
        for (const broker::Action& action : actions) {
            if (const auto* close = std::get_if<broker::CloseConnection>(&action)) {
                ASSERT(close->conn != kWitness);
                if (close->conn == attacker_) attacker_ = {};
                node_.handle(broker::Closed{close->conn, "closed"}, now_, effects_);
            } else if (const auto* dial = std::get_if<broker::Dial>(&action)) {
                attacker_ = {2, ++generation_};
                node_.handle(broker::Dialled{dial->dial, attacker_, "192.0.2.66:1883", {}}, now_,
                             effects_);
            }
        }
        if (!actions.empty()) settle();
    }

    void pass_time(Duration duration) {
        now_.instant = now_.instant + duration;
        now_.wall.ms += duration.ms();
        node_.handle(broker::Tick{}, now_, effects_);
        settle();
    }

    void send_frame(ByteView frame) {
        Bytes bytes;
        append_frame(bytes, frame);
        receive(attacker_, bytes);
    }

    template <typename E>
    void send_entry(const E& entry) {
        FrameWriter writer;
        writer.add(entry);
        send_frame(writer.finish());
    }

    void send_any_entries(ByteView entries) {
        Bytes frame;
        ByteWriter writer(frame);
        writer.u8(kFrameMagic);
        writer.u8(kFrameVersion);
        writer.u64(hash64(entries));
        writer.bytes(entries);
        send_frame(frame);
    }

    void send_connack() {
        Bytes bytes;
        append_connack(bytes, static_cast<mqtt::ReasonCode>(script_.byte() % 2 * 0x87));
        receive(attacker_, bytes);
    }

    void send_hello() {
        Hello hello;
        hello.id.bytes.fill(static_cast<std::uint8_t>(script_.byte() % 4));
        hello.incarnation = script_.number();
        hello.boot_nonce = script_.number();
        hello.wall_ms = now_.wall.ms + static_cast<std::int64_t>(script_.number());
        hello.name = "attacker";
        send_entry(hello);
    }

    Version version() { return {.time = HlcTime(script_.number()), .node = {}}; }

    MessageBody message() {
        MessageBody body;
        body.topic = kTopics[script_.byte() % kTopics.size()];
        body.payload = script_.bytes();
        body.qos = static_cast<mqtt::QoS>(script_.byte() % 3);
        body.retain = script_.byte() % 2 == 0;
        if (body.retain) body.version = version();
        return body;
    }

    void send_record() {
        Record record;
        record.type = static_cast<RecordType>(script_.byte() % 6);
        record.lsn = script_.number();
        record.previous = script_.number();
        record.expired_count = script_.byte();
        if (record.type == RecordType::Message) record.message = message();
        if (record.type == RecordType::InterestAdd || record.type == RecordType::InterestRemove)
            record.filters = script_.bytes();
        send_entry(record);
    }

    void send_control() {
        const auto lane = static_cast<Lane>(script_.byte() % 2);
        switch (script_.byte() % 5) {
            case 0:
                return send_entry(
                    Start{true, script_.number(), script_.number(), script_.number()});
            case 1:
                return send_entry(Ack{lane, script_.number(), script_.number(), script_.number(),
                                      script_.byte() % 2 == 0});
            case 2: return send_entry(Nack{lane, script_.number(), script_.number()});
            case 3: return send_entry(Resume{lane, script_.number(), script_.number()});
            default: return send_entry(Start{});
        }
    }

    void send_beat() {
        Heartbeat beat;
        beat.sequence = static_cast<std::uint32_t>(script_.number());
        beat.heard_sequence = static_cast<std::uint32_t>(script_.number());
        beat.wants_answer = script_.byte() % 2 == 0;
        beat.received_bytes = script_.number();
        beat.interest_digest = script_.number();
        send_entry(beat);
    }

    void send_retained() {
        switch (script_.byte() % 4) {
            case 0: {
                RetainedItem item;
                item.has_message = script_.byte() % 2 == 0;
                item.message = message();
                item.version = version();
                item.message.version = item.version;
                return send_entry(item);
            }
            case 1: return send_entry(RetainedChunkEnd{script_.byte() % 2 == 0});
            case 2: return send_entry(RetainedNext{});
            default:
                return send_entry(RetainedResult{static_cast<std::uint32_t>(script_.number())});
        }
    }

    void take_step() {
        switch (script_.byte() % 11) {
            case 0: {
                const ByteView bytes = script_.bytes();
                return receive(attacker_, Bytes(bytes.begin(), bytes.end()));
            }
            case 1: return send_any_entries(script_.bytes());
            case 2: return send_connack();
            case 3: return send_hello();
            case 4: return send_record();
            case 5: return send_control();
            case 6: return send_beat();
            case 7: return send_retained();
            case 8: return send_entry(BestEffort{script_.number(), message()});
            case 9: return pass_time(Duration::milliseconds(script_.byte() * 20));
            default:
                if (role_ == LinkRole::Acceptor) return accept();
                return pass_time(Duration::seconds(1));
        }
    }

    Script& script_;
    LinkRole role_;  // of the node
    Node node_;
    broker::Effects effects_;
    Now now_{{1'000'000}, {1'700'000'000'000}};
    broker::ConnId attacker_;
    std::uint32_t generation_ = 0;
    bool answered_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Script script(ByteView(data, size));
    const LinkRole role = script.byte() % 2 == 0 ? LinkRole::Acceptor : LinkRole::Dialler;
    Attack(script, role).run();
    return 0;
}
