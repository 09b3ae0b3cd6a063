// What libuv and OpenSSL allocate is asked for as operator new asks: where there is no memory, the
// new-handler has its say (server/memory_reserve.h), so that neither of them is told that there is
// none, which few of their callers survive.
#pragma once

namespace lotmesh::net {

// Once, before anything else of either library.
void share_new_handler();

}  // namespace lotmesh::net
