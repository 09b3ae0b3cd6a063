"""Rules of access on a running node: what they allow, and what becomes of clients when they change."""

import json
import pathlib
import subprocess
import tempfile
import unittest

from clients import V5, Client
from cluster import Cluster, replace_file
from process import await_that, binary, free_ports, stays

RULES = """
allow anybody connect
allow user boss read,write plant/#
allow user boss sys $SYS/#
allow user boss admin
allow anybody write plant/%u/#
allow anybody read plant/%u/commands/#
allow user node2 cluster
"""
NOT_AUTHORIZED = 0x87


class AccessOnNodeTest(unittest.TestCase):
    def setUp(self):
        self.cluster = self.enterContext(Cluster())
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.rules = self.folder / "rules.acl"
        self.rules.write_text(RULES)
        self.users = self.folder / "users"
        for user in ("boss", "pump", "valve", "node2"):
            subprocess.run([binary("lotmesh"), "passwd", self.users, user], check=True,
                           input=f"password of {user}\n", text=True, capture_output=True)
        self.node = self.cluster.node("node", options=[
            "--acl-file", self.rules, "--password-file", self.users,
            "--audit-log", self.folder / "audit"]).start()

    def client(self, user):
        client = Client(self.node.port, "client of " + user, V5)
        client.paho.username_pw_set(user, "password of " + user)
        return self.enterContext(client.connect())

    def audit(self, kind):
        lines = (self.folder / "audit").read_text().splitlines()
        return [line for line in map(json.loads, lines) if line["kind"] == kind]

    def granted(self, client, topic):
        """The code of the SUBACK."""
        _, packet_id = client.paho.subscribe(topic, 1)
        client.await_change(f"SUBACK for {topic}", lambda: packet_id in client.granted)
        return client.granted[packet_id][0].value

    def test_each_device_has_its_own_place(self):
        boss, pump = self.client("boss"), self.client("pump")
        self.assertEqual(1, self.granted(boss, "plant/#"))
        self.assertEqual(1, self.granted(pump, "plant/pump/commands/+"))
        for topic in ("plant/#", "plant/valve/commands/a", "$SYS/#", "$share/g/plant/#", "#"):
            self.assertEqual(NOT_AUTHORIZED, self.granted(pump, topic), topic)
        pump.publish("plant/valve/speed", "forged", 1)
        pump.publish("plant/pump/speed", "7", 1)
        boss.publish("plant/pump/commands/stop", "now", 1)
        boss.await_payloads(["7", "now"])
        pump.await_payloads(["now"])
        await_that("it is in the audit", lambda: self.audit("publish_denied"))
        self.assertEqual("pump", self.audit("publish_denied")[0]["user"])

    def test_who_loses_a_right_loses_it_at_once_and_nobody_else_notices(self):
        boss, pump, valve = self.client("boss"), self.client("pump"), self.client("valve")
        boss.subscribe("plant/#", 1)
        replace_file(self.rules, "deny user pump connect\n" + RULES)
        await_that("the pump has gone", lambda: pump.disconnects, 1.0)
        valve.publish("plant/valve/speed", "3", 1)
        boss.await_payloads(["3"])
        self.assertEqual([], boss.disconnects + valve.disconnects)
        replace_file(self.rules, "deny user boss receive plant/valve/#\n"
                     "deny user boss receive plant/valve\n" + RULES)
        self.node.await_log("who may connect is read .*rules=9")
        valve.publish("plant/valve/speed", "4", 1)
        boss.publish("plant/other", "5", 1)
        boss.await_payloads(["3", "5"])

    def test_a_bad_file_keeps_the_rules_that_were_good(self):
        pump = self.client("pump")
        replace_file(self.rules, RULES + "allow everybody everything\n")
        self.node.await_log("stays as it was: .*rules.acl:9")
        self.assertEqual(NOT_AUTHORIZED, self.granted(pump, "#"))
        self.assertEqual(1, self.granted(pump, "plant/pump/commands/a"))
        replace_file(self.rules, "")
        await_that("an empty file allows nothing", lambda: pump.disconnects)

    def test_only_who_may_be_a_peer_is_one(self):
        for user, name in (("pump", "Device"), ("node2", "Second")):
            other = self.cluster.node(name.lower())
            other.write_route("ToNode", self.node.port, USERNAME=user,
                              PASSWORD="password of " + user)
            other.start()
            if user == "pump":
                self.assertIn("refused", other.await_route("ToNode", "refused")["state"])
                stays("it is no peer", lambda: not other.linked_peers(), 0.3)
            else:
                other.await_linked(1)
        await_that("it is in the audit", lambda: self.audit("peer_refused"))
        self.assertEqual("pump", self.audit("peer_refused")[0]["user"])

    def test_a_node_does_not_start_with_rules_that_are_not_there_or_wrong(self):
        for text in (None, "allow anybody publsh a\n"):
            rules = self.folder / "bad.acl"
            rules.unlink(missing_ok=True)
            if text is not None:
                rules.write_text(text)
            done = subprocess.run([binary("lotmesh"), "serve", "--listen",
                                   f"127.0.0.1:{free_ports(1)[0]}", "--acl-file", rules],
                                  capture_output=True, text=True, timeout=20)
            self.assertEqual(78, done.returncode)
            self.assertIn("bad.acl", done.stderr)
            self.assertNotIn("ready", done.stdout)


