"""Each way in which a route can be wrong: a state with a reason in /nodes, one line in the log, and
no harm to anything else."""

import contextlib
import socket
import subprocess
import threading
import unittest

from clients import Client
from cluster import Cluster
from process import Process, await_that, free_ports, stays

QUIET_SECONDS = 4.0  # long enough for several attempts of the first back-offs


class BadLinksTest(unittest.TestCase):
    def setUp(self):
        self.cluster = self.enterContext(Cluster())

    def assert_told_once(self, node, route_name, state):
        """One line of the log names the route and its state, in spite of further attempts."""
        lines = await_that(f"a log line about {route_name}",
                           lambda: node.log_lines(route_name, state))
        stays("one line", lambda: len(node.log_lines(route_name, state)) == 1, QUIET_SECONDS)
        self.assertEqual(len(lines), 1, lines)
        with Client(node.port, "still-here").connect() as client:
            client.subscribe("self/test", 1)
            client.publish("self/test", "served", 1)
            client.await_payloads(["served"])

    def check(self, port, states, address="127.0.0.1", node=None, **keys):
        """A node with that one route: its state, its reason, its log line. Returns the reason."""
        node = node or self.cluster.node("node")
        node.write_route("Bad", port, address=address, **keys)
        node.start()
        route = node.await_route("Bad", *states)
        self.assertNotEqual(route["reason"], "", route)
        self.assertNotEqual(node.sys("cluster/status")["status"], "healthy")
        self.assert_told_once(node, "Bad", route["state"])
        return route["reason"]

    def test_a_port_where_nobody_listens(self):
        self.check(free_ports(1)[0], ["unreachable"])

    def test_a_name_that_does_not_resolve(self):
        self.check(1883, ["unresolvable"], address="nosuch.invalid")

    def test_a_broker_that_is_not_ours(self):
        self.check(self.cluster.mosquitto().port, ["foreign"])

    def test_a_port_that_answers_with_a_tls_alert(self):
        alert = bytes.fromhex("15 03 01 00 02 02 46")
        server = self.enterContext(socket.create_server(("127.0.0.1", 0)))

        def serve():
            with contextlib.suppress(OSError):
                while True:
                    with server.accept()[0] as connection:
                        connection.recv(1024)
                        connection.sendall(alert)
        threading.Thread(target=serve, daemon=True).start()
        self.check(server.getsockname()[1], ["tls_expected"])

    def test_a_port_where_openssl_speaks_tls(self):
        """OpenSSL closes on a CONNECT without a word; it is asked in its own language then."""
        port = free_ports(1)[0]
        key, certificate = self.cluster.folder / "key.pem", self.cluster.folder / "cert.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
                        "-subj", "/CN=localhost", "-keyout", key, "-out", certificate],
                       check=True, capture_output=True)
        # With -www it serves one connection after another and does not read standard input.
        server = Process("s_server", ["openssl", "s_server", "-www", "-accept",
                                      f"127.0.0.1:{port}", "-key", key, "-cert", certificate],
                         self.cluster.folder)
        self.cluster.add(server).start().await_log("ACCEPT")
        self.assertIn("TLS", self.check(port, ["tls_expected"]))

    def test_a_route_to_itself(self):
        port = free_ports(1)[0]
        self.check(port, ["self"], node=self.cluster.node("node", port))

    def test_wrong_credentials_and_then_the_right_ones(self):
        credentials = self.cluster.folder / "credentials"
        credentials.write_text("cluster_user:correct\n")
        credentials.chmod(0o600)
        peer = self.cluster.node("peer", options=["--cluster-credentials", credentials]).start()
        node = self.cluster.node("node")
        reason = self.check(peer.port, ["refused"], node=node, USERNAME="cluster_user",
                            PASSWORD="wrong-secret")
        self.assertNotIn("wrong-secret", reason)
        for process in (node, peer):
            self.assertNotIn("wrong-secret", process.log())
            self.assertNotIn("correct", process.log().replace(str(credentials), ""))
        node.write_route("Bad", peer.port, USERNAME="cluster_user", PASSWORD="correct")
        node.await_linked(1)

    def test_two_routes_to_one_peer(self):
        peer = self.cluster.node("peer").start()
        node = self.cluster.node("node")
        node.write_route("First", peer.port)
        node.start()
        node.await_linked(1)
        node.write_route("Second", peer.port, address="localhost")
        route = node.await_route("Second", "alias")
        self.assertNotEqual(route["reason"], "")
        self.assert_told_once(node, "Second", "alias")
        self.assertEqual(node.linked_peers(), ["peer"])

    def test_two_nodes_with_one_client_id(self):
        peer = self.cluster.node("peer").start()
        nodes = [self.cluster.node(name) for name in ("left", "right")]
        for node in nodes:
            node.write_route("Same", peer.port, CLIENT_ID="one_for_both")
            node.start()
        peer.await_linked(2)

        def warned():
            peers = peer.sys("cluster/nodes")["peers"]
            return [entry for entry in peers if any("one_for_both" in warning
                                                    for warning in entry["warnings"])]
        await_that("a warning about the CLIENT_ID", warned)
        stays("both links stay up", lambda: len(peer.linked_peers()) == 2, QUIET_SECONDS)
        self.assertEqual(len(peer.log_lines("one_for_both", "client_id")), 1)

    def test_both_sides_dialling_gives_one_active_link_that_stays(self):
        left, right = self.cluster.mesh(2)

        def links(node):
            return sorted(link["state"] for peer in node.sys("cluster/nodes")["peers"]
                          for link in peer["links"])
        expected = ["up_primary", "up_standby"]
        for node in (left, right):
            await_that("a primary and a standby", lambda node=node: links(node) == expected)
        stays("no flapping", lambda: links(left) == expected and links(right) == expected,
              QUIET_SECONDS)

    def test_a_node_without_routes_is_single_and_a_linked_one_is_healthy(self):
        alone = self.cluster.node("alone").start()
        self.assertEqual(alone.sys("cluster/status")["status"], "single")
        for node in self.cluster.mesh(2):
            await_that(f"{node.name} is healthy",
                       lambda node=node: node.sys("cluster/status")["status"] == "healthy")

    def test_a_peer_that_died_is_not_called_healthy(self):
        left, right = self.cluster.mesh(2)
        await_that("healthy", lambda: left.sys("cluster/status")["status"] == "healthy")
        right.kill()
        await_that("no longer healthy",
                   lambda: left.sys("cluster/status")["status"] != "healthy", 5)
        status = left.sys("cluster/status")
        self.assertEqual(status["status"], "isolated")
        self.assertTrue(any(right.name in reason for reason in status["reasons"]), status)


if __name__ == "__main__":
    unittest.main()
