"""docs/walkthrough.md shows what tools/walkthrough says. LOTMESH_UPDATE_GOLDEN=1 writes it anew."""

import os
import pathlib
import re
import subprocess
import unittest

from process import binary

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "walkthrough.md"
FENCE = "```"
HEAD = """# From an empty folder to a running cluster, and back

A run of `tools/walkthrough`, as it is: three nodes are written, checked, mended, formatted, drawn, started, changed and
brought back. The pages behind it: [the language](lot-language.md), [all nodes together](cluster-lint.md),
[plan and apply](rollout.md).
"""


def same_each_time(text):
    """Without what is another one in each run."""
    for pattern, word in ((r"\d{4}-\d\d-\d\dT[\d:.]+Z", "TIME"), (r"/tmp/tmp\.\w+", "FOLDER"),
                          (r"up_(primary|standby)", "up"), (r"\d+ unchanged", "N unchanged")):
        text = re.sub(pattern, word, text)
    return text


class WalkthroughTest(unittest.TestCase):
    maxDiff = None

    def test_the_page_shows_what_is_said(self):
        done = subprocess.run([ROOT / "tools" / "walkthrough", binary("lotmesh")], text=True,
                              capture_output=True, timeout=90, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout[-2000:])
        page = f"{HEAD}\n{FENCE}\n{done.stdout.strip()}\n{FENCE}\n"
        if os.environ.get("LOTMESH_UPDATE_GOLDEN"):
            PAGE.write_text(page)
        self.assertEqual(same_each_time(PAGE.read_text()), same_each_time(page))


if __name__ == "__main__":
    unittest.main()
