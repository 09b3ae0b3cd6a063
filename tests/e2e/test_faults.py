"""Nodes that die and links that freeze, under load, judged by the load generator's oracle."""

import os
import signal
import time
import unittest

from cluster import Cluster
from process import await_that, free_ports, stays


class FaultsTest(unittest.TestCase):
    def setUp(self):
        self.cluster = self.enterContext(Cluster())

    def load(self, source, target, *more, qos=1):
        return self.cluster.bench("pairs", "--qos", qos, "--mqtt", "5", "--duration-sec", 300,
                                  "--drain-sec", 20,
                                  "--publish-host", f"127.0.0.1:{source.port}",
                                  "--subscribe-host", f"127.0.0.1:{target.port}", *more)

    def assert_clean(self, report):
        self.assertEqual({key: report[key] for key in ("lost", "duplicated", "reordered", "alien",
                                                       "refused", "unsettled")},
                         dict.fromkeys(("lost", "duplicated", "reordered", "alien", "refused",
                                        "unsettled"), 0), report)

    def test_a_node_is_killed_and_restarted_under_load(self):
        first, second, third = self.cluster.mesh(3, MESSAGE_VALIDITY_SEC=30)
        checked = self.load(first, third, "--clients", 10, "--rate", 4000)
        part = self.load(first, second, "--clients", 5, "--rate", 1000, "--reconnect")
        checked.await_publishing()
        part.await_publishing()
        checked.await_delivered(8000)
        second.kill()
        checked.await_delivered(checked.delivered() + 16000)
        began = time.monotonic()
        second.start()
        for node, peer in ((first, second), (third, second)):
            await_that(f"{node.name} has {peer.name} back", lambda: len(node.linked_peers()) == 2,
                       5.0 - (time.monotonic() - began))
        part.await_delivered(part.delivered() + 2000)
        part_report = part.stop()
        report = checked.stop()
        self.assert_clean(report)
        self.assertEqual(report["disconnects"], 0)
        self.assertEqual(report["delivered"], report["acked"])
        self.assertEqual((part_report["lost"], part_report["reordered"], part_report["unsettled"]),
                         (0, 0, 0), part_report)
        self.assertEqual(part_report["sessions_lost"], 5)

    def test_a_frozen_link_loses_and_repeats_nothing(self):
        ports = free_ports(2)
        left, right = (self.cluster.node(f"node{i}", port) for i, port in enumerate(ports))
        right.start()
        proxy = self.cluster.proxy(right.port)
        left.write_route("Through_proxy", proxy.port, MESSAGE_VALIDITY_SEC=30)
        left.start()
        left.await_linked(1)
        there = self.load(left, right, "--clients", 5, "--rate", 1000)
        back = self.load(right, left, "--clients", 5, "--rate", 1000)
        there.await_delivered(1000)
        back.await_delivered(1000)
        proxy.do("freeze both")
        began = time.monotonic()
        await_that("the link is seen dead", lambda: not left.linked_peers(), 6)
        stays("both loads go on", lambda: there.alive() and back.alive(),
              10 - (time.monotonic() - began))
        proxy.do("heal")
        left.await_linked(1, seconds=15)
        for bench in (there, back):
            bench.await_delivered(bench.delivered() + 12000, seconds=40)
        for report in (there.stop(), back.stop()):
            self.assert_clean(report)
            self.assertEqual(report["delivered"], report["acked"])
            self.assertEqual(report["disconnects"], 0)

    def test_connections_cut_again_and_again_lose_and_repeat_nothing(self):
        ports = free_ports(2)
        left, right = (self.cluster.node(f"node{i}", port) for i, port in enumerate(ports))
        right.start()
        proxy = self.cluster.proxy(right.port)
        left.write_route("Through_proxy", proxy.port, MESSAGE_VALIDITY_SEC=30)
        left.start()
        left.await_linked(1)
        for qos in (1, 2):
            with self.subTest(qos=qos):
                bench = self.load(left, right, "--clients", 5, "--rate", 2000, qos=qos)
                bench.await_publishing()
                for direction in ("up 20000", "down 500", "up 0", "down 0"):
                    accepted = proxy.status()["accepted"]
                    proxy.do(f"cut {direction}")
                    await_that("a new link", lambda: proxy.status()["accepted"] > accepted, 15)
                    left.await_linked(1)
                self.assert_clean(bench.stop())

    def test_every_fault_of_a_link_in_turn_loses_and_repeats_nothing(self):
        ports = free_ports(2)
        left, right = (self.cluster.node(f"node{i}", port) for i, port in enumerate(ports))
        right.start()
        proxy = self.cluster.proxy(right.port)
        left.write_route("Through_proxy", proxy.port, MESSAGE_VALIDITY_SEC=30)
        left.start()
        left.await_linked(1)
        there = self.load(left, right, "--clients", 5, "--rate", 1000)
        back = self.load(right, left, "--clients", 5, "--rate", 1000, qos=2)
        there.await_publishing()
        back.await_publishing()
        for fault in ("delay both 20 30", "bandwidth both 400000", "corrupt up 1000",
                      "corrupt down 100", "half-close up", "half-close down", "blackhole"):
            proxy.do(fault)
            if fault == "blackhole":
                await_that("the link is seen dead", lambda: not left.linked_peers(), 6)
                proxy.do("heal")
            for bench in (there, back):
                bench.await_delivered(bench.delivered() + 1000)
        left.await_linked(1)
        for report in (there.stop(), back.stop()):
            self.assert_clean(report)
            self.assertEqual(report["disconnects"], 0)

    def test_a_node_that_is_stopped_for_a_while_gets_what_it_missed(self):
        first, second, third = self.cluster.mesh(3, MESSAGE_VALIDITY_SEC=30)
        beside = self.load(first, third, "--clients", 5, "--rate", 2000)
        into = self.load(first, second, "--clients", 5, "--rate", 1000, qos=2)
        beside.await_delivered(2000)
        os.kill(second.pid, signal.SIGSTOP)
        try:
            await_that("its peers see it dead", lambda: first.linked_peers() == [third.name], 6)
            beside.await_delivered(beside.delivered() + 4000)
        finally:
            os.kill(second.pid, signal.SIGCONT)
        first.await_linked(2)
        into.await_delivered(into.delivered() + 2000)
        for report in (beside.stop(), into.stop()):
            self.assert_clean(report)
            self.assertEqual(report["disconnects"], 0)


if __name__ == "__main__":
    unittest.main()
