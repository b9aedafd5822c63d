"""FHIRPath, read: a small parser for the expressions of the R4 definitions.

It turns text into nested tuples, `("call", target, name, arguments)` and the like, for the translators of invariants
and of search parameters. What it does not know raises `Unknown`, and the caller falls back to a full interpreter.
"""

import re
from typing import Any

Node = tuple[Any, ...]

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:\\.|[^'\\])*')|(?P<number>\d+(?:\.\d+)?)|(?P<name>[%$]?[A-Za-z_]\w*|`[^`]*`)|(?P<sign><=|>=|!=|[-+=<>&|().,\[\]]))"
)
_LEVELS = (
    ("implies",),
    ("or", "xor"),
    ("and",),
    ("in", "contains"),
    ("=", "!="),
    ("<", "<=", ">", ">="),
    ("|",),
    ("is", "as"),
    ("+", "-", "&"),
)
"""Operators that bind ever tighter, as the grammar of FHIRPath (N1, §6.8) orders them."""


class Unknown(ValueError):
    """An expression of a form that is not translated."""


def parse(expression: str) -> Node:
    reader = _Reader(expression)
    node = reader.level(0)
    if reader.peek() is not None:
        raise Unknown(expression)
    return node


class _Reader:
    def __init__(self, expression: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        position, text = 0, expression.strip()
        while position < len(text):
            match = _TOKEN.match(text, position)
            if not match or match.lastgroup is None:
                raise Unknown(expression)
            self.tokens.append((match.lastgroup, match[match.lastgroup]))
            position = match.end()
        self.at = 0

    def peek(self) -> str | None:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else None

    def take(self, expected: str | None = None) -> tuple[str, str]:
        if self.at >= len(self.tokens) or (expected and self.tokens[self.at][1] != expected):
            raise Unknown(expected or "end")
        self.at += 1
        return self.tokens[self.at - 1]

    def level(self, depth: int) -> Node:
        if depth == len(_LEVELS):
            return self.path()
        left = self.level(depth + 1)
        while self.peek() in _LEVELS[depth] and self.tokens[self.at][0] != "text":
            operator = self.take()[1]
            left = ("op", operator, left, self.level(depth + 1))
        return left

    def path(self) -> Node:
        node = self.term()
        while self.peek() in (".", "["):
            if self.take()[1] == "[":
                node = ("item", node, int(self.take()[1]))
                self.take("]")
            else:
                node = self.step(node, self.take()[1])
        return node

    def step(self, target: Node | None, name: str) -> Node:
        if self.peek() != "(":
            return ("get", target, name.strip("`"))
        self.take("(")
        arguments: list[Node] = []
        while self.peek() != ")":
            arguments.append(self.level(0))
            if self.peek() == ",":
                self.take()
        self.take(")")
        return ("call", target, name, tuple(arguments))

    def term(self) -> Node:
        kind, text = self.take()
        if kind == "text":
            return ("text", text[1:-1].replace("\\'", "'").replace("\\\\", "\\"))
        if kind == "number":
            return ("number", float(text) if "." in text else int(text))
        if text == "(":
            node = self.level(0)
            self.take(")")
            return node
        if kind != "name":
            raise Unknown(text)
        if text in ("true", "false"):
            return ("truth", text == "true")
        return ("root",) if text in ("%resource", "%rootResource") else self.step(None, text)
