// Text of unknown origin, made fit for a terminal and for one line of a log.
#pragma once

#include <string>
#include <string_view>

namespace lotmesh::diag {

// Control characters become \xNN; of more than kRemarkBytesMax bytes the middle is left out.
std::string plain_text(std::string_view text);

}  // namespace lotmesh::diag
