"""What clients may use of a node, with real sockets: they wait or are refused, and others go on."""

import itertools
import os
import pathlib
import resource
import signal
import socket
import subprocess
import time
import unittest

from clients import V5, Client, RawClient, fetch_retained
from cluster import Cluster
from process import await_that, binary
from raw_mqtt import CONNACK, PINGED, PONGED, RawMqtt, connect, publish, text

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


def is_closed(connection):
    """Whether the broker has closed it, without a word."""
    connection.setblocking(False)
    try:
        return connection.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True


class SocketsCase(unittest.TestCase):
    def setUp(self):
        self.cluster = self.enterContext(Cluster())

    def open(self, port, count):
        connections = [socket.create_connection(("127.0.0.1", port), 10) for _ in range(count)]
        for connection in connections:
            self.addCleanup(connection.close)
        return connections

    def await_closed(self, connections, count):
        await_that(f"{count} of {len(connections)} are closed",
                   lambda: sum(map(is_closed, connections)) == count)

    def await_refused(self, node, topic, count):
        await_that(f"refused/{topic} is {count}", lambda: int(fetch_retained(
            node.port, f"$SYS/broker/refused/{topic}")) >= count, 20)


class ConnectionsTest(SocketsCase):
    def test_few_descriptors_make_few_connections_and_it_is_said(self):
        node = self.cluster.node("node")
        node.arguments = ["prlimit", "--nofile=100:100", *node.arguments]
        node.start()
        self.assertTrue(node.log_lines("there may be 50 connections, not 10000",
                                       "100 open files"), node.log())
        connections = self.open(node.port, 60)
        self.await_closed(connections, 10)
        for connection in connections:
            connection.close()
        self.await_refused(node, "connections", 10)

    def test_one_listener_has_its_own_number_of_connections(self):
        node = self.cluster.node("node", options=["--listen", "127.0.0.1:0?connections=2"])
        node.start()
        port = int(node.await_log(r"listening on 127\.0\.0\.1:(\d+)\?connections=2").group(1))
        self.await_closed(self.open(port, 3), 1)
        with RawMqtt(node.port) as other:
            self.assertEqual(other.send(connect("other")).read_packet()[0], CONNACK)
        self.await_refused(node, "connections_of_listener", 1)


class NoDescriptorsTest(SocketsCase):
    """All descriptors of a node that knows its users are taken."""

    def setUp(self):
        super().setUp()
        folder = pathlib.Path(self.cluster.folder)
        self.users = folder / "users"
        subprocess.run([binary("lotmesh"), "passwd", self.users, "ada"], input="pencil\n",
                       text=True, check=True, capture_output=True)
        rules = folder / "rules"
        rules.write_text("allow user ada connect\nallow user ada write own/#\n")
        self.node = self.cluster.node("node", options=[
            "--password-file", self.users, "--acl-file", rules]).start()

    def answer(self, client, password):
        """The reason code for ada with that password; nothing where the connection is closed."""
        try:
            client.send(connect("", flags=0xC0, payload=text("ada") + text(password)))
            packet = client.read_packet()
        except ConnectionError:
            return None
        return packet[1][1] if packet else None

    def answer_anew(self, password):
        with RawMqtt(self.node.port) as client:
            return self.answer(client, password)

    def take_all_but(self, count):
        """From now on the node gets so many descriptors more; gives how to undo it."""
        used = {int(name) for name in os.listdir(f"/proc/{self.node.pid}/fd")}
        free = (number for number in itertools.count() if number not in used)
        limit = next(itertools.islice(free, count, None))
        before = resource.prlimit(self.node.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(self.node.pid, resource.RLIMIT_NOFILE, (limit, before[1]))
        return lambda: resource.prlimit(self.node.pid, resource.RLIMIT_NOFILE, before)

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.node.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")

    def test_they_are_refused_and_nothing_is_open_that_was_closed(self):
        ada = self.enterContext(RawMqtt(self.node.port))
        self.assertEqual(self.answer(ada, "pencil"), 0)
        restore = self.take_all_but(3)
        waiting = self.open(self.node.port, 3)
        before = self.cpu_seconds()
        late = self.open(self.node.port, 50)
        self.await_closed(late, 50)
        self.assertFalse(any(map(is_closed, waiting)))
        os.kill(self.node.pid, signal.SIGHUP)
        self.node.await_log("who may connect stays as it was: cannot read")
        self.assertEqual(ada.send(PINGED).read(2), PONGED)
        self.assertLess(self.cpu_seconds() - before, 1.0)
        self.assertEqual(len(self.node.log_lines("out of file descriptors")), 1)
        for connection in waiting:
            connection.close()
        await_that("her password is right", lambda: self.answer_anew("pencil") == 0)
        self.assertEqual(self.answer_anew("ink"), 0x86)
        restore()
        self.assertEqual(self.answer_anew("pencil"), 0)
        self.assertEqual(self.answer_anew("ink"), 0x86)


if __name__ == "__main__":
    unittest.main()
