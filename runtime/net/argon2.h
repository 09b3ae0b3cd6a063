// What is kept of a password with argon2id, as one line that says how it was made:
// "$argon2id$v=19$m=19456,t=2,p=1$salt$digest" (RFC 9106, in the form that libsodium, mosquitto and
// others write). The one place that sees libsodium.
//
// Pure but for the salt; any thread. It takes the memory and the time that the line says, which are
// bounded: who writes the file of users cannot make a login cost more than that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace lotmesh::net {

struct Argon2Cost {
    std::uint32_t memory_kib = 19 * 1024;
    std::uint32_t passes = 2;
};

// 1 KiB of memory for each; libsodium knows no less.
inline constexpr std::uint32_t kArgon2MemoryKibMin = 8;
inline constexpr std::uint32_t kArgon2MemoryKibMax = 256 * 1024;
inline constexpr std::uint32_t kArgon2PassesMax = 16;
inline constexpr std::uint32_t kArgon2LanesMax = 4;

// With a salt of its own each time. No memory for it ends the process.
std::string argon2id_hash(std::string_view password, const Argon2Cost& cost = {});

// Whether it is such a line, whole and within the bounds. Costs nothing.
bool is_argon2id_hash(std::string_view hash);

// False also where the hash is none, and where there is no memory for it.
bool matches_argon2id(std::string_view password, std::string_view hash);

}  // namespace lotmesh::net
