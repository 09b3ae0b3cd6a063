"""Words that do not belong in a finished tree, and scripts that do not parse."""
import re
import subprocess

from rules.rule import Rule, finding

# Written in two halves, so that this file keeps its own law.
_UNFINISHED = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK)\b|\bfor " r"now\b")
_MACHINE_PATH = re.compile(r"(?<![\w.$~}])/(?:root|home|work|Users)/[\w.-]")
TOP_LEVEL = {
    "CMakeLists.txt", "CMakePresets.json", "README.md", "LICENSE",
    "base", "cmake", "compiler", "docs", "grammar", "routes", "runtime", "tests", "tools",
}  # fmt: skip


def _find_words(tree, pattern, what):
    findings = []
    for file in tree.text_files():
        for match in pattern.finditer(file.text):
            findings.append(finding(file, match.start(), f"{what}: {match.group()}"))
    return findings


def find_unfinished(tree):
    return _find_words(tree, _UNFINISHED, "unfinished work belongs in an issue")


def find_machine_paths(tree):
    return _find_words(tree, _MACHINE_PATH, "path of one machine")


def find_strange_top_level(tree):
    names = {file.path.partition("/")[0] for file in tree.files}
    return [
        f"{name}: not a place at the top level; that takes a decision record"
        for name in sorted(names)
        if not name.startswith(".") and name not in TOP_LEVEL
    ]


def _interpreter(file):
    first = file.text.partition("\n")[0]
    return first if first.startswith("#!") else ""


def find_broken_scripts(tree):
    findings = []
    for file in tree.text_files():
        interpreter = _interpreter(file)
        if interpreter and not file.is_executable and tree.get("CMakeLists.txt"):
            findings.append(f"{file.path}:1: a script that is not executable")
        if interpreter.endswith(("bash", "/sh")):
            run = subprocess.run(
                ["bash", "-n", file.path], cwd=tree.root, capture_output=True, text=True, check=False
            )
            if run.returncode:
                findings.append(run.stderr.strip().replace(": line ", ":", 1))
        elif "python" in interpreter or file.path.endswith(".py"):
            findings.extend(_python_faults(file, interpreter))
    return findings


def _python_faults(file, interpreter):
    if interpreter and interpreter != "#!/usr/bin/python3":
        yield f"{file.path}:1: scripts use #!/usr/bin/python3, which has Debian's modules"
    try:
        compile(file.text, file.path, "exec", dont_inherit=True)
    except SyntaxError as error:
        yield f"{file.path}:{error.lineno}: {error.msg}"


RULES = [
    Rule(
        "unfinished",
        "nothing in the tree says that it is not finished",
        find_unfinished,
        good={"base/a.cpp": "// mastodons and hackers\n"},
        bad=[{"base/b.cpp": "// TO" "DO: more\n"}, {"docs/b.md": "It is slow for " "now.\n"}],
    ),
    Rule(
        "machine-paths",
        "no path of one machine",
        find_machine_paths,
        good={"docs/a.md": "[x](../work/page.md) and /var/lib/lotmesh, $HOME/home/x\n"},
        bad=[{"docs/b.md": "see /ho" "me/someone/lotmesh\n"}],
    ),
    Rule(
        "top-level",
        "the top level has its places and no others",
        find_strange_top_level,
        good={"base/a.cpp": "", ".ci/run": "", "README.md": ""},
        bad=[{"notes.txt": ""}, {"lib/a.cpp": ""}],
    ),
    Rule(
        "scripts",
        "scripts parse, are executable and use Debian's python",
        find_broken_scripts,
        good={"tools/a": "#!/usr/bin/env bash\necho\n", "tools/a.py": "print(1)\n"},
        bad=[
            {"tools/b": "#!/usr/bin/env bash\nif true; then\n"},
            {"tools/b": "#!/usr/bin/python3\nif True\n"},
            {"tools/b": "#!/usr/bin/env python3\n"},
            {"CMakeLists.txt": ""},
        ],
    ),
]
