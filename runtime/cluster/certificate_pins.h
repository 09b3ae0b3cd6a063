// Which certificate each peer showed when it was dialled, last: so that another one is noticed,
// also after this node was started anew. The shell keeps the text in the data directory.
//
//     01234567-89ab-cdef-0123-456789abcdef 9f86d081...
//
// A line for each peer, with the fingerprint (SHA-256 in hex) of its certificate; the one that was
// pinned first comes first. Value; at most kPinsMax, beyond which the first is forgotten.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/node_id.h"
#include "base/result.h"

namespace lotmesh::cluster {

class CertificatePins {
public:
    // The error says, for people, what is wrong with the text.
    static Result<CertificatePins, std::string> parse(std::string_view text);
    std::string text() const;

    // Empty: none is known.
    std::string find(const NodeId& id) const;
    void pin(const NodeId& id, std::string fingerprint);
    std::size_t size() const { return pins_.size(); }

    bool operator==(const CertificatePins&) const = default;

private:
    struct Pin {
        NodeId id;
        std::string fingerprint;
        bool operator==(const Pin&) const = default;
    };

    std::vector<Pin> pins_;
};

}  // namespace lotmesh::cluster
