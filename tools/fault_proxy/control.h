// The control socket: one command a line, answered by one line. Runs on the proxy's loop and
// thread. Bounded: a line longer than kCommandBytesMax ends its connection.
#pragma once

#include <uv.h>

#include <functional>
#include <list>
#include <memory>
#include <string>

#include "base/result.h"

namespace lotmesh::fault_proxy {

inline constexpr std::size_t kCommandBytesMax = 4096;

class Control {
public:
    using Obey = std::function<std::string(const std::string& line)>;

    // Close all handles of the loop and run it once more before this goes away.
    Control(uv_loop_t& loop, Obey obey);
    ~Control();
    Control(const Control&) = delete;
    Control& operator=(const Control&) = delete;

    Result<void, std::string> open(const std::string& path);

private:
    struct Client;

    void accept();
    void read(Client& client, const char* data, ssize_t size);
    void answer(Client& client, const std::string& line);
    void close(Client& client);

    uv_loop_t& loop_;
    Obey obey_;
    uv_pipe_t listener_{};
    std::list<std::unique_ptr<Client>> clients_;
};

}  // namespace lotmesh::fault_proxy
