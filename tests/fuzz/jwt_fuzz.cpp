// Any bytes as a token, and as header and claims of a token that is signed: nobody is believed
// without a signature, and what is believed has a name and a time.
#include <cstdint>
#include <string>

#include "base/assert.h"
#include "runtime/net/crypto.h"
#include "runtime/server/jwt.h"
#include "runtime/server/password_file.h"

namespace {

using namespace lotmesh;

const std::string kSecret(server::kJwtSecretBytesMin, 's');
constexpr WallTime kNow{1'700'000'000'000};

const server::JwtRules& rules() {
    static const server::JwtRules made = [] {
        server::JwtRules rules;
        rules.keys.emplace_back(server::JwtSecret{net::SecretText(kSecret)});
        return rules;
    }();
    return made;
}

std::string signed_token(std::string_view header, std::string_view claims) {
    const std::string text = net::base64url(header) + "." + net::base64url(claims);
    return text + "." + net::base64url(net::hmac_sha256(kSecret, text));
}

void check(const std::string& token) {
    const auto identity = server::verify_jwt(token, rules(), kNow);
    if (identity) ASSERT(server::is_user_name(identity->user_name));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    const auto as_it_is = server::verify_jwt(text, rules(), kNow);
    ASSERT(!as_it_is);  // the secret is not known to who makes the bytes
    check(signed_token(R"({"alg":"HS256"})", text));
    check(signed_token(text, R"({"sub":"ada","exp":1700000060})"));
    return 0;
}
