// The encoders of the single packets, for encode.cpp only; each appends one packet.
#pragma once

#include "runtime/mqtt/packet.h"
#include "runtime/mqtt/packet_writer.h"

namespace lotmesh::mqtt {

// The first byte, then the body, then its length between the two.
class PacketFrame {
public:
    PacketFrame(Bytes& out, PacketType type, std::uint8_t flags) : writer_(out) {
        writer_.u8(static_cast<std::uint8_t>(static_cast<unsigned>(type) << 4 | flags));
        body_at_ = writer_.size();
    }

    PacketWriter& body() { return writer_; }
    void finish() { writer_.insert_size_at(body_at_); }

private:
    PacketWriter writer_;
    std::size_t body_at_ = 0;
};

// A Connect carries its own version.
void encode_connect(const Connect& packet, Bytes& out);
void encode_connack(const Connack& packet, ProtocolVersion version, Bytes& out);

void encode_subscribe(const Subscribe& packet, ProtocolVersion version, Bytes& out);
void encode_suback(const Suback& packet, ProtocolVersion version, Bytes& out);
void encode_unsubscribe(const Unsubscribe& packet, ProtocolVersion version, Bytes& out);
void encode_unsuback(const Unsuback& packet, ProtocolVersion version, Bytes& out);

void encode_disconnect(const Disconnect& packet, ProtocolVersion version, Bytes& out);
void encode_auth(const Auth& packet, ProtocolVersion version, Bytes& out);

}  // namespace lotmesh::mqtt
