"""The commands around a running broker: status, plan, history, apply, confirm, rollback."""

import json
import os
import subprocess
import unittest
import unittest.mock

from cluster import Cluster, replace_file, route_text
from process import await_that, binary, free_ports


def lotmesh(*arguments, seconds=60):
    return subprocess.run([binary("lotmesh"), *map(str, arguments)], text=True,
                          capture_output=True, timeout=seconds)


class RolloutTest(unittest.TestCase):
    def setUp(self):
        self.cluster = self.enterContext(Cluster())
        self.left, self.right = self.cluster.mesh(2)
        self.left.await_route("To_node2", "up_primary", "up_standby")
        self.where = f"127.0.0.1:{self.left.port}"
        self.file = self.left.routes / "To_node2.lot"
        self.before = self.file.read_text()
        self.next = self.left.home / "next"
        self.next.mkdir()
        self.write()

    def write(self, name="To_node2", port=None, **keys):
        """A route file of what is to come."""
        keys = {"CLIENT_ID": "node1_to_node2", **keys}
        (self.next / f"{name}.lot").write_text(route_text(name, port or self.right.port, **keys))

    def plan(self, *options, against=None):
        done = lotmesh("plan", self.next, "--against", against or self.where, *options)
        self.assertNotIn("hidden", done.stdout + done.stderr)
        return done

    def revision(self):
        return self.left.sys("config/revision")["revision"]

    def status(self, *brokers):
        done = lotmesh("status", "--format", "json", *(brokers or [self.where]))
        return done.returncode, json.loads(done.stdout)["nodes"]


class StatusTest(RolloutTest):
    def await_status(self, code, *brokers):
        await_that(f"status gives {code}", lambda: self.status(*brokers)[0] == code)
        return self.status(*brokers)[1]

    def test_what_runs_where_and_whether_the_files_say_so(self):
        other = f"127.0.0.1:{self.right.port}"
        nodes = self.await_status(0, self.where, other)
        self.assertEqual([(node["name"], node["revision"], node["drift"]) for node in nodes],
                         [("node1", 1, "none"), ("node2", 1, "none")])
        self.assertNotEqual(nodes[0]["hash"], nodes[1]["hash"])
        self.assertEqual([link["peer"] for link in nodes[0]["links"]], ["node2"])
        replace_file(self.file, "DEFINE ROUTE")
        [node] = self.await_status(1)
        self.assertEqual(node["drift"], "its files are refused")
        await_that("the broker's refusal",
                   lambda: self.await_status(1)[0]["reload"]["errors"])
        replace_file(self.file, self.before)
        self.await_status(0)
        self.right.kill()
        nodes = self.await_status(2, self.where, other)
        self.assertIn("error", nodes[1])
        self.assertIn("cannot connect", lotmesh("status", other).stderr)

    def test_a_value_by_reference_is_no_drift_for_who_does_not_know_it(self):
        node = self.cluster.node("node3")
        text = route_text("Ref", self.right.port).replace('"127.0.0.1"', 'GET ENV "PEER_HOST"')
        replace_file(node.routes / "ref.lot", text.replace('"Ref"', 'GET ENV "PEER_LABEL"'))
        with unittest.mock.patch.dict(os.environ, PEER_HOST="localhost", PEER_LABEL="label"):
            node.start()
        [shown] = self.status(f"127.0.0.1:{node.port}")[1]
        self.assertEqual(shown["drift"], "none")
        done = lotmesh("plan", node.routes, "--against", f"127.0.0.1:{node.port}")
        self.assertEqual((done.returncode, done.stdout.startswith("no changes")), (0, True), done)


class HistoryTest(RolloutTest):
    def test_history_goes_on_after_a_restart(self):
        replace_file(self.file, self.before.replace("'30'", "'31'"))
        await_that("revision 2", lambda: self.revision() == 2)
        self.left.kill()
        self.left.start()
        self.assertEqual(self.revision(), 2)
        done = lotmesh("history", self.where)
        self.assertEqual([line.split()[0] for line in done.stdout.splitlines()], ["r2", "r1"], done)
        self.assertIn("+0 ~1 -/+0 -0", done.stdout)
        kept = self.left.home / "data" / "revisions"
        self.assertEqual(kept.stat().st_mode & 0o777, 0o700)
        self.assertEqual({path.stat().st_mode & 0o777 for path in kept.iterdir()}, {0o600})


