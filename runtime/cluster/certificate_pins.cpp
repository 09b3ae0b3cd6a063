#include "runtime/cluster/certificate_pins.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "runtime/cluster/limits.h"

namespace lotmesh::cluster {

namespace {

// Of SHA-256, in hex.
constexpr std::size_t kFingerprintSize = 64;
constexpr std::size_t kIdSize = 36;

bool is_fingerprint(std::string_view text) {
    return text.size() == kFingerprintSize &&
           text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

Result<CertificatePins, std::string> CertificatePins::parse(std::string_view text) {
    CertificatePins pins;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::size_t end = text.find('\n');
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        const auto id = NodeId::parse(line.substr(0, kIdSize));
        const bool parted = line.size() > kIdSize && line[kIdSize] == ' ';
        if (!id || !parted || !is_fingerprint(line.substr(kIdSize + 1)))
            return failure("line " + std::to_string(number) +
                           " is not a uuid and the SHA-256 of a certificate");
        pins.pin(*id, std::string(line.substr(kIdSize + 1)));
    }
    return pins;
}

std::string CertificatePins::text() const {
    std::string text;
    for (const Pin& pin : pins_)
        text += pin.id.text() + " " + pin.fingerprint + "\n";
    return text;
}

std::string CertificatePins::find(const NodeId& id) const {
    const auto known = std::ranges::find(pins_, id, &Pin::id);
    return known == pins_.end() ? std::string() : known->fingerprint;
}

void CertificatePins::pin(const NodeId& id, std::string fingerprint) {
    const auto known = std::ranges::find(pins_, id, &Pin::id);
    if (known != pins_.end()) {
        known->fingerprint = std::move(fingerprint);
        return;
    }
    if (pins_.size() == kPinsMax) pins_.erase(pins_.begin());
    pins_.push_back({id, std::move(fingerprint)});
}

}  // namespace lotmesh::cluster
