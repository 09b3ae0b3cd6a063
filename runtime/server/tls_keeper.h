// The TlsContext of the listeners while the node runs: made of files, made anew when they change,
// and kept as it was where the new ones are no good. Says in the log and below $SYS what it has,
// and when that runs out. Loop thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "runtime/net/file_watch.h"
#include "runtime/net/loop.h"
#include "runtime/net/timer.h"
#include "runtime/server/tls_files.h"

namespace lotmesh::server {

inline constexpr std::string_view kTlsStateTopic = "$SYS/broker/tls/state";

// "30", "7" or "1" where that many days or fewer are left; 0: more, or it is over.
int expiry_warning_days(std::int64_t expires_at_s, WallTime now);

class TlsKeeper {
public:
    using Publish = std::function<void(std::string_view topic, std::string_view payload)>;

    // `changed` is called when context() is another one, not for the first.
    TlsKeeper(net::Loop& loop, TlsFiles files, std::function<void()> changed, Publish publish);

    // The first context. The error is one line.
    Result<void, std::string> load();
    // Where the files are as they were, nothing happens but work.
    void reload();

    const net::TlsContext::Ref& context() const { return context_; }

private:
    void look_at_expiry();
    void publish_state();

    net::Loop& loop_;
    TlsFiles files_;
    std::function<void()> changed_;
    Publish publish_;
    net::TlsContext::Ref context_;
    std::string loaded_;  // a fingerprint of all files
    std::string error_;   // of the last reload; empty: it was good
    std::int64_t loaded_at_ms_ = 0;
    std::optional<Expiry> expiry_;
    int warned_days_ = 0;
    std::vector<std::unique_ptr<net::FileWatch>> watches_;
    net::Timer hourly_;
};

}  // namespace lotmesh::server
