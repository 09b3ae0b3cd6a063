"""The standard's statements and the compiler's codes: what is obeyed or reported is tested."""
import re

from rules.rule import Rule

_TAG = re.compile(r"\bMQTT-\d+\.\d+\.\d+-\d+\w?\b")
_CODE = re.compile(r'^LOT_CODE\(\s*(\w+)\s*,\s*(\d+)\s*,', re.MULTILINE)
CODES_PATH = "compiler/diag/codes.def"
GOLDEN = "tests/golden/"


def _tags(files):
    """{tag: first place}."""
    places = {}
    for file in files:
        for match in _TAG.finditer(file.text):
            places.setdefault(match.group(), f"{file.path}:{file.line_at(match.start())}")
    return places


def _obeyed_and_tested(tree):
    tests = [file for file in tree.files if file.path.startswith("tests/") and "/corpus/" not in file.path]
    return _tags(tree.cpp("runtime/", "base/")), _tags(tests)


def _order(tag):
    return [int(number) for number in re.findall(r"\d+", tag)]


def tag_table(tree):
    obeyed, tested = _obeyed_and_tested(tree)
    rows = [f"{'statement':16} {'obeyed in':44} tested in"]
    for tag in sorted(obeyed.keys() | tested.keys(), key=_order):
        rows.append(f"{tag:16} {obeyed.get(tag, '-'):44} {tested.get(tag, '-')}")
    both = len(obeyed.keys() & tested.keys())
    rows.append(f"{len(obeyed)} statements obeyed, {len(tested)} tested, {both} both")
    return "\n".join(rows)


def find_untested_tags(tree):
    obeyed, tested = _obeyed_and_tested(tree)
    return [
        f"{obeyed[tag]}: {tag} is obeyed here and tested nowhere"
        for tag in sorted(obeyed.keys() - tested.keys(), key=_order)
    ]


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


RULES = [
    Rule(
        "spec-tags",
        "each statement of the standard that the code names is tested by name (--spec-tags for the table)",
        find_untested_tags,
        good={
            "runtime/mqtt/a.cpp": "// [MQTT-3.8.3-3]\n",
            "tests/unit/mqtt/a.cpp": 'TEST_CASE("a [MQTT-3.8.3-3]") {}\n',
        },
        bad=[{"runtime/mqtt/b.cpp": "// [MQTT-3.8.3-4]\n"}],
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
