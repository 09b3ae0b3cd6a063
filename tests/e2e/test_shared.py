"""Shared subscriptions with foreign clients, published on another node."""

import struct
import unittest

from clients import V311, V5, Client, MosquittoSub, RawClient, mosquitto_pub
from cluster import Cluster
from process import await_that

GROUP = "$share/g/"


class SharedTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster()
        cls.addClassCleanup(cls.cluster.__exit__)
        cls.here, cls.there = cls.cluster.mesh(2)

    def test_mosquitto_subs_of_both_versions_take_turns(self):
        topic = "turns"
        with MosquittoSub(self.here.port, GROUP + topic, 5, 0, V311) as old, \
                MosquittoSub(self.here.port, GROUP + topic, 5, 0, V5) as new:
            for i in range(10):
                mosquitto_pub(self.there.port, topic, str(i))
            first, second = old.await_messages(), new.await_messages()
            self.assertEqual(sorted(first + second), [f"{topic} 0 {i}" for i in range(10)])
            self.assertEqual((len(first), len(second)), (5, 5))

    def test_each_message_goes_to_one_member_and_all_have_some(self):
        for qos in (1, 2):
            with self.subTest(qos=qos):
                topic = f"each{qos}"
                members = [Client(self.here.port, f"{topic}-{i}", (V311, V5)[i % 2]).connect()
                           for i in range(4)]
                for member in members:
                    member.subscribe(GROUP + topic + "/+", qos)
                with Client(self.there.port, topic + "-p", V5).connect() as publisher:
                    for i in range(80):
                        publisher.publish(f"{topic}/x", str(i), qos)
                    publisher.publish(f"{topic}/end", "end", qos)
                await_that("everything at some of them", lambda: sum(
                    len(member.payloads()) for member in members) >= 81)
                received = [member.payloads(f"{topic}/x") for member in members]
                for member in members:
                    member.disconnect()
                self.assertEqual(sorted(map(int, sum(received, []))), list(range(80)))
                self.assertTrue(all(received), [len(payloads) for payloads in received])

    def test_a_group_is_of_its_node(self):
        topic = "nodes"
        members = [Client(port, f"{topic}-{i}").connect().subscribe(GROUP + topic, 1)
                   for i, port in enumerate((self.here.port, self.here.port, self.there.port))]
        try:
            for i in range(10):
                mosquitto_pub(self.there.port, topic, str(i), 1)
            expected = [str(i) for i in range(10)]
            members[2].await_payloads(expected)
            await_that("all of them on the other node", lambda: sum(
                len(member.payloads()) for member in members[:2]) >= 10)
            self.assertEqual(sorted(members[0].payloads() + members[1].payloads()), expected)
        finally:
            for member in members:
                member.disconnect()

    def test_what_a_member_did_not_acknowledge_goes_to_another_one(self):
        topic = "silent"
        silent = RawClient(self.here.port, "silent")
        filter_name = (GROUP + topic).encode()
        body = b"\x00\x01\x00" + struct.pack(">H", len(filter_name)) + filter_name + b"\x01"
        silent.socket.sendall(bytes([0x82, len(body)]) + body)
        self.assertEqual(silent.read(), (0x90, b"\x00\x01\x00\x01"))
        with Client(self.here.port, "talkative", V5).connect() as talkative:
            talkative.subscribe(GROUP + topic, 1)
            for i in range(10):
                mosquitto_pub(self.there.port, topic, str(i), 1)
            kind, publish = silent.read()
            self.assertEqual(kind & 0xF0, 0x30)
            lost = publish[-1:].decode()
            talkative.await_change("most of the others", lambda: len(talkative.payloads()) >= 5)
            self.assertNotIn(lost, talkative.payloads())
            silent.close()
            talkative.await_change("all of them", lambda: len(talkative.payloads()) >= 10)
            self.assertEqual(sorted(talkative.payloads()), [str(i) for i in range(10)])


if __name__ == "__main__":
    unittest.main()
