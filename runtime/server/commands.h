// Commands of clients to this node: done one after the other in the order in which they came, each
// answered once. docs/commands.md says what they are.
//
// Core thread only; answers come inside take() or later. Bounded by kCommandsWaitingMax and
// kCommandBytesWaitingMax: one more is answered at once with that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "compiler/ir/plan.h"
#include "runtime/broker/command.h"
#include "runtime/cluster/health.h"
#include "runtime/net/timer.h"
#include "runtime/server/command_text.h"
#include "runtime/server/reloader.h"

namespace lotmesh::server {

inline constexpr std::size_t kCommandsWaitingMax = 1'000;
inline constexpr std::size_t kCommandBytesWaitingMax = std::size_t{16} << 20;

// While an apply waits to be confirmed: {"revision":13,"seconds":60}
inline constexpr std::string_view kUnconfirmedTopic = "$SYS/broker/config/unconfirmed";

class Commands {
public:
    using Answer = std::function<void(const broker::ReplyTo& to, const std::string& text)>;
    using Routes = std::function<std::vector<cluster::RouteReport>()>;
    // Retained; an empty text is nothing.
    using Say = std::function<void(std::string_view topic, const std::string& text)>;

    Commands(net::Loop& loop, Answer answer, Routes routes, Say say)
        : answer_(std::move(answer)),
          routes_(std::move(routes)),
          say_(std::move(say)),
          confirm_timer_(loop, [this] { take_back("nobody confirmed them in time"); }) {}

    // From now on routes can be edited. Both live as long as the loop. `revisions` is where they
    // are kept; empty: nowhere.
    void serve(const RouteStore& store, Reloader& reloader, std::filesystem::path revisions) {
        store_ = &store;
        reloader_ = &reloader;
        revisions_ = std::move(revisions);
    }

    void take(broker::Command command);

private:
    struct Waiting {
        CommandText command;
        broker::ReplyTo reply_to;
        std::size_t bytes = 0;
    };

    // What is told of one route, whatever its type.
    struct RouteState {
        bool up = false;
        std::string word;
        std::string reason;
        Json data;
    };

    void run_waiting();
    void run(const Waiting& waiting);
    void edit(const Waiting& waiting, RouteEdit::Kind kind);
    std::string objection(const CommandText& command, RouteEdit::Kind kind) const;
    void edited(const Waiting& waiting, RouteEdit::Kind kind, const Edited& edited,
                const Reload& reload);
    void wait_for_confirmation(std::uint64_t revision, std::uint32_t seconds);
    void nothing_waits();
    void take_back(const std::string& why);
    CommandAnswer execute(const CommandText& command) const;
    std::span<const ir::Bridge> bridges() const;
    std::optional<RouteState> state_of(const std::string& name) const;
    CommandAnswer list_routes() const;
    CommandAnswer connection_status() const;
    CommandAnswer check_connection(const std::string& name) const;
    CommandAnswer diagnose(const std::string& rest) const;
    void answer(const Waiting& waiting, const CommandAnswer& text) const;

    Answer answer_;
    Routes routes_;
    Say say_;
    net::Timer confirm_timer_;
    std::filesystem::path revisions_;
    bool unconfirmed_ = false;
    const RouteStore* store_ = nullptr;
    Reloader* reloader_ = nullptr;
    std::deque<Waiting> waiting_;
    std::size_t bytes_ = 0;
    bool editing_ = false;
};

}  // namespace lotmesh::server
