// One application message: immutable once made, counted, in one block of memory.
//
// MessageRef is the only owner. The count is a plain integer: a message lives on the core thread
// only. What a message says is never copied again: queues, in-flight windows, retained store, peer
// views and output buffers hold references.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/hlc.h"
#include "base/time.h"
#include "runtime/mqtt/types.h"

namespace lotmesh::broker {

// What a message is made of; borrowed for the call to MessageRef::make.
struct MessageParts {
    std::string_view topic = {};
    ByteView forwarded_properties = {};  // encoded, see mqtt::PublishProperties::forwarded
    ByteView payload = {};
    mqtt::QoS qos = mqtt::QoS::AtMostOnce;
    bool retain = false;
    std::optional<Instant> expires_at = std::nullopt;  // from the message expiry interval
    Instant accepted_at = {};
    std::uint64_t publisher = 0;  // names a local publisher (session.h), for No Local; 0: none
    std::optional<Version> version = std::nullopt;  // of a retained message
};

class Message {
public:
    class Ref;

    std::string_view topic() const { return as_text({data(), topic_size_}); }
    ByteView forwarded_properties() const { return {data() + topic_size_, properties_size_}; }
    ByteView payload() const { return {data() + topic_size_ + properties_size_, payload_size_}; }
    mqtt::QoS qos() const { return qos_; }
    bool retain() const { return retain_; }
    const std::optional<Instant>& expires_at() const { return expires_at_; }
    Instant accepted_at() const { return accepted_at_; }
    std::uint64_t publisher() const { return publisher_; }
    const std::optional<Version>& version() const { return version_; }
    bool expired(Instant now) const { return expires_at_ && *expires_at_ <= now; }

    // What it costs to keep, for the accounts of queues.
    std::size_t memory_bytes() const {
        return sizeof(Message) + topic_size_ + properties_size_ + payload_size_;
    }
    static std::size_t memory_bytes(const MessageParts& parts) {
        return sizeof(Message) + parts.topic.size() + parts.forwarded_properties.size() +
               parts.payload.size();
    }

private:
    Message() = default;  // by Ref::make only, since its contents lie behind it
    const std::uint8_t* data() const { return reinterpret_cast<const std::uint8_t*>(this + 1); }

    std::uint32_t count_ = 1;
    std::uint32_t topic_size_ = 0;
    std::uint32_t properties_size_ = 0;
    std::uint32_t payload_size_ = 0;
    mqtt::QoS qos_ = mqtt::QoS::AtMostOnce;
    bool retain_ = false;
    std::optional<Instant> expires_at_;
    Instant accepted_at_;
    std::uint64_t publisher_ = 0;
    std::optional<Version> version_;
};

// The counted pointer to a message.
class Message::Ref {
public:
    Ref() = default;
    static Ref make(const MessageParts& parts);

    Ref(const Ref& other) : message_(other.message_) {
        if (message_ != nullptr) ++message_->count_;
    }
    Ref(Ref&& other) noexcept : message_(std::exchange(other.message_, nullptr)) {}
    Ref& operator=(Ref other) noexcept {
        std::swap(message_, other.message_);
        return *this;
    }
    ~Ref() {
        if (message_ != nullptr && --message_->count_ == 0) release();
    }

    const Message* operator->() const { return message_; }
    const Message& operator*() const { return *message_; }
    explicit operator bool() const { return message_ != nullptr; }
    bool operator==(const Ref& other) const { return message_ == other.message_; }

private:
    void release();

    Message* message_ = nullptr;
};

using MessageRef = Message::Ref;

}  // namespace lotmesh::broker
