// TLS on one connection, without its socket: what came in goes in, what is to be sent comes out. A
// machine but for OpenSSL's random numbers and its clock for certificates. Loop thread.
//
// Bounded: by one record of TLS that is not complete (16 KiB), and a handshake of OpenSSL's own
// bounds (100 KB of certificates).
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "runtime/net/tls_context.h"

namespace lotmesh::net {

// The other side, once the handshake is over.
struct TlsPeer {
    // Whom its certificate names (see NameFrom), or who has the shared key; empty: neither.
    std::string name = {};
    std::string fingerprint = {};  // SHA-256 of its certificate; empty: it showed none
    bool operator==(const TlsPeer&) const = default;
};

class TlsSession {
public:
    explicit TlsSession(TlsContext::Ref context);
    ~TlsSession();
    TlsSession(TlsSession&&) noexcept;
    TlsSession& operator=(TlsSession&&) noexcept;

    enum class State : std::uint8_t { Handshaking, Open, Ended };
    State state() const { return state_; }
    // It ended; for people. The other side was told in `wire`, where TLS has words for it.
    std::string_view why() const { return why_; }
    // Once it has been Open.
    const TlsPeer& peer() const { return peer_; }
    bool handshake_failed() const { return state_ == State::Ended && !was_open_; }

    // A client begins; a server has nothing to say yet. Appends to `wire`.
    void start(Bytes& wire);
    // Appends what was received to `plain` and what is to be answered to `wire`. Not once Ended.
    State receive(ByteView bytes, Bytes& plain, Bytes& wire);
    // Only while Open.
    void send(std::span<const ByteView> runs, Bytes& wire);
    // Says that nothing follows. Only while Open.
    void close(Bytes& wire);

    // Whether the other side would still be let in.
    bool would_be_accepted_by(const TlsContext& context) const;

private:
    struct FreeSession {
        void operator()(ssl_st* session) const;
    };

    void handshake(Bytes& wire);
    void read_all(Bytes& plain);
    void end(std::string_view what);
    void take_output(Bytes& wire);

    TlsContext::Ref context_;  // the session borrows it
    std::unique_ptr<ssl_st, FreeSession> ssl_;
    State state_ = State::Handshaking;
    bool was_open_ = false;
    std::string why_;
    TlsPeer peer_;
};

}  // namespace lotmesh::net
