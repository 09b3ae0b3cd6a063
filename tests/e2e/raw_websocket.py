"""A WebSocket client of which one sees every byte, for what foreign clients are too polite for."""

import socket
import struct

SECONDS = 10.0
KEY = "dGhlIHNhbXBsZSBub25jZQ=="  # of RFC 6455, with what must be answered to it
ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
MASK = b"\x11\x22\x33\x44"

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
FIN = 0x80

CONNECT = b"\x10\x0d\x00\x04MQTT\x04\x02\x00\x3c\x00\x01c"
CONNACK = b"\x20\x02\x00\x00"
PINGREQ = b"\xc0\x00"
PINGRESP = b"\xd0\x00"


def upgrade_request(path="/mqtt", start="GET {} HTTP/1.1", **headers):
    """Header names with _ for -; None leaves one out."""
    lines = {"Host": "broker", "Upgrade": "websocket", "Connection": "Upgrade",
             "Sec-WebSocket-Key": KEY, "Sec-WebSocket-Version": "13",
             "Sec-WebSocket-Protocol": "mqtt"}
    lines.update({name.replace("_", "-"): value for name, value in headers.items()})
    return (start.format(path) + "\r\n" +
            "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value is not None) +
            "\r\n").encode()


def frame(first, payload=b"", mask=MASK):
    """As a client writes it; without mask as a server does."""
    bit = 0x80 if mask else 0
    size = len(payload)
    if size < 126:
        head = bytes([first, bit | size])
    elif size < 65536:
        head = bytes([first, bit | 126]) + struct.pack(">H", size)
    else:
        head = bytes([first, bit | 127]) + struct.pack(">Q", size)
    return head + mask + bytes(byte ^ mask[i % 4] if mask else byte
                               for i, byte in enumerate(payload))


def closing(code):
    """A server's close frame."""
    return frame(FIN | CLOSE, struct.pack(">H", code), mask=b"")


class RawWebSocket:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), SECONDS)

    def send(self, data):
        self.socket.sendall(data)
        return self

    def read(self, size):
        """So many bytes, or fewer where the broker closes before."""
        data = b""
        while len(data) < size:
            part = self.socket.recv(size - len(data))
            if not part:
                break
            data += part
        return data

    def read_to_end(self):
        """All until the broker closes."""
        data = b""
        while part := self.socket.recv(65536):
            data += part
        return data

    def read_head(self):
        """The lines of an HTTP answer."""
        data = b""
        while not data.endswith(b"\r\n\r\n"):
            part = self.socket.recv(1)
            assert part, f"closed after {data!r}"
            data += part
        return data.decode().split("\r\n")[:-2]

    def upgrade(self, **headers):
        answer = self.send(upgrade_request(**headers)).read_head()
        assert answer[0] == "HTTP/1.1 101 Switching Protocols", answer
        return self

    def connect(self):
        """Upgrade and MQTT's CONNECT."""
        self.upgrade().send(frame(FIN | BINARY, CONNECT))
        answer = self.read(6)
        assert answer == frame(FIN | BINARY, CONNACK, mask=b""), answer
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()
