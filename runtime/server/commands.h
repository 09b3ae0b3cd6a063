// Commands of clients to this node: done one after the other in the order in which they came, each
// answered once. docs/commands.md says what they are.
//
// Core thread only; answers come inside take() or later. Bounded by kCommandsWaitingMax and
// kCommandBytesWaitingMax: one more is answered at once with that.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "runtime/broker/command.h"
#include "runtime/cluster/health.h"
#include "runtime/server/command_text.h"
#include "runtime/server/reloader.h"

namespace lotmesh::server {

inline constexpr std::size_t kCommandsWaitingMax = 1'000;
inline constexpr std::size_t kCommandBytesWaitingMax = std::size_t{16} << 20;

class Commands {
public:
    using Answer = std::function<void(const broker::ReplyTo& to, const std::string& text)>;
    using Routes = std::function<std::vector<cluster::RouteReport>()>;

    Commands(Answer answer, Routes routes)
        : answer_(std::move(answer)), routes_(std::move(routes)) {}

    // From now on routes can be edited. Both live as long as the loop.
    void serve(const RouteStore& store, Reloader& reloader) {
        store_ = &store;
        reloader_ = &reloader;
    }

    void take(broker::Command command);

private:
    struct Waiting {
        CommandText command;
        broker::ReplyTo reply_to;
        std::size_t bytes = 0;
    };

    void run_waiting();
    void run(const Waiting& waiting);
    void edit(const Waiting& waiting, RouteEdit::Kind kind);
    CommandAnswer execute(const CommandText& command) const;
    CommandAnswer list_routes() const;
    CommandAnswer connection_status() const;
    CommandAnswer check_connection(const std::string& name) const;
    CommandAnswer diagnose(const std::string& rest) const;
    void answer(const Waiting& waiting, const CommandAnswer& text) const;

    Answer answer_;
    Routes routes_;
    const RouteStore* store_ = nullptr;
    Reloader* reloader_ = nullptr;
    std::deque<Waiting> waiting_;
    std::size_t bytes_ = 0;
    bool editing_ = false;
};

}  // namespace lotmesh::server
