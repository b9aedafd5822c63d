"""What is the same and what is not in two forms, question by question, as lines that stand beside each other. Pure."""

from collections.abc import Collection, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from .model import Form, Item, Op, Part, Party, Test, When


class Line(NamedTuple):
    """A section or a question on either side; empty where that side has none. `badge`: where people see the
    difference."""

    left: str
    right: str
    badge: str = ""

    @property
    def same(self) -> bool:
        return self.left == self.right


class _Row(NamedTuple):
    """`key`: by what it is found on the other side."""

    key: str
    said: str
    badge: str = ""


def beside(left: Form, right: Form, whole: bool = False) -> list[Line]:
    """Both forms, top to bottom. What has the same id stands on one line, also when it is worded differently. `whole`:
    with all that a question says, also what no overlay can say differently."""
    moved = _moved(left, right)
    rows, others = list(_rows(left, whole, moved)), list(_rows(right, whole, moved))
    found: list[Line] = []
    matcher = SequenceMatcher(None, [row.key for row in rows], [row.key for row in others], autojunk=False)
    for tag, start, end, from_, to in matcher.get_opcodes():
        if tag == "equal":
            found += [Line(a.said, b.said, b.badge) for a, b in zip(rows[start:end], others[from_:to], strict=True)]
        else:
            found += [Line(row.said, "") for row in rows[start:end]]
            found += [Line("", row.said, row.badge) for row in others[from_:to]]
    return found


_PARTIES = {
    Party.SCHOOL: "skolen", Party.DAYCARE: "dagtilbuddet", Party.PPR: "PPR", Party.FAMILY_DEPT: "familieafdelingen",
    Party.GP: "egen læge", Party.BUP: "BUP", Party.LTT: "det lettilgængelige tilbud",
    Party.HEALTH: "sundhedspersonale", Party.PLACEMENT: "anbringelsesstedet", Party.CLUB: "klubben",
    Party.PARENT: "forældre", Party.CHILD: "barnet", Party.ANYBODY: "enhver fagperson",
}  # fmt: skip


def _part(part: Part, form: Form) -> str:
    names = {one.id: one.title for one in form.parts}
    after = f", efter {' og '.join(names.get(one, one) for one in part.after)}" if part.after else ""
    return f"Del: {part.title} ({_PARTIES[part.party]}{', hver for sig' if part.each else ''}{after})"


def _moved(left: Form, right: Form) -> set[str]:
    """The sections that don't belong to the same part on both sides."""
    before, after = ({one.id: one.part for one in form.sections} for form in (left, right))
    return {ident for ident in before | after if before.get(ident) != after.get(ident)}


def _rows(form: Form, whole: bool, moved: Collection[str]) -> Iterator[_Row]:
    titles = {one.id: one.title for one in form.parts}
    for part in form.parts:
        yield _Row(f"§ {part.id}", _part(part, form))
    for section in form.sections:
        help_ = f" ({section.help})" if whole and section.help else ""
        told = section.id in moved and (len(titles) > 1 or section.part not in titles)
        whose = f" · Del: {titles.get(section.part, 'ingen')}" if told else ""
        yield _Row(f"# {section.id}", f"# {section.title}{_asked_when(section.when)}{help_}{whose}")
        yield from _item_rows(section.items, 1, whole)


def _item_rows(items: Sequence[Item], depth: int, whole: bool) -> Iterator[_Row]:
    for item in items:
        star = " *" if item.required else ""
        said = f"{'  ' * depth}{item.ask}{star}{_asked_when(item.when)}" + (f" ({item.help})" if item.help else "")
        yield _Row(item.id, said + (_rest(item) if whole else ""), item.marked)
        yield from _item_rows(item.items, depth + 1, whole)


def _rest(item: Item) -> str:
    """What else a question says."""
    answers = ", ".join(f"{one.text} »{one.child}«" if one.child else one.text for one in item.options)
    told = (
        item.child and f"Til et barn: {item.child}", item.limit and f"Højst {item.limit} tegn",
        answers and f"Svar: {answers}",
    )  # fmt: skip
    return "".join(f" · {one}" for one in told if one)


def _asked_when(when: When) -> str:
    return f" [{(' eller ' if when.any_of else ' og ').join(map(_test, when.tests))}]" if when.tests else ""


def source_of(when: When) -> str:
    """A condition as it is written in a source; empty when there is none."""
    return (" or " if when.any_of else " and ").join(map(_test, when.tests))


def _test(test: Test) -> str:
    if test.op is Op.ANSWERED:
        return f"{test.item} {'unanswered' if test.value is False else 'answered'}"
    return f"{test.item} {test.op} {_shown(test.value)}"


def _shown(value: str | float | bool | None) -> str:
    """As it is written in a source."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)
