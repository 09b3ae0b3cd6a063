"""The generated parser is what the grammar gives."""
import subprocess
import tempfile
from pathlib import Path

from rules.rule import Rule

SCRIPT = "tools/regenerate_grammar"
GENERATED = "grammar/generated"


def _contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()
    }


def find_stale_parser(tree):
    """Regenerates into a folder of its own: `tools/regenerate_grammar FOLDER`."""
    if tree.get(SCRIPT) is None:
        return [f"{SCRIPT}: missing, so nobody knows whether {GENERATED} is fresh"]
    with tempfile.TemporaryDirectory(prefix="grammar-") as fresh:
        run = subprocess.run(
            ["bash", SCRIPT, fresh], cwd=tree.root, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
        )
        if run.returncode:
            return [f"{SCRIPT}: {(run.stderr or run.stdout).strip()}"]
        expected, actual = _contents(fresh), _contents(tree.root / GENERATED)
    if not expected:
        return [f"{SCRIPT}: wrote nothing"]
    return [
        f"{GENERATED}/{name}: not what grammar/Lot.g4 gives; run {SCRIPT}"
        for name in sorted(expected.keys() | actual.keys())
        if expected.get(name) != actual.get(name)
    ]


_COPY = '#!/usr/bin/env bash\ncp grammar/Lot.g4 "$1"/parser.cpp\n'

RULES = [
    Rule(
        "generated-grammar",
        f"{GENERATED} is what {SCRIPT} makes of the grammar",
        find_stale_parser,
        good={SCRIPT: _COPY, "grammar/Lot.g4": "x\n", f"{GENERATED}/parser.cpp": "x\n"},
        bad=[
            {"grammar/Lot.g4": "y\n"},
            {f"{GENERATED}/more.cpp": ""},
            {SCRIPT: "#!/usr/bin/env bash\nexit 1\n"},
            {SCRIPT: "#!/usr/bin/env bash\n"},
        ],
    ),
]
