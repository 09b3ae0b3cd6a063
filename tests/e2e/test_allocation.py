"""Allocations that fail, one or many, at the start and later: a node refuses or ends by a code of its
own. It neither dies of a signal nor lets anybody in."""

import concurrent.futures
import pathlib
import signal
import subprocess
import tempfile
import unittest

from certificates import Authority
from cluster import Cluster
from process import await_that, binary
from raw_mqtt import CONNACK, PUBACK, SUBACK, RawMqtt, connect, publish, subscribe, text

WELCOME, NO_SUBSCRIBERS, GRANTED_QOS_0 = 0x00, 0x10, 0x00
EXIT_CODES = (1, 71, 78)
RULES = """allow user ada connect
allow user ada read,write plant/#
"""
ENDED_BY_RUNTIME = "terminate called after throwing an instance of "
JOBS = 2


def spread(last, count):
    """Numbers from 1 to last, dense at first."""
    return sorted({round(last ** (i / (count - 1))) for i in range(count)})


def ask(port, *parts, client_id="c", user=None, password=None):
    """Connects and sends the parts; all packets of the answer: (type, body). What it does not get
    is not there."""
    flags = (0x80 if user else 0) | (0x40 if password else 0)
    payload = b"".join(text(part) for part in (user, password) if part)
    packets = []
    try:
        with RawMqtt(port) as client:
            client.send(connect(client_id, flags=flags, payload=payload))
            for part in (b"", *parts):
                client.send(part)
                packet = client.read_packet()
                if packet is None:
                    break
                packets.append((packet[0] & 0xF0, packet[1]))
    except (OSError, IndexError):  # refused, reset, cut in a packet
        pass
    return packets


class AllocationTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        subprocess.run([binary("lotmesh"), "passwd", cls.folder / "users", "ada"], input="pencil\n",
                       text=True, capture_output=True, check=True)
        (cls.folder / "rules.acl").write_text(RULES)
        cls.certificate, cls.key = Authority(cls.folder).issue("node", "IP:127.0.0.1")

    def run_with(self, cluster, name, failing):
        """One node through its life. What it ended with, or None where it went on."""
        node = cluster.node(name, options=[
            "--password-file", self.folder / "users", "--acl-file", self.folder / "rules.acl",
            "--listen", "tls://127.0.0.1:0", "--tls-certificate", self.certificate, "--tls-key", self.key])
        node.arguments = ["/usr/bin/env", "LD_PRELOAD=" + binary("lotmesh-failing-malloc.so"),
                          "LOTMESH_FAIL_ALLOCATIONS=" + failing, *node.arguments]
        super(type(node), node).start()
        await_that(f"{name} is ready or has ended",
                   lambda: not node.alive() or " ready" in node.log() or "\nready" in node.log())
        for _ in range(3):
            self.look_for_open_doors(node.port)
        if node.alive():
            await_that(f"{name} lets in who may or has ended", lambda: not node.alive() or self.serves(node.port))
        code = node.child.poll()
        if code is None:
            code = node.terminate()
            self.assertIn(code, (0, *EXIT_CODES), f"{failing}: {node.log()[-2000:]}")
            return None
        # Before main() there is nobody but the C++ runtime to end it.
        if not (code == -signal.SIGABRT and node.log().startswith(ENDED_BY_RUNTIME)):
            self.assertIn(code, EXIT_CODES, f"{failing}: {node.log()[-2000:]}")
        return code

    def look_for_open_doors(self, port):
        for user, password in ((None, None), ("ada", "wrong"), ("bob", "pencil")):
            answer = ask(port, user=user, password=password)
            self.assertFalse(answer and answer[0][1][1] == WELCOME, (user, answer))
        answer = ask(port, publish("secret/x", b"m", 1, 1), subscribe(2, ("secret/#", 0)), user="ada",
                     password="pencil")
        for kind, body in answer[1:]:
            self.assertIn(kind, (PUBACK, SUBACK, 0xE0))
            self.assertFalse(kind == PUBACK and (len(body) < 3 or body[2] < 0x80), body)
            self.assertFalse(kind == SUBACK and body[-1] < 0x80, body)

    @staticmethod
    def serves(port):
        answer = ask(port, subscribe(1, ("plant/#", 0)), user="ada", password="pencil")
        return [kind for kind, _ in answer] == [CONNACK, SUBACK] and answer[1][1][-1] == GRANTED_QOS_0

    def run_all(self, failures):
        """How the nodes ended."""
        with Cluster() as cluster, concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
            return list(pool.map(lambda failing: self.run_with(cluster, failing.replace(":", "-"), failing),
                                 failures))

    def test_one_that_fails_later_is_survived(self):
        ended = self.run_all([f"listening:{n}:1" for n in spread(4000, 24)])
        self.assertEqual(ended, [None] * len(ended))

    def test_many_that_fail_later_end_in_refusal(self):
        ended = self.run_all([f"listening:{n}:{count}" for n in spread(4000, 8) for count in (3, 100000)])
        self.assertIn(71, ended)

    def test_what_fails_at_the_start_leaves_no_open_door(self):
        self.run_all([f"start:{n}:{count}" for n in spread(30000, 12) for count in (1, 100000)])


if __name__ == "__main__":
    unittest.main()
