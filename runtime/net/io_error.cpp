#include "runtime/net/io_error.h"

#include <uv.h>

#include <cerrno>

namespace lotmesh::net {

IoError io_error(int uv_code) { return {uv_code, uv_strerror(uv_code)}; }

IoError last_os_error() { return io_error(uv_translate_sys_error(errno)); }

}  // namespace lotmesh::net
