"""Reading FHIRPath: text to a small tree.

Only what the R4 definitions use is understood: paths, function calls, literals and the operators with their official
precedence. `translator` turns the trees of invariants into Python, `searching` those of search parameters.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any


@dataclass(frozen=True, slots=True)
class Literal:
    value: Any


@dataclass(frozen=True, slots=True)
class Constant:
    """An environment variable: `%resource`, `%ucum`."""

    name: str


@dataclass(frozen=True, slots=True)
class Step:
    """A child by name; without a subject it starts from the focus."""

    subject: "Node | None"
    name: str


@dataclass(frozen=True, slots=True)
class Call:
    subject: "Node | None"
    name: str
    arguments: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Index:
    subject: "Node"
    number: int


@dataclass(frozen=True, slots=True)
class Binary:
    operator: str
    left: "Node"
    right: "Node"


Node = Literal | Constant | Step | Call | Index | Binary

_TOKENS = re.compile(
    r"\s*(?:(?P<string>'(?:[^'\\]|\\.)*')|(?P<number>\d+(?:\.\d+)?)|(?P<constant>%\w+)"
    r"|(?P<name>\$this|[A-Za-z_]\w*|`[^`]+`)|(?P<sign>!=|<=|>=|[.()\[\]|=<>&+,*/-]))"
)
# Loosest first; the last row binds tightest.
_LEVELS: tuple[tuple[str, ...], ...] = (
    ("implies",),
    ("or", "xor"),
    ("and",),
    ("in", "contains"),
    ("=", "!="),
    ("<", "<=", ">", ">="),
    ("|",),
    ("is", "as"),
    ("+", "&"),
)
_ESCAPES = {r"\\": "\\", r"\'": "'", r"\/": "/", r"\"": '"'}


class Reader:
    """A recursive-descent reader over the tokens of one expression."""

    def __init__(self, text: str) -> None:
        self.tokens = [(m.lastgroup or "", m.group(m.lastgroup or 0)) for m in _TOKENS.finditer(text)]
        self.place = 0

    @property
    def next(self) -> str:
        return self.tokens[self.place][1] if self.place < len(self.tokens) else ""

    def take(self) -> tuple[str, str]:
        self.place += 1
        return self.tokens[self.place - 1]

    def accept(self, sign: str) -> bool:
        found = self.next == sign
        self.place += found
        return found

    def expression(self, level: int = 0) -> Node:
        if level == len(_LEVELS):
            return self.path()
        left = self.expression(level + 1)
        while self.next in _LEVELS[level]:
            operator = self.take()[1]
            left = Binary(operator, left, self.expression(level + 1))
        return left

    def path(self) -> Node:
        node = self.term()
        while self.next in (".", "["):
            node = self.invocation(node) if self.accept(".") else self.index(node)
        return node

    def index(self, node: Node) -> Node:
        self.accept("[")
        number = int(self.take()[1])
        self.accept("]")
        return Index(node, number)

    def term(self) -> Node:
        kind, text = self.tokens[self.place]
        if kind == "name" and text not in ("true", "false"):
            return self.invocation(None)
        self.take()
        if text == "(":
            inner = self.expression()
            self.accept(")")
            return inner
        return Constant(text[1:]) if kind == "constant" else Literal(_literal(kind, text))

    def invocation(self, subject: Node | None) -> Node:
        name = self.take()[1].strip("`")
        if not self.accept("("):
            return Step(subject, name)
        arguments: list[Node] = []
        while not self.accept(")"):
            arguments.append(self.expression())
            self.accept(",")
        return Call(subject, name, tuple(arguments))


def _literal(kind: str, text: str) -> Any:
    if kind == "string":
        return re.sub(r"\\[\\'/\"]", lambda m: _ESCAPES[m[0]], text[1:-1])
    if kind == "number":
        return float(text) if "." in text else int(text)
    return text == "true"


@cache
def read(text: str) -> Node:
    """The tree of an expression. The cache holds the expressions of the definitions, and nothing else calls this."""
    return Reader(text).expression()


def alternatives(node: Node) -> list[Node]:
    """The members of a union `a | b | c`."""
    if isinstance(node, Binary) and node.operator == "|":
        return alternatives(node.left) + alternatives(node.right)
    return [node]
