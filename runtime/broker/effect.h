// Everything that a node asks of its shell.
//
// Bytes for a connection are appended to output(conn); the shell writes each connection that is in
// dirty() once, at the end of the turn (or earlier, when flush_wanted() says that much has piled
// up). Actions are carried out in their order, after the output of their connection has been handed
// over. One Effects is used for the whole life of a shell: taking the output leaves the capacity.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/assert.h"
#include "runtime/broker/audit.h"
#include "runtime/broker/command.h"
#include "runtime/broker/event.h"
#include "runtime/broker/message.h"

namespace lotmesh::broker {

// Bytes to write, with payloads that are referenced rather than copied.
class OutBuffer {
public:
    // Payloads up to this size are copied: cheaper than one more element of a gathered write.
    static constexpr std::size_t kCopyBytesMax = 2048;

    std::size_t capacity() const { return bytes_.capacity(); }

    // Small writes append here; they come after every reference made so far.
    Bytes& bytes() { return bytes_; }

    void append_payload(const MessageRef& message) {
        const ByteView payload = message->payload();
        if (payload.size() <= kCopyBytesMax) {
            bytes_.insert(bytes_.end(), payload.begin(), payload.end());
        } else {
            references_.push_back({bytes_.size(), message});
            referenced_bytes_ += payload.size();
        }
    }

    std::size_t size() const { return bytes_.size() + referenced_bytes_; }
    bool empty() const { return size() == 0; }

    // Calls visit(ByteView) for each run of bytes, in order.
    template <typename Visit>
    void for_each_run(Visit&& visit) const {
        std::size_t at = 0;
        for (const Reference& reference : references_) {
            if (reference.at > at) visit(ByteView(bytes_).subspan(at, reference.at - at));
            visit(reference.message->payload());
            at = reference.at;
        }
        if (bytes_.size() > at) visit(ByteView(bytes_).subspan(at));
    }

    // Keeps the capacity, but not that of a burst.
    void clear() {
        if (bytes_.capacity() > kKeptBytesMax) bytes_ = Bytes();
        if (references_.capacity() > kKeptReferencesMax) references_ = std::vector<Reference>();
        bytes_.clear();
        references_.clear();
        referenced_bytes_ = 0;
    }

private:
    struct Reference {
        std::size_t at;  // stands before bytes_[at]
        MessageRef message;
    };

    static constexpr std::size_t kKeptBytesMax = 1024 * 1024;
    static constexpr std::size_t kKeptReferencesMax = 16 * 1024;

    Bytes bytes_;
    std::vector<Reference> references_;
    std::size_t referenced_bytes_ = 0;
};

// After its output has been written; no more is read from it, and it is cut after a grace period
// (limits.h) where the other side does not take it.
struct CloseConnection {
    ConnId conn;
    bool operator==(const CloseConnection&) const = default;
};
struct PauseReading {
    ConnId conn;
    bool operator==(const PauseReading&) const = default;
};
struct ResumeReading {
    ConnId conn;
    bool operator==(const ResumeReading&) const = default;
};

// How to make sure of the other side of a dial, and be known to it. Files are read at each dial.
struct DialTls {
    std::string ca_path = {};           // empty: whom the system trusts
    std::string certificate_path = {};  // with its key; empty: none is shown
    std::string passphrase = {};        // of that key; never shown
    bool allow_untrusted = false;       // whoever is there
    bool operator==(const DialTls&) const = default;
};

// Answered by exactly one Dialled or DialFailed, unless a CancelDial came first: then by none. With
// TLS it is answered when the handshake is over.
struct Dial {
    DialId dial = 0;
    std::string host;  // name, IPv4 or IPv6
    std::uint16_t port = 0;
    std::optional<DialTls> tls = {};
    bool operator==(const Dial&) const = default;
};
struct CancelDial {
    DialId dial = 0;
    bool operator==(const CancelDial&) const = default;
};

enum class LogLevel : std::uint8_t { Debug, Info, Warning, Error };

// One line for people. Never a secret, never a payload.
struct LogLine {
    LogLevel level = LogLevel::Info;
    std::string text;
    bool operator==(const LogLine&) const = default;
};

// What is known of the certificates of peers is another text now; the next start wants it back. No
// secret.
struct KeepPins {
    std::string text;
    bool operator==(const KeepPins&) const = default;
};

using Action = std::variant<CloseConnection, PauseReading, ResumeReading, Dial, CancelDial, LogLine,
                            Command, Audit, KeepPins>;

class Effects {
public:
    // Above this in one connection the shell should flush before the turn ends.
    static constexpr std::size_t kFlushBytes = 256 * 1024;

    OutBuffer& output(ConnId conn) {
        ASSERT(conn);
        if (conn.index >= outputs_.size()) outputs_.resize(conn.index + 1);
        Output& output = outputs_[conn.index];
        if (output.conn !=
            conn) {  // a new connection in the slot, or the first output in this turn
            output.conn = conn;
            output.buffer.clear();
            if (!spare_.empty()) {
                output.buffer = std::move(spare_.back());
                spare_.pop_back();
            }
            dirty_.push_back(conn);
        }
        return output.buffer;
    }

    // Bytes appended for this connection and not yet taken by the shell.
    std::size_t pending_bytes(ConnId conn) const {
        if (conn.index >= outputs_.size() || outputs_[conn.index].conn != conn) return 0;
        return outputs_[conn.index].buffer.size();
    }

    void act(Action action) { actions_.push_back(std::move(action)); }
    void log(LogLevel level, std::string text) { act(LogLine{level, std::move(text)}); }
    void want_flush() { flush_wanted_ = true; }

    // For the shell.
    const std::vector<ConnId>& dirty() const { return dirty_; }
    const std::vector<Action>& actions() const { return actions_; }
    bool flush_wanted() const { return flush_wanted_; }
    void reset() {
        for (const ConnId conn : dirty_) {
            Output& output = outputs_[conn.index];
            if (output.conn != conn) continue;
            output.conn = {};
            output.buffer.clear();
            if (spare_.size() < kSpareBuffersMax) spare_.push_back(std::move(output.buffer));
            output.buffer = {};
        }
        dirty_.clear();
        actions_.clear();
        flush_wanted_ = false;
    }

private:
    struct Output {
        ConnId conn;
        OutBuffer buffer;
    };

    // A turn that writes to more connections than this makes new buffers for the rest.
    static constexpr std::size_t kSpareBuffersMax = 64;

    std::vector<Output> outputs_;  // by ConnId::index
    std::vector<OutBuffer> spare_;
    std::vector<ConnId> dirty_;
    std::vector<Action> actions_;
    bool flush_wanted_ = false;
};

}  // namespace lotmesh::broker
