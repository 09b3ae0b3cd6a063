"""Nodes that die and links that freeze, under load, judged by the load generator's oracle."""

import os
import signal
import time
import unittest

from cluster import Cluster
from process import await_that, free_ports, stays

LINK_BACK_SECONDS = 5.0


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

    def assert_rate(self, report, rate):
        """The load was what it claims to be: a broker that slows its publishers down passes no test."""
        self.assertGreaterEqual(report["acked"] / report["publish_sec"], 0.95 * rate, report)

    def test_a_node_is_killed_and_restarted_under_load(self):
        """5,000 messages a second: past the node, to it, and from it."""
        first, second, third = self.cluster.mesh(3, MESSAGE_VALIDITY_SEC=30)
        past = self.load(first, third, "--clients", 10, "--rate", 2000)
        into = self.load(first, second, "--clients", 5, "--rate", 2000, "--reconnect")
        out_of = self.load(second, third, "--clients", 5, "--rate", 1000, "--reconnect",
                           "--inflight", 50)
        for bench in (past, into, out_of):
            bench.await_delivered(4000)
        killed = time.monotonic()
        second.kill()
        past.await_delivered(past.delivered() + 10000)
        began = time.monotonic()
        second.start()
        for node, peer in ((first, second), (third, second)):
            await_that(f"{node.name} has {peer.name} back", lambda: len(node.linked_peers()) == 2,
                       LINK_BACK_SECONDS - (time.monotonic() - began))
        away = time.monotonic() - killed
        into.await_delivered(into.delivered() + 4000)
        out_of.await_delivered(out_of.delivered() + 2000)
        self.judge_the_killed(into.stop(), 2000, out_of.stop(), 1000, away)
        report = past.stop()
        self.assert_clean(report)
        self.assert_rate(report, 2000)
        self.assertEqual(report["disconnects"], 0)
        self.assertEqual(report["delivered"], report["acked"])

    def judge_the_killed(self, into, into_rate, out_of, out_of_rate, away):
        """What the clients of the killed node saw; `away` is how long it had no links."""
        self.assert_clean(into)
        self.assert_rate(into, into_rate)
        self.assertEqual(into["sessions_lost"], 5)
        # Its sessions are gone with it; nothing else is excused, and no longer than it was away.
        self.assertEqual(into["delivered"] + into["excused"], into["acked"])
        self.assertLessEqual(into["excused"], into_rate * (away + 1))
        self.assertEqual(dict.fromkeys(("reordered", "alien", "refused", "unsettled", "excused"), 0),
                         {key: out_of[key] for key in ("reordered", "alien", "refused", "unsettled",
                                                       "excused")}, out_of)
        # Each publisher may have had one message between the writes of one loop turn when the node
        # was killed: passed on and not acked, so that it is sent again, or the other way round.
        self.assertLessEqual(out_of["duplicated"] + out_of["lost"], 5, out_of)
        here = out_of["publish_sec"] - away - 1
        self.assertGreaterEqual(out_of["acked"], 0.95 * out_of_rate * here, out_of)

    def test_a_frozen_link_loses_and_repeats_nothing(self):
        """5,000 messages a second over the link, both ways together."""
        ports = free_ports(2)
        left, right = (self.cluster.node(f"node{i}", port) for i, port in enumerate(ports))
        right.start()
        proxy = self.cluster.proxy(right.port)
        left.write_route("Through_proxy", proxy.port, MESSAGE_VALIDITY_SEC=30)
        left.start()
        left.await_linked(1)
        loads = [self.load(source, target, "--clients", 5, "--rate", 2500)
                 for source, target in ((left, right), (right, left))]
        for bench in loads:
            bench.await_delivered(2500)
        proxy.do("freeze both")
        began = time.monotonic()
        await_that("the link is seen dead", lambda: not left.linked_peers(), 6)
        stays("both loads go on", lambda: all(bench.alive() for bench in loads),
              10 - (time.monotonic() - began))
        proxy.do("heal")
        left.await_linked(1, seconds=LINK_BACK_SECONDS)
        for bench in loads:
            bench.await_delivered(bench.delivered() + 30000, seconds=40)
        for bench in loads:
            report = bench.stop()
            self.assert_clean(report)
            self.assert_rate(report, 2500)
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
