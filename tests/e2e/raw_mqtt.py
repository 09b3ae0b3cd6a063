"""MQTT as bytes: a socket, and what packets are made of."""

import socket
import struct

SECONDS = 10.0

CONNECT, CONNACK, PUBLISH, PUBACK, PUBREC, PUBREL, PUBCOMP = (t << 4 for t in range(1, 8))
SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK, PINGREQ, PINGRESP, DISCONNECT, AUTH = (
    t << 4 for t in range(8, 16))

PINGED = bytes([PINGREQ, 0])
PONGED = bytes([PINGRESP, 0])


def u16(number):
    return struct.pack(">H", number)


def u32(number):
    return struct.pack(">I", number)


def text(value):
    data = value if isinstance(value, bytes) else value.encode()
    return u16(len(data)) + data


def variable(number):
    digits = b""
    while True:
        number, digit = divmod(number, 128)
        digits += bytes([digit | 0x80 if number else digit])
        if not number:
            return digits


def packet(first, *parts):
    body = b"".join(parts)
    return bytes([first]) + variable(len(body)) + body


def properties(*parts):
    body = b"".join(parts)
    return variable(len(body)) + body


def connect(client_id, version=5, clean=True, keep_alive=0, flags=0, props=b"", payload=b"",
            name=None):
    """`props`: already encoded, without their length; `payload`: what follows the client id."""
    name = name or ("MQIsdp" if version == 3 else "MQTT")
    head = text(name) + bytes([version, flags | (2 if clean else 0)]) + u16(keep_alive)
    if version >= 5:
        head += properties(props)
    return packet(CONNECT, head, text(client_id), payload)


def subscribe(packet_id, *filters, props=b"", version=5):
    """Filters: (text, options)."""
    return packet(SUBSCRIBE | 2, u16(packet_id), properties(props) if version == 5 else b"",
                  *(text(name) + bytes([options]) for name, options in filters))


def publish(topic, payload=b"", qos=0, packet_id=0, props=b"", flags=0, version=5):
    return packet(PUBLISH | qos << 1 | flags, text(topic), u16(packet_id) if qos else b"",
                  properties(props) if version == 5 else b"", payload)


class RawMqtt:
    """A socket to a broker. Use with `with`."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), SECONDS)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, *data):
        self.socket.sendall(b"".join(data))
        return self

    def read(self, size):
        """That many bytes; fewer where the broker closes before."""
        data = b""
        while len(data) < size:
            part = self.socket.recv(size - len(data))
            if not part:
                break
            data += part
        return data

    def read_packet(self):
        """(first byte, body); nothing where the broker has closed."""
        first = self.read(1)
        if not first:
            return None
        length, shift = 0, 0
        while True:
            digit = self.read(1)[0]
            length |= (digit & 0x7F) << shift
            shift += 7
            if digit < 0x80:
                return first[0], self.read(length)

    def read_to_end(self):
        data = b""
        try:
            while part := self.socket.recv(4096):
                data += part
        except ConnectionResetError:
            pass  # closed with something of ours unread
        return data