def rule(name, priority, what, condition, verdict="ALLOW"):
    """A rule of the route language."""
    return (f"DEFINE RULE {name} WITH PRIORITY {priority} FOR {what}\n"
            f"    IF {condition} THEN {verdict}\n")


LANGUAGE_RULES = (rule("Connect", 100, "Connect", "ANYBODY")
                  + rule("Boss", 200, 'Read TO TOPIC "plant/#"', 'USER IS "boss"')
                  + rule("Own", 300, 'Write TO TOPIC "plant/%u/#"', "NOT ANONYMOUS")
                  + rule("Watch", 400, "Sys", 'USER IS "boss"'))


class RulesOfRoutesTest(unittest.TestCase):
    """Rules that stand in route files."""

    def setUp(self):
        self.cluster = self.enterContext(Cluster())
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        users = folder / "users"
        for user in ("boss", "pump"):
            subprocess.run([binary("lotmesh"), "passwd", users, user], check=True,
                           input=f"password of {user}\n", text=True, capture_output=True)
        self.acl = folder / "rules.acl"
        self.acl.write_text("")
        self.users = users

    def start(self, rules, *options):
        self.node = self.cluster.node("node", options=["--password-file", self.users, *options])
        self.write(rules)
        self.node.start()

    def write(self, rules):
        replace_file(self.node.routes / "rules.lot", rules)

    def client(self, user):
        client = Client(self.node.port, "client of " + user, V5)
        client.paho.username_pw_set(user, "password of " + user)
        return self.enterContext(client.connect())

    def test_they_decide_and_a_reload_changes_what_they_say(self):
        self.start(LANGUAGE_RULES)
        boss, pump = self.client("boss"), self.client("pump")
        boss.subscribe("plant/#", 1)
        pump.publish("plant/valve/speed", "forged", 1)
        pump.publish("plant/pump/speed", "7", 1)
        boss.await_payloads(["7"])
        log = len(self.node.log())
        self.write(LANGUAGE_RULES + rule("Valve", 50, 'Publish TO TOPIC "plant/valve/#"',
                                         'USER IS "pump"'))
        self.node.await_log("rules of the routes are taken rules=5", after=log)
        pump.publish("plant/valve/speed", "8", 1)
        boss.await_payloads(["7", "8"])
        log = len(self.node.log())
        self.write(LANGUAGE_RULES + rule("Own2", 60, 'Publish TO TOPIC "plant/pump/#"',
                                         'CLIENTID MATCHES "client of p*"', "DENY"))
        self.node.await_log("rules of the routes are taken rules=5", after=log)
        pump.publish("plant/pump/speed", "9", 1)
        self.assertEqual([], boss.disconnects + pump.disconnects)
        log = len(self.node.log())
        self.write(LANGUAGE_RULES + rule("Out", 10, "Connect", 'USER IS "pump"', "DENY"))
        self.node.await_log("rules of the routes are taken rules=5", after=log)
        await_that("the pump has gone", lambda: pump.disconnects)
        self.assertEqual([], boss.disconnects)
        boss.await_payloads(["7", "8"])

    def test_a_bad_file_keeps_the_rules_that_were_good(self):
        self.start(LANGUAGE_RULES)
        boss, pump = self.client("boss"), self.client("pump")
        boss.subscribe("plant/#", 1)
        self.write(rule("Connect", 100, "Connect", "ANYBODY")
                   + rule("All", 200, "Write", 'CLIENTID MATCHES REGEX ".*"'))
        self.node.await_log("LOT0403")
        self.node.await_log("routes refused, nothing changed")
        pump.publish("plant/valve/speed", "forged", 1)
        pump.publish("plant/pump/speed", "7", 1)
        boss.await_payloads(["7"])
        self.assertEqual([], boss.disconnects + pump.disconnects)

    def test_without_the_last_rule_nobody_is_let_in(self):
        self.start(LANGUAGE_RULES)
        boss = self.client("boss")
        (self.node.routes / "rules.lot").unlink()
        self.node.await_log("rules of the routes are taken rules=0")
        await_that("the boss has gone", lambda: boss.disconnects)

    def test_the_file_of_rules_comes_first_and_both_are_one_book(self):
        self.acl.write_text("deny user pump publish plant/pump/secret\nallow anybody connect\n")
        self.start(LANGUAGE_RULES, "--acl-file", self.acl)
        boss, pump = self.client("boss"), self.client("pump")
        boss.subscribe("plant/#", 1)
        pump.publish("plant/pump/secret", "6", 1)
        pump.publish("plant/pump/speed", "7", 1)
        boss.await_payloads(["7"])
        replace_file(self.acl, "allow user pump write plant/#\n")
        self.node.await_log("who may connect is read .*rules=1")
        pump.publish("plant/valve/speed", "8", 1)
        boss.await_payloads(["7", "8"])
        self.assertEqual([], boss.disconnects + pump.disconnects)


if __name__ == "__main__":
    unittest.main()
