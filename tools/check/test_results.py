"""Reading what test programs say about themselves, and finding the programs."""
import json
import platform
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

_DOCTEST = re.compile(
    r"^\[doctest\] test cases:\s*(\d+) \|\s*(\d+) passed \|\s*(\d+) failed \|(?:\s*(\d+) skipped)?", re.MULTILINE
)
_REPLAYED = re.compile(r"^replayed (\d+) inputs$", re.MULTILINE)
_CAUGHT = re.compile(r"^(?:I\d+ )?found with seed \d+:", re.MULTILINE)  # a sabotage build that was seen through
_COUNTED = re.compile(r"^(\d+) passed, (\d+) failed$", re.MULTILINE)


@dataclass
class Result:
    passed: int
    failed: int
    reasons: list = field(default_factory=list)  # (name of the log, why), one for each failed program

    def __add__(self, other):
        return Result(self.passed + other.passed, self.failed + other.failed, self.reasons + other.reasons)

    @staticmethod
    def failure(log, why):
        return Result(0, 1, [(log, why)])


def _counts(output):
    """(passed, failed) as the program itself says, or None."""
    doctest = _DOCTEST.findall(output)
    if doctest:
        _, passed, failed, skipped = doctest[-1]
        return int(passed), int(failed) + int(skipped or 0)  # a skipped test is not a passed one
    counted = _COUNTED.findall(output)
    if counted:
        return int(counted[-1][0]), int(counted[-1][1])
    replayed = _REPLAYED.findall(output)
    if replayed:
        return (1, 0) if int(replayed[-1]) else (0, 1)
    if _CAUGHT.search(output):
        return 1, 0
    return None


def read_result(log, status, output):
    """`status` None: it was stopped for being too slow."""
    counts = _counts(output)
    if status is None:
        return Result.failure(log, "did not end in time")
    if counts is None or counts == (0, 0):
        return Result.failure(log, f"counted no test, exit status {status}")
    passed, failed = counts
    if status and not failed:
        return Result(passed, 1, [(log, f"exit status {status}")])
    return Result(passed, failed, [(log, f"{failed} failed")] if failed else [])


@dataclass
class Test:
    name: str
    command: list


def registered_tests(build):
    """What ctest would run in a build folder."""
    listing = subprocess.run(
        ["ctest", "--test-dir", str(build), "--show-only=json-v1"], capture_output=True, text=True, check=False
    )
    if listing.returncode:
        return []
    tests = json.loads(listing.stdout)["tests"]
    # A test whose program was never built has no command; it must not pass for having run.
    return [Test(test["name"], test.get("command") or ["/nonexistent/" + test["name"]]) for test in tests]


@dataclass
class FuzzTarget:
    name: str
    binary: str
    corpus: Path


def fuzz_targets(root):
    """One for each tests/fuzz/NAME_fuzz.cpp; its corpus must be there."""
    names = sorted(path.name.removesuffix("_fuzz.cpp") for path in (root / "tests/fuzz").glob("*_fuzz.cpp"))
    return [
        FuzzTarget(name, str(root / "build/clang/tests/fuzz" / f"fuzz_{name}"), root / "tests/fuzz/corpus" / name)
        for name in names
    ]


def skip_aslr():
    """TSan of g++ 12 cannot start where the kernel spreads addresses widely; this keeps them together."""
    wrapper = ["setarch", platform.machine(), "--addr-no-randomize"]
    works = subprocess.run([*wrapper, "true"], capture_output=True, check=False).returncode == 0
    return wrapper if works else []
