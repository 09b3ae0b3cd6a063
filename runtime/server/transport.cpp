#include "runtime/server/transport.h"

#include <utility>

#include "base/assert.h"
#include "runtime/net/crypto.h"

namespace lotmesh::server {

Transport::Transport(SharedRules rules, const net::Address& peer)
    : rules_(std::move(rules)),
      client_(peer),
      proxied_(rules_->proxy || net::any_contains(rules_->trusted_proxies, peer)),
      stage_(rules_->proxy ? Stage(net::ProxyHeader(*rules_->proxy))
                           : Stage(ws::RequestReader(rules_->limits))) {
    ASSERT(!rules_->is_plain());
}

void Transport::receive(ByteView bytes, Instant now, Output& output) {
    if (std::holds_alternative<net::ProxyHeader>(stage_)) bytes = read_proxy_header(bytes, output);
    if (output.ends || bytes.empty()) return;
    if (std::holds_alternative<ws::RequestReader>(stage_)) bytes = read_request(bytes, output);
    if (output.ends || bytes.empty()) return;
    if (std::holds_alternative<ws::Frames>(stage_))
        read_frames(bytes, now, output);
    else
        output.stream.received.assign(bytes.begin(), bytes.end());
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
    if (is_websocket())
        stage_ = ws::RequestReader(rules_->limits);
    else
        arrive(output);
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
    output.arrival = Arrival{client_, !proxied_ && client_.is_loopback()};
}

void Transport::read_frames(ByteView bytes, Instant now, Output& output) {
    auto& frames = std::get<ws::Frames>(stage_);
    if (frames.is_closed()) return;
    frames.receive(bytes, now, output.stream);
    output.ends = frames.is_closed();
    output.why = frames.close_reason();
}

ByteView Transport::head(std::span<const ByteView> runs) {
    return std::get<ws::Frames>(stage_).head(runs);
}

void Transport::close(ws::CloseCode code, Bytes& out) {
    std::get<ws::Frames>(stage_).close(code, out);
}

}  // namespace lotmesh::server
