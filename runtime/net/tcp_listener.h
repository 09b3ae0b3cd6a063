// A listening TCP socket. Accepts until there is nothing left to accept. When the process is out of
// file descriptors, whoever comes is closed at once, by means of a descriptor that is kept for
// that; where even this fails it pauses for a moment instead of spinning, and clients wait in the
// backlog.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "runtime/net/address.h"
#include "runtime/net/file_descriptor.h"
#include "runtime/net/io_error.h"
#include "runtime/net/loop.h"

namespace lotmesh::net {

class TcpListener {
public:
    using OnAccepted = std::function<void(FileDescriptor socket, const Address& remote)>;

    // Port 0: the system chooses; address() tells.
    static IoResult<std::unique_ptr<TcpListener>> open(Loop& loop, const Address& address,
                                                       OnAccepted accepted);
    ~TcpListener();
    TcpListener(const TcpListener&) = delete;
    TcpListener& operator=(const TcpListener&) = delete;

    const Address& address() const;
    // Connections that were closed since there was no descriptor for them.
    std::uint64_t turned_away() const;

private:
    struct Impl;
    explicit TcpListener(std::unique_ptr<Impl> impl);

    std::unique_ptr<Impl> impl_;
};

}  // namespace lotmesh::net
