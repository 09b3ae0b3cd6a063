// Which connections that were turned away deserve a log line: each text once in a while, and only
// so many different ones, so that strangers cannot fill a log. Bounded by its constants.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

#include "base/time.h"

namespace lotmesh::cluster {

class TurnedAway {
public:
    static constexpr std::size_t kTextsMax = 32;
    static constexpr Duration kQuiet = Duration::seconds(600);

    bool is_news(std::string_view text, Instant now);

private:
    struct Said {
        std::string text;
        Instant at;
    };
    std::deque<Said> said_;  // oldest first
};

}  // namespace lotmesh::cluster
