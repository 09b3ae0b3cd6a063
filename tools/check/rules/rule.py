"""What a rule is."""
from dataclasses import dataclass, field
from typing import Callable


@dataclass
class Rule:
    name: str
    says: str  # the law, in a few words
    find: Callable  # Tree -> list of findings, "path:line: what is wrong"
    bad: list = field(default_factory=list)  # trees {path: text} laid over `good`; each must be found
    good: dict = field(default_factory=dict)


def finding(file, offset, what):
    return f"{file.path}:{file.line_at(offset)}: {what}"
