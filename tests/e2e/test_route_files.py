"""Where route files lie and how they are changed: links, vanishing folders, secrets, large files."""

import os
import pathlib
import re
import shutil
import signal
import time
import unittest
import unittest.mock

from clients import V5, Client, fetch_retained
from cluster import Cluster, route_text
from process import Process, await_that, free_ports

RELOAD = "$SYS/broker/routes/reload"


class RouteFilesTest(unittest.TestCase):
    def setUp(self):
        self.cluster = self.enterContext(Cluster())
        self.node = self.cluster.node("node")
        self.peer_port = free_ports(1)[0]  # nobody listens there, and nobody needs to

    def revision(self):
        return self.node.sys("routes/reload")["revision"]

    def await_revision(self, revision):
        await_that(f"revision {revision}", lambda: self.revision() == revision)

    def serve(self, routes):
        """Starts the node with these routes in place of its own."""
        place = self.node.arguments.index("--routes") + 1
        self.node.arguments[place] = str(routes)
        self.node.start()
        self.assertEqual(self.revision(), 1)

    def swap_link(self, link, target):
        new = link.with_name(link.name + ".new")
        new.symlink_to(target)
        os.replace(new, link)

    def test_a_link_in_the_middle_of_the_path_is_swapped_as_deployments_do(self):
        for version, name in (("v1", "One"), ("v2", "Two")):
            folder = self.node.home / "rel" / version / "routes"
            folder.mkdir(parents=True)
            (folder / "a.lot").write_text(route_text(name, self.peer_port))
        current = self.node.home / "current"
        current.symlink_to("rel/v1")
        self.serve(current / "routes")
        self.swap_link(current, "rel/v2")
        self.await_revision(2)
        await_that("the new route is there and the old one is not",
                   lambda: self.node.route("Two") and not self.node.route("One"))
        (self.node.home / "rel/v2/routes/b.lot").write_text(route_text("Three", self.peer_port))
        self.await_revision(3)

    def test_a_mounted_configuration_is_swapped_as_kubernetes_does(self):
        """The files are links through `..data`, itself a link that is renamed over."""
        mount = self.node.home / "mount"
        for version, name in (("..v1", "One"), ("..v2", "Two")):
            (mount / version).mkdir(parents=True)
            (mount / version / "a.lot").write_text(route_text(name, self.peer_port))
        (mount / "..data").symlink_to("..v1")
        (mount / "a.lot").symlink_to("..data/a.lot")
        self.serve(mount)
        self.swap_link(mount / "..data", "..v2")
        shutil.rmtree(mount / "..v1")
        self.await_revision(2)
        await_that("the new route is there and the old one is not",
                   lambda: self.node.route("Two") and not self.node.route("One"))
        self.assertEqual(self.node.sys("config/reload")["counts"]["refused"], 0)

    def test_a_half_written_file_is_refused_and_counted_until_it_is_whole(self):
        path = self.node.routes / "a.lot"
        path.write_text(route_text("One", self.peer_port))
        self.serve(self.node.routes)
        whole = route_text("Two", self.peer_port)
        path.write_text(whole[:len(whole) // 2])
        await_that("half a file is refused", lambda: not self.node.sys("config/reload")["ok"])
        reload = self.node.sys("config/reload")
        self.assertEqual((reload["result"], reload["revision"]), ("refused", 1))
        self.assertGreater(reload["counts"]["refused"], 0)
        self.assertGreater(len(reload["report"]["diagnostics"]), 0)
        self.assertIsNotNone(self.node.route("One"))
        path.write_text(whole)
        self.await_revision(2)

    def test_a_burst_of_a_thousand_edits_is_few_reloads_and_the_last_one_counts(self):
        path = self.node.routes / "a.lot"
        path.write_text(route_text("One", self.peer_port))
        self.serve(self.node.routes)
        for validity in range(1000, 2000):
            path.write_text(route_text("One", self.peer_port, MESSAGE_VALIDITY_SEC=validity))
        await_that("the last edit runs", lambda: re.search(
            r"message_validity_sec +1999\n", self.plan_text()))
        counts = self.node.sys("config/reload")["counts"]
        self.assertLess(sum(counts.values()), 100, counts)

    def plan_text(self):
        return fetch_retained(self.node.port, "$SYS/broker/config/plan")

    def test_a_served_folder_that_is_a_link_and_a_file_that_is_one(self):
        real = self.node.home / "real"
        real.mkdir()
        shared = self.node.home / "shared.lot"
        shared.write_text(route_text("One", self.peer_port))
        (real / "a.lot").symlink_to("../shared.lot")
        link = self.node.home / "link"
        link.symlink_to(real)
        self.serve(link)
        shared.write_text(route_text("Two", self.peer_port))
        self.await_revision(2)
        (real / "b.lot").write_text(route_text("Three", self.peer_port))
        self.await_revision(3)

    def test_a_folder_that_is_deleted_and_restored(self):
        self.node.write_route("One", self.peer_port)
        self.serve(self.node.routes)
        backup = self.node.home / "backup"
        shutil.copytree(self.node.routes, backup)
        (backup / "two.lot").write_text(route_text("Two", self.peer_port))
        shutil.rmtree(self.node.routes)
        await_that("the missing folder is reported",
                   lambda: not self.node.sys("routes/reload")["ok"])
        self.assertIsNotNone(self.node.route("One"))
        os.rename(backup, self.node.routes)
        self.await_revision(2)

    def test_sighup_reads_what_no_watch_sees(self):
        secrets = self.node.home / "secrets"
        secrets.mkdir()
        (secrets / "peer").write_text("127.0.0.1\n")
        text = route_text("One", self.peer_port).replace('"127.0.0.1"', 'GET SECRET "peer"')
        (self.node.routes / "one.lot").write_text(text)
        self.enterContext(unittest.mock.patch.dict(os.environ, CREDENTIALS_DIRECTORY=str(secrets)))
        self.serve(self.node.routes)
        (secrets / "peer").write_text("127.0.0.2\n")
        self.node.child.send_signal(signal.SIGHUP)
        self.await_revision(2)

    def large(self, name):
        """A file that takes the compiler a while and means one route."""
        comments = ("// " + "x" * 60 + "\n") * 240_000
        (self.node.routes / "large.lot").write_text(comments + route_text(name, self.peer_port))

    def test_clients_do_not_wait_while_a_large_file_is_compiled(self):
        self.serve(self.node.routes)
        with Client(self.node.port, "watcher", V5).connect() as watcher, \
                Client(self.node.port, "impatient", V5).connect() as client:
            watcher.subscribe(RELOAD, 1)
            watcher.await_change("the first result", watcher.payloads)
            self.large("One")
            waits = []
            while len(watcher.payloads()) == 1:
                began = time.monotonic()
                client.publish("a", "b", 1)
                waits.append(time.monotonic() - began)
                self.assertLess(len(waits), 100_000)
            self.assertLess(max(waits), 0.5)
        self.assertEqual(self.revision(), 2)

    def test_sighup_before_it_is_ready_kills_nobody_and_is_obeyed_then(self):
        self.large("One")
        Process.start(self.node)
        status = pathlib.Path(f"/proc/{self.node.pid}/status")

        def caught():
            line = next(line for line in status.read_text().splitlines()
                        if line.startswith("SigCgt"))
            return int(line.split()[1], 16) >> (signal.SIGHUP - 1) & 1
        await_that("SIGHUP is caught", caught)
        self.assertNotIn("ready", self.node.log())
        self.node.child.send_signal(signal.SIGHUP)
        self.node.await_log(r"\bready\b")
        self.node.await_log("routes are as they were revision=1 files=1")

    def test_a_folder_without_route_files_says_so(self):
        self.serve(self.node.routes)
        self.node.await_log("routes applied revision=1 files=0")


if __name__ == "__main__":
    unittest.main()
