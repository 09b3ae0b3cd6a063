"""Readers that stop reading: bounded memory, and nobody else is harmed."""

import socket
import struct
import threading
import unittest

from clients import V5, Client, RawClient
from cluster import Cluster
from process import await_that
from raw_mqtt import CONNACK, RawMqtt, connect, properties, text, u32

PAYLOAD = b"x" * 65536
FLOOD_MESSAGES = 8000  # half a gigabyte
RSS_MAX = 256 * 2**20
# What holds a flood back here is who does not read.
FAST = ("--limit", "publish-bytes-per-sec=0")


def rss_bytes(pid):
    with open(f"/proc/{pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * 4096


def remaining_length(size):
    digits = b""
    while True:
        size, digit = divmod(size, 128)
        digits += bytes([digit | 0x80 if size else digit])
        if not size:
            return digits


class StalledReaderTest(unittest.TestCase):
    def setUp(self):
        self.cluster = self.enterContext(Cluster())

    def stalled(self, port, topic, qos):
        """A subscriber that never reads again once it is subscribed."""
        client = RawClient(port, "stalled", expiry_seconds=0)
        name = topic.encode()
        body = b"\x00\x01\x00" + struct.pack(">H", len(name)) + name + bytes([qos])
        client.socket.sendall(bytes([0x82, len(body)]) + body)
        self.assertEqual(client.read()[0], 0x90)
        self.addCleanup(client.close)
        return client

    def flood(self, port, topic, qos):
        """Sends far more than a stalled reader may cost; says how much it got rid of."""
        client = RawClient(port, "flood")
        self.addCleanup(client.close)
        client.socket.settimeout(3)
        name = topic.encode()
        head = struct.pack(">H", len(name)) + name
        # Acks are read beside, so that only the broker can hold the flood back.
        threading.Thread(target=self.swallow, args=(client.socket,), daemon=True).start()
        for i in range(FLOOD_MESSAGES):
            packet_id = struct.pack(">H", i % 60000 + 1) if qos else b""
            body = head + packet_id + b"\x00" + PAYLOAD
            try:
                client.socket.sendall(bytes([0x30 | qos << 1]) + remaining_length(len(body)) + body)
            except TimeoutError:
                return i  # the broker stopped reading from us, as it may at QoS 1
        return FLOOD_MESSAGES

    @staticmethod
    def swallow(connection):
        try:
            while connection.recv(65536):
                pass
        except OSError:
            pass

    def check(self, reader_node, writer_node, qos):
        self.stalled(reader_node.port, "flood", qos)
        sent = self.flood(writer_node.port, "flood", qos)
        self.assertGreaterEqual(sent, 100 if qos else FLOOD_MESSAGES)
        for node in {reader_node, writer_node}:
            self.assertLess(rss_bytes(node.pid), RSS_MAX, node.name)
        with Client(reader_node.port, "bystander", V5).connect() as bystander, \
                Client(writer_node.port, "other", V5).connect() as other:
            bystander.subscribe("calm", 1)
            other.publish("calm", "still served", 1)
            bystander.await_payloads(["still served"])

    def test_on_one_node_at_qos_0(self):
        node = self.cluster.node("node", options=FAST).start()
        self.check(node, node, 0)

    def test_on_one_node_at_qos_1(self):
        node = self.cluster.node("node", options=FAST).start()
        self.check(node, node, 1)

    def test_across_nodes_at_qos_0_and_1(self):
        left, right = self.cluster.mesh(2, FAST)
        for qos in (0, 1):
            with self.subTest(qos=qos):
                self.check(right, left, qos)

    def test_s5_crafted_connects_leave_nothing_behind(self):
        """Wills with properties, user properties, credentials: refused at the end, ten thousand
        times."""
        node = self.cluster.node("node").start()
        will = (properties(b"\x02" + u32(5), b"\x26" + text("a") + text("b" * 100)) +
                text("will/topic") + text("x" * 500))
        crafted = connect("crafted", flags=0xC4, props=b"\x11" + u32(60) + b"\x26" + text("k") +
                          text("v" * 200), payload=will + text("user") + text("password"))
        # One byte too many, and one client id that is no UTF-8.
        longer = connect("crafted", flags=0x04, payload=will + b"x")
        for kind in (longer, crafted.replace(b"crafted", b"craft\xffd")):
            self.attack(node.port, kind, 500)  # what is made once
        before = rss_bytes(node.pid)
        for kind in (longer, crafted.replace(b"crafted", b"craft\xffd")):
            self.attack(node.port, kind, 5000)
        self.assertLess(rss_bytes(node.pid) - before, 4 * 2**20)

    def attack(self, port, sent, times):
        for _ in range(times):
            with RawMqtt(port) as client:
                first, body = client.send(sent).read_packet()
                self.assertEqual((first, body[1]), (CONNACK, 0x81))

    def test_a_client_that_says_nothing_is_let_go(self):
        """Connected without CONNECT, a socket must not stay for ever."""
        node = self.cluster.node("node").start()
        silent = socket.create_connection(("127.0.0.1", node.port), 5)
        self.addCleanup(silent.close)
        silent.settimeout(60)
        await_that("the broker closes it", lambda: silent.recv(1) == b"", 60)


if __name__ == "__main__":
    unittest.main()
