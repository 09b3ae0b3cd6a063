// Any bytes through what stands before MQTT, whole and in pieces: what comes out must be the same.
// The first byte says where to begin (the header of a proxy, the upgrade, the frames) and how large
// the pieces are.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

#include "base/assert.h"
#include "runtime/net/network.h"
#include "runtime/net/proxy_header.h"
#include "runtime/ws/frames.h"
#include "runtime/ws/request.h"
#include "runtime/ws/upgrade.h"

namespace {

using namespace lotmesh;

enum class Begin : std::uint8_t { ProxyHeader, Upgrade, Frames };

constexpr std::uint64_t kFrameBytesMax = 1000;

struct Outcome {
    std::optional<std::string> client;
    std::string answer;
    Bytes received;
    Bytes reply;
    bool ended = false;
    bool operator==(const Outcome&) const = default;
};

ws::Limits limits() {
    ws::Limits small;
    small.request_bytes_max = 1024;
    small.request_headers_max = 16;
    small.frame_bytes_max = kFrameBytesMax;
    small.idle_frames_max = 16;
    return small;
}

// As a connection does it: each part takes what is its own and leaves the rest.
class Connection {
public:
    explicit Connection(Begin begin) : begin_(begin) {}

    void receive(ByteView bytes) {
        if (begin_ == Begin::ProxyHeader) bytes = read_header(bytes);
        if (begin_ == Begin::Upgrade && !bytes.empty() && !outcome.ended)
            bytes = read_request(bytes);
        if (begin_ != Begin::Frames || bytes.empty() || outcome.ended) return;
        ws::Frames::Output output;
        frames_.receive(bytes, Instant{0}, output);
        ASSERT(output.received.size() <= bytes.size());
        outcome.received.insert(outcome.received.end(), output.received.begin(),
                                output.received.end());
        outcome.reply.insert(outcome.reply.end(), output.reply.begin(), output.reply.end());
        outcome.ended = frames_.is_closed();
    }

    Outcome outcome;

private:
    ByteView read_header(ByteView bytes) {
        const auto step = header_.receive(bytes);
        ASSERT(step.used <= bytes.size());
        if (step.state == net::ProxyState::Wrong) outcome.ended = true;
        if (step.state != net::ProxyState::Complete) return {};
        if (header_.client()) outcome.client = header_.client()->text();
        begin_ = Begin::Upgrade;
        return bytes.subspan(step.used);
    }

    ByteView read_request(ByteView bytes) {
        const auto step = request_.receive(bytes);
        ASSERT(step.used <= bytes.size());
        if (step.state == ws::RequestState::Incomplete) return {};
        if (step.state != ws::RequestState::Complete) {
            // Where it is both malformed and too long, the pieces decide which is seen first.
            outcome.answer = "refused";
            outcome.ended = true;
            return {};
        }
        const auto judged = ws::judge(request_.request(), {"", {"https://a"}});
        outcome.answer = judged ? ws::response(*judged, "x") : ws::response(judged.error());
        outcome.ended = !judged;
        if (judged)
            outcome.client = net::client_behind(net::Address::any_ipv4(1), judged->forwarded_for,
                                                {{*net::Network::parse("0.0.0.0/8")}})
                                 .text();
        begin_ = Begin::Frames;
        return bytes.subspan(step.used);
    }

    Begin begin_;
    net::ProxyHeader header_{net::ProxyVersion::Either};
    ws::RequestReader request_{limits()};
    ws::Frames frames_{limits()};
};

Outcome feed(Begin begin, ByteView input, std::size_t piece) {
    Connection connection(begin);
    for (std::size_t at = 0; at < input.size() && !connection.outcome.ended; at += piece)
        connection.receive(input.subspan(at, std::min(piece, input.size() - at)));
    return connection.outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2 || size > 8192) return 0;
    const auto begin = static_cast<Begin>(data[0] % 3);
    const std::size_t piece = data[0] / 3 % 32 + 1U;
    const ByteView input(data + 1, size - 1);
    const Outcome whole = feed(begin, input, input.size());
    ASSERT(feed(begin, input, piece) == whole);
    ASSERT(feed(begin, input, 1) == whole);
    return 0;
}
