"""The fields of the pages on who answers a form: its parts and whose each section is, a part more, a part less."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from barnetsbog.forms.checking import LONGEST
from barnetsbog.forms.files import ANSWERER
from barnetsbog.forms.parts import Division, PartWords, part_id, with_part, without_part

from .catalogue_forms import line, plain, select, several
from .catalogue_words import PARTIES

_Titles = Mapping[str, str]
"""What parts, or sections, are called with the form's own words, by id."""
_WHOEVER = _("Den, der begynder på skemaet")
_EACH = _("Hver af dem svarer for sig, som to forældre")
_AFTER = _("Først når de her er færdige")


def _party(*first: tuple[str, Any]) -> forms.ChoiceField:
    parties = ((one.value, word) for one, word in PARTIES.items())
    return select(_("Hvem svarer?"), [*first, (ANSWERER, _WHOEVER), *parties])


def _some(label: Any, choices: Iterable[tuple[str, Any]], hint: Any = "") -> forms.MultipleChoiceField:
    found = several(label, choices)
    found.required, found.help_text = False, hint
    return found


def told(now: Division, called: _Titles, titles: _Titles) -> list[tuple[str, str]]:
    """The parts as they are, each with who answers it and what; to stand beside what somebody has typed."""
    found = []
    for one in now.parts:
        who = str({party.value: word for party, word in PARTIES.items()}.get(one.party, _WHOEVER))
        sections = "; ".join(titles[section] for section in now.sections_of(one.id))
        found.append((called[one.id], f"{who}: {sections}" if sections else who))
    return found


class PartsForm(forms.Form):
    """The parts of a form, or of a family: what each is called, who answers it, when it is theirs to answer, and which
    sections are theirs."""

    def __init__(self, data: Any, now: Division, called: _Titles, titles: _Titles) -> None:
        initial = _initial(now)
        super().__init__(data and _completed(data, initial), initial=initial)
        self.now, self.called = now, called
        for part in now.parts:
            self._part(part)
        for section, whose in now.sections.items():
            nobody = [] if now.named(whose) else [("", _("Vælg en"))]
            if nobody or len(now.parts) > 1:
                self.fields[f"section-{section}"] = select(titles[section], [*nobody, *called.items()])

    def _part(self, part: PartWords) -> None:
        others = [(ident, name) for ident, name in self.called.items() if ident != part.id]
        self.fields[f"title-{part.id}"] = line(_("Hvad hedder delen?"), LONGEST["title"])
        self.fields[f"party-{part.id}"] = _party()
        self.fields[f"each-{part.id}"] = forms.BooleanField(label=_EACH, required=False)
        if others:
            places = [(str(place), place) for place in range(1, len(self.called) + 1)]
            self.fields[f"place-{part.id}"] = select(_("Plads"), places)
            self.fields[f"after-{part.id}"] = _some(_AFTER, others)

    @property
    def rows(self) -> list[tuple[str, list[Any]]]:
        """Each part, by its id, with its fields."""
        names = ("title", "party", "each", "place", "after")
        return [
            (one.id, [self[f"{name}-{one.id}"] for name in names if f"{name}-{one.id}" in self.fields])
            for one in self.now.parts
        ]

    @property
    def sections(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith("section-")]

    def _order(self) -> list[str]:
        """The ids of the parts in the order wished for. Where two want the same place, it goes to the one who moves."""
        was = [one.id for one in self.now.parts]

        def wish(ident: str) -> tuple[int, int]:
            before = was.index(ident) + 1
            place = int(self.cleaned_data.get(f"place-{ident}") or before)
            return place, (place > before) - (place < before)

        return sorted(was, key=wish)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        order, names = self._order(), set[str]()
        for ident in order:
            name = given.get(f"title-{ident}", "").casefold()
            if name in names:
                self.add_error(f"title-{ident}", _taken())
            names.add(name)
            for other in given.get(f"after-{ident}", ()):
                if order.index(other) > order.index(ident):
                    self.add_error(f"after-{ident}", _too_late(self.called[other]))
        return given

    def division(self) -> Division:
        given = self.cleaned_data
        parts = tuple(
            PartWords(
                ident, plain(given[f"title-{ident}"]), given[f"party-{ident}"], tuple(given.get(f"after-{ident}", ())),
                given[f"each-{ident}"],
            )
            for ident in self._order()
        )  # fmt: skip
        return Division(parts, {
            section: given.get(f"section-{section}", whose) for section, whose in self.now.sections.items()
        })  # fmt: skip


