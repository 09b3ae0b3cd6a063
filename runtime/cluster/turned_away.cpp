#include "runtime/cluster/turned_away.h"

#include <algorithm>

namespace lotmesh::cluster {

bool TurnedAway::is_news(std::string_view text, Instant now) {
    while (!said_.empty() && now - said_.front().at >= kQuiet)
        said_.pop_front();
    const bool known = std::any_of(said_.begin(), said_.end(),
                                   [text](const Said& said) { return said.text == text; });
    if (known || said_.size() >= kTextsMax) return false;
    said_.push_back({std::string(text), now});
    return true;
}

}  // namespace lotmesh::cluster
