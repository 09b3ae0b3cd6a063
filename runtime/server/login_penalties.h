// Who guesses passwords waits, longer each time: per source (an IPv4 address, or 64 bits of an IPv6
// address) and per user name. A machine: it is told the time. Core thread.
//
// Nobody can lock a user out. A source from which this user has proved himself before is only held
// back by its own mistakes with his name, and the penalty of a name does not reach a source that
// has made no mistake yet. No penalty is longer than kPenaltyMax. Names and addresses are kept as
// keyed hashes; each table is bounded by limits.h, and forgets what it has not heard of for
// longest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/keyed_hash.h"
#include "base/time.h"

namespace lotmesh::server {

// Mistakes that cost nothing: of one name, of one source, in which many people may be.
inline constexpr std::uint32_t kFreeMistakesOfUser = 5;
inline constexpr std::uint32_t kFreeMistakesOfSource = 20;
// The first penalty; each further mistake doubles it.
inline constexpr Duration kPenaltyMin = Duration::seconds(1);
inline constexpr Duration kPenaltyMax = Duration::seconds(60);
// Without a mistake for as long, all are forgotten.
inline constexpr Duration kMistakesKept = Duration::seconds(600);

// "10.0.0.2:51234" -> the address; "[2001:db8::1]:443" -> its network of 64 bits.
std::string login_source(std::string_view remote_address);

// The mistakes of whatever a key stands for, until there are more keys than it holds.
class MistakeTable {
public:
    struct Mistakes {
        std::uint32_t count = 0;
        Instant last = {};
        Instant wait_until = {};
    };

    explicit MistakeTable(std::size_t entries_max) : entries_max_(entries_max) {}

    const Mistakes* find(std::uint64_t key) const;
    // Made where it is not there. Until the next touch().
    Mistakes& touch(std::uint64_t key);
    std::size_t size() const { return places_.size(); }

private:
    using Entry = std::pair<std::uint64_t, Mistakes>;

    std::size_t entries_max_;
    std::list<Entry> entries_;  // touched last: first
    std::unordered_map<std::uint64_t, std::list<Entry>::iterator> places_;
};

class LoginPenalties {
public:
    explicit LoginPenalties(const HashKey& key);

    // Whether a password from there may be looked at now.
    bool may_try(std::string_view source, std::string_view user, Instant now) const;
    void failed(std::string_view source, std::string_view user, Instant now);
    void succeeded(std::string_view source, std::string_view user);

private:
    std::uint64_t key_of(std::string_view text) const;
    std::uint64_t key_of(std::string_view source, std::string_view user) const;

    HashKey key_;
    MistakeTable sources_;
    MistakeTable users_;
    MistakeTable known_;  // a source and a user who has proved himself from there
};

}  // namespace lotmesh::server