class PlanTest(RolloutTest):
    def test_exit_codes_and_signs(self):
        self.assertEqual(self.plan().returncode, 0)
        self.write(MESSAGE_VALIDITY_SEC=99)
        self.write("Dead", free_ports(1)[0], CLIENT_ID="dead", PASSWORD="hidden", USERNAME="u")
        done = self.plan()
        self.assertEqual(done.returncode, 2, done)
        self.assertIn("  + Dead", done.stdout)
        self.assertIn("  ~ To_node2", done.stdout)
        self.write(port=free_ports(1)[0])
        self.assertIn("-/+ To_node2", self.plan().stdout)
        (self.next / "To_node2.lot").unlink()
        change = next(change for change in json.loads(self.plan("--format", "json").stdout)["changes"]
                      if change["link"] == "To_node2")
        self.assertEqual((change["action"], change["impact"]["peer"]), ("remove", "node2"))
        self.write(port=70000)
        done = self.plan()
        self.assertEqual(done.returncode, 1, done)
        self.assertIn("error[LOT", done.stderr)
        self.assertEqual(self.plan(against=f"127.0.0.1:{free_ports(1)[0]}").returncode, 1)
        self.assertEqual(self.revision(), 1)


class ApplyTest(RolloutTest):
    def apply(self, *options):
        return lotmesh("apply", self.next, "--to", self.where, *options)

    def await_before(self, revision):
        await_that("what was there runs again", lambda: self.revision() == revision)
        self.assertEqual(self.file.read_text(), self.before)
        self.left.await_linked(1)

    def test_files_are_applied_and_the_next_plan_is_empty(self):
        self.write(address="localhost")
        done = self.apply()
        self.assertEqual(done.returncode, 0, done)
        self.assertIn("node1 runs r2", done.stdout)
        self.assertEqual(self.plan().returncode, 0)
        self.assertEqual(self.status()[0], 0)
        self.assertEqual(lotmesh("confirm", self.where).returncode, 1)

    def test_a_link_that_does_not_get_well_is_rolled_back(self):
        self.write(port=free_ports(1)[0])
        done = self.apply("--health-within", "3s")
        self.assertEqual(done.returncode, 1, done)
        self.assertIn("rolled back", done.stderr)
        self.await_before(3)

    def test_what_the_broker_alone_can_refuse_changes_nothing(self):
        (self.next / "To_node2.lot").write_text(
            self.before.replace('"127.0.0.1"', 'GET ENV "NOWHERE"'))
        done = self.apply()
        self.assertEqual(done.returncode, 1, done)
        self.assertIn("NOWHERE", done.stderr)
        self.await_before(1)

    def apply_unconfirmed(self, within):
        self.write(MESSAGE_VALIDITY_SEC=99)
        done = self.apply("--health-within", "0", "--confirm-within", within)
        self.assertEqual(done.returncode, 0, done)
        self.assertIn("lotmesh confirm", done.stdout)

    def test_what_is_confirmed_stays(self):
        self.apply_unconfirmed("50s")
        self.assertEqual(self.apply().returncode, 1)
        done = lotmesh("confirm", self.where)
        self.assertEqual(done.returncode, 0, done)
        self.assertEqual(self.revision(), 2)
        self.assertEqual(lotmesh("confirm", self.where).returncode, 1)

    def test_what_nobody_confirms_is_rolled_back(self):
        self.apply_unconfirmed("1s")
        self.await_before(3)

    def test_what_waits_and_what_was_kept_is_brought_back(self):
        self.apply_unconfirmed("50s")
        done = lotmesh("rollback", "--to", self.where)
        self.assertEqual(done.returncode, 0, done)
        self.await_before(3)
        done = lotmesh("rollback", "r2", "--to", self.where)
        self.assertEqual(done.returncode, 0, done)
        self.assertEqual(self.plan().returncode, 0)

    def test_a_saved_plan_is_refused_on_another_base(self):
        self.write(MESSAGE_VALIDITY_SEC=99)
        saved = self.left.home / "saved.plan"
        self.assertEqual(self.plan("--out", saved).returncode, 2)
        replace_file(self.file, self.before.replace("'30'", "'31'"))
        await_that("revision 2", lambda: self.revision() == 2)
        done = lotmesh("apply", saved)
        self.assertEqual(done.returncode, 1, done)
        self.assertIn("was made for r1", done.stderr)
        self.assertEqual(self.plan("--out", saved).returncode, 2)
        done = lotmesh("apply", saved)
        self.assertEqual(done.returncode, 0, done)
        self.assertEqual(self.revision(), 3)


if __name__ == "__main__":
    unittest.main()
