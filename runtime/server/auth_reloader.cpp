#include "runtime/server/auth_reloader.h"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <utility>

#include "base/log.h"

namespace lotmesh::server {

namespace {

std::size_t rule_count(const AuthRules& rules) {
    return rules.acl ? rules.acl->rules().rules.size() : 0;
}

std::string counts(const AuthRules& rules) {
    return fmt::format("users={} keys={} rules={}", rules.users ? rules.users->size() : 0,
                       rules.tokens ? rules.tokens->keys.size() : 0, rule_count(rules));
}

}  // namespace

AuthReloader::AuthReloader(net::Loop& loop, AuthSources sources, Apply apply, Publish publish)
    : sources_(std::move(sources)),
      apply_(std::move(apply)),
      publish_(std::move(publish)),
      background_(loop) {
    watch(loop);
}

// Before the files are read, so that no edit falls between the two.
void AuthReloader::watch(net::Loop& loop) {
    const auto add = [&](const std::filesystem::path& path) {
        watches_.push_back(std::make_unique<net::FileWatch>(loop, path, [this] { request(); }));
    };
    watches_.reserve(sources_.jwt_keys.size() + 2);
    if (sources_.password_file) add(*sources_.password_file);
    if (sources_.acl_file) add(*sources_.acl_file);
    for (const std::filesystem::path& path : sources_.jwt_keys)
        add(path);
}

Result<void, std::string> AuthReloader::load() {
    auto rules = read_auth_rules(sources_);
    if (!rules) return failure(rules.error());
    apply(std::move(*rules));
    return {};
}

void AuthReloader::request() {
    if (!sources_.any()) return;
    again_ = background_.busy();
    if (again_) return;
    background_.start<Reading>([sources = sources_] { return read_auth_rules(sources); },
                               [this](Reading reading) { take(std::move(reading)); });
}

void AuthReloader::take(Reading reading) {
    if (reading)
        apply(std::move(*reading));
    else
        refuse(reading.error());
    if (std::exchange(again_, false)) request();
}

void AuthReloader::apply(AuthRules rules) {
    for (const std::string& warning : rules.warnings)
        log::warning(warning);
    if (sources_.any()) log::info("who may connect is read " + counts(rules));
    const nlohmann::ordered_json state = {
        {"state", "applied"},
        {"users", rules.users ? rules.users->size() : 0},
        {"keys", rules.tokens ? rules.tokens->keys.size() : 0},
        {"rules", rule_count(rules)},
    };
    apply_(std::move(rules));
    publish_(kAuthStateTopic, state.dump());
}

void AuthReloader::refuse(const std::string& why) {
    log::error("who may connect stays as it was: " + why);
    const nlohmann::ordered_json state = {{"state", "refused"}, {"error", why}};
    // A path may be anything.
    publish_(kAuthStateTopic, state.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

}  // namespace lotmesh::server
