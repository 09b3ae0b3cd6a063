"""The standard's statements and the compiler's codes: what is obeyed or reported is tested."""
import re
from dataclasses import dataclass

from rules.rule import Rule

# The prefix of a standard's tags, and where its statements are listed.
STANDARDS = {"MQTT": "tools/check/statements_5.txt", "MQTT311": "tools/check/statements_3.txt"}
_TAG = re.compile(r"\bMQTT(?:311)?-\d+(?:\.\d+){1,2}-\d+\b")
_LISTED = re.compile(r"(\d+(?:\.\d+){1,2}-\d+) \|(.*)\|( server | client )\|( .* )\|(.*)")
_CODE = re.compile(r'^LOT_CODE\(\s*(\w+)\s*,\s*(\d+)\s*,', re.MULTILINE)
CODES_PATH = "compiler/diag/codes.def"
GOLDEN = "tests/golden/"


@dataclass(frozen=True)
class Statement:
    tag: str
    like: str  # the tag whose code obeys this one, too, or nothing
    binds: str  # server or client
    says: str
    untestable: str  # why, or nothing
    place: str


def _read_statements(tree):
    """{tag: Statement}, and what is wrong with the lists."""
    statements = {}
    faults = []
    for prefix, path in STANDARDS.items():
        file = tree.get(path)
        for number, line in enumerate(file.text.splitlines() if file else [], 1):
            if not line or line.startswith("#"):
                continue
            match = _LISTED.fullmatch(line)
            tag = f"{prefix}-{match.group(1)}" if match else ""
            if not match or tag in statements:
                faults.append(f"{path}:{number}: not a statement, or one listed twice: {line}")
                continue
            like, binds, says, untestable = (field.strip() for field in match.groups()[1:])
            statements[tag] = Statement(
                tag, f"MQTT-{like}" if like else "", binds, says, untestable, f"{path}:{number}"
            )
    return statements, faults


def _places(files):
    """{tag: its places, in the order of files}."""
    places = {}
    for file in files:
        for match in _TAG.finditer(file.text):
            places.setdefault(match.group(), []).append(f"{file.path}:{file.line_at(match.start())}")
    return places


def _obeyed_and_tested(tree):
    tests = [file for file in tree.files if file.path.startswith("tests/") and "/corpus/" not in file.path]
    return _places(tree.cpp("runtime/", "base/")), _places(tests)


def _order(tag):
    prefix, _, numbers = tag.partition("-")
    return prefix, [int(number) for number in re.findall(r"\d+", numbers)]


def _first(places):
    return places[0] + (f" (+{len(places) - 1})" if len(places) > 1 else "") if places else "-"


def tag_table(tree):
    """Statement, the code that obeys it, the test of it; where there can be none, why."""
    statements, _ = _read_statements(tree)
    obeyed, tested = _obeyed_and_tested(tree)
    rows = [f"{'statement':17} {'binds':6} {'obeyed in':46} {'tested in':52} what it says"]
    for statement in statements.values():
        code = _first(obeyed.get(statement.tag) or obeyed.get(statement.like))
        test = _first(tested.get(statement.tag)) if not statement.untestable else "no: " + statement.untestable
        rows.append(f"{statement.tag:17} {statement.binds:6} {code:46} {test:52} {statement.says}")
    binding = [statement for statement in statements.values() if statement.binds == "server"]
    with_test = sum(statement.tag in tested for statement in binding)
    reasons = sum(bool(statement.untestable) for statement in binding)
    rows.append(
        f"{len(statements)} statements, {len(binding)} bind a server: {with_test} tested, "
        f"{reasons} that cannot be, {len(binding) - with_test - reasons} without a test"
    )
    return "\n".join(rows)


def find_wrong_tags(tree):
    statements, findings = _read_statements(tree)
    obeyed, tested = _obeyed_and_tested(tree)
    for tag in sorted(obeyed.keys() | tested.keys(), key=_order):
        place = (obeyed.get(tag) or tested.get(tag))[0]
        if tag not in statements:
            findings.append(f"{place}: {tag} is no statement of {' or '.join(STANDARDS.values())}")
        elif tag not in tested:
            findings.append(f"{place}: {tag} is obeyed here and tested nowhere")
        elif statements[tag].untestable:
            findings.append(f"{statements[tag].place}: {tag} is tested, in {tested[tag][0]}")
    return findings


