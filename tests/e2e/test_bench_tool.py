"""The load generator against Debian's mosquitto: it must find nothing where nothing is wrong, and
must find what is."""

import unittest

from clients import Client
from cluster import Cluster
from process import await_that


class BenchToolTest(unittest.TestCase):
    def setUp(self):
        self.cluster = self.enterContext(Cluster())

    def test_every_workload_and_qos_is_clean_on_mosquitto(self):
        broker = self.cluster.mosquitto("max_queued_messages 0", "max_inflight_messages 0")
        for workload in ("pairs", "fanout", "fanin"):
            for qos in (0, 1, 2):
                for version in ("3.1.1", "5"):
                    with self.subTest(workload=workload, qos=qos, version=version):
                        report = self.cluster.bench(
                            workload, "--clients", 5, "--qos", qos, "--mqtt", version, "--host",
                            f"127.0.0.1:{broker.port}", "--count", 500).await_result()
                        copies = 5 if workload == "fanout" else 1
                        self.assertTrue(report["good"], report)
                        self.assertEqual(report["acked"], 500)
                        self.assertEqual(report["delivered"], 500 * copies)

    def test_messages_that_a_broker_drops_are_reported_as_lost(self):
        broker = self.cluster.mosquitto("max_queued_messages 10", "max_inflight_messages 2")
        report = self.cluster.bench(
            "fanin", "--clients", 20, "--qos", 1, "--host", f"127.0.0.1:{broker.port}", "--count",
            20000, "--drain-sec", 1).await_result()
        self.assertFalse(report["good"])
        self.assertEqual(report["lost"], report["acked"] - report["delivered"])
        self.assertGreater(report["lost"], 0)

    def test_a_foreign_publisher_on_the_topics_is_told_from_the_run(self):
        broker = self.cluster.mosquitto()
        bench = self.cluster.bench("fanin", "--clients", 1, "--host", f"127.0.0.1:{broker.port}",
                                   "--rate", 100, "--duration-sec", 60).await_publishing()
        with Client(broker.port, "foreign").connect() as client:
            client.subscribe("bench/#")
            await_that("a message of the run", lambda: client.messages)
            client.publish(client.messages[0].topic, "stray", 1)
        report = bench.stop()
        self.assertEqual((report["alien"], report["lost"], report["good"]), (1, 0, False))

    def test_broken_connections_lose_nothing_when_sessions_resume(self):
        broker = self.cluster.mosquitto("max_queued_messages 0", "max_inflight_messages 0")
        proxy = self.cluster.proxy(broker.port)
        for qos in (1, 2):
            with self.subTest(qos=qos):
                bench = self.cluster.bench("pairs", "--clients", 5, "--qos", qos, "--mqtt", "5",
                                           "--host", f"127.0.0.1:{proxy.port}", "--rate", 2000,
                                           "--duration-sec", 60, "--reconnect")
                bench.await_publishing()
                for _ in range(3):
                    before = proxy.status()["up"]
                    proxy.do("cut")
                    await_that("traffic again",
                               lambda seen=before: proxy.status()["up"] > seen + 20000)
                report = bench.stop()
                self.assertEqual((report["lost"], report["unsettled"], report["alien"]), (0, 0, 0))
                self.assertGreaterEqual(report["disconnects"], 30)
                if qos == 2:
                    self.assertEqual(report["duplicated"], 0)

    def test_a_broker_that_is_not_there_is_one_clear_line(self):
        bench = self.cluster.bench("pairs", "--host", "127.0.0.1:1")
        self.assertEqual(bench.wait(), 2)
        self.assertEqual(len(bench.log().splitlines()), 1)
        self.assertIn("Connection refused", bench.log())

    def test_a_bad_option_is_one_clear_line(self):
        bench = self.cluster.bench("pairs", "--qos", "7")
        self.assertEqual(bench.wait(), 78)
        self.assertEqual(len(bench.log().splitlines()), 1)


if __name__ == "__main__":
    unittest.main()
