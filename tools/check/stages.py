"""The stages of tools/test: what is built, what is run on it, and how its results are counted."""
import argparse
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from test_results import Result, fuzz_targets, read_result, registered_tests, skip_aslr

ROOT = Path(__file__).resolve().parents[2]
LOGS = ROOT / "build/log"
JOBS = os.cpu_count() or 2
TAIL_LINES = 60
TEST_TIMEOUT_S = 900
BUILD_TIMEOUT_S = 3000
FUZZ_SECONDS = 30
# What runs in production. tools/check/tidy alone reads the tests as well, which takes as long again.
TIDY_FOLDERS = ("base", "compiler", "runtime", "tools")
RELEASED = ("lotmesh", "lotmesh-bench", "lotmesh-fault-proxy", "lotmesh-failing-malloc")
# What runs more than one thread, or talks to the kernel: the rest is a matter of ASan.
THREADED_TESTS = ("base", "net")


class StageFailed(Exception):
    """Holds the log that says why."""


def environment():
    """Compiler results are shared between clones; sanitizers stop at the first report."""
    return {
        **os.environ,
        "CCACHE_BASEDIR": str(ROOT),
        "CCACHE_NOHASHDIR": "1",
        "ASAN_OPTIONS": "detect_stack_use_after_return=1:strict_string_checks=1",
        "UBSAN_OPTIONS": "print_stacktrace=1",
        "TSAN_OPTIONS": "halt_on_error=1:second_deadlock_stack=1",
        "LOTMESH_BINARY": str(ROOT / "build/release/lotmesh"),
    }


def run(log_name, command, timeout_s, **extra):
    """Runs to build/log/NAME.log; gives the exit status (None: too slow) and what was printed."""
    log = LOGS / f"{log_name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf-8", errors="replace") as out:
        print("$", *command, file=out, flush=True)
        try:
            status = subprocess.run(
                command, cwd=ROOT, env={**environment(), **extra}, stdin=subprocess.DEVNULL,
                stdout=out, stderr=subprocess.STDOUT, timeout=timeout_s, check=False,
            ).returncode  # fmt: skip
        except subprocess.TimeoutExpired:
            status = None
        except OSError as error:
            print(error, file=out)
            status = 127
    return status, log.read_text(encoding="utf-8", errors="replace")


def build(preset, targets=("all",)):
    """One passed or one failed."""
    name = f"build-{preset}"
    configure = run(f"configure-{preset}", ["cmake", "--preset", preset], 300)
    if configure[0] != 0:
        raise StageFailed(f"configure-{preset}")
    command = ["cmake", "--build", f"build/{preset}", f"-j{JOBS}", "--target", *targets]
    if run(name, command, BUILD_TIMEOUT_S)[0] != 0:
        raise StageFailed(name)
    return Result(1, 0)


def run_counted(log_name, command, timeout_s=TEST_TIMEOUT_S, **extra):
    """A program that counts for itself; one that crashes, hangs or counts nothing has failed."""
    status, output = run(log_name, command, timeout_s, **extra)
    return read_result(log_name, status, output)


def run_registered(preset, wanted=None, wrapper=(), **extra):
    """Every test that ctest knows of in the preset's build, or those named."""
    tests = registered_tests(ROOT / "build" / preset)
    if wanted is not None:
        tests = [test for test in tests if test.name in wanted]
    if not tests:
        return Result.failure(f"configure-{preset}", "no tests are registered")
    with ThreadPoolExecutor(JOBS) as pool:
        results = pool.map(
            lambda test: run_counted(f"{preset}-{test.name}", [*wrapper, *test.command], **extra), tests
        )
        return sum(results, Result(0, 0))


def stage_check():
    return run_counted("check", ["tools/check/check"])


def stage_dev():
    return build("dev") + run_registered("dev", LOTMESH_SIM_SEEDS=os.environ.get("LOTMESH_SIM_SEEDS", "50"))


def stage_unit():
    return build("asan") + run_registered("asan")


def stage_e2e():
    built = build("release", RELEASED)
    return built + run_counted("e2e", ["/usr/bin/python3", "-B", "tests/e2e/run.py", "--binary-dir", "build/release"])


