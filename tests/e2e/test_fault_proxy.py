"""The fault proxy with real sockets: a tool that other tests trust must be tested itself."""

import socket
import time
import unittest

from cluster import Cluster
from process import await_that, stays


class FaultProxyTest(unittest.TestCase):
    def setUp(self):
        self.cluster = self.enterContext(Cluster())
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(self.listener.close)
        self.listener.settimeout(5)
        self.proxy = self.cluster.proxy(self.listener.getsockname()[1])

    def open(self):
        """(the client's end, the target's end) of a connection through the proxy."""
        client = socket.create_connection(("127.0.0.1", self.proxy.port), 5)
        target, _ = self.listener.accept()
        target.settimeout(5)
        self.addCleanup(client.close)
        self.addCleanup(target.close)
        return client, target

    def pending(self, end):
        end.setblocking(False)
        try:
            return end.recv(65536)
        except BlockingIOError:
            return b""
        finally:
            end.settimeout(5)

    def test_bytes_pass_both_ways(self):
        client, target = self.open()
        client.sendall(b"there")
        self.assertEqual(target.recv(100), b"there")
        target.sendall(b"and back")
        self.assertEqual(client.recv(100), b"and back")
        await_that("the proxy counts bytes",
                   lambda: self.proxy.status() == {"connections": 1, "accepted": 1, "up": 5,
                                                   "down": 8})

    def test_a_frozen_direction_keeps_bytes_until_healed(self):
        client, target = self.open()
        self.proxy.do("freeze up")
        client.sendall(b"later")
        target.sendall(b"at once")
        self.assertEqual(client.recv(100), b"at once")
        stays("nothing comes through", lambda: self.pending(target) == b"", 0.2)
        self.proxy.do("heal")
        self.assertEqual(target.recv(100), b"later")

    def test_a_freeze_holds_back_the_end_too(self):
        client, target = self.open()
        self.proxy.do("freeze both")
        client.close()
        target.setblocking(False)
        with self.assertRaises(BlockingIOError):
            target.recv(1)
        target.settimeout(5)
        self.proxy.do("heal")
        self.assertEqual(target.recv(1), b"")

    def test_a_cut_resets_both_ends(self):
        client, target = self.open()
        self.proxy.do("cut")
        for end in (client, target):
            with self.assertRaises(ConnectionResetError):
                end.recv(1)
        self.open()

    def test_a_cut_after_bytes_forwards_exactly_those(self):
        client, target = self.open()
        self.proxy.do("cut up 3")
        client.sendall(b"abcdef")
        with self.assertRaises(ConnectionResetError):
            client.recv(1)
        received = b""
        try:
            while part := target.recv(100):
                received += part
        except ConnectionResetError:
            pass
        self.assertIn(received, (b"abc", b""))  # a reset may overtake what the target has not read

    def test_delay_and_bandwidth_take_their_time(self):
        client, target = self.open()
        self.proxy.do("delay up 100 20")
        began = time.monotonic()
        client.sendall(b"x")
        target.recv(1)
        self.assertGreaterEqual(time.monotonic() - began, 0.095)
        self.proxy.do("heal")
        self.proxy.do("bandwidth up 100000")
        began = time.monotonic()
        client.sendall(b"x" * 30000)
        received = 0
        while received < 30000:
            received += len(target.recv(65536))
        self.assertGreaterEqual(time.monotonic() - began, 0.25)

    def test_one_bit_of_one_byte_is_spoiled(self):
        client, target = self.open()
        self.proxy.do("corrupt up 2")
        client.sendall(b"aaaa")
        self.assertEqual(target.recv(100), b"aa`a")

    def test_half_close_ends_one_direction_only(self):
        client, target = self.open()
        self.proxy.do("half-close up")
        self.assertEqual(target.recv(1), b"")
        target.sendall(b"still here")
        self.assertEqual(client.recv(100), b"still here")

    def test_a_black_hole_leads_nowhere_and_heals_with_a_reset(self):
        self.proxy.do("blackhole")
        client = socket.create_connection(("127.0.0.1", self.proxy.port), 5)
        self.addCleanup(client.close)
        client.sendall(b"hello?")
        stays("no answer", lambda: self.pending(client) == b"", 0.2)
        self.proxy.do("heal")
        with self.assertRaises(ConnectionResetError):
            client.recv(1)
        self.open()

    def test_writing_to_a_target_that_is_gone_ends_the_connection_and_not_the_proxy(self):
        client, target = self.open()
        target.close()
        self.assertEqual(client.recv(1), b"")
        client.sendall(b"a")  # answered with a reset; what follows it finds a broken pipe
        await_that("the first byte is forwarded", lambda: self.proxy.status()["up"] == 1)
        with self.assertRaises((ConnectionResetError, BrokenPipeError)):
            client.sendall(b"b")
            while client.recv(1) == b"":
                client.sendall(b"c")
        self.assertTrue(self.proxy.alive())
        self.open()

    def test_a_bad_command_is_answered_with_why(self):
        self.assertEqual(self.proxy.ask("melt"), "error: no such command: melt")


if __name__ == "__main__":
    unittest.main()
