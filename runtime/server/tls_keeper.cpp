#include "runtime/server/tls_keeper.h"

#include <array>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/log.h"
#include "runtime/net/crypto.h"
#include "runtime/server/files.h"
#include "runtime/server/limits.h"

namespace lotmesh::server {

namespace {

constexpr Duration kLookAgainAfter = Duration::seconds(3600);
constexpr std::int64_t kDay_s = 24 * 60 * 60;
constexpr std::array<int, 3> kWarnAtDays = {1, 7, 30};

// Equal exactly where all files are. Paths stand between, so that no two can be taken for others.
std::string fingerprint(const TlsFiles& files) {
    std::string all;
    for (const auto& path : files.all()) {
        const auto text = read_file(path, kTlsFileBytesMax);
        all += net::sha256(text ? *text : text.error());
    }
    return net::sha256(all);
}

}  // namespace

int expiry_warning_days(std::int64_t expires_at_s, WallTime now) {
    const std::int64_t left_s = expires_at_s - now.ms / 1000;
    if (left_s < 0) return 0;
    for (const int days : kWarnAtDays)
        if (left_s <= days * kDay_s) return days;
    return 0;
}

TlsKeeper::TlsKeeper(net::Loop& loop, TlsFiles files, std::function<void()> changed,
                     Publish publish)
    : loop_(loop),
      files_(std::move(files)),
      changed_(std::move(changed)),
      publish_(std::move(publish)),
      hourly_(loop, [this] { look_at_expiry(); }) {}

Result<void, std::string> TlsKeeper::load() {
    // Watched before they are read, so that no change falls between the two.
    for (const auto& path : files_.all())
        watches_.push_back(std::make_unique<net::FileWatch>(loop_, path, [this] { reload(); }));
    loaded_ = fingerprint(files_);
    auto context = server_context(files_);
    if (!context) return failure("TLS: " + context.error());
    context_ = std::move(*context);
    loaded_at_ms_ = loop_.now().wall.ms;
    look_at_expiry();
    return {};
}

void TlsKeeper::reload() {
    std::string now = fingerprint(files_);
    if (now == loaded_ && error_.empty()) return;
    auto context = server_context(files_);
    if (!context) {
        if (error_ != context.error())
            log::error("TLS: " + context.error() + "; what was loaded before stays");
        error_ = context.error();
        return publish_state();
    }
    loaded_ = std::move(now);
    error_.clear();
    context_ = std::move(*context);
    loaded_at_ms_ = loop_.now().wall.ms;
    log::info("TLS: certificates and keys loaded anew");
    look_at_expiry();
    changed_();
}

void TlsKeeper::look_at_expiry() {
    expiry_ = first_expiry(files_);
    const int days = expiry_ ? expiry_warning_days(expiry_->at_s, loop_.now().wall) : 0;
    if (days != 0 && days != warned_days_)
        log::warning("TLS: " + expiry_->path.string() + " expires in " + std::to_string(days) +
                     (days == 1 ? " day" : " days") + " or less");
    warned_days_ = days;
    publish_state();
    hourly_.start_in(kLookAgainAfter);
}

void TlsKeeper::publish_state() {
    nlohmann::ordered_json state = {{"loaded_at_ms", loaded_at_ms_}, {"error", error_}};
    if (expiry_) {
        state["expires_at_s"] = expiry_->at_s;
        state["days_left"] = (expiry_->at_s - loop_.now().wall.ms / 1000) / kDay_s;
        state["expires_first"] = expiry_->path.string();
    }
    publish_(kTlsStateTopic,
             state.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

}  // namespace lotmesh::server
