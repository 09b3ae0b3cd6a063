// Memory that is put aside for the moment when the allocator has none left: it is given back then,
// so that what was begun can be finished, and the node refuses what is new (MemoryWatch) until
// there is enough again. Where even that is used up the process says so and ends with
// kExitOutOfMemory: nothing is thrown half-way through a change of state.
//
// One for the process, as the allocator is. Any thread.
#pragma once

#include <cstddef>

namespace lotmesh::server {

inline constexpr std::size_t kMemoryReserveBytes = 16 * 1024 * 1024;
inline constexpr int kExitOutOfMemory = 71;  // EX_OSERR

// From now on; once. False: it cannot be had, and the first failure ends the process.
bool keep_memory_reserve();

// It has been given back.
bool memory_reserve_is_spent();

// True: it is whole again, which it becomes where twice as much is free.
bool restore_memory_reserve();

}  // namespace lotmesh::server
