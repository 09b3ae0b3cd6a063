#include "compiler/ast/kinds.h"

#include <algorithm>
#include <array>

#include "compiler/diag/suggest.h"

namespace lotmesh::ast {

namespace {

constexpr std::array<std::string_view, 9> kForeignKinds = {
    "ACTION", "MODEL", "PYTHON", "THEME", "PANEL", "VISU", "THING", "SCRIPT", "PAGE",
};

constexpr std::array<std::string_view, 4> kSecretKeys = {
    "PASSWORD",
    "CLIENT_CERT_PASS",
    "API_KEY",
    "CONNECTION_STRING",
};

// One letter from CLIENT_CERT_PASS, and a key of its own.
constexpr std::string_view kNearASecretKey = "CLIENT_CERT_PATH";

}  // namespace

std::span<const std::string_view> foreign_kinds() { return kForeignKinds; }

bool is_foreign_kind(std::string_view word) {
    return std::ranges::find(kForeignKinds, diag::upper_case(word)) != kForeignKinds.end();
}

std::span<const std::string_view> secret_keys() { return kSecretKeys; }

bool is_secret_key(std::string_view word) {
    if (diag::upper_case(word) == kNearASecretKey) return false;
    return std::ranges::any_of(
        kSecretKeys, [&](std::string_view secret) { return diag::is_near(word, secret); });
}

}  // namespace lotmesh::ast
