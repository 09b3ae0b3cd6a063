#include "runtime/server/transport.h"

#include <utility>

#include "base/assert.h"
#include "base/wiped_bytes.h"
#include "runtime/net/crypto.h"

namespace lotmesh::server {

Transport::Transport(SharedRules rules, const net::Address& peer)
    : rules_(std::move(rules)),
      client_(peer),
      proxied_(rules_->proxy || net::any_contains(rules_->trusted_proxies, peer)),
      stage_(rules_->proxy ? Stage(net::ProxyHeader(*rules_->proxy)) : after_proxy()) {
    ASSERT(!rules_->is_plain());
    if (rules_->tls) tls_.emplace(rules_->tls);
}

void Transport::Output::wipe() {
    lotmesh::wipe(stream.received);
    lotmesh::wipe(plain);
}

void Transport::Output::clear() {
    wire.clear();
    answer.clear();
    arrival.reset();
    stream.received.clear();
    stream.reply.clear();
    ends = false;
    why = {};
}

Transport::Stage Transport::after_proxy() const {
    return is_websocket() ? Stage(ws::RequestReader(rules_->limits)) : Stage(Straight());
}

void Transport::begin(Output& output) {
    begun_ = true;
    if (tls_) tls_->start(output.wire);
}

bool Transport::awaits_handshake() const { return tls_ && !begun_; }

bool Transport::would_be_accepted_by(const TransportRules& rules) const {
    return !is_sealed() || !rules.tls || tls_->would_be_accepted_by(*rules.tls);
}

void Transport::receive(ByteView bytes, Instant now, Output& output) {
    if (std::holds_alternative<net::ProxyHeader>(stage_)) bytes = read_proxy_header(bytes, output);
    if (output.ends || bytes.empty()) return;
    if (tls_) bytes = open_tls(bytes, output);
    if (bytes.empty()) return;
    if (std::holds_alternative<ws::RequestReader>(stage_)) {
        bytes = read_request(bytes, output);
        if (!output.arrival) return;  // refused, or not complete
    }
    if (bytes.empty()) return;
    if (std::holds_alternative<ws::Frames>(stage_))
        read_frames(bytes, now, output);
    else
        output.stream.received.assign(bytes.begin(), bytes.end());
}

// What was in them; also where they were the last.
ByteView Transport::open_tls(ByteView bytes, Output& output) {
    using State = net::TlsSession::State;
    begun_ = true;
    const bool was_open = is_sealed();
    output.plain.clear();
    const State state = tls_->receive(bytes, output.plain, output.wire);
    if (!was_open && state != State::Handshaking && std::holds_alternative<Straight>(stage_) &&
        !tls_->handshake_failed())
        arrive(output);
    if (state == State::Ended) {
        output.ends = true;
        output.why = tls_->why();
    }
    return output.plain;
}

// What is left of the bytes.
ByteView Transport::read_proxy_header(ByteView bytes, Output& output) {
    auto& header = std::get<net::ProxyHeader>(stage_);
    const auto step = header.receive(bytes);
    switch (step.state) {
        case net::ProxyState::Incomplete: return {};
        case net::ProxyState::Wrong:
            output.ends = true;
            output.why = step.reason;
            return {};
        case net::ProxyState::Complete: break;
    }
    if (header.client()) client_ = *header.client();
    stage_ = after_proxy();
    if (!is_websocket() && !tls_) arrive(output);
    return bytes.subspan(step.used);
}

ByteView Transport::read_request(ByteView bytes, Output& output) {
    auto& reader = std::get<ws::RequestReader>(stage_);
    const auto step = reader.receive(bytes);
    switch (step.state) {
        case ws::RequestState::Incomplete: return {};
        case ws::RequestState::Malformed:
        case ws::RequestState::TooLarge: refuse(ws::refusal_of(step.state), output); return {};
        case ws::RequestState::Complete: break;
    }
    const auto judged = ws::judge(reader.request(), *rules_->websocket);
    if (judged)
        upgrade(*judged, output);
    else
        refuse(judged.error(), output);
    return bytes.subspan(step.used);
}

void Transport::upgrade(const ws::Upgrade& upgrade, Output& output) {
    const std::string answer =
        ws::response(upgrade, net::base64(net::sha1(ws::accept_input(upgrade))));
    output.answer.assign(answer.begin(), answer.end());
    client_ = net::client_behind(client_, upgrade.forwarded_for, rules_->trusted_proxies);
    // A page of any site can reach a listener of this machine through the browser on it.
    const bool strange_page = !upgrade.origin.empty() && rules_->websocket->origins.empty();
    proxied_ = proxied_ || upgrade.forwarded || strange_page;
    stage_ = ws::Frames(rules_->limits);
    arrive(output);
}

void Transport::refuse(const ws::Refusal& refusal, Output& output) {
    const std::string answer = ws::response(refusal);
    output.answer.assign(answer.begin(), answer.end());
    output.ends = true;
    output.why = refusal.reason;
}

void Transport::arrive(Output& output) {
    output.arrival = Arrival{client_, !proxied_ && client_.is_loopback(), {}};
    if (tls_) output.arrival->tls = tls_->peer();
}

void Transport::read_frames(ByteView bytes, Instant now, Output& output) {
    auto& frames = std::get<ws::Frames>(stage_);
    if (frames.is_closed()) return;
    frames.receive(bytes, now, output.stream);
    output.ends = frames.is_closed();
    output.why = frames.close_reason();
}

void Transport::pack(std::vector<ByteView>& runs, Bytes& scratch) {
    if (auto* frames = std::get_if<ws::Frames>(&stage_))
        runs[0] = frames->head(std::span(runs).subspan(1));
    if (!tls_) return;
    scratch.clear();
    if (is_sealed()) tls_->send(runs, scratch);
    runs.assign(1, scratch);
}

void Transport::seal(ByteView bytes, Bytes& wire) {
    const ByteView runs[] = {bytes};
    if (is_sealed()) tls_->send(runs, wire);
    if (!tls_) wire.insert(wire.end(), bytes.begin(), bytes.end());
}

void Transport::close(ws::CloseCode code, Bytes& wire) {
    if (auto* frames = std::get_if<ws::Frames>(&stage_)) {
        Bytes goodbye;
        frames->close(code, goodbye);
        seal(goodbye, wire);
    }
    if (is_sealed()) tls_->close(wire);
}

}  // namespace lotmesh::server
