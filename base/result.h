// Result<T, E>: how errors that the world causes travel (clients, peers, disk, network).
// Mistakes of ours are ASSERTs, mistakes in a .lot file are Diagnostics.
#pragma once

#include <expected>

namespace lotmesh {

template <typename T, typename E>
using Result = std::expected<T, E>;

template <typename E>
std::unexpected<std::decay_t<E>> failure(E&& error) {
    return std::unexpected<std::decay_t<E>>(std::forward<E>(error));
}

}  // namespace lotmesh
