// Objects of OpenSSL with one owner each. For the files of runtime/net that use OpenSSL.
#pragma once

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <climits>
#include <memory>
#include <string>
#include <string_view>

namespace lotmesh::net {

template <auto kFree>
struct OpensslDeleter {
    template <typename T>
    void operator()(T* object) const {
        kFree(object);
    }
};
using BioPointer = std::unique_ptr<BIO, OpensslDeleter<BIO_free_all>>;
using X509Pointer = std::unique_ptr<X509, OpensslDeleter<X509_free>>;
using CrlPointer = std::unique_ptr<X509_CRL, OpensslDeleter<X509_CRL_free>>;
using KeyPointer = std::unique_ptr<EVP_PKEY, OpensslDeleter<EVP_PKEY_free>>;
using NamesPointer = std::unique_ptr<GENERAL_NAMES, OpensslDeleter<GENERAL_NAMES_free>>;
using StorePointer = std::unique_ptr<X509_STORE, OpensslDeleter<X509_STORE_free>>;
using StoreContextPointer = std::unique_ptr<X509_STORE_CTX, OpensslDeleter<X509_STORE_CTX_free>>;
using ContextPointer = std::unique_ptr<SSL_CTX, OpensslDeleter<SSL_CTX_free>>;
using SslPointer = std::unique_ptr<SSL, OpensslDeleter<SSL_free>>;
using SslSessionPointer = std::unique_ptr<SSL_SESSION, OpensslDeleter<SSL_SESSION_free>>;

// Reads the text, which is borrowed.
inline BioPointer open_text(std::string_view text) {
    return BioPointer(BIO_new_mem_buf(
        text.data(), static_cast<int>(std::min<std::size_t>(text.size(), std::size_t{INT_MAX}))));
}

// For PEM_read_bio_PrivateKey, with a std::string to take from; never asks at a terminal.
inline int give_passphrase(char* buffer, int size, int, void* passphrase) {
    const auto& text = *static_cast<const std::string*>(passphrase);
    if (text.size() > static_cast<std::size_t>(size)) return -1;
    text.copy(buffer, text.size());
    return static_cast<int>(text.size());
}

}  // namespace lotmesh::net