def _taken() -> str:
    return gettext("Der er allerede en del, der hedder sådan. Find på et andet navn.")


def _too_late(name: str) -> str:
    return gettext("»%s« står ikke før delen. Vælg en, der gør, eller ret pladsen.") % name


def _initial(now: Division) -> dict[str, Any]:
    found: dict[str, Any] = {f"section-{section}": whose for section, whose in now.sections.items()}
    for place, part in enumerate(now.parts, start=1):
        said = {"title": part.title, "party": part.party, "each": part.each, "place": str(place), "after": part.after}
        found |= {f"{name}-{part.id}": value for name, value in said.items()}
    return found


def _completed(data: Any, initial: Mapping[str, Any]) -> Any:
    """What was typed; and of a part, or a section, that somebody else has added meanwhile, what it says."""
    found = data.copy()
    for name, value in initial.items():
        field, _hyphen, ident = name.partition("-")
        if value and (name if field == "section" else f"title-{ident}") not in data:
            found.setlist(name, list(value) if isinstance(value, tuple) else ["on" if value is True else value])
    return found


class FamilyForm(PartsForm):
    """What a family is called, and its parts."""

    title = line(_("Familiens navn"), LONGEST["title"])

    def __init__(self, data: Any, title: str, now: Division, called: _Titles, titles: _Titles) -> None:
        super().__init__(data, now, called, titles)
        self.initial["title"] = title


class AddPartForm(forms.Form):
    """A part more."""

    title = line(_("Hvad hedder delen?"), LONGEST["title"])
    party = _party(("", _("Vælg en")))
    each = forms.BooleanField(label=_EACH, required=False)

    def __init__(self, data: Any, now: Division, called: _Titles, titles: _Titles) -> None:
        super().__init__(data, initial={"place": now.parts[-1].id})
        self.now, self.called = now, called
        places = [("", _("Først")), *((ident, gettext("Efter") + f" »{name}«") for ident, name in called.items())]
        self.fields["place"] = select(_("Hvor skal den stå?"), places, required=False)
        self.fields["after"] = _some(_AFTER, called.items())
        theirs = [
            (section, f"{titles[section]} ({gettext('nu')}: {called.get(whose, '–')})")
            for section, whose in now.sections.items()
        ]
        hint = _("De flytter til den nye del. Skal den have helt nye afsnit, så vælg ingen, og tilføj dem bagefter.")
        self.fields["sections"] = _some(_("Hvilke afsnit skal de svare på?"), theirs, hint)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        names = {name.casefold() for name in (*self.called.values(), *(one.title for one in self.now.parts))}
        if given.get("title", "").casefold() in names:
            self.add_error("title", _taken())
        ids = list(self.called)
        before = ids[: ids.index(given["place"]) + 1] if given.get("place") else []
        for other in given.get("after", ()):
            if other not in before:
                self.add_error("after", _too_late(self.called[other]))
        return given

    def division(self) -> Division:
        given = self.cleaned_data
        title = plain(given["title"])
        new = PartWords(part_id(title, self.now), title, given["party"], tuple(given["after"]), given["each"])
        return with_part(self.now, new, given["place"], given["sections"])


class RemovePartForm(forms.Form):
    """A part less, and who then answers its sections."""

    def __init__(self, data: Any, now: Division, part: str, called: _Titles) -> None:
        super().__init__(data)
        self.now, self.part = now, part
        others = [(ident, name) for ident, name in called.items() if ident != part]
        if others and now.sections_of(part):
            self.fields["to"] = select(_("Hvem skal så svare på dem?"), [("", _("Vælg en")), *others])

    def division(self) -> Division:
        return without_part(self.now, self.part, self.cleaned_data.get("to", ""))
