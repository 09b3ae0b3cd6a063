"""All rules, in the order in which they run: cheap ones first."""
from rules import calls, documents, format, grammar, includes, security, size, spec, words

ALL_RULES = [
    *size.RULES,
    *includes.RULES,
    *calls.RULES,
    *words.RULES,
    *documents.RULES,
    *security.RULES,
    *spec.RULES,
    *grammar.RULES,
    *format.RULES,
]
