// A request for the upgrade that is granted, and its answer.
#pragma once

#include <string>

namespace lotmesh::server {

// `more`: whole header lines.
inline std::string upgrade_request(const std::string& more = {},
                                   const std::string& path = "/mqtt") {
    return "GET " + path +
           " HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
           "Sec-WebSocket-Protocol: mqtt\r\n" +
           more + "\r\n";
}

inline const std::string kUpgradeAnswer =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n";

}  // namespace lotmesh::server
