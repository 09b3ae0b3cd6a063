// What the environment answers when it refuses: the number and the words of the operating system.
#pragma once

#include <string>

#include "base/result.h"

namespace lotmesh::net {

struct IoError {
    int code = 0;  // a libuv code: negative errno, or one of libuv's own for name resolution
    std::string text;
    bool operator==(const IoError&) const = default;
};

template <typename T>
using IoResult = Result<T, IoError>;

IoError io_error(int uv_code);

// From errno, right after the call that failed.
IoError last_os_error();

}  // namespace lotmesh::net
