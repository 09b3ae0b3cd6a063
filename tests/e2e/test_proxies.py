"""Listeners behind proxies: who the client is, by PROXY header and X-Forwarded-For, and that none of
those counts as one of this machine."""

import socket
import struct
import unittest

from clients import V5, Client, RawClient
from cluster import Cluster
from process import free_ports
from raw_websocket import BINARY, CONNECT, FIN, RawWebSocket, frame

NOT_AUTHORIZED = 0x87
COMMAND = b"$SYS/Coreflux/Command"
CLIENT = "203.0.113.9"
LINE = b"PROXY TCP4 203.0.113.9 10.0.0.1 51234 1883\r\n"
LINE_OF_LOOPBACK = b"PROXY TCP4 127.0.0.1 127.0.0.1 51234 1883\r\n"
LOCAL = b"\r\n\r\n\x00\r\nQUIT\n\x20\x00\x00\x00"


def header_of_version_2(address, port):
    addresses = socket.inet_aton(address) + socket.inet_aton("10.0.0.1") + struct.pack(">HH", port, 1)
    return b"\r\n\r\n\x00\r\nQUIT\n\x21\x11" + struct.pack(">H", len(addresses)) + addresses


def command_answer(client):
    """The reason code for a command to the node."""
    body = struct.pack(">H", len(COMMAND)) + COMMAND + b"\x00\x01\x00-listRoutes"
    client.socket.sendall(bytes([0x32, len(body)]) + body)
    while True:
        first, answer = client.read()
        if first == 0x40:
            return answer[2] if len(answer) > 2 else 0


class ProxiesTest(unittest.TestCase):
    def setUp(self):
        self.cluster = self.enterContext(Cluster())

    def start(self, listen, *options):
        """A node with one more listener, and that one's port."""
        port = free_ports(1)[0]
        # Whom a proxy speaks for is somewhere else, whatever it says.
        self.node = self.cluster.node("node", options=[
            "--allow-anonymous", "--log-level", "debug", "--listen", listen.format(f"127.0.0.1:{port}"), *options]).start()
        return port

    def client(self, port, before=b""):
        """Stays connected until the end of the test."""
        client = RawClient(port, "c", before=before)
        self.addCleanup(client.close)
        return client

    def expect_client(self, address):
        """The node's log names this client when it ends."""
        self.node.terminate()
        self.assertTrue(self.node.log_lines("closing", f"address={address}"), self.node.log())

    def closed(self, port, data):
        """Nothing is answered to these bytes."""
        with RawWebSocket(port) as client:
            self.assertEqual(client.send(data).read_to_end(), b"")

    def test_a_header_of_version_1_names_the_client(self):
        port = self.start("tcp://{}?proxy=v1")
        self.client(port, LINE)
        self.expect_client(f"{CLIENT}:51234")

    def test_a_header_of_version_2_names_the_client(self):
        port = self.start("{}?proxy=v2")
        self.client(port, header_of_version_2(CLIENT, 51234))
        self.expect_client(f"{CLIENT}:51234")

    def test_a_header_of_version_2_stands_before_the_upgrade_too(self):
        port = self.start("ws://{}/mqtt?proxy=any")
        client = self.enterContext(RawWebSocket(port))
        client.send(header_of_version_2(CLIENT, 51234)).connect()
        self.expect_client(f"{CLIENT}:51234")

    def test_no_header_or_one_of_the_other_version_closes(self):
        port = self.start("{}?proxy=v2")
        self.closed(port, CONNECT)
        self.closed(port, LINE + CONNECT)

    def test_a_proxy_that_was_not_named_is_closed(self):
        port = self.start("{}?proxy=v1", "--trusted-proxy", "10.0.0.0/8")
        self.closed(port, b"")

    def test_x_forwarded_for_of_a_trusted_proxy_names_the_client(self):
        port = self.start("ws://{}/mqtt", "--trusted-proxy", "127.0.0.1", "--trusted-proxy",
                          "10.0.0.0/8")
        client = self.enterContext(RawWebSocket(port))
        client.upgrade(X_Forwarded_For=f"198.51.100.1, {CLIENT}, 10.0.0.7")
        client.send(frame(FIN | BINARY, CONNECT)).read(6)
        self.expect_client(CLIENT)

    def test_x_forwarded_for_of_anybody_else_names_nobody(self):
        port = self.start("ws://{}/mqtt", "--trusted-proxy", "10.0.0.0/8")
        client = self.enterContext(RawWebSocket(port))
        client.upgrade(X_Forwarded_For=CLIENT)
        client.send(frame(FIN | BINARY, CONNECT)).read(6)
        self.expect_client("127.0.0.1")

    def test_commands_are_for_this_machine_and_not_for_what_a_proxy_calls_so(self):
        port = self.start("{}?proxy=any")
        self.assertNotEqual(command_answer(self.client(self.node.port)), NOT_AUTHORIZED)
        for before in (LINE, LINE_OF_LOOPBACK, LOCAL, header_of_version_2("127.0.0.1", 1)):
            self.assertEqual(command_answer(self.client(port, before)), NOT_AUTHORIZED)

    def test_a_message_from_behind_a_proxy_reaches_others(self):
        port = self.start("{}?proxy=v1")
        proxied = self.client(port, LINE)
        with Client(self.node.port, "plain", V5).connect() as plain:
            plain.subscribe("a")
            proxied.socket.sendall(b"\x30\x09\x00\x01a\x00hello")
            plain.await_payloads(["hello"], "a")
