"""Sizes of files and functions, counted in lines of code: blank lines and comments are free."""
from cpp_text import functions
from rules.rule import Rule, finding

FILE_LINES_MAX = 500
FUNCTION_LINES_MAX = 70
TEST_LINES_MAX = 40


def find_long_files(tree):
    return [
        f"{file.path}: {count} lines of code, {FILE_LINES_MAX} are allowed"
        for file in tree.cpp()
        if (count := file.code_line_count()) > FILE_LINES_MAX
    ]


def find_long_functions(tree):
    findings = []
    for file in tree.cpp():
        for function in functions(file.bare_code):
            body = file.bare_code[function.begin : function.end]
            count = sum(1 for line in body.splitlines() if line.strip())
            is_test = function.name in ("TEST_CASE", "TEST_CASE_FIXTURE")
            limit = TEST_LINES_MAX if is_test else FUNCTION_LINES_MAX
            if count > limit:
                what = f"{function.name}: {count} lines of code, {limit} are allowed"
                findings.append(finding(file, function.begin, what))
    return findings


def _function(name, lines):
    return f"int {name}(int a) {{\n" + "    // why\n    a += 1;\n" * (lines - 2) + "}\n"


RULES = [
    Rule(
        "file-size",
        f"no file has more than {FILE_LINES_MAX} lines of code",
        find_long_files,
        good={"base/a.cpp": "// note\n\n" * 600 + "int a;\n" * FILE_LINES_MAX},
        bad=[{"base/b.cpp": "int a;\n" * (FILE_LINES_MAX + 1)}],
    ),
    Rule(
        "function-size",
        f"no function has more than {FUNCTION_LINES_MAX} lines of code, no test more than {TEST_LINES_MAX}",
        find_long_functions,
        good={"base/a.cpp": "namespace a {\n" + _function("a", FUNCTION_LINES_MAX) * 3 + "}\n"},
        bad=[
            {"base/b.cpp": _function("b", FUNCTION_LINES_MAX + 1)},
            {"base/c.h": "struct C {\n" + _function("c", FUNCTION_LINES_MAX + 1) + "};\n"},
            {"base/d.cpp": "D::D() : a_{1}, b_{'{'} {\n" + "a_ = 65'535;\n" * FUNCTION_LINES_MAX + "}\n"},
            {"base/e.cpp": 'extern "C" {\n' + _function("e", FUNCTION_LINES_MAX + 1) + "}\n"},
            {"tests/unit/f.cpp": 'TEST_CASE("f") {\n' + "g();\n" * (TEST_LINES_MAX - 1) + "}\n"},
        ],
    ),
]
