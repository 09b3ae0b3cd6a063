"""Retained messages on every node: seen everywhere, deleted everywhere, and by who comes later."""

import unittest

from clients import V5, Client, fetch_retained, mosquitto_pub
from cluster import Cluster
from process import await_that, free_ports


def retained(node, topic):
    """What a new subscriber gets at the topic; None where another topic's message comes first."""
    with Client(node.port, "", V5).connect() as client:
        client.subscribe(topic, 1)
        client.subscribe("marker", 1)
        await_that("the marker", lambda: "marker" in client.payloads("marker"))
        found = client.payloads(topic)
        return found[0] if found else None


class RetainedTest(unittest.TestCase):
    def setUp(self):
        self.cluster = self.enterContext(Cluster())

    def await_retained(self, node, topic, payload):
        await_that(f"{topic} is {payload!r} on {node.name}",
                   lambda: retained(node, topic) == payload)

    def test_set_changed_and_deleted_on_different_nodes(self):
        nodes = self.cluster.mesh(3)
        mosquitto_pub(nodes[0].port, "marker", "marker", 1, retain=True)
        for node in nodes:
            self.assertEqual(fetch_retained(node.port, "marker"), "marker")
        mosquitto_pub(nodes[0].port, "lamp", "on", 1, retain=True)
        for node in nodes:
            self.await_retained(node, "lamp", "on")
        mosquitto_pub(nodes[1].port, "lamp", "off", 1, retain=True)
        for node in nodes:
            self.await_retained(node, "lamp", "off")
        mosquitto_pub(nodes[2].port, "lamp", "", 1, retain=True)
        for node in nodes:
            self.await_retained(node, "lamp", None)

    def test_a_late_joiner_has_what_was_set_before_it_came(self):
        ports = free_ports(2)
        early, late = (self.cluster.node(f"node{i}", port) for i, port in enumerate(ports))
        early.write_route("To_late", late.port)
        early.start()
        with Client(early.port, "setter").connect() as setter:
            for i in range(500):
                setter.publish(f"many/{i}", f"value {i}", 1, retain=True)
        late.start()
        early.await_linked(1)
        with Client(late.port, "reader").connect() as reader:
            reader.subscribe("many/#", 1)
            await_that("all that is retained", lambda: len(reader.messages) >= 500)
            self.assertEqual(sorted(reader.payloads()),
                             sorted(f"value {i}" for i in range(500)))
            self.assertTrue(all(message.retain for message in reader.messages))

    def test_both_sides_of_a_partition_agree_after_it(self):
        ports = free_ports(2)
        left, right = (self.cluster.node(f"node{i}", port) for i, port in enumerate(ports))
        right.start()
        proxy = self.cluster.proxy(right.port)
        left.write_route("Through_proxy", proxy.port)
        left.start()
        left.await_linked(1)
        mosquitto_pub(left.port, "marker", "marker", 1, retain=True)
        mosquitto_pub(left.port, "deleted", "old", 1, retain=True)
        self.await_retained(right, "deleted", "old")
        proxy.do("freeze both")
        await_that("the link is seen dead", lambda: not left.linked_peers())
        mosquitto_pub(left.port, "both", "first", 1, retain=True)
        mosquitto_pub(right.port, "both", "second", 1, retain=True)
        mosquitto_pub(left.port, "left", "left", 1, retain=True)
        mosquitto_pub(right.port, "deleted", "", 1, retain=True)
        proxy.do("heal")
        left.await_linked(1, seconds=15)
        for node in (left, right):
            self.await_retained(node, "both", "second")
            self.await_retained(node, "left", "left")
            self.await_retained(node, "deleted", None)


if __name__ == "__main__":
    unittest.main()
