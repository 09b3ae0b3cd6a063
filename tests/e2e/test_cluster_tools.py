"""lint --cluster --online, graph --live and trace against three real brokers."""

import json
import shutil
import subprocess
import unittest

from clients import Client
from cluster import Cluster
from process import await_that, binary


def lotmesh(*arguments):
    return subprocess.run([binary("lotmesh"), *map(str, arguments)], text=True, capture_output=True,
                          timeout=60)


def folders_of(cluster, nodes):
    """A folder for each node, with its routes and where it listens."""
    root = cluster.folder / "nodes"
    for node in nodes:
        shutil.copytree(node.routes, root / node.name)
        (root / node.name / "node.toml").write_text(
            f'name = "{node.name}"\nlisten = "127.0.0.1:{node.port}"\n')
    return root


class ClusterToolsTest(unittest.TestCase):
    def test_what_runs_is_what_is_written_until_somebody_edits_it(self):
        with Cluster() as cluster:
            nodes = cluster.mesh(3)
            root = folders_of(cluster, nodes)
            done = lotmesh("lint", "--cluster", root, "--online")
            self.assertEqual((done.returncode, done.stdout), (0, ""), done)
            route = root / "node1" / "To_node2.lot"
            route.write_text(route.read_text().replace("node1_to_node2", "node1_edited"))
            done = lotmesh("lint", "--cluster", root, "--online", "-D", "LOT0620")
            self.assertEqual(done.returncode, 1, done)
            self.assertIn("runs another CLIENT_ID", done.stdout)
            nodes[2].kill()
            done = lotmesh("lint", "--cluster", root, "--online")
            self.assertIn("node `node3` does not answer", done.stdout)

    def test_graph_shows_the_state_of_links_that_run(self):
        with Cluster() as cluster:
            nodes = cluster.mesh(3)
            root = folders_of(cluster, nodes)
            live = ["--live", f"127.0.0.1:{nodes[0].port}"]

            def links(*arguments):
                done = lotmesh("graph", *arguments, *live, "--format", "json")
                self.assertEqual(done.returncode, 0, done)
                return {link["to"]: link.get("live") for link in json.loads(done.stdout)["links"]
                        if link["from"] == "node1"}

            await_that("round trips are known",
                       lambda: all("rtt_us" in link for link in links(root).values()))
            self.assertEqual({link["state"] for link in links(root).values()}, {"up"})
            self.assertEqual(set(links()), {"node2", "node3"})
            nodes[2].kill()
            await_that("node 3 is away", lambda: links(root)["node3"]["state"] == "away")

    def test_trace_says_who_hears_and_who_does_not(self):
        with Cluster() as cluster:
            middle, left, right = (cluster.node(name) for name in ("middle", "left", "right"))
            middle.write_route("To_left", left.port)
            middle.write_route("To_right", right.port)
            for node in (middle, left, right):
                node.start()
            middle.await_linked(2)
            root = folders_of(cluster, (middle, left, right))
            done = lotmesh("trace", root, "--from", "left", "--topic", "t", "--json")
            self.assertEqual(done.returncode, 1, done)
            fates = {node["name"]: node["fate"] for node in json.loads(done.stdout)["nodes"]}
            self.assertEqual(fates, {"middle": "heard", "right": "unheard"})
            hears = Client(middle.port, "hears").connect().subscribe("t", 1)
            deaf = Client(right.port, "deaf").connect().subscribe("t", 1)
            source = Client(left.port, "source").connect()
            source.paho.publish("t", "x", 1)
            hears.await_change("the message", lambda: len(hears.messages) == 1)
            # Its own node's message comes behind anything that was handed on to it.
            deaf.paho.publish("t", "own", 1)
            deaf.await_change("its own message", lambda: deaf.messages)
            self.assertEqual([message.payload for message in deaf.messages], [b"own"])


if __name__ == "__main__":
    unittest.main()
