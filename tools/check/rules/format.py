"""clang-format has the last word on layout."""
import os
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor

from rules.rule import Rule

CLANG_FORMAT = "clang-format-19"
BATCH = 40
_REPORT = re.compile(r"^([^:\n]+:\d+):\d+: (?:error|warning): (.*?)(?: \[-W.*)?$", re.MULTILINE)


def _check_batch(root, paths):
    try:
        run = subprocess.run(
            [CLANG_FORMAT, "--dry-run", "-Werror", "--ferror-limit=3", *paths],
            cwd=root, capture_output=True, text=True, check=False,
        )  # fmt: skip
    except FileNotFoundError:
        return [f"{CLANG_FORMAT} is not installed; tools/setup test installs it"]
    findings = [f"{place}: {what}" for place, what in _REPORT.findall(run.stderr)]
    if run.returncode and not findings:
        findings = [run.stderr.strip() or f"{CLANG_FORMAT} failed"]
    return findings


def find_badly_formatted(tree):
    paths = [file.path for file in tree.cpp() if not file.path.endswith(".def")]
    batches = [paths[i : i + BATCH] for i in range(0, len(paths), BATCH)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return [found for batch in pool.map(lambda b: _check_batch(tree.root, b), batches) for found in batch]


RULES = [
    Rule(
        "format",
        f"{CLANG_FORMAT} would change nothing",
        find_badly_formatted,
        good={".clang-format": "BasedOnStyle: Google\n", "base/a.cpp": "int a = 1;\n"},
        bad=[{"base/b.cpp": "int  a=1 ;\n"}],
    ),
]
