"""Alma, her parents, her school that begins a form, PPR that it goes to, and a small catalogue of forms."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from barnetsbog.access.reading import open_book
from barnetsbog.access.scopes import scope_for_person
from barnetsbog.consent import operations as consents
from barnetsbog.consent.answering import Yes
from barnetsbog.consent.operations import Ask
from barnetsbog.forms import loading, operations, prefill, queries, sending
from barnetsbog.forms.model import Becomes, Form, Kind, Option, Part, Party, Section
from barnetsbog.forms.queries import Lists, Opened
from barnetsbog.forms.response import Kept, News, Origin
from barnetsbog.kernel.time import DAY
from barnetsbog.law.model import Block, Class, Level, Sharing
from barnetsbog.record.models import Entry
from barnetsbog.record.scope import LoginLevel, Scope
from tests.builders import bundle, care, send
from tests.integration.consent.conftest import NOON, Clock, Family, clock
from tests.unit.forms.inventing import form, group, line, when, yes_no

__all__ = ("Clock", "clock")

HARD = group(
    "svaert", line("hvad"), line("siden", kind=Kind.DATE), fill="conditions",
    becomes=Becomes("condition", {"hvad": "what", "siden": "since"}),
)  # fmt: skip
TRIED = group(
    "proevet", line("indsats"), line("fra", kind=Kind.DATE), fill="interventions",
    becomes=Becomes("intervention", {"indsats": "what", "fra": "since"}),
)  # fmt: skip
WITH = group(
    "andre", line("navn-paa"), line("opgave"), line("nummer", kind=Kind.PHONE), fill="contacts",
    becomes=Becomes("contact", {"navn-paa": "name", "opgave": "task", "nummer": "phone"}),
)  # fmt: skip
SCORE = line("tal", kind=Kind.NUMBER, ask="Hvor slemt er det?", low=0, high=10, becomes=Becomes("measure"))
WISH = line("oenske", kind=Kind.WORDS, child="Hvad ønsker du dig?", becomes=Becomes("own-goal", {"oenske": "words"}))
PARTS = (
    Part("skole", Party.SCHOOL, "Skolen"), Part("hjem", Party.PARENT, "Forældrene", ("skole",), each=True),
    Part("barn", Party.CHILD, "Barnet", ("skole",)),
)  # fmt: skip


def referral(version: int = 1) -> Form:
    """School to PPR, with a part for each parent and one for the child."""
    school = Section("s-skole", "Skolen", "skole", (
        line("navn", fill="child.name"), line("grund", kind=Kind.WORDS, required=True, limit=200), HARD, TRIED, SCORE,
        yes_no("fravaer"), line("hvor-meget", required=True, when=when("fravaer")), line("bilag", kind=Kind.FILE),
    ))  # fmt: skip
    home = Section("s-hjem", "Hjemme", "hjem", (line("hjemme", required=True),))
    child = Section("s-barn", "Dig", "barn", (WISH,))
    return form(
        id="indstilling", version=version, title="Indstilling til PPR", parts=PARTS, sections=(school, home, child)
    )  # fmt: skip


def second() -> Form:
    """The same, where one question is new and one is gone."""
    before = referral(2)
    school = before.sections[0]
    items = (*(one for one in school.items if one.id != "tal"), line("nyt"))
    return replace(before, sections=(replace(school, items=items), *before.sections[1:]))


STATUS = form(
    line("navn", fill="child.name"), line("grund", kind=Kind.WORDS), HARD, WITH, id="status", title="Status fra skolen",
    receiver=("ppr",),
)  # fmt: skip
PPR_STATUS = replace(STATUS, id="ppr-status", title="Status fra PPR", sender=(Party.PPR,), receiver=("ppr",))
_KINDS = tuple(Option(one, one.title()) for one in ("care", "violence", "honour"))
_KNOW = tuple(Option(one, one.title()) for one in ("agree", "no", "cannot"))
CONCERN = form(
    line("concern-seen", kind=Kind.WORDS, required=True), line("concern-kinds", kind=Kind.CHOICES, options=_KINDS),
    line("parents-know", kind=Kind.CHOICE, options=_KNOW), TRIED, id="concern-professional", title="Underretning", family="V9",
    sender=(Party.SCHOOL,), receiver=("family_dept",),
)  # fmt: skip
FROM_HOME = form(
    line("hjemme"), WITH, id="fra-hjemmet", title="Fra hjemmet", sender=(Party.PARENT,),
    parts=(Part("hjem", Party.PARENT, "Forældrene"),),
)  # fmt: skip
FROM_CHILD = form(
    line("tal", kind=Kind.NUMBER, ask="Hvor slemt er det?", low=0, high=10, becomes=Becomes("measure")), WISH, HARD,
    id="fra-barnet", title="Fra mig", sender=(Party.CHILD,), parts=(Part("mig", Party.CHILD, "Dig"),),
)  # fmt: skip
_AGAIN = tuple(Option(one, one.upper()) for one in ("ppr", "family-dept", "all"))
NO_AGAIN = form(
    line("withdrawn-from", kind=Kind.CHOICES, options=_AGAIN), id="withdrawal", title="Nej igen", sender=(Party.PARENT,),
    parts=(Part("giver", Party.PARENT, "Dit svar"),),
)  # fmt: skip
CHOICE = form(
    line("valg", kind=Kind.CHOICE, options=(Option("a", "A"), Option("b", "B"))), id="valg", title="Et valg",
)  # fmt: skip


class Catalogue:
    """What is in the catalogue, until a test changes it. Versions once released stay."""

    def __init__(self) -> None:
        self.newest = {
            one.id: one for one in (referral(), STATUS, PPR_STATUS, CONCERN, FROM_HOME, FROM_CHILD, CHOICE, NO_AGAIN)
        }
        self.all = {(one.id, one.version): one for one in self.newest.values()}

    def publishes(self, form: Form) -> None:
        self.newest[form.id] = self.all[form.id, form.version] = form

    def retires(self, ident: str) -> None:
        del self.newest[ident]


@pytest.fixture
def catalogue(monkeypatch: pytest.MonkeyPatch) -> Catalogue:
    found = Catalogue()
    monkeypatch.setattr(loading, "catalogue", lambda: found.newest)
    monkeypatch.setattr(loading, "form", lambda ident, version=None: found.all[ident, version])
    return found


class School(Family):
    """The same family; the school and PPR have a task with Alma."""

    def __init__(self) -> None:
        super().__init__(birthDate="2014-05-05")
        found = send(bundle(care("c-skole", unit_id="skole"), *conditions()))
        assert not found.refusals
        self.alma = Entry.objects.get(what="child").id

    def of_family(self, name: str) -> Scope:
        ident = self.alma if name == "alma" else Entry.objects.get(what="person", title=name).id
        made = scope_for_person(ident, self.child, level=LoginLevel.SUBSTANTIAL)
        assert made
        return made

    def who(self, name: str) -> Scope:
        return self.of_family(name) if name in ("alma", "Sara", "Jonas") else self.professional(name)

    def begins(self, name: str, form_id: str = "indstilling") -> UUID:
        return operations.begin(by=self.who(name), child_id=self.child, form_id=form_id)

    def reads(self, name: str, ident: UUID) -> Opened:
        with open_book(self.who(name), "forms", self.child) as book:
            return queries.opened(book, self.child, ident)

    def news(self, name: str, ident: UUID) -> Mapping[str, Origin]:
        """Where the sources of a draft say something else now."""
        with open_book(self.who(name), "forms", self.child) as book:
            found = queries.opened(book, self.child, ident)
            return prefill.news(book, self.child, found.form, found.response)

    def lists(self, name: str) -> Lists:
        with open_book(self.who(name), "forms", self.child) as book:
            return queries.lists(book, self.child)

    def version(self, ident: UUID) -> int:
        return Entry.objects.get(id=ident).version

    def writes(
        self, name: str, ident: UUID, said: Mapping[str, Any], kept: Mapping[str, Kept] | None = None, version: int = 0,
        news: Mapping[str, News] | None = None,
    ) -> int:  # fmt: skip
        return operations.save(
            by=self.who(name), child_id=self.child, ident=ident, version=version or self.version(ident),
            said={path: one if isinstance(one, tuple) else (one,) for path, one in said.items()}, kept=kept or {},
            news=news or {},
        )  # fmt: skip

    def finishes(self, name: str, ident: UUID, part: str, **more: Any) -> Any:
        return operations.finish(
            by=self.who(name), child_id=self.child, ident=ident, version=self.version(ident), part=part, **more
        )  # fmt: skip

    def sends(self, name: str, ident: UUID, to: str = "ppr", **more: Any) -> None:
        sending.send(
            by=self.who(name), child_id=self.child, ident=ident, version=self.version(ident),
            to=f"Organization/{self.units[to]}", **({"ground": "Aftalt med forældrene."} | more),
        )  # fmt: skip

    def may_tell_ppr(self) -> None:
        """Both parents let the school tell PPR."""
        wanted = Ask(
            "school-to-ppr", frozenset((self.units["skole"],)), self.units["ppr"],
            Sharing(frozenset({(Block.CONDITION, Class.ORDINARY)}), Level.CONTENT), NOON + 300 * DAY,
        )  # fmt: skip
        consents.ask(by=self.professional("leder"), child_id=self.child, wanted=wanted)
        for name in ("mother", "father"):
            self.says(name, Yes())

    def sheet(self, name: str) -> UUID:
        """What waits for somebody."""
        (found,) = self.lists(name).waiting
        return found.row.id


def conditions(text: str = "Svært ved pauser", **more: Any) -> list[dict[str, Any]]:
    """What PPR and the school have written before."""
    return [
        {**more,
            "resourceType": "Condition", "id": f"svaert-{number}", "code": {"text": text},
            "subject": {"reference": "Patient/alma"}, "recordedDate": day, "recorder": {"reference": who},
            "clinicalStatus": {"coding": [
                {"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}
            ]},
        }
        for number, (text, day, who) in enumerate((
            (text, "2026-03-03", "PractitionerRole/maja"),
        ))
    ]  # fmt: skip


@pytest.fixture
def school(database: str, clock: Clock, catalogue: Catalogue) -> School:
    return School()
