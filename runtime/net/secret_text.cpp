#include "runtime/net/secret_text.h"

#include <utility>

#include "base/wiped_bytes.h"

namespace lotmesh::net {

SecretText::~SecretText() { wipe(bytes_); }

SecretText& SecretText::operator=(SecretText&& other) noexcept {
    if (this == &other) return *this;
    wipe(bytes_);
    bytes_ = std::move(other.bytes_);
    return *this;
}

}  // namespace lotmesh::net
