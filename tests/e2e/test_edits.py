"""A thousand edits of route files on three nodes under 5,000 messages a second: nobody notices."""

import json
import unittest

from clients import V5, Client
from cluster import Cluster
from process import await_that, free_ports

RELOAD = "$SYS/broker/routes/reload"
EDITS = 1000
UNDISTURBED = ("lost", "duplicated", "reordered", "alien", "refused", "excused", "unsettled",
               "disconnects")


class Editor:
    """Edits the routes of one node, all but the one to `untouched`, and collects what it says."""

    def __init__(self, node, edited, untouched, dead_port):
        self.node = node
        self.edited = edited
        self.untouched = untouched
        self.dead_port = dead_port
        self.made = 0
        self.watcher = Client(node.port, "watcher", V5).connect()
        self.watcher.subscribe(RELOAD, 1)
        await_that("the last reload", lambda: len(self.results()) == 1)
        self.link = self.untouched_link()

    def results(self):
        return [json.loads(payload) for payload in self.watcher.payloads(RELOAD)]

    def untouched_link(self):
        """The connection that this route has dialled, as its acceptor sees it: with our port."""
        peers = self.untouched.sys("cluster/nodes")["peers"]
        return [link["address"] for peer in peers for link in peer["links"]
                if peer["name"] == self.node.name and link["direction"] == "in"]

    def edit(self):
        """One of four edits in turn: retuned in place, added, moved to another address, removed."""
        name = f"To_{self.edited.name}"
        turn, kind = divmod(self.made, 4)
        if kind == 0:
            self.node.write_route(name, self.edited.port, MESSAGE_VALIDITY_SEC=30 + turn)
        elif kind == 1:
            self.node.write_route("Extra", self.dead_port)
        elif kind == 2:
            self.node.write_route(name, self.edited.port,
                                  address=("localhost", "127.0.0.1")[turn % 2])
        else:
            (self.node.routes / "Extra.lot").unlink()
        self.made += 1

    def await_taken(self):
        await_that(f"{self.node.name} took edit {self.made}",
                   lambda: len(self.results()) == self.made + 1)


class EditsTest(unittest.TestCase):
    def test_a_thousand_edits_under_load_disturb_nobody(self):
        cluster = self.enterContext(Cluster())
        nodes = cluster.mesh(3)
        for node in nodes:
            for other in nodes:
                if other is not node:
                    node.await_route(f"To_{other.name}", "up_primary", "up_standby")
        dead_port = free_ports(1)[0]
        editors = [Editor(node, nodes[(i + 1) % 3], nodes[(i + 2) % 3], dead_port)
                   for i, node in enumerate(nodes)]
        for editor in editors:
            self.addCleanup(editor.watcher.disconnect)
            self.assertEqual(len(editor.link), 1, editor.link)
        loads = [cluster.bench("pairs", "--clients", 5, "--qos", 1, "--mqtt", "5", "--rate", rate,
                               "--duration-sec", 300,
                               "--publish-host", f"127.0.0.1:{nodes[i].port}",
                               "--subscribe-host", f"127.0.0.1:{nodes[(i + 1) % 3].port}")
                 for i, rate in enumerate((2000, 1500, 1500))]
        for load in loads:
            load.await_publishing()
        while sum(editor.made for editor in editors) < EDITS:
            for editor in editors:
                editor.edit()
            for editor in editors:
                editor.await_taken()
        for editor in editors:
            self.assertEqual([result for result in editor.results() if not result["ok"]], [])
            self.assertEqual(editor.untouched_link(), editor.link)
        for load, rate in zip(loads, (2000, 1500, 1500)):
            report = load.stop()
            self.assertEqual({key: report[key] for key in UNDISTURBED},
                             dict.fromkeys(UNDISTURBED, 0), report)
            self.assertEqual(report["delivered"], report["acked"])
            self.assertGreaterEqual(report["acked"] / report["publish_sec"], 0.95 * rate, report)


if __name__ == "__main__":
    unittest.main()
