#include "runtime/server/tls_files.h"

#include <algorithm>
#include <utility>

#include "runtime/net/pem_file.h"
#include "runtime/server/files.h"
#include "runtime/server/limits.h"

namespace lotmesh::server {

namespace {

namespace fs = std::filesystem;
using Text = Result<std::string, std::string>;

Text read_pem_file(const fs::path& path) { return read_file(path, kTlsFileBytesMax); }

// What the file of a certificate and its key is wrong with is told with its path.
std::string named(const fs::path& path, const std::string& what) {
    return path.string() + ": " + what;
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// Empty: it is not hexadecimal.
std::string from_hex(std::string_view text) {
    std::string bytes;
    if (text.size() % 2 != 0) return bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = hex_digit(text[i]);
        const int low = hex_digit(text[i + 1]);
        if (high < 0 || low < 0) return {};
        bytes.push_back(static_cast<char>(high * 16 + low));
    }
    return bytes;
}

// What is wrong with a line; empty: nothing, and the key is among the others.
std::string take_psk_line(std::string_view line, std::vector<net::PskKey>& keys) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) return "expected IDENTITY:KEY";
    net::PskKey key{std::string(line.substr(0, colon)), from_hex(line.substr(colon + 1))};
    if (key.key.size() < net::kPskBytesMin || key.key.size() > net::kPskBytesMax)
        return "the key must be 16 to 64 bytes in hexadecimal";
    if (std::ranges::find(keys, key.identity, &net::PskKey::identity) != keys.end())
        return "this identity has a key already";
    if (keys.size() == kPskKeysMax) return "more than " + std::to_string(kPskKeysMax) + " keys";
    keys.push_back(std::move(key));
    return {};
}

Result<net::TlsIdentity, std::string> read_identity(const TlsFiles::Identity& files) {
    auto certificate = read_pem_file(files.certificate);
    if (!certificate) return failure(certificate.error());
    auto key = read_pem_file(files.key);
    if (!key) return failure(key.error());
    net::TlsIdentity identity{std::move(*certificate), std::move(*key), {}};
    // Checked by itself first, so that what is wrong can be named.
    net::TlsServerSettings alone;
    alone.identities.push_back(identity);
    if (const auto context = net::TlsContext::server(alone); !context)
        return failure(named(files.certificate, context.error()));
    return identity;
}

}  // namespace

std::vector<fs::path> TlsFiles::all() const {
    std::vector<fs::path> paths;
    for (const Identity& identity : identities) {
        paths.push_back(identity.certificate);
        paths.push_back(identity.key);
    }
    for (const auto* path : {&client_ca, &crl, &psk})
        if (*path) paths.push_back(**path);
    return paths;
}

Result<net::TlsContext::Ref, std::string> server_context(const TlsFiles& files) {
    net::TlsServerSettings settings;
    settings.client_certificates = files.client_certificates;
    settings.name_from = files.name_from;
    for (const TlsFiles::Identity& identity : files.identities) {
        auto read = read_identity(identity);
        if (!read) return failure(read.error());
        settings.identities.push_back(std::move(*read));
    }
    for (const auto& [path, text] :
         {std::pair(&files.client_ca, &settings.client_ca), std::pair(&files.crl, &settings.crl)}) {
        if (!*path) continue;
        auto read = read_pem_file(**path);
        if (!read) return failure(read.error());
        *text = std::move(*read);
        // A list that is there and empty must not be none.
        if (text->empty()) return failure(named(**path, "the file is empty"));
    }
    if (files.psk) {
        const auto text = read_pem_file(*files.psk);
        if (!text) return failure(text.error());
        auto keys = parse_psk_keys(*text);
        if (!keys) return failure(files.psk->string() + ":" + keys.error());
        settings.psk_keys = std::move(*keys);
    }
    auto context = net::TlsContext::server(settings);
    if (!context) {
        const fs::path& about = files.crl ? *files.crl : files.client_ca.value_or(fs::path());
        return failure(about.empty() ? context.error() : named(about, context.error()));
    }
    return context;
}

Result<net::TlsContext::Ref, std::string> client_context(const broker::DialTls& tls,
                                                         const std::string& host) {
    net::TlsClientSettings settings;
    settings.host = host;
    settings.allow_untrusted = tls.allow_untrusted;
    if (!tls.ca_path.empty()) {
        auto ca = read_pem_file(tls.ca_path);
        if (!ca) return failure("SERVER_CA_CERT_PATH: " + ca.error());
        if (ca->empty())
            return failure("SERVER_CA_CERT_PATH: " + named(tls.ca_path, "the file is empty"));
        settings.ca = std::move(*ca);
    }
    if (!tls.certificate_path.empty()) {
        auto certificate = read_pem_file(tls.certificate_path);
        if (!certificate) return failure("CLIENT_CERT_PATH: " + certificate.error());
        settings.identity = {*certificate, *certificate, tls.passphrase};
    }
    auto context = net::TlsContext::client(settings);
    if (!context) return failure(context.error());
    return context;
}

Result<std::vector<net::PskKey>, std::string> parse_psk_keys(std::string_view text) {
    std::vector<net::PskKey> keys;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty() || line.starts_with('#')) continue;
        if (const std::string wrong = take_psk_line(line, keys); !wrong.empty())
            return failure(std::to_string(number) + ": " + wrong);
    }
    if (keys.empty()) return failure(std::string("1: there is no key in it"));
    return keys;
}

std::optional<Expiry> first_expiry(const TlsFiles& files) {
    std::vector<fs::path> paths;
    paths.reserve(files.identities.size() + 1);
    for (const TlsFiles::Identity& identity : files.identities)
        paths.push_back(identity.certificate);
    if (files.client_ca) paths.push_back(*files.client_ca);
    std::optional<Expiry> first;
    for (const fs::path& path : paths) {
        const auto text = read_pem_file(path);
        const auto pem = text ? net::read_pem(*text, {}) : failure(text.error());
        if (!pem) continue;
        for (const Certificate& certificate : pem->certificates)
            if (!first || certificate.not_after_s < first->at_s)
                first = Expiry{certificate.not_after_s, path};
    }
    return first;
}

}  // namespace lotmesh::server
