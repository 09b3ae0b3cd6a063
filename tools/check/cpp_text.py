"""Just enough of C++'s lexical rules to tell code from comments, and functions from the rest."""
import re

_TOKEN = re.compile(
    r"""
      (?P<line_comment>//[^\n]*)
    | (?P<block_comment>/\*.*?\*/)
    | (?P<raw>R"(?P<mark>[^()\s\\]{0,16})\(.*?\)(?P=mark)")
    | (?P<number>\b\d[\w.]*(?:'[\w.]+)*)
    | (?P<string>"(?:\\.|[^"\\\n])*")
    | (?P<character>'(?:\\.|[^'\\\n])+')
    """,
    re.VERBOSE | re.DOTALL,
)


def _blank(text):
    return re.sub(r"[^\n]", " ", text)


def blank_comments(text, blank_strings):
    """`text` with comments, and if asked the insides of literals, turned into blanks."""

    def replace(match):
        whole = match.group()
        kind = match.lastgroup if match.lastgroup != "mark" else "raw"
        if kind in ("line_comment", "block_comment"):
            return _blank(whole)
        if not blank_strings or kind == "number":
            return whole
        return whole[0] + _blank(whole[1:-1]) + whole[-1]

    return _TOKEN.sub(replace, text)


class Function:
    """A function definition: where its signature begins and its body ends, as offsets."""

    def __init__(self, name, begin, end):
        self.name = name
        self.begin = begin
        self.end = end


def _matching_brace(code, opening):
    depth = 0
    for match in re.compile(r"[{}]").finditer(code, opening):
        depth += 1 if match.group() == "{" else -1
        if depth == 0:
            return match.start()
    return len(code) - 1


_CONTAINER = re.compile(r"\b(?:namespace|class|struct|union|extern)\b(?![^{]*\)\s*$)")
_NAME = re.compile(r"([\w:~]+(?:\s*operator[^(]*)?|operator[^(]*)\s*\(")
_SKIP_MACRO_LINE = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.MULTILINE)


def functions(bare_code):
    """Every function that is not inside of another one. Lambdas belong to the function around them."""
    code = _SKIP_MACRO_LINE.sub(lambda match: _blank(match.group()), bare_code)
    found = []
    position = 0
    header_begin = 0
    while True:
        match = re.compile(r"[{};]").search(code, position)
        if not match:
            return found
        position = match.end()
        if match.group() != "{":
            header_begin = position
            continue
        header = code[header_begin : match.start()]
        if _is_container(header):
            header_begin = position
            continue
        closing = _matching_brace(code, match.start())
        following = code[closing + 1 :].lstrip()[:1]
        position = closing + 1
        if following in (",", "{", ";", ")"):
            continue  # an initializer: `: member_{1}, other_{2} { body }`, or `= {...};`
        if "(" in header and not header.rstrip().endswith("="):
            begin = header_begin + len(header) - len(header.lstrip())
            name = _NAME.search(header)
            found.append(Function(name.group(1).strip() if name else "?", begin, closing + 1))
        header_begin = position


def _is_container(header):
    text = re.sub(r"\balignas\([^)]*\)|\btemplate\s*<[^{;]*?>(?=\s*(?:class|struct|union))", "", header)
    text = re.sub(r"\b(?:public|private|protected)\s*:", "", text).strip()
    if re.match(r"extern\s*\"\s*\"?$", text):
        return True
    return bool(re.match(r"(?:inline\s+)?namespace\b|(?:typedef\s+)?(?:class|struct|union)\b", text)) and (
        "(" not in text
    )