def stage_demo():
    built = build("release", RELEASED)
    status, output = run("demo", ["tools/demo", "--check"], 300)
    passed = Result(1, 0) if status == 0 else Result.failure("demo", output.strip().splitlines()[-1])
    return built + passed


def stage_threads():
    targets = [f"test_{name}" for name in THREADED_TESTS]
    built = build("tsan", targets)
    return built + run_registered("tsan", THREADED_TESTS, skip_aslr())


def _fuzz_one(target):
    """30 seconds from the corpus that is checked in; what is found stands in build/fuzz/."""
    found = ROOT / "build/fuzz" / target.name
    found.mkdir(parents=True, exist_ok=True)
    command = [
        target.binary, str(found), str(target.corpus), f"-max_total_time={FUZZ_SECONDS}", "-timeout=5",
        "-rss_limit_mb=2048", "-max_len=65536", "-print_final_stats=1", f"-artifact_prefix={found}/",
    ]  # fmt: skip
    log = f"fuzz-{target.name}"
    status, output = run(log, command, FUZZ_SECONDS + 120)
    ran = "stat::number_of_executed_units" in output
    if status == 0 and ran:
        return Result(1, 0)
    return Result.failure(log, "found something" if ran or status else "did not run")


def stage_fuzz():
    targets = fuzz_targets(ROOT)
    if not targets:
        return Result.failure("build-clang", "no fuzz targets")
    built = build("clang", [f"fuzz_{target.name}" for target in targets])
    with ThreadPoolExecutor(JOBS) as pool:
        return sum(pool.map(_fuzz_one, targets), built)


def stage_headers():
    return build("clang", ["headers"])


def stage_tidy():
    # Not the headers that CMake itself writes: what tidy reads is all in the tree.
    configure = run("configure-clang", ["cmake", "--preset", "clang"], 300)
    if configure[0] != 0:
        raise StageFailed("configure-clang")
    return run_counted("tidy", ["tools/check/tidy", *TIDY_FOLDERS], BUILD_TIMEOUT_S)


STAGES = {
    "check": (stage_check, "the house rules (tools/check/check)"),
    "dev": (stage_dev, "dev build; unit and simulator tests, few seeds"),
    "unit": (stage_unit, "ASan and UBSan build; unit, replay and simulator tests"),
    "e2e": (stage_e2e, "release build; real processes, foreign clients"),
    "demo": (stage_demo, "tools/demo --check"),
    "threads": (stage_threads, "TSan build; the tests of " + ", ".join(THREADED_TESTS)),
    "headers": (stage_headers, "each header compiles alone, with clang"),
    "fuzz": (stage_fuzz, f"clang build; each fuzz target for {FUZZ_SECONDS} s"),
    "tidy": (stage_tidy, "clang-tidy on our code"),
}
QUICK = ("check", "dev")
FULL = tuple(name for name in STAGES if name != "dev")


def run_stage(name):
    begin = time.monotonic()
    print(f"      {name}: {STAGES[name][1]}", flush=True)
    try:
        result = STAGES[name][0]()
    except StageFailed as failed:
        result = Result.failure(str(failed), "failed")
    seconds = time.monotonic() - begin
    verdict = "ok  " if result.failed == 0 and result.passed else "FAIL"
    print(f"{verdict}  {name}: {result.passed} passed, {result.failed} failed, {seconds:.0f} s", flush=True)
    for log, why in result.reasons:
        print(f"----  build/log/{log}.log: {why}")
        lines = (LOGS / f"{log}.log").read_text(encoding="utf-8", errors="replace").splitlines()
        print("\n".join(lines[-TAIL_LINES:]), flush=True)
    return result


def main():
    parser = argparse.ArgumentParser(prog="tools/test")
    parser.add_argument("--only", action="append", choices=list(STAGES), metavar="STAGE")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    if options.list:
        for name, (_, says) in STAGES.items():
            print(f"{name:8} {says}")
        return 0
    names = options.only or (QUICK if options.quick else FULL)
    total = sum((run_stage(name) for name in names), Result(0, 0))
    print(f"{total.passed} passed, {total.failed} failed")
    return 0 if total.passed and not total.failed else 1


if __name__ == "__main__":
    sys.exit(main())
