// Signals as callbacks on the loop thread.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "runtime/net/loop.h"

namespace lotmesh::net {

// A write to a socket that the other side closed must be an error of that socket, not our end.
void ignore_broken_pipes();

class Signals {
public:
    // Calls `received` with the number of each of these signals that arrives.
    Signals(Loop& loop, const std::vector<int>& numbers, const std::function<void(int)>& received);
    ~Signals();
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace lotmesh::net
