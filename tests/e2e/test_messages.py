"""Publish on one node, receive on another: every QoS, both protocol versions, foreign clients."""

import itertools
import unittest

from clients import V311, V5, Client, MosquittoSub, mosquitto_pub
from cluster import Cluster

VERSIONS = (V311, V5)


class MessagesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster()
        cls.addClassCleanup(cls.cluster.__exit__)
        cls.nodes = cls.cluster.mesh(3)
        cls.numbers = itertools.count(1)

    def fresh(self):
        """A word that no other test uses, for topics and client identifiers."""
        return f"t{next(self.numbers)}"

    def test_paho_to_paho_in_order_at_every_qos_and_version(self):
        for qos, sends, receives in itertools.product((0, 1, 2), VERSIONS, VERSIONS):
            with self.subTest(qos=qos, sends=sends, receives=receives):
                name = self.fresh()
                subscriber = Client(self.nodes[2].port, name + "s", receives).connect()
                publisher = Client(self.nodes[0].port, name + "p", sends).connect()
                with subscriber, publisher:
                    subscriber.subscribe(f"{name}/+", qos)
                    expected = [f"message {i}" for i in range(50)]
                    for payload in expected:
                        publisher.publish(f"{name}/x", payload, qos)
                    subscriber.await_payloads(expected)
                    self.assertEqual({message.qos for message in subscriber.messages}, {qos})

    def test_mosquitto_pub_to_mosquitto_sub_at_every_qos_and_version(self):
        for qos, version in itertools.product((0, 1, 2), VERSIONS):
            with self.subTest(qos=qos, version=version):
                name = self.fresh()
                with MosquittoSub(self.nodes[1].port, name, 2, qos, version) as subscriber:
                    mosquitto_pub(self.nodes[0].port, name, "one", qos, version)
                    mosquitto_pub(self.nodes[2].port, name, "two", qos, version)
                    self.assertEqual(subscriber.await_messages(),
                                     [f"{name} {qos} one", f"{name} {qos} two"])

    def test_mosquitto_pub_to_paho_and_back(self):
        name = self.fresh()
        with Client(self.nodes[1].port, name, V5).connect() as client:
            client.subscribe(name + "/in", 2)
            mosquitto_pub(self.nodes[0].port, name + "/in", "hello", 2)
            client.await_payloads(["hello"])
            with MosquittoSub(self.nodes[2].port, name + "/out", 1, 1) as subscriber:
                client.publish(name + "/out", "world", 1)
                self.assertEqual(subscriber.await_messages(), [f"{name}/out 1 world"])

    def test_a_message_reaches_each_subscriber_of_every_node_once(self):
        name = self.fresh()
        clients = [Client(node.port, f"{name}-{node.name}-{i}", V5).connect()
                   for node in self.nodes for i in range(3)]
        try:
            for client in clients:
                client.subscribe(f"{name}/#", 1)
            for i, node in enumerate(self.nodes):
                mosquitto_pub(node.port, f"{name}/a", f"from {i}", 1)
            mosquitto_pub(self.nodes[0].port, f"{name}/end", "end", 1)
            for client in clients:
                client.await_payloads(["end"], f"{name}/end")
                self.assertEqual(sorted(client.payloads(f"{name}/a")),
                                 ["from 0", "from 1", "from 2"])
        finally:
            for client in clients:
                client.disconnect()

    def test_the_lower_qos_of_publisher_and_subscriber_holds_across_nodes(self):
        name = self.fresh()
        for published, subscribed in itertools.product((0, 1, 2), repeat=2):
            with self.subTest(published=published, subscribed=subscribed):
                topic = f"{name}/{published}{subscribed}"
                with Client(self.nodes[2].port, self.fresh()).connect() as client:
                    client.subscribe(topic, subscribed)
                    mosquitto_pub(self.nodes[0].port, topic, "x", published)
                    client.await_payloads(["x"])
                    self.assertEqual(client.messages[0].qos, min(published, subscribed))

    def test_what_is_published_after_suback_arrives_wherever_it_was_published(self):
        """The barrier: no wait between SUBACK and the publish on another node."""
        name = self.fresh()
        with Client(self.nodes[0].port, name + "p", V5).connect() as publisher, \
                Client(self.nodes[2].port, name + "s", V5).connect() as subscriber:
            for i in range(200):
                subscriber.subscribe(f"{name}/{i}", 1)
                publisher.publish(f"{name}/{i}", str(i), 1)
            subscriber.await_payloads([str(i) for i in range(200)])

    def test_after_unsubscribe_nothing_more_arrives(self):
        name = self.fresh()
        with Client(self.nodes[1].port, name).connect() as client:
            client.subscribe(name + "/gone", 1).subscribe(name + "/kept", 1)
            mosquitto_pub(self.nodes[0].port, name + "/gone", "before", 1)
            client.await_payloads(["before"])
            client.unsubscribe(name + "/gone")
            mosquitto_pub(self.nodes[0].port, name + "/gone", "after", 1)
            mosquitto_pub(self.nodes[0].port, name + "/kept", "kept", 1)
            client.await_payloads(["before", "kept"])

    def test_large_payloads_cross_nodes_whole(self):
        name = self.fresh()
        with Client(self.nodes[1].port, name + "s", V5).connect() as subscriber, \
                Client(self.nodes[0].port, name + "p", V5).connect() as publisher:
            subscriber.subscribe(name, 1)
            expected = [chr(ord("a") + i) * (10 ** i) for i in range(7)]
            for payload in expected:
                publisher.publish(name, payload, 1)
            subscriber.await_payloads(expected)


if __name__ == "__main__":
    unittest.main()
