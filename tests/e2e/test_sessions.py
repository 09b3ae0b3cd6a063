"""Sessions and wills, with the other side on another node."""

import time
import unittest

from clients import V311, V5, Client, RawClient, mosquitto_pub
from cluster import Cluster
from process import await_that, stays


class SessionsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster()
        cls.addClassCleanup(cls.cluster.__exit__)
        cls.here, cls.there = cls.cluster.mesh(2)

    def test_a_session_gets_what_came_while_its_client_was_away(self):
        for version, qos in ((V311, 1), (V311, 2), (V5, 1), (V5, 2)):
            with self.subTest(version=version, qos=qos):
                name = f"away{version}{qos}"
                sleeper = Client(self.here.port, name, version, clean=False, expiry_seconds=300)
                sleeper.connect().subscribe(name, qos)
                self.assertFalse(sleeper.session_present)
                sleeper.disconnect()
                expected = [f"missed {i}" for i in range(20)]
                for payload in expected:
                    mosquitto_pub(self.there.port, name, payload, qos)
                with sleeper.connect():
                    self.assertTrue(sleeper.session_present)
                    sleeper.await_payloads(expected)

    def test_a_clean_start_forgets_the_session(self):
        for version in (V311, V5):
            with self.subTest(version=version):
                name = f"clean{version}"
                Client(self.here.port, name, version, clean=False,
                       expiry_seconds=300).connect().subscribe(name, 1).disconnect()
                mosquitto_pub(self.there.port, name, "missed", 1)
                with Client(self.here.port, name, version).connect() as fresh:
                    self.assertFalse(fresh.session_present)
                    fresh.subscribe(name, 1)
                    mosquitto_pub(self.there.port, name, "new", 1)
                    fresh.await_payloads(["new"])

    def test_an_expired_session_is_gone(self):
        brief = Client(self.here.port, "brief", V5, clean=False, expiry_seconds=1)
        brief.connect().subscribe("brief", 1)
        brief.disconnect()

        def forgotten():
            with Client(self.here.port, "brief", V5, clean=False, expiry_seconds=1).connect() as it:
                if not it.session_present:
                    return True
            stays("nobody asks for the session", lambda: True, 1.5)
            return False
        await_that("the session is gone", forgotten)

    def test_the_second_client_with_an_id_takes_the_session_over(self):
        first = RawClient(self.here.port, "same", expiry_seconds=300)
        with Client(self.here.port, "same", V5, clean=False, expiry_seconds=300).connect() as second:
            self.assertTrue(second.session_present)
            kind, body = first.read()
            self.assertEqual((kind, body[0]), (0xE0, 0x8E))
            self.assertIsNone(first.read())
            second.subscribe("same/x", 1)
            mosquitto_pub(self.there.port, "same/x", "to the second", 1)
            second.await_payloads(["to the second"])
        first.close()

    def test_a_will_is_published_when_the_connection_breaks_and_only_then(self):
        for version in (V311, V5):
            with self.subTest(version=version), \
                    Client(self.there.port, f"heir{version}", V5).connect() as heir:
                heir.subscribe(f"will{version}/#", 1)
                polite = Client(self.here.port, "polite", version,
                                will={"topic": f"will{version}/polite", "payload": "no"}).connect()
                polite.disconnect()
                rude = Client(self.here.port, "rude", version,
                              will={"topic": f"will{version}/rude", "payload": "gone",
                                    "qos": 1}).connect()
                rude.drop()
                heir.await_payloads(["gone"])
                mosquitto_pub(self.here.port, f"will{version}/end", "end", 1)
                heir.await_payloads(["gone", "end"])

    def test_a_delayed_will_waits_and_is_not_published_if_the_client_returns(self):
        with Client(self.there.port, "heir", V5).connect() as heir:
            heir.subscribe("delayed/#", 1)
            self.with_will("back", delay_seconds=4).drop()
            with Client(self.here.port, "back", V5, clean=False, expiry_seconds=60).connect():
                gone = self.with_will("gone", delay_seconds=2)
                began = time.monotonic()
                gone.drop()
                heir.await_payloads(["gone"])
                self.assertGreater(time.monotonic() - began, 1.9)
                stays("no will of who came back", lambda: len(heir.messages) == 1, 2.5)

    def with_will(self, name, delay_seconds):
        will = {"topic": f"delayed/{name}", "payload": name, "qos": 1,
                "delay_seconds": delay_seconds}
        return Client(self.here.port, name, V5, expiry_seconds=60, will=will).connect()

    def test_a_retained_will_stays_on_every_node(self):
        Client(self.here.port, "status", V5,
               will={"topic": "status", "payload": "offline", "qos": 1,
                     "retain": True}).connect().drop()
        for node in (self.here, self.there):
            def offline(port=node.port):
                with Client(port, "", V5).connect() as client:
                    client.subscribe("status", 1).subscribe("$SYS/broker/cluster/status", 1)
                    await_that("a retained message", lambda: client.messages)
                    return client.payloads("status") == ["offline"]
            await_that(f"the will on {node.name}", offline)


if __name__ == "__main__":
    unittest.main()
