"""Each class of attack in docs/security.md has a test of its name, or says that it has none yet."""
import re

from rules.rule import Rule, finding

_PAGE = "docs/security.md"
_ROWS = [f"S{number}" for number in range(1, 39)]
_ROW = re.compile(r"^\| (S\d+) \|.*\| ([^|\n]*) \|$", re.MULTILINE)
_OPEN = "not yet"
# TEST_CASE("S7: ..."), def test_s7_...; in C++ several rows may share one: "S7, S26: ...".
_IN_CPP = re.compile(r"TEST_CASE\(\s*\"((?:S\d+(?:, )?)+)[: ]")
_IN_PYTHON = re.compile(r"def test_((?:s\d+_)+)")


def _tested(tree):
    """Of each row the files with a test that is named after it."""
    rows = {}
    for file in tree.files:
        if not file.path.startswith("tests/"):
            continue
        if file.path.endswith(".cpp"):
            names = [name for found in _IN_CPP.findall(file.text) for name in found.split(", ")]
        elif file.path.endswith(".py"):
            names = [name.upper() for found in _IN_PYTHON.findall(file.text)
                     for name in found.strip("_").split("_")]
        else:
            continue
        for name in names:
            rows.setdefault(name, set()).add(file.path)
    return rows


def find_untested_rows(tree):
    page = tree.get(_PAGE)
    if page is None:
        return [f"{_PAGE}: is not there"]
    tested = _tested(tree)
    seen, findings = [], []
    for match in _ROW.finditer(page.text):
        row, where = match.groups()
        seen.append(row)
        files = tested.get(row, set())
        if where.startswith(_OPEN):
            if files:
                findings.append(finding(page, match.start(), f"{row} is tested in {', '.join(sorted(files))}"))
            continue
        for path in re.findall(r"`(tests/[^`]+)`", where):
            if path not in files:
                findings.append(finding(page, match.start(), f"{path} has no test of the name {row}"))
        if "`tests/" not in where:
            findings.append(finding(page, match.start(), f"{row} names no test"))
    findings += [f"{_PAGE}: row {row} stands {seen.count(row)} times" for row in _ROWS if seen.count(row) != 1]
    findings += [f"{', '.join(sorted(files))}: {row} is no row of {_PAGE}"
                 for row, files in sorted(tested.items()) if row not in _ROWS]
    return findings


def _page(last="`tests/unit/a_test.cpp`"):
    rows = [f"| {row} | class | not yet: later |" for row in _ROWS[1:-1]]
    return "\n".join([f"| S1 | class | {last} |", *rows, "| S38 | class | `tests/e2e/test_b.py` |"]) + "\n"


_GOOD = {
    _PAGE: _page(),
    "tests/unit/a_test.cpp": 'TEST_CASE("S1: ids with wildcards") {}\n',
    "tests/e2e/test_b.py": "def test_s38_no_compression(self):\n    pass\n",
}

RULES = [
    Rule(
        "security-rows",
        "each class of attack in docs/security.md has a test that is named after it",
        find_untested_rows,
        good=_GOOD,
        bad=[
            {"tests/unit/a_test.cpp": ""},
            {"tests/unit/c_test.cpp": 'TEST_CASE("S2, S3: both") {}\n'},
            {"tests/unit/c_test.cpp": 'TEST_CASE("S39: none") {}\n'},
            {_PAGE: _page("somewhere")},
            {_PAGE: _page() + "| S1 | again | not yet |\n"},
        ],
    ),
]
