// Any bytes as the header of a proxy: whole and in pieces the answer is the same, no byte of the
// client's own is taken, and Either takes what one of the two versions takes.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

#include "base/assert.h"
#include "runtime/net/limits.h"
#include "runtime/net/proxy_header.h"

namespace {

using namespace lotmesh;
using net::ProxyState;

struct Outcome {
    ProxyState state = ProxyState::Incomplete;
    std::size_t used = 0;
    std::optional<std::string> client;
    bool operator==(const Outcome&) const = default;
};

Outcome feed(net::ProxyVersion wanted, ByteView input, std::size_t piece) {
    net::ProxyHeader header(wanted);
    Outcome outcome;
    for (std::size_t at = 0; at < input.size() && outcome.state == ProxyState::Incomplete;) {
        const ByteView part = input.subspan(at, std::min(piece, input.size() - at));
        const auto step = header.receive(part);
        ASSERT(step.used <= part.size());
        ASSERT(step.reason.empty() == (step.state != ProxyState::Wrong));
        outcome.state = step.state;
        outcome.used += step.used;
        at += part.size();
    }
    if (header.client()) outcome.client = header.client()->text();
    return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2 || size > net::kProxyHeaderBytesMax + 64) return 0;
    const std::size_t piece = data[0] % 32 + 1U;
    const ByteView input(data + 1, size - 1);
    bool taken = false;
    for (const auto wanted : {net::ProxyVersion::V1, net::ProxyVersion::V2}) {
        const Outcome whole = feed(wanted, input, input.size());
        const Outcome parts = feed(wanted, input, piece);
        ASSERT(whole.state == parts.state && whole.client == parts.client);
        if (whole.state != ProxyState::Complete) continue;
        taken = true;
        ASSERT(whole == parts && whole == feed(wanted, input, 1));
        ASSERT(whole == feed(net::ProxyVersion::Either, input, piece));
    }
    ASSERT(taken == (feed(net::ProxyVersion::Either, input, 1).state == ProxyState::Complete));
    return 0;
}
