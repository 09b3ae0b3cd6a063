"""What may be called where: the machines decide, the shells touch the world."""
import re

from rules.rule import Rule, finding

# The layers that must run the same in the daemon and in the simulator.
PURE = ("base/", "compiler/", "runtime/mqtt/", "runtime/ws/", "runtime/access/", "runtime/store/", "runtime/broker/", "runtime/cluster/")
OURS = ("base/", "compiler/", "runtime/", "tools/", "tests/")
ORDER_MATTERS = ("runtime/broker/", "runtime/cluster/", "runtime/mqtt/", "compiler/", "tests/sim/")

_WORLD = {
    "libuv": r"\buv_\w+",
    "OpenSSL": r"\bSSL_\w+",
    "a thread": r"\bstd::(?:j?thread|async|mutex|condition_variable)\b",
    "a clock": r"::now\s*\(\s*\)|(?<![\w.>])(?:std::)?(?:time|clock_gettime|gettimeofday)\s*\(",
    "a source of randomness": r"(?<![\w.>])(?:std::)?s?rand\s*\(|\bstd::(?:random_device|mt19937\w*)\b",
    "the environment": r"\bgetenv\s*\(",
    "a file": r"\bstd::(?:[io]?fstream|filesystem)\b|\bfopen\s*\(",
    "a sleep": r"\b(?:sleep_for|sleep_until|usleep|nanosleep)\b",
}
_STYLE = {
    "friend (but for an operator)": r"\bfriend\b(?![^;{]*\boperator\b)",
    "void*": r"\bvoid\s*\*",
    "goto": r"\bgoto\b",
    "std::format and std::print (g++ 12 has neither; use fmt)": r"\bstd::(?:format|print|println)\s*\(",
    "console streams": r"\bstd::(?:cout|cerr|clog)\b",
}
# mailbox.h is the one way between threads; log.cpp writes; hash.h and assert.h end the process or seed it.
_WORLD_ALLOWED = {"base/mailbox.h": {"a thread"}, "base/log.cpp": {"a clock", "a thread", "a file"}}
# Where a C interface hands our own pointer back to us.
_VOID_POINTER_ALLOWED = ("runtime/net/", "runtime/ws/", "tests/unit/net/", "tests/support/failing_malloc.cpp", "tools/fault_proxy/",
                         "tools/bench/")
# MessageRef alone makes, counts and frees Messages.
_COUNTED_POINTER = "runtime/broker/message.h"
# Three walls: ANTLR, CLI11 and the thread entry (docs/adr/0004).
_EXCEPTIONS_ALLOWED = ("compiler/parse/", "tools/", "runtime/server/", "tests/")
_UNORDERED = re.compile(r"\bstd::unordered_\w+\s*<[^;{}()]*>\s+(\w+)\s*[;{=]")
_ANY_ORDER = "any order"


def _find_patterns(tree, prefixes, patterns, is_allowed):
    findings = []
    for file in tree.cpp(*prefixes):
        for what, pattern in patterns.items():
            if is_allowed(file.path, what):
                continue
            for match in re.finditer(pattern, file.bare_code):
                findings.append(finding(file, match.start(), f"{what} is not to be used here: {match.group()}"))
    return findings


def find_world_calls(tree):
    return _find_patterns(tree, PURE, _WORLD, lambda path, what: what in _WORLD_ALLOWED.get(path, ()))


def _style_is_allowed(path, what):
    if what == "void*":
        return path.startswith(_VOID_POINTER_ALLOWED)
    if what == "console streams":
        return path.startswith("tools/")
    return what.startswith("friend") and path == _COUNTED_POINTER


def find_style_faults(tree):
    return _find_patterns(tree, OURS, _STYLE, _style_is_allowed)


def find_shared_pointers(tree):
    return _find_patterns(
        tree,
        ("runtime/broker/", "runtime/cluster/"),
        {"shared ownership": r"\bstd::(?:shared_ptr|weak_ptr|make_shared)\b"},
        lambda path, what: False,
    )


def find_exceptions(tree):
    return _find_patterns(
        tree,
        OURS,
        {"an exception": r"\b(?:throw|try|catch)\b"},
        lambda path, what: path.startswith(_EXCEPTIONS_ALLOWED),
    )


