#include "runtime/net/tls_session.h"

#include <array>
#include <utility>

#include <fmt/core.h>

#include "base/assert.h"
#include "runtime/net/openssl.h"

namespace lotmesh::net {

namespace {

constexpr std::size_t kRecordBytes = 16 * 1024;

// A name that is shown to people and compared with rules: nothing that could hide in it.
bool is_clean(std::string_view name) {
    return std::ranges::none_of(
        name, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
}

std::string text_of(const ASN1_STRING* string) {
    unsigned char* utf8 = nullptr;
    const int size = ASN1_STRING_to_UTF8(&utf8, string);
    if (size < 0) return {};
    std::string text(reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(size));
    OPENSSL_free(utf8);
    return is_clean(text) ? text : "";
}

std::string common_name(const X509* certificate) {
    const X509_NAME* const subject = X509_get_subject_name(certificate);
    // The last one is the most specific.
    int last = -1;
    for (int at = -1; (at = X509_NAME_get_index_by_NID(subject, NID_commonName, at)) >= 0;)
        last = at;
    if (last < 0) return {};
    return text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, last)));
}

// The first URI, else the first host name.
std::string alternative_name(const X509* certificate) {
    const NamesPointer all(static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    for (const int wanted : {GEN_URI, GEN_DNS}) {
        for (int i = 0; all && i < sk_GENERAL_NAME_num(all.get()); ++i) {
            int kind = 0;
            const auto* const value = static_cast<const ASN1_STRING*>(
                GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(all.get(), i), &kind));
            if (kind == wanted) return text_of(value);
        }
    }
    return {};
}

std::string fingerprint(const X509* certificate) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    X509_digest(certificate, EVP_sha256(), digest.data(), &size);
    std::string text;
    text.reserve(std::size_t{size} * 2);
    for (unsigned i = 0; i < size; ++i)
        text += fmt::format("{:02x}", digest[i]);
    return text;
}

TlsPeer describe(const SSL* ssl, NameFrom name_from) {
    TlsPeer peer;
    peer.name = TlsContext::psk_identity(ssl);
    const X509* const certificate = SSL_get0_peer_certificate(ssl);
    if (certificate == nullptr) return peer;
    peer.fingerprint = fingerprint(certificate);
    switch (name_from) {
        case NameFrom::SubjectAlternativeName: peer.name = alternative_name(certificate); break;
        case NameFrom::CommonName: peer.name = common_name(certificate); break;
    }
    return peer;
}

// What the certificate has against it says more than the alert that it leads to.
std::string reason(const SSL* ssl) {
    const long verified = SSL_get_verify_result(ssl);
    const unsigned long error = ERR_peek_last_error();
    if (ERR_GET_REASON(error) == SSL_R_CERTIFICATE_VERIFY_FAILED && verified != X509_V_OK)
        return fmt::format("certificate refused: {}", X509_verify_cert_error_string(verified));
    const char* const text = ERR_reason_error_string(error);
    return text == nullptr ? "unknown error" : text;
}

}  // namespace

void TlsSession::FreeSession::operator()(ssl_st* session) const { SSL_free(session); }

TlsSession::TlsSession(TlsContext::Ref context)
    : context_(std::move(context)), ssl_(context_->new_session()) {
    ASSERT(ssl_ != nullptr);
    SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
}
TlsSession::~TlsSession() = default;
TlsSession::TlsSession(TlsSession&&) noexcept = default;
TlsSession& TlsSession::operator=(TlsSession&&) noexcept = default;

void TlsSession::start(Bytes& wire) {
    ASSERT(state_ == State::Handshaking);
    if (SSL_is_server(ssl_.get()) == 0) handshake(wire);
}

TlsSession::State TlsSession::receive(ByteView bytes, Bytes& plain, Bytes& wire) {
    ASSERT(state_ != State::Ended);
    BIO_write(SSL_get_rbio(ssl_.get()), bytes.data(), static_cast<int>(bytes.size()));
    if (state_ == State::Handshaking) handshake(wire);
    if (state_ == State::Open) {
        read_all(plain);
        take_output(wire);
    }
    return state_;
}

void TlsSession::handshake(Bytes& wire) {
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl_.get());
    take_output(wire);  // an alert, too
    if (result == 1) {
        state_ = State::Open;
        was_open_ = true;
        peer_ = describe(ssl_.get(), context_->name_from());
    } else if (SSL_get_error(ssl_.get(), result) != SSL_ERROR_WANT_READ) {
        end("TLS handshake failed: ");
    }
}

void TlsSession::read_all(Bytes& plain) {
    while (true) {
        const std::size_t before = plain.size();
        plain.resize(before + kRecordBytes);
        ERR_clear_error();
        const int size =
            SSL_read(ssl_.get(), plain.data() + before, static_cast<int>(kRecordBytes));
        plain.resize(before + static_cast<std::size_t>(std::max(size, 0)));
        if (size > 0) continue;
        const int error = SSL_get_error(ssl_.get(), size);
        if (error == SSL_ERROR_WANT_READ) return;
        if (error != SSL_ERROR_ZERO_RETURN) return end("TLS: ");
        state_ = State::Ended;
        why_ = "closed by the other side";
        return;
    }
}

void TlsSession::end(std::string_view what) {
    state_ = State::Ended;
    why_ = std::string(what) + reason(ssl_.get());
    ERR_clear_error();
}

void TlsSession::send(std::span<const ByteView> runs, Bytes& wire) {
    ASSERT(state_ == State::Open);
    for (const ByteView run : runs) {
        if (run.empty()) continue;
        ERR_clear_error();
        // It goes to memory, so it never waits.
        const int written = SSL_write(ssl_.get(), run.data(), static_cast<int>(run.size()));
        ASSERT(written == static_cast<int>(run.size()));
    }
    take_output(wire);
}

void TlsSession::close(Bytes& wire) {
    ASSERT(state_ == State::Open);
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
    take_output(wire);
}

void TlsSession::take_output(Bytes& wire) {
    BIO* const output = SSL_get_wbio(ssl_.get());
    char* data = nullptr;
    const long size = BIO_get_mem_data(output, &data);
    if (size <= 0) return;
    wire.insert(wire.end(), data, data + size);
    BIO_reset(output);
}

bool TlsSession::would_be_accepted_by(const TlsContext& context) const {
    return context.would_accept(ssl_.get());
}

}  // namespace lotmesh::net
