#!/usr/bin/python3
"""Runs every test_*.py of this folder against real binaries and ends with `N passed, N failed`.

    tests/e2e/run.py --binary-dir build/release [-k WORD]

Each test is bounded; a skipped test is a failure.
"""

import argparse
import os
import pathlib
import signal
import sys
import time
import traceback
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from cluster import Cluster  # noqa: E402

TEST_SECONDS_MAX = 150


def tests_of(suite):
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from tests_of(item)
        else:
            yield item


class Result(unittest.TestResult):
    """One line for each test, with its time; the story of a failure below its line."""

    def __init__(self):
        super().__init__()
        self.passed = 0
        self.failed = 0
        self.began = 0.0

    def startTest(self, test):
        super().startTest(test)
        self.began = time.monotonic()
        signal.alarm(TEST_SECONDS_MAX)

    def stopTest(self, test):
        signal.alarm(0)
        super().stopTest(test)

    def line(self, word, test, story=""):
        seconds = time.monotonic() - self.began if self.began else 0.0
        print(f"{word:6} {test.id()} ({seconds:.1f} s)", flush=True)
        if story:
            print(story, flush=True)

    def fail(self, test, story):
        self.failed += 1
        self.line("FAILED", test, story)
        for cluster in Cluster.open:
            cluster.show_logs()

    def addSuccess(self, test):
        self.passed += 1
        self.line("ok", test)

    def addFailure(self, test, error):
        self.fail(test, "".join(traceback.format_exception(*error)))

    def addError(self, test, error):
        self.fail(test, "".join(traceback.format_exception(*error)))

    def addSkip(self, test, reason):
        self.fail(test, "skipped: " + reason)

    def addSubTest(self, test, subtest, error):
        if error is not None:
            self.fail(subtest, "".join(traceback.format_exception(*error)))


def on_alarm(_number, _frame):
    raise TimeoutError(f"the test took more than {TEST_SECONDS_MAX} s")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary-dir", default=str(HERE.parents[1] / "build" / "release"))
    parser.add_argument("-k", dest="words", action="append", default=[],
                        help="only tests whose name has this word")
    arguments = parser.parse_args()
    os.environ["LOTMESH_BINARY_DIR"] = str(pathlib.Path(arguments.binary_dir).resolve())
    signal.signal(signal.SIGALRM, on_alarm)
    found = tests_of(unittest.defaultTestLoader.discover(str(HERE), "test_*.py"))
    chosen = [test for test in found
              if not arguments.words or any(word in test.id() for word in arguments.words)]
    result = Result()
    unittest.TestSuite(chosen).run(result)
    print(f"{result.passed} passed, {result.failed} failed", flush=True)
    return 0 if result.failed == 0 and result.passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