def find_unordered_iteration(tree):
    names = set()
    for file in tree.cpp(*ORDER_MATTERS):
        names.update(_UNORDERED.findall(file.bare_code))
    if not names:
        return []
    either = "|".join(sorted(names))
    pattern = re.compile(rf"\bfor\s*\([^;(){{}}]*:\s*[\w.>-]*\b(?:{either})\s*\)|\b(?:{either})\.begin\s*\(")
    findings = []
    for file in tree.cpp(*ORDER_MATTERS):
        lines = file.text.splitlines()
        for match in pattern.finditer(file.bare_code):
            line = file.line_at(match.start())
            if not any(_ANY_ORDER in text for text in lines[max(0, line - 3) : line]):
                what = f"the order of an unordered container: {' '.join(match.group().split())}"
                findings.append(finding(file, match.start(), what))
    return findings


def find_sleeps_in_tests(tree):
    findings = []
    pattern = re.compile(r"\b(?:sleep|usleep|nanosleep|sleep_for|sleep_until)\s*\(")
    for file in tree.cpp("tests/"):
        for match in pattern.finditer(file.bare_code):
            findings.append(finding(file, match.start(), "a test waits for events, not for time"))
    for file in tree.with_suffix(".py"):
        if re.match(r"tests/.*/test_\w+\.py$", file.path):
            for match in re.finditer(r"\btime\.sleep\s*\(", file.text):
                findings.append(finding(file, match.start(), "a test waits for a condition, not for time"))
    return findings


_NODE = "runtime/broker/a.cpp"

RULES = [
    Rule(
        "world",
        "clocks, threads, files, sockets and chance stay out of the machines",
        find_world_calls,
        good={
            _NODE: 'void f() { lifetime(1); operand(2); log("uv_run()"); }  // std::thread\n',
            "runtime/net/a.cpp": "void f() { uv_run(nullptr); }\n",
            "base/mailbox.h": "std::mutex mutex_;\n",
        },
        bad=[
            {_NODE: "void f() { uv_run(nullptr); }\n"},
            {_NODE: "auto t = std::chrono::steady_clock::now();\n"},
            {_NODE: "auto t = time(nullptr);\n"},
            {_NODE: "int i = rand();\n"},
            {_NODE: 'auto* v = std::getenv("A");\n'},
            {_NODE: "std::thread worker;\n"},
            {"compiler/sema/a.cpp": "std::ifstream in(path);\n"},
        ],
    ),
    Rule(
        "banned-words-of-cpp",
        "no friend, void*, goto, std::format; console streams in tools only",
        find_style_faults,
        good={_NODE: "void befriend(Word& word);\nfriend bool operator==(A, A) { return true; }\n", "runtime/net/a.cpp": "void* data = nullptr;\n"},
        bad=[
            {_NODE: "class A { friend class B; };\n"},
            {_NODE: "void f(void* data);\n"},
            {_NODE: "auto s = std::format(a);\n"},
            {_NODE: "void f() { std::cout << 1; }\n"},
        ],
    ),
    Rule(
        "shared-pointers",
        "nothing in broker or cluster has shared owners",
        find_shared_pointers,
        good={_NODE: "std::unique_ptr<A> a;\n", "compiler/a.cpp": "std::shared_ptr<A> a;\n"},
        bad=[{_NODE: "std::shared_ptr<A> a;\n"}],
    ),
    Rule(
        "exceptions",
        "exceptions are met at three walls only",
        find_exceptions,
        good={_NODE: "void entry();  // never throws\n", "compiler/parse/a.cpp": "void f() { try { g(); } catch (...) {} }\n"},
        bad=[{_NODE: "void f() { throw 1; }\n"}, {_NODE: "void f() { try { g(); } catch (...) {} }\n"}],
    ),
    Rule(
        "unordered-iteration",
        f"the order of unordered containers is not used; a comment with '{_ANY_ORDER}' says why it may be",
        find_unordered_iteration,
        good={
            "runtime/broker/b.h": "std::unordered_map<A, B<C>> table_;\nstd::map<A, B> sorted_;\n",
            _NODE: "void f() {\n    // any order: only counted\n    for (auto& [a, b] : table_) ++n;\n"
            "    for (auto& x : sorted_) g(x);\n}\n",
        },
        bad=[
            {_NODE: "void f() { for (auto& [a, b] : table_) send(a); }\n"},
            {_NODE: "void f() { for (auto& [a, b] : self.table_) send(a); }\n"},
            {_NODE: "void f() { send(table_.begin()); }\n"},
        ],
    ),
    Rule(
        "sleeps",
        "no test sleeps",
        find_sleeps_in_tests,
        good={"tests/e2e/test_a.py": "wait_until(lambda: ready)\n", "tests/unit/a.cpp": "asleep(1);\n"},
        bad=[
            {"tests/unit/b.cpp": "std::this_thread::sleep_for(1s);\n"},
            {"tests/e2e/test_b.py": "time.sleep(1)\n"},
        ],
    ),
]