def find_open_statements(tree):
    statements, _ = _read_statements(tree)
    obeyed, tested = _obeyed_and_tested(tree)
    findings = []
    for statement in statements.values():
        if statement.binds != "server" or statement.untestable:
            continue
        if statement.tag not in tested:
            findings.append(f"{statement.place}: {statement.tag} has neither a test nor a reason: {statement.says}")
        if statement.tag not in obeyed and statement.like not in obeyed:
            findings.append(f"{statement.place}: {statement.tag} is tagged nowhere in the code: {statement.says}")
    return findings


def find_untested_codes(tree):
    registry = tree.get(CODES_PATH)
    golden = "\n".join(file.text for file in tree.files if file.path.startswith(GOLDEN))
    findings = []
    seen = {}
    for name, number in _CODE.findall(registry.code if registry else ""):
        code = f"LOT{int(number):04}"
        if code in seen:
            findings.append(f"{CODES_PATH}: {code} is both {seen[code]} and {name}")
        seen[code] = name
        if not re.search(rf"\b{code}\b", golden):
            findings.append(f"{CODES_PATH}: {code} ({name}) is in no file of {GOLDEN}")
    return findings


_LISTS = {
    STANDARDS["MQTT"]: """
# id | like | binds | says | why not
3.8.3-3 | | server | a law |
3.8.3-4 | | server | a law |
4.2-1 | | server | a law |
6.0.0-1 | | server | a law | it is not served
""",
    STANDARDS["MQTT311"]: "2.2.2-1 | 3.8.3-3 | server | a law |\n",
}
RULES = [
    Rule(
        "spec-tags",
        "each tag is a statement of the standard, and what the code obeys is tested by name (--spec-tags: the table)",
        find_wrong_tags,
        good={
            **_LISTS,
            "runtime/mqtt/a.cpp": "// [MQTT-3.8.3-3] [MQTT311-2.2.2-1]\n",
            "tests/unit/mqtt/a.cpp": 'TEST_CASE("a [MQTT-3.8.3-3] [MQTT311-2.2.2-1] [MQTT-4.2-1]") {}\n',
        },
        bad=[
            {"runtime/mqtt/b.cpp": "// [MQTT-3.8.3-4]\n"},
            {"tests/unit/mqtt/b.cpp": "// [MQTT-9.8.3-3]\n"},
            {"tests/unit/mqtt/b.cpp": "// [MQTT311-3.8.3-3]\n"},
            {"tests/unit/mqtt/b.cpp": "// [MQTT-6.0.0-1]\n"},
            {STANDARDS["MQTT311"]: "2.2.2-1 | | nobody | a law |\n"},
            {STANDARDS["MQTT311"]: "2.2.2-1 | | server | a law |\n" * 2},
        ],
    ),
    Rule(
        "statements",
        "each statement that binds a server is obeyed by tagged code and tested, or says why it cannot be",
        find_open_statements,
        good={
            **_LISTS,
            "base/a.cpp": "// [MQTT-3.8.3-3] [MQTT-3.8.3-4] [MQTT-4.2-1]\n",
            "tests/unit/a.cpp": "// [MQTT-3.8.3-3] [MQTT-3.8.3-4] [MQTT-4.2-1] [MQTT311-2.2.2-1]\n",
        },
        bad=[
            {"tests/unit/a.cpp": "// [MQTT-3.8.3-3] [MQTT-3.8.3-4] [MQTT-4.2-1]\n"},
            {"base/a.cpp": "// [MQTT-3.8.3-3] [MQTT-4.2-1]\n"},
            {STANDARDS["MQTT311"]: "2.2.2-1 | | server | a law |\n"},
        ],
    ),
    Rule(
        "codes",
        "each diagnostic code is unique and shown by a golden file",
        find_untested_codes,
        good={
            CODES_PATH: '// LOT_CODE(name, 9)\nLOT_CODE(One, 101, Error, "one")\n',
            "tests/golden/lot/a.lot": "// CHECK: error[LOT0101]\n",
        },
        bad=[
            {CODES_PATH: 'LOT_CODE(One, 101, Error, "one")\nLOT_CODE(Two, 102, Error, "two")\n'},
            {CODES_PATH: 'LOT_CODE(One, 101, Error, "one")\nLOT_CODE(Two, 101, Error, "two")\n'},
        ],
    ),
]
