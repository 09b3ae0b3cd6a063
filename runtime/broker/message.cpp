#include "runtime/broker/message.h"

#include <cstring>
#include <new>

namespace lotmesh::broker {

Message::Ref Message::Ref::make(const MessageParts& parts) {
    const std::size_t content =
        parts.topic.size() + parts.forwarded_properties.size() + parts.payload.size();
    auto* message = new (::operator new(sizeof(Message) + content)) Message;
    message->topic_size_ = static_cast<std::uint32_t>(parts.topic.size());
    message->properties_size_ = static_cast<std::uint32_t>(parts.forwarded_properties.size());
    message->payload_size_ = static_cast<std::uint32_t>(parts.payload.size());
    message->qos_ = parts.qos;
    message->retain_ = parts.retain;
    message->expires_at_ = parts.expires_at;
    message->accepted_at_ = parts.accepted_at;
    message->publisher_ = parts.publisher;
    message->version_ = parts.version;

    auto* to = reinterpret_cast<std::uint8_t*>(message + 1);
    const auto append = [&to](ByteView bytes) {
        if (!bytes.empty()) std::memcpy(to, bytes.data(), bytes.size());
        to += bytes.size();
    };
    append(as_bytes(parts.topic));
    append(parts.forwarded_properties);
    append(parts.payload);

    Ref ref;
    ref.message_ = message;
    return ref;
}

void Message::Ref::release() {
    message_->~Message();
    ::operator delete(message_);
}

}  // namespace lotmesh::broker
