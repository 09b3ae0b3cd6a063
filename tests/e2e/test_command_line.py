"""What a person meets at the command line: exit codes, one clear line, a clean end."""

import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import time
import unittest

from clients import RawClient
from cluster import Cluster, route_text
from process import Process, binary, free_ports

GOOD = route_text("Good", 1884)
BAD = GOOD.replace("BROKER_PORT", "BROKER_PROT")


def lotmesh(*arguments, text=None):
    return subprocess.run([binary("lotmesh"), *map(str, arguments)], input=text, text=True,
                          capture_output=True, timeout=20)


class ServeTest(unittest.TestCase):
    def assert_refused(self, *arguments):
        """Exit code 78 and one line that says why. Returns the line."""
        done = lotmesh("serve", *arguments)
        self.assertEqual(done.returncode, 78, done)
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        self.assertEqual(len(lines), 1, done)
        return lines[0]

    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def test_options_that_are_none(self):
        self.assertIn("--nosuch", self.assert_refused("--nosuch"))
        for listen in ("", "nonsense", "127.0.0.1:99999", "127.0.0.1:", "300.1.2.3.4:x"):
            with self.subTest(listen=listen):
                self.assert_refused("--listen", listen)

    def test_without_a_listener_it_serves_on_loopback_only_and_says_so(self):
        with Cluster() as cluster:
            node = cluster.add(Process("node", [binary("lotmesh"), "serve", "--log-level", "warning"],
                                       cluster.folder)).start()
            # Where another broker has the port, that is what it says of the same address.
            line = node.await_log(r"(?m)^.*listen\w* on 127\.0\.0\.1:1883.*$").group()
            self.assertIn("no --listen given: listening on loopback only", node.log())
            self.assertEqual(len(node.log_lines("listening on 127")), line.startswith("listening"))

    def test_a_port_in_use(self):
        with Cluster() as cluster:
            node = cluster.node("node").start()
            line = self.assert_refused("--listen", f"127.0.0.1:{node.port}")
            self.assertIn(str(node.port), line)

    def test_files_that_cannot_be_read(self):
        port = free_ports(1)[0]
        listen = ("--listen", f"127.0.0.1:{port}")
        self.assertIn("nosuch", self.assert_refused(*listen, "--routes", self.folder / "nosuch"))
        self.assertIn("nosuch", self.assert_refused(*listen, "--config", self.folder / "nosuch"))
        file = self.folder / "file"
        file.write_text("")
        self.assertIn("file", self.assert_refused(*listen, "--data", file / "below"))

    def test_a_config_file_is_read_and_its_mistakes_named(self):
        config = self.folder / "lotmesh.toml"
        config.write_text('nosuch = "x"\n')
        self.assertIn("nosuch", self.assert_refused("--config", config))

    def test_sigterm_and_sigint_say_goodbye_to_v5_clients_and_end_well(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(signal=number), Cluster() as cluster:
                node = cluster.node("node").start()
                client = RawClient(node.port, "guest")
                self.assertEqual(node.terminate(number), 0)
                first, body = client.read()
                self.assertEqual((first, body[0]), (0xE0, 0x8B))
                self.assertIsNone(client.read())
                client.close()

    def test_clients_that_do_not_close_hold_nothing_up(self):
        with Cluster() as cluster:
            node = cluster.node("node").start()
            client = RawClient(node.port, "guest")
            with socket.create_connection(("127.0.0.1", node.port)):
                began = time.monotonic()
                self.assertEqual(node.terminate(), 0)
                self.assertLess(time.monotonic() - began, 0.5)
                self.assertEqual(client.read()[1][0], 0x8B)
            client.close()

    def test_the_same_data_folder_gives_the_same_identity_with_a_new_incarnation(self):
        with Cluster() as cluster:
            node = cluster.node("node").start()
            before = node.sys("cluster/status")
            node.kill()
            node.start()
            after = node.sys("cluster/status")
            self.assertEqual(after["uuid"], before["uuid"])
            self.assertGreater(after["incarnation"], before["incarnation"])


class AccessTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def test_a_file_of_mosquitto_becomes_rules_that_answer(self):
        theirs = self.folder / "acl_file"
        theirs.write_text("user ada\ntopic plant/#\ntopic deny plant/secret/#\n")
        imported = lotmesh("import", "acl", theirs)
        self.assertEqual((imported.returncode, imported.stderr), (0, ""))
        rules = self.folder / "rules"
        rules.write_text(imported.stdout)
        self.assertEqual(lotmesh("acl", "check", rules).stdout, f"{rules}: 3 rules, 0 groups\n")
        asked = ("acl", "check", rules, "--user", "ada", "--action", "publish", "--topic")
        allowed = lotmesh(*asked, "plant/x")
        self.assertEqual(allowed.returncode, 0)
        self.assertEqual(allowed.stdout, f"allowed by {rules}:3: allow user ada read,write plant/#\n")
        self.assertEqual(lotmesh(*asked, "plant/secret/x").returncode, 1)
        theirs.write_text("topic a/x%u\n")
        refused = lotmesh("import", "acl", theirs)
        self.assertEqual((refused.returncode, refused.stdout), (2, ""))
        self.assertIn(f"{theirs}:1:7: %u is within a level", refused.stderr)


class LintTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def test_clean_files_give_0(self):
        (self.folder / "good.lot").write_text(GOOD)
        for path in (self.folder, self.folder / "good.lot"):
            done = lotmesh("lint", path)
            self.assertEqual((done.returncode, "error" in done.stdout + done.stderr), (0, False),
                             done)

    def test_findings_give_1_with_code_place_and_suggestion(self):
        (self.folder / "bad.lot").write_text(BAD)
        done = lotmesh("lint", self.folder / "bad.lot")
        output = done.stdout + done.stderr
        self.assertEqual(done.returncode, 1, done)
        self.assertRegex(output, r"LOT\d{4}")
        self.assertIn("bad.lot", output)
        self.assertIn("BROKER_PORT", output)

    def test_standard_input_is_read_for_a_dash(self):
        self.assertEqual(lotmesh("lint", "-", text=GOOD).returncode, 0)
        self.assertEqual(lotmesh("lint", "-", text=BAD).returncode, 1)

    def test_what_cannot_be_read_gives_2_and_one_line(self):
        done = lotmesh("lint", self.folder / "nosuch.lot")
        self.assertEqual(done.returncode, 2, done)
        self.assertEqual(len(done.stderr.splitlines()), 1, done)

    def test_a_code_that_lint_shows_can_be_explained(self):
        (self.folder / "bad.lot").write_text(BAD)
        code = re.search(r"LOT\d{4}", lotmesh("lint", self.folder / "bad.lot").stdout).group()
        done = lotmesh("explain", code)
        self.assertEqual(done.returncode, 0, done)
        self.assertIn(f"error[{code}]", done.stdout)
        self.assertIn(code, lotmesh("explain").stdout)
        done = lotmesh("explain", "LOT9999")
        self.assertEqual((done.returncode, len(done.stderr.splitlines())), (2, 1), done)


if __name__ == "__main__":
    unittest.main()
