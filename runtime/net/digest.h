// Hashes that protocols ask for. Pure.
#pragma once

#include <string>
#include <string_view>

namespace lotmesh::net {

// SHA-1 in Base64, as the handshake of WebSocket wants it; nothing here relies on its strength.
std::string sha1_base64(std::string_view text);

}  // namespace lotmesh::net
