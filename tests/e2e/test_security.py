"""Classes of attack that only a running node shows (docs/security.md)."""

import json
import os
import pathlib
import re
import socket
import unittest

from clients import V5, Client, RawClient
from cluster import Cluster

# Line ends, an escape sequence of terminals, markup, and what would end a string of JSON.
INJECTION = 'x\nFAKE error line\r\x1b[31m<script>alert(1)</script>"}\\'
INODE = re.compile(r"socket:\[(\d+)\]")
LISTENING = "0A"


def listening_ports(pid):
    """The TCP ports that this process listens on, as the kernel says."""
    inodes = set()
    for descriptor in pathlib.Path(f"/proc/{pid}/fd").iterdir():
        found = INODE.match(os.readlink(descriptor))
        if found:
            inodes.add(found.group(1))
    ports = set()
    for table in ("tcp", "tcp6"):
        for line in pathlib.Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == LISTENING and fields[9] in inodes:
                ports.add(int(fields[1].rpartition(":")[2], 16))
    return ports


class SecurityTest(unittest.TestCase):
    def setUp(self):
        self.cluster = self.enterContext(Cluster())

    def test_s32_there_are_no_other_ports_than_those_that_were_asked_for(self):
        first, second = self.cluster.mesh(2)
        for node in (first, second):
            self.assertEqual({node.port}, listening_ports(node.pid))
        kinds = set()
        for table in ("udp", "udp6", "raw"):
            lines = pathlib.Path(f"/proc/{first.pid}/net/{table}").read_text().splitlines()[1:]
            inodes = {line.split()[9] for line in lines}
            ours = {os.readlink(link) for link in pathlib.Path(f"/proc/{first.pid}/fd").iterdir()}
            kinds |= {table for inode in inodes if f"socket:[{inode}]" in ours}
        self.assertEqual(set(), kinds)

    def test_s33_what_a_client_calls_itself_cannot_write_into_the_log_or_into_json(self):
        node = self.cluster.node("node", options=["--log-level", "debug"]).start()
        lines_before = len(node.log().splitlines())
        raw = RawClient(node.port, INJECTION)
        # Twice the same: the second takes over from the first, which is told of in the log.
        RawClient(node.port, INJECTION).socket.close()
        raw.socket.close()
        with Client(node.port, "witness", V5).connect() as witness:
            witness.subscribe("$SYS/#", 1)
            witness.await_change("what the node says of itself",
                                 lambda: len(witness.messages) > 20)
            payloads = [(message.topic, message.payload) for message in witness.messages]
        log = node.log()
        self.assertNotIn("\x1b", log)
        for line in log.splitlines()[lines_before:]:
            self.assertRegex(line, r"^\d{4}-\d\d-\d\dT")  # each is one of ours
        for topic, payload in payloads:
            self.assertNotIn(b"\x1b", payload, topic)
            if payload.startswith(b"{"):
                json.loads(payload)

    def test_s33_a_connection_that_speaks_nonsense_leaves_no_trace_of_it_in_the_log(self):
        node = self.cluster.node("node", options=["--log-level", "debug"]).start()
        with socket.create_connection(("127.0.0.1", node.port)) as stranger:
            stranger.sendall(b"\x10\xff\xff\xff\x7f" + INJECTION.encode())
            stranger.settimeout(10)
            while stranger.recv(100):
                pass
        self.assertNotIn("FAKE", node.log())


if __name__ == "__main__":
    unittest.main()
