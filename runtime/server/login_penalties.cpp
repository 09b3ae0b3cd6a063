#include "runtime/server/login_penalties.h"

#include <netinet/in.h>

#include <algorithm>
#include <cstring>

#include "base/bytes.h"
#include "runtime/net/address.h"
#include "runtime/server/limits.h"

namespace lotmesh::server {

namespace {

using Mistakes = MistakeTable::Mistakes;

constexpr std::size_t kNetworkBytes = 8;

bool waits(const Mistakes& mistakes, Instant now) { return mistakes.wait_until > now; }

bool has_any(const Mistakes* mistakes, Instant now) {
    return mistakes != nullptr && mistakes->count != 0 && now - mistakes->last <= kMistakesKept;
}

void count(Mistakes& mistakes, std::uint32_t free, Instant now) {
    if (!has_any(&mistakes, now)) mistakes.count = 0;
    ++mistakes.count;
    mistakes.last = now;
    if (mistakes.count <= free) return;
    Duration penalty = kPenaltyMin;
    for (std::uint32_t more = mistakes.count - free; more > 1 && penalty < kPenaltyMax; --more)
        penalty = penalty * 2;
    mistakes.wait_until = now + std::min(penalty, kPenaltyMax);
}

}  // namespace

std::string login_source(std::string_view remote_address) {
    std::string host(remote_address.substr(0, remote_address.rfind(':')));
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    const auto address = net::Address::parse(host, 0);
    if (!address || address->family() != AF_INET6) return host;
    sockaddr_in6 v6{};
    std::memcpy(&v6, address->get(), sizeof v6);
    const bool is_v4 = IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr) != 0;
    if (is_v4) return host;
    return {reinterpret_cast<const char*>(v6.sin6_addr.s6_addr), kNetworkBytes};
}

const Mistakes* MistakeTable::find(std::uint64_t key) const {
    const auto place = places_.find(key);
    return place == places_.end() ? nullptr : &place->second->second;
}

Mistakes& MistakeTable::touch(std::uint64_t key) {
    if (const auto place = places_.find(key); place != places_.end()) {
        entries_.splice(entries_.begin(), entries_, place->second);
        return entries_.front().second;
    }
    if (places_.size() == entries_max_) {
        places_.erase(entries_.back().first);
        entries_.pop_back();
    }
    entries_.emplace_front(key, Mistakes{});
    places_.emplace(key, entries_.begin());
    return entries_.front().second;
}

LoginPenalties::LoginPenalties(const HashKey& key)
    : key_(key), sources_(kPenaltySourcesMax), users_(kPenaltyUsersMax), known_(kKnownLoginsMax) {}

bool LoginPenalties::may_try(std::string_view source, std::string_view user, Instant now) const {
    if (const Mistakes* known = known_.find(key_of(source, user))) return !waits(*known, now);
    const Mistakes* of_source = sources_.find(key_of(source));
    if (!has_any(of_source, now)) return true;
    const Mistakes* of_user = users_.find(key_of(user));
    return !waits(*of_source, now) && (of_user == nullptr || !waits(*of_user, now));
}

void LoginPenalties::failed(std::string_view source, std::string_view user, Instant now) {
    if (const std::uint64_t both = key_of(source, user); known_.find(both) != nullptr)
        return count(known_.touch(both), kFreeMistakesOfUser, now);
    count(sources_.touch(key_of(source)), kFreeMistakesOfSource, now);
    count(users_.touch(key_of(user)), kFreeMistakesOfUser, now);
}

// The mistakes with other names stay: who has one password may still guess the others.
void LoginPenalties::succeeded(std::string_view source, std::string_view user) {
    known_.touch(key_of(source, user)) = {};
}

std::uint64_t LoginPenalties::key_of(std::string_view text) const {
    return keyed_hash64(as_bytes(text), key_);
}

std::uint64_t LoginPenalties::key_of(std::string_view source, std::string_view user) const {
    const std::uint64_t parts[] = {key_of(source), key_of(user)};
    std::uint8_t bytes[sizeof parts];
    std::memcpy(bytes, parts, sizeof parts);
    return keyed_hash64(bytes, key_);
}

}  // namespace lotmesh::server
