"""Route files edited while the broker serves: nothing else notices, and mistakes change nothing."""

import json
import pathlib
import signal
import unittest

from clients import V5, Client
from cluster import Cluster, replace_file, route_text
from process import Process, await_that, free_ports

BROKEN = pathlib.Path(__file__).resolve().parents[2] / "routes" / "broken"
RELOAD = "$SYS/broker/routes/reload"
UNDISTURBED = ("lost", "duplicated", "reordered", "alien", "refused", "excused", "unsettled",
               "disconnects")


class ReloadTest(unittest.TestCase):
    def setUp(self):
        self.cluster = self.enterContext(Cluster())
        self.left, self.right = self.cluster.mesh(2)
        # Linked from the other side is not enough: the tests compare the links that we have dialled.
        self.left.await_route(f"To_{self.right.name}", "up_primary", "up_standby")
        self.watcher = self.enterContext(Client(self.left.port, "watcher", V5).connect())
        self.watcher.subscribe(RELOAD, 1)

    def reloads(self):
        return [json.loads(payload) for payload in self.watcher.payloads(RELOAD)]

    def edit(self, change):
        """Makes a change and returns what the broker says about it."""
        before = len(self.reloads())
        change()
        await_that("the reload's result", lambda: len(self.reloads()) > before)
        return self.reloads()[-1]

    def write(self, name, port, **keys):
        return self.edit(lambda: self.left.write_route(name, port, **keys))

    def remove(self, name):
        return self.edit((self.left.routes / f"{name}.lot").unlink)

    def links(self):
        """What must not change when something else does."""
        nodes = self.left.sys("cluster/nodes")
        return [(peer["uuid"], sorted(link["address"] for link in peer["links"]
                                      if link["direction"] == "out"))
                for peer in nodes["peers"]]

    def test_a_hundred_edits_under_load_disturb_nobody(self):
        name = f"To_{self.right.name}"
        dead_port = free_ports(1)[0]
        loads = [self.cluster.bench(
            "pairs", "--clients", 5, "--qos", 1, "--mqtt", "5", "--rate", 1000, "--duration-sec",
            300, "--publish-host", f"127.0.0.1:{source.port}", "--subscribe-host",
            f"127.0.0.1:{target.port}") for source, target in ((self.left, self.right),
                                                               (self.right, self.left))]
        for load in loads:
            load.await_publishing()
        for i in range(25):
            edits = [self.write(name, self.right.port, MESSAGE_VALIDITY_SEC=30 + i),
                     self.write("Extra", dead_port),
                     self.write(name, self.right.port, address=("localhost", "127.0.0.1")[i % 2]),
                     self.remove("Extra")]
            for edit in edits:
                self.assertTrue(edit["ok"], edit)
                self.assertEqual(edit["errors"], [])
        for load in loads:
            load.await_delivered(10000)
            report = load.stop()
            self.assertEqual({key: report[key] for key in UNDISTURBED},
                             dict.fromkeys(UNDISTURBED, 0), report)
            self.assertEqual(report["delivered"], report["acked"])
            self.assertGreaterEqual(report["acked"] / report["publish_sec"], 950, report)

    def test_every_broken_file_leaves_the_plan_as_it_was(self):
        name = f"To_{self.right.name}"
        files = sorted(BROKEN.glob("*.lot"))
        self.assertGreater(len(files), 0)
        for broken in files:
            with self.subTest(file=broken.name):
                links, log = self.links(), len(self.left.log())
                route = self.left.route(name)
                result = self.edit(lambda path=broken: replace_file(
                    self.left.routes / f"{name}.lot", path.read_text()))
                self.assertFalse(result["ok"], result)
                self.assertGreater(len(result["errors"]), 0)
                self.assertEqual(self.links(), links)
                self.assertEqual(self.left.route(name), route)
                self.assertRegex(self.left.log()[log:], r"LOT\d{4}")
                self.assertTrue(self.write(name, self.right.port,
                                           CLIENT_ID="node1_to_node2")["ok"])
                self.assertEqual(self.links(), links)

    def test_a_validity_is_retuned_in_place(self):
        links = self.links()
        self.assertTrue(self.write(f"To_{self.right.name}", self.right.port,
                                   CLIENT_ID="node1_to_node2", MESSAGE_VALIDITY_SEC=99)["ok"])
        self.assertEqual(self.links(), links)

    def test_a_removed_route_goes_and_a_new_one_comes(self):
        third = self.cluster.node("node3").start()
        self.assertTrue(self.write("To_node3", third.port)["ok"])
        self.left.await_linked(2)
        self.assertTrue(self.remove("To_node3")["ok"])
        await_that("the route is gone", lambda: self.left.route("To_node3") is None)
        self.left.await_linked(1)

    def test_a_file_written_in_place_is_seen(self):
        third = self.cluster.node("node3").start()
        path = self.left.routes / "In_place.lot"
        result = self.edit(lambda: path.write_text(route_text("In_place", third.port)))
        self.assertTrue(result["ok"], result)
        self.left.await_linked(2)

    def test_sighup_reads_the_files_again(self):
        result = self.edit(lambda: self.left.child.send_signal(signal.SIGHUP))
        self.assertTrue(result["ok"], result)

    def test_a_node_with_broken_routes_does_not_start(self):
        node = self.cluster.node("node3")
        replace_file(node.routes / "bad.lot", "DEFINE ROUTE Bad WITH TYPE MQTT_CLUSTER\n")
        Process.start(node)
        self.assertEqual(node.wait(), 78)
        self.assertRegex(node.log(), r"LOT\d{4}")


if __name__ == "__main__":
    unittest.main()
