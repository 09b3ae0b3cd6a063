"""Layers, and what every header owes its reader."""
import re

from rules.rule import Rule, finding

LAYERS_PATH = "tools/check/layers.txt"
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)
_LIBRARIES = (
    ("uv", re.compile(r"uv\.h$|uv/")),
    ("ssl", re.compile(r"openssl/")),
    ("sodium", re.compile(r"sodium\.h$")),
    ("wslay", re.compile(r"wslay/")),
    ("http_parser", re.compile(r"http_parser\.h$")),
    ("antlr", re.compile(r"antlr4-runtime")),
    ("spdlog", re.compile(r"spdlog/")),
    ("fmt", re.compile(r"fmt/")),
    ("json", re.compile(r"nlohmann/")),
    ("cli11", re.compile(r"CLI/")),
    ("doctest", re.compile(r"doctest/")),
    ("posix", re.compile(r"(?:sys|netinet|arpa|net|linux)/|[a-z_]+\.h$")),
    ("std", re.compile(r"[a-z_]+$")),
)


def read_layers(tree):
    """{folder or file: set of what it may include}."""
    file = tree.get(LAYERS_PATH)
    layers = {}
    for line in (file.text if file else "").splitlines():
        line = line.partition("#")[0]
        if line.strip():
            room, _, allowed = line.partition(":")
            layers[room.strip()] = set(allowed.split())
    return layers


def _is_within(path, room):
    return path == room or path.startswith(room + "/")


def _room_of(path, layers):
    return max((room for room in layers if _is_within(path, room)), key=len, default=None)


def _library_of(name):
    return next((library for library, pattern in _LIBRARIES if pattern.match(name)), None)


def _is_allowed(bracket, name, room, layers):
    if bracket == "<":
        return _library_of(name) in layers[room]
    own_folder = room.rpartition("/")[0] if "." in room else room
    return _is_within(name, own_folder) or any(_is_within(name, allowed) for allowed in layers[room])


def find_layer_faults(tree):
    layers = read_layers(tree)
    findings = []
    for file in tree.cpp():
        room = _room_of(file.path, layers)
        if room is None:
            findings.append(f"{file.path}:1: no line of {LAYERS_PATH} is about this folder")
            continue
        for match in _INCLUDE.finditer(file.code):
            bracket, name = match.groups()
            # A name without a folder is a file beside the one that includes it: generated code only.
            if not _is_allowed(bracket, name, room, layers):
                findings.append(finding(file, match.start(), f"'{room}' may not include {name}"))
    return findings


def find_headers_without_contract(tree):
    findings = []
    for file in tree.headers():
        if not file.text.startswith("//"):
            findings.append(f"{file.path}:1: does not begin with a comment that is its contract")
        if "#pragma once" not in file.code:
            findings.append(f"{file.path}:1: has no #pragma once")
    return findings


def find_own_headers_not_first(tree):
    """So that compiling x.cpp proves that x.h compiles alone (cmake/HeaderCheck.cmake counts on it)."""
    findings = []
    known = {file.path for file in tree.files}
    for file in tree.cpp():
        own = file.path.removesuffix(".cpp") + ".h"
        if file.path.endswith(".cpp") and own in known:
            first = _INCLUDE.search(file.code)
            if not first or first.group(2) != own:
                findings.append(finding(file, first.start() if first else 0, f"does not include {own} first"))
    return findings


_GOOD_LAYERS = """
base: std
base/log.cpp: std spdlog
compiler: std base compiler
runtime/mqtt: std base
runtime/net: std base uv
runtime/ws: std base wslay
"""

RULES = [
    Rule(
        "layers",
        f"includes follow {LAYERS_PATH}",
        find_layer_faults,
        good={
            LAYERS_PATH: _GOOD_LAYERS,
            "base/log.cpp": '#include "base/log.h"\n#include <spdlog/spdlog.h>\n',
            "runtime/net/loop.cpp": '#include <uv.h>\n#include "base/time.h"\n#include <string>\n',
            "runtime/ws/frames.cpp": "#include <wslay/wslay.h>\n",
            "compiler/parse/parser.cpp": '// #include <uv.h>\n#include "compiler/ast/ast.h"\n',
        },
        bad=[
            {"base/a.h": '#include "runtime/mqtt/types.h"\n'},
            {"base/a.h": "#include <spdlog/spdlog.h>\n"},
            {"runtime/mqtt/a.cpp": "#include <uv.h>\n"},
            {"runtime/mqtt/a.cpp": "#include <sys/socket.h>\n"},
            {"runtime/mqtt/a.cpp": "#include <wslay/wslay.h>\n"},
            {"runtime/ws/a.cpp": "#include <http_parser.h>\n"},
            {"runtime/mqtt/a.cpp": '#include "runtime/net/loop.h"\n'},
            {"compiler/sema/a.cpp": '#include "runtime/mqtt/types.h"\n'},
            {"runtime/new_room/a.cpp": "#include <string>\n"},
        ],
    ),
    Rule(
        "header-contract",
        "each header begins with its contract and has #pragma once",
        find_headers_without_contract,
        good={"base/a.h": "// What it is for.\n#pragma once\n"},
        bad=[{"base/b.h": "#pragma once\n"}, {"base/b.h": "// What it is for.\n// #pragma once\n"}],
    ),
    Rule(
        "own-header-first",
        "x.cpp includes x.h before anything else",
        find_own_headers_not_first,
        good={"base/a.h": "", "base/a.cpp": '// why\n#include "base/a.h"\n\n#include <string>\n', "base/main.cpp": ""},
        bad=[{"base/a.cpp": '#include <string>\n#include "base/a.h"\n'}, {"base/a.cpp": ""}],
    ),
]
