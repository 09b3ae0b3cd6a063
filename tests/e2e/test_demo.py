"""The demo as a person leaves it: by closing the terminal, or by an impatient second Ctrl-C."""

import os
import pathlib
import signal
import unittest

from cluster import Cluster
from process import Process, await_that

DEMO = pathlib.Path(__file__).resolve().parents[2] / "tools" / "demo_nodes.py"


class DemoTest(unittest.TestCase):
    def leave(self, first, second):
        """Sends one signal, and the other while the nodes are ended. Returns the exit code."""
        with Cluster() as cluster:
            demo = cluster.add(Process("demo", ["/usr/bin/python3", "-B", DEMO], cluster.folder))
            demo.start()
            demo.await_log("Ctrl-C ends everything", 60)
            log = pathlib.Path(demo.await_log(r"Logs: +(\S+)/node").group(1)) / "node1.log"
            children = pathlib.Path(f"/proc/{demo.pid}/task/{demo.pid}/children")
            nodes = [int(word) for word in children.read_text().split()]
            self.assertEqual(len(nodes), 3)
            os.kill(nodes[-1], signal.SIGSTOP)  # so that there is time for the second signal
            try:
                demo.child.send_signal(first)
                await_that("the first node is being ended",
                           lambda: "saying goodbye" in log.read_text(), 20)
                demo.child.send_signal(second)
            finally:
                os.kill(nodes[-1], signal.SIGCONT)
            code = demo.wait(30)
            left = [node for node in nodes if pathlib.Path(f"/proc/{node}").exists()]
            for node in left:
                os.kill(node, signal.SIGKILL)
            self.assertEqual(left, [])
            return code

    def test_a_closed_terminal_leaves_no_nodes_behind(self):
        self.assertEqual(self.leave(signal.SIGHUP, signal.SIGHUP), 128 + signal.SIGHUP)

    def test_a_second_ctrl_c_leaves_no_nodes_behind(self):
        self.assertEqual(self.leave(signal.SIGINT, signal.SIGINT), 0)


if __name__ == "__main__":
    unittest.main()
