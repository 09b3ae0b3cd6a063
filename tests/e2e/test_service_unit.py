"""The service's unit: how much it allows, and that what a node does is among it."""

import os
import pathlib
import re
import signal
import subprocess
import unittest

from clients import V5, Client
from cluster import Cluster
from process import await_that, free_ports

UNIT = pathlib.Path(__file__).resolve().parents[2] / "tools" / "systemd" / "lotmesh.service"
EXPOSURE_MAX = 2.0


def analyze(*arguments):
    return subprocess.run(["systemd-analyze", "--no-pager", *map(str, arguments)],
                          capture_output=True, text=True, timeout=60).stdout


def members(name):
    """The system calls of a set of systemd's, with those of the sets in it."""
    if not name.startswith("@"):
        return {name}
    lines = [line.strip() for line in analyze("syscall-filter", name).splitlines()[1:]]
    words = [line for line in lines if line and not line.startswith("#")]
    return set().union(*(members(word) for word in words))


def allowed_calls():
    allowed = set()
    for line in re.findall(r"(?m)^SystemCallFilter=(.*)$", UNIT.read_text()):
        calls = set().union(*(members(word) for word in line.lstrip("~").split()))
        allowed = allowed - calls if line.startswith("~") else allowed | calls
    return allowed


class ServiceUnitTest(unittest.TestCase):
    def test_it_allows_little(self):
        said = analyze("security", "--offline=true", UNIT)
        exposure = float(re.search(r"exposure level for \S+: ([\d.]+)", said).group(1))
        self.assertLessEqual(exposure, EXPOSURE_MAX, said)

    def test_what_a_node_does_is_allowed(self):
        with Cluster() as cluster:
            trace = cluster.folder / "calls"
            node = cluster.node("node")
            other = cluster.node("other").start()
            node.arguments = ["strace", "-f", "-qq", "-o", str(trace), *node.arguments]
            node.write_route("ToOther", other.port)
            node.start()
            node.await_linked(1)
            with Client(node.port, "c", V5).connect() as client:
                client.subscribe("a", 1)
                client.publish("a", "x", 1)
                client.await_payloads(["x"])
            node.write_route("ToNobody", free_ports(1)[0])
            await_that("the new route is there", lambda: node.route("ToNobody"))
            child = int(re.match(r"\d+", trace.read_text()).group(0))
            os.kill(child, signal.SIGHUP)
            node.await_log("routes are as they were")
            os.kill(child, signal.SIGTERM)
            self.assertEqual(0, node.wait())
            called = set(re.findall(r"(?m)^\d+ +(?:<\.\.\. )?([a-z]\w*)(?:\(| resumed)",
                                    trace.read_text()))
        self.assertGreater(len(called), 20)
        # What starts the process comes before the filter, or is of the loader.
        self.assertEqual(set(), called - allowed_calls() - {"execve"})


if __name__ == "__main__":
    unittest.main()
