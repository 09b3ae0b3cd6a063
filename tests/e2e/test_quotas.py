"""What clients may use of a node, with real sockets: they wait or are refused, and others go on."""

import time
import unittest

from clients import V5, Client, RawClient, fetch_retained
from cluster import Cluster
from process import await_that
from raw_mqtt import publish

KILOBYTE = 1000


class PublishRateTest(unittest.TestCase):
    def setUp(self):
        self.cluster = self.enterContext(Cluster())
        self.node = self.cluster.node(
            "node", options=["--limit", "publish-bytes-per-sec=1000000"]).start()

    def test_who_publishes_too_much_is_slowed_down_and_loses_nothing(self):
        """Four megabytes at one a second, of which the first is free."""
        payloads = [f"{i:04}" + "x" * 19_996 for i in range(200)]
        port = self.node.port
        with Client(port, "reader", V5).connect() as reader, \
                Client(port, "writer", V5).connect() as writer, \
                Client(port, "calm", V5).connect() as calm:
            reader.subscribe("flood", 1)
            reader.subscribe("calm", 1)
            began = time.monotonic()
            for payload in payloads:
                writer.paho.publish("flood", payload, 1)
            await_that("it waits", lambda: fetch_retained(
                port, "$SYS/broker/sources/rate_pauses") != "0", 15)
            calm.publish("calm", "nobody else waits", 1)
            reader.await_payloads(payloads, "flood", 30)
            reader.await_payloads(["nobody else waits"], "calm")
            self.assertGreater(time.monotonic() - began, 2.5)
            self.assertEqual(writer.disconnects, [])

    def test_what_is_for_a_client_that_waits_still_comes(self):
        port = self.node.port
        slow = RawClient(port, "slow")
        self.addCleanup(slow.close)
        name = b"\x00\x04mine"
        slow.socket.sendall(bytes([0x82, 10]) + b"\x00\x01\x00" + name + b"\x00")
        self.assertEqual(slow.read()[0], 0x90)
        # Three seconds' worth, of which the first is free.
        slow.socket.sendall(publish("elsewhere", b"x" * 1_500 * KILOBYTE) * 2 +
                            publish("mine", b"late"))
        with Client(port, "writer", V5).connect() as writer:
            began = time.monotonic()
            writer.publish("mine", "at once", 1)
            first, body = slow.read()
            self.assertEqual((first & 0xF0, body[-7:]), (0x30, b"at once"))
            self.assertLess(time.monotonic() - began, 1.0)
        self.assertEqual(slow.read()[1][-4:], b"late")


if __name__ == "__main__":
    unittest.main()
