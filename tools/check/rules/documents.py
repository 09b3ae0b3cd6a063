"""Links between documents lead somewhere, and the files that they name are there."""
import re
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from rules.rule import Rule, finding

_LINK = re.compile(r"\[[^\]\n]*\]\(([^()\s]+)\)")
_CODE = re.compile(r"^```.*?^```|`[^`\n]+`", re.MULTILINE | re.DOTALL)
_FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
# `net/connections`, `tests/cases/packets_*.h`; a name in capitals stands for any.
_NAMED_PATH = re.compile(r"`([a-z][a-z0-9_]*(?:/[a-z0-9_.*-]+)+)/?`")
# Where the tours' short names may begin.
_ROOTS = ("", "runtime/", "compiler/", "docs/")
_HEADING = re.compile(r"^#+ +(.+?) *$", re.MULTILINE)


def _without_code(text):
    return _CODE.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def _anchors(text):
    """The names that headings get when the page is shown."""
    for heading in _HEADING.findall(text):
        plain = re.sub(r"[`*_]|\[|\]\([^)]*\)", "", heading).lower()
        yield re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def _target_path(page, target):
    parts = []
    for part in (PurePosixPath(page).parent / target).parts:
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def find_dead_links(tree):
    findings = []
    known = {file.path for file in tree.files}
    folders = {str(parent) for path in known for parent in PurePosixPath(path).parents}
    for file in tree.with_suffix(".md"):
        for match in _LINK.finditer(_without_code(file.text)):
            target, _, anchor = match.group(1).partition("#")
            if "://" in target or target.startswith("mailto:"):
                continue
            path = _target_path(file.path, target) if target else file.path
            if path not in known and path not in folders:
                findings.append(finding(file, match.start(), f"leads nowhere: {match.group(1)}"))
            elif anchor and path in known and anchor not in _anchors(tree.get(path).text):
                findings.append(finding(file, match.start(), f"no such heading: {match.group(1)}"))
    return findings


def find_missing_paths(tree):
    """Names of files and folders, with or without their ending, where the first part is one of ours."""
    known = {file.path for file in tree.files}
    known |= {str(parent) for path in known for parent in PurePosixPath(path).parents}
    stems = {path.rpartition("/")[0] + "/" + path.rpartition("/")[2].partition(".")[0] for path in known}
    findings = []
    for file in tree.with_suffix(".md"):
        if not file.path.startswith("docs/"):
            continue  # for users, who have files of their own
        text = _FENCED.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), file.text)
        for match in _NAMED_PATH.finditer(text):
            name = match.group(1)
            places = [root + name for root in _ROOTS if root + name.partition("/")[0] in known]
            there = any(fnmatchcase(path, place) for place in places for path in known | stems)
            if places and not there:
                findings.append(finding(file, match.start(), f"names a file that is not there: {name}"))
    return findings


RULES = [
    Rule(
        "named-paths",
        "files that docs/ names are there",
        find_missing_paths,
        good={
            "docs/a.md": "`net/loop` `runtime/net/loop.h` `net` `net/l*` `other/thing` `runtime/net/`\n```\nnet/none\n```\n",
            "runtime/net/loop.h": "",
        },
        bad=[{"docs/a.md": "`net/stream`\n"}, {"docs/a.md": "`runtime/net/loop.cpp`\n"}],
    ),
    Rule(
        "links",
        "relative links between documents resolve",
        find_dead_links,
        good={
            "README.md": "[a](docs/a.md#the-one-idea) [b](docs/) [c](https://example.org/x) `[d](none)`\n",
            "docs/a.md": "# The *one* idea\n[up](../README.md) [here](#the-one-idea)\n",
        },
        bad=[{"b.md": "[a](docs/none.md)\n"}, {"b.md": "[a](docs/a.md#none)\n"}, {"b.md": "[a](../../x)\n"}],
    ),
]
