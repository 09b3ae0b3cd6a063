// Keeps the policy as the files of users and keys say. They are read at the start, where a mistake
// ends everything, and again when they change or when that is asked for, on another thread; then a
// mistake leaves what was good before, and says so.
//
// Core thread only. One reading at a time; what is asked for while one runs makes another one
// follow.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "runtime/net/background_work.h"
#include "runtime/net/file_watch.h"
#include "runtime/server/auth_rules.h"

namespace lotmesh::server {

// Retained, a JSON object: docs/sys-topics.md.
inline constexpr std::string_view kAuthStateTopic = "$SYS/broker/auth/state";

class AuthReloader {
public:
    using Apply = std::function<void(AuthRules rules)>;
    using Publish = std::function<void(std::string_view topic, std::string_view payload)>;

    // Both are called by load(), and by the loop.
    AuthReloader(net::Loop& loop, AuthSources sources, Apply apply, Publish publish);

    // The error is one line; nothing was applied.
    Result<void, std::string> load();
    void request();

    // The process cannot end at once while a thread is at work for us.
    bool busy() const { return background_.busy(); }

private:
    using Reading = Result<AuthRules, std::string>;

    void watch(net::Loop& loop);
    void take(Reading reading);
    void apply(AuthRules rules);
    void refuse(const std::string& why);

    AuthSources sources_;
    Apply apply_;
    Publish publish_;
    net::BackgroundWork background_;
    bool again_ = false;
    std::vector<std::unique_ptr<net::FileWatch>> watches_;
};

}  // namespace lotmesh::server
