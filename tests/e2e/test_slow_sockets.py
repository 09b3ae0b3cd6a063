"""Sockets that are slow or say nothing: the others do not notice, and memory stays where it was."""

import json
import pathlib
import subprocess
import unittest

from process import binary

TOOL = pathlib.Path(__file__).resolve().parents[2] / "tools" / "slow_sockets"
SOCKETS = 3000
MB_EACH_MAX = 0.1


class SlowSocketsTest(unittest.TestCase):
    def test_s14_thousands_of_them_cost_little_memory_and_nobody_waits_for_them(self):
        done = subprocess.run([TOOL, "--binary", binary("lotmesh"), "--sockets", str(SOCKETS),
                               "--seconds", "2", "--json"], capture_output=True, text=True,
                              check=True, timeout=120)
        alone, beside, after = json.loads(done.stdout)
        self.assertGreater(beside["messages"], 0)
        self.assertEqual(beside["still_open"], SOCKETS)
        self.assertLess(beside["rss_mb"] - alone["rss_mb"], SOCKETS * MB_EACH_MAX)
        # Speed is for tools/slow_sockets; here, that nobody is held up as a whole.
        self.assertLess(beside["p50_us"], 50_000)
        self.assertGreater(after["messages"], 0)


if __name__ == "__main__":
    unittest.main()
