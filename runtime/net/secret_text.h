// Bytes that nobody should find in memory when they are no longer needed: a password on its way to
// where it is checked. They are overwritten when this ends. Moved, never copied; no stream or
// format shows it.
#pragma once

#include <string_view>
#include <vector>

namespace lotmesh::net {

class SecretText {
public:
    // The caller's own copy is the caller's to wipe.
    explicit SecretText(std::string_view text) : bytes_(text.begin(), text.end()) {}
    ~SecretText();
    SecretText(SecretText&&) noexcept = default;  // a vector leaves nothing behind
    SecretText& operator=(SecretText&& other) noexcept;
    SecretText(const SecretText&) = delete;
    SecretText& operator=(const SecretText&) = delete;

    std::string_view view() const { return {bytes_.data(), bytes_.size()}; }

private:
    std::vector<char> bytes_;
};

}  // namespace lotmesh::net
