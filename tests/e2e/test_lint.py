"""`lotmesh lint` as a process: what it costs, what it touches, when it is coloured."""

import json
import os
import pathlib
import pty
import re
import subprocess
import tempfile
import unittest

from process import binary

ROOT = pathlib.Path(__file__).resolve().parents[2]
BROKEN = str(ROOT / "routes" / "broken" / "missing_value.lot")
COLOUR = b"\x1b["


class SizeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        done = subprocess.run([ROOT / "tools" / "lint_size", "--binary", binary("lotmesh"), "--json",
                               "10000", "40000"], capture_output=True, text=True, timeout=120)
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        cls.rows = json.loads(done.stdout)

    def row(self, routes, broken):
        return next(row for row in self.rows if (row["routes"], row["broken"]) == (routes, broken))

    def test_ten_thousand_routes_take_64_mb_at_most_with_a_mistake_in_each_or_none(self):
        for broken in (False, True):
            self.assertLessEqual(self.row(10_000, broken)["rss_mb"], 64)

    def test_four_times_the_routes_take_four_times_as_much(self):
        """Quadratic would be sixteen; what a busy machine adds is far from that."""
        for broken in (False, True):
            small, large = self.row(10_000, broken), self.row(40_000, broken)
            self.assertLess(large["rss_mb"], 5 * small["rss_mb"])
            self.assertLess(large["cpu_seconds"], 8 * small["cpu_seconds"])

    def test_more_mistakes_than_anybody_reads_end_with_their_number(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "many.lot"
            path.write_text("DEFINE ROUTE A WITH TYPE NOTHING\n" * 20_000)
            done = subprocess.run([binary("lotmesh"), "lint", path], capture_output=True, text=True,
                                  timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertIn("and 19900 more\n", done.stdout)
        self.assertLess(len(done.stdout), 100_000)


class TouchesNothingTest(unittest.TestCase):
    """Under strace, in which every system call of these groups is one line."""

    def trace(self, *arguments):
        with tempfile.TemporaryDirectory() as folder:
            log = pathlib.Path(folder) / "trace"
            done = subprocess.run(["strace", "-f", "-o", log, "-e", "trace=%network,%file,%process",
                                   binary("lotmesh"), *arguments], capture_output=True, text=True,
                                  timeout=60)
            return done.returncode, log.read_text()

    def assert_reads_only(self, calls):
        self.assertIn("openat(", calls)
        opened = [line for line in calls.splitlines() if re.search(r"\bopen(at)?\(", line)]
        writing = [line for line in opened if re.search(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC", line)]
        self.assertEqual(writing, [])
        changing = (r"\b(socket|connect|bind|sendto|rename\w*|unlink\w*|mkdir\w*|rmdir|link\w*|symlink\w*"
                    r"|truncate|chmod|fchmodat|chown\w*|mknod\w*|fork|vfork|clone\w*)\(")
        self.assertEqual(re.findall(changing, calls), [])

    def test_lint_opens_no_socket_and_writes_no_file(self):
        for name, code in (("mesh3", 0), ("broken", 1), ("pair", 0)):
            exit_code, calls = self.trace("lint", "--plan", str(ROOT / "routes" / name))
            self.assertEqual(exit_code, code, name)
            self.assert_reads_only(calls)

    def test_fmt_check_and_diff_write_no_file(self):
        for mode in ("--check", "--diff"):
            _, calls = self.trace("fmt", mode, str(ROOT / "routes"))
            self.assert_reads_only(calls)


class ColourTest(unittest.TestCase):
    def on_a_terminal(self, *arguments, **variables):
        """What lint writes to a terminal of its own."""
        environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
        ours, theirs = pty.openpty()
        with subprocess.Popen([binary("lotmesh"), "lint", *arguments, BROKEN], stdout=theirs,
                              env=environment | variables):
            os.close(theirs)
            text = b""
            while True:
                try:
                    more = os.read(ours, 4096)
                except OSError:  # the terminal's other side was closed
                    break
                if not more:
                    break
                text += more
        os.close(ours)
        return text

    def test_colour_is_for_terminals(self):
        self.assertIn(COLOUR, self.on_a_terminal())
        piped = subprocess.run([binary("lotmesh"), "lint", BROKEN], capture_output=True, timeout=20)
        self.assertIn(b"LOT0103", piped.stdout)
        self.assertNotIn(COLOUR, piped.stdout)

    def test_no_color_is_honoured_unless_it_is_empty_or_overruled(self):
        self.assertNotIn(COLOUR, self.on_a_terminal(NO_COLOR="1"))
        self.assertIn(COLOUR, self.on_a_terminal(NO_COLOR=""))
        self.assertIn(COLOUR, self.on_a_terminal("--colour", "always", NO_COLOR="1"))
        self.assertNotIn(COLOUR, self.on_a_terminal("--colour", "never"))
