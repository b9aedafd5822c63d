"""A FHIR search as it is written in an address or a form (R4 §3.1.1), read into a typed `Search`."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from barnetsbog.fhir import resource_types
from barnetsbog.fhir.definitions import compartment as belonging
from barnetsbog.fhir.definitions import parameter
from barnetsbog.record.relocating import now_at
from barnetsbog.record.searching import model as m

from . import values as read
from .conditions import Conditions, Terms, answered
from .faults import Fault, Wrong

Pair = tuple[str, str]
"""A parameter as it was sent, decoded: its name with modifiers, and its value."""

SHAPES = frozenset(("_format", "_pretty", "_elements", "_contained", "_containedType", "_summary"))
"""Parameters that only shape the answer; `_summary=count` is read here too."""

MOST_PARAMETERS, MOST_SORTS, LONGEST = 60, 5, 20_000


@dataclass(slots=True)
class Asked:
    """`search` is None when there are faults. `used`: the pairs that count, for the self link; `ignored`: what the
    others lacked."""

    search: m.Search | None = None
    used: list[Pair] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    ignored: list[Fault] = field(default_factory=list)


def parse(
    kind: str,
    pairs: Sequence[Pair],
    *,
    base: str,
    strict: bool = True,
    compartment: tuple[str, str] | None = None,
    terms: Terms | None = None,
) -> Asked:
    """Reads a search for resources of a type.

    `base`: the address of this interface, so that absolute references to it are known; `strict` (Prefer: handling):
    what is not understood is a fault, else it is left out and told; `compartment`: type and id, as in
    `Patient/{id}/Observation`. A paging token of the interface's own must be taken out first.
    """
    asking = _Asking(kind, Conditions(base, terms), strict)
    if compartment is not None:
        asking.enter(*compartment)
    if len(pairs) > MOST_PARAMETERS:
        asking.asked.faults.append(Fault(pairs[MOST_PARAMETERS][0], "too-many-parameters", (str(MOST_PARAMETERS),)))
        return asking.asked
    for name, value in pairs:
        asking.take(name, value)
    return asking.done()


@dataclass(slots=True)
class _Asking:
    """A search while it is read."""

    kind: str
    reader: Conditions
    strict: bool
    asked: Asked = field(default_factory=Asked)
    conditions: list[m.Condition] = field(default_factory=list)
    sort: list[m.Sort] = field(default_factory=list)
    includes: list[m.Include] = field(default_factory=list)
    single: dict[str, str] = field(default_factory=dict)
    length: int = 0

    def enter(self, of: str, ident: str) -> None:
        """Only what belongs to this compartment."""
        address = f"{of}/{ident}"
        address = now_at([address]).get(address, address)
        names = [name for name in belonging(of, self.kind) if parameter(self.kind, name) and answered(self.kind, name)]
        ways: list[m.Condition] = [m.References(name, (address,)) for name in names]
        if of == self.kind and (found := self.reader.read(self.kind, "_id", ident)):
            ways.append(found)
        if ways:
            self.conditions.append(m.AnyOf(tuple(ways)))
        else:
            self.asked.faults.append(Fault(self.kind, "compartment", (of,)))

    def take(self, name: str, value: str) -> None:
        """One parameter; what is not understood is kept apart."""
        try:
            self._take(name, value)
        except Wrong as wrong:
            told = Fault(name[:200], wrong.rule, tuple(one[:200] for one in wrong.params))
            heavy = self.strict or told.code == "too-costly"
            (self.asked.faults if heavy else self.asked.ignored).append(told)
        else:
            self.asked.used.append((name, value))

    def _take(self, name: str, value: str) -> None:
        self.length += len(name) + len(value)
        if self.length > LONGEST:
            raise Wrong("too-long", str(LONGEST))
        if not read.is_text(name) or not read.is_text(value):
            raise Wrong("letters")
        if not value:
            raise Wrong("empty")
        plain, _, modifier = name.partition(":")
        if plain in _SHAPING:
            if modifier:  # of an earlier FHIR, as in _sort:desc
                raise Wrong("modifier", modifier)
            if name in self.single:
                raise Wrong("twice")
            _SHAPING[plain](self, value)
            self.single[name] = value
        elif plain in ("_include", "_revinclude") and modifier in ("", "iterate", "recurse"):
            self.includes.append(self._include(value, reverse=plain == "_revinclude", iterate=bool(modifier)))
        elif name == "_containedType" or (name == "_contained" and value != "false"):
            raise Wrong("unanswerable")
        elif plain not in SHAPES and (found := self.reader.read(self.kind, name, value)) is not None:
            self.conditions.append(found)

    # -- what shapes the answer --------------------------------------------------------------------------------------

    def _sort(self, value: str) -> None:
        found = []
        for one in read.several(value):
            name = one.removeprefix("-")
            known = parameter(self.kind, name)
            if name not in ("_id", "_lastUpdated") and (known is None or known.kind == "composite"):
                raise Wrong("unknown-parameter", name)
            if not answered(self.kind, name):
                raise Wrong("unanswerable")
            found.append(m.Sort(name, descending=one != name))
        if len(found) > MOST_SORTS:
            raise Wrong("too-many-values", str(MOST_SORTS))
        self.sort = found

    def _count(self, value: str) -> None:
        if not (value.isascii() and value.isdigit()) or len(value) > 9:
            raise Wrong("count", value)

    def _total(self, value: str) -> None:
        if value not in ("none", "estimate", "accurate"):
            raise Wrong("total", value)

    def _summary(self, value: str) -> None:
        """How much of a resource is told is for whoever tells it."""

    def _include(self, value: str, *, reverse: bool, iterate: bool) -> m.Include:
        if value == "*" and not reverse:
            return m.Include(self.kind, "*", iterate=iterate)
        kind, name, target = (*value.split(":"), "", "")[:3]
        known = parameter(kind, name) if kind in resource_types() else None
        every = name == "*" and kind in resource_types()
        is_reference = known is not None and known.kind == "reference" and answered(kind, name)
        if not (every or is_reference) or (target and target not in resource_types()):
            raise Wrong("include", value)
        return m.Include(kind, name, target, iterate, reverse)

    # -- the whole ---------------------------------------------------------------------------------------------------

    def done(self) -> Asked:
        if not self.asked.faults:
            count = min(int(self.single.get("_count", m.PAGE)), m.MOST)
            total: m.Total | None = self.single.get("_total")  # type: ignore[assignment]
            self.asked.search = m.Search(
                m.Level(self.kind, tuple(self.conditions)), tuple(self.sort), tuple(self.includes),
                0 if self.single.get("_summary") == "count" else count, total,
            )  # fmt: skip
        return self.asked


_SHAPING = {"_sort": _Asking._sort, "_count": _Asking._count, "_total": _Asking._total, "_summary": _Asking._summary}
