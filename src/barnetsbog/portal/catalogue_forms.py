"""The fields of the pages on which forms are changed. What is typed comes back whatever is wrong with it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from barnetsbog.audit.encoding import without_numbers
from barnetsbog.forms import editing
from barnetsbog.forms.answers import UNKEEPABLE
from barnetsbog.forms.checking import LONGEST
from barnetsbog.forms.editing import About, Heading, NewItem, NewSection, Words
from barnetsbog.forms.files import BLOCKS, MOST_MONTHS
from barnetsbog.forms.model import Form, Item, Kind, Option, When

from .catalogue_words import KINDS, OPS, PARTIES, RECEIVERS
from .fields import Area

ROWS, MORE = 1, 2
"""Empty rows of a condition, or of answers, at first; and how many come when somebody asks for more."""
MOST_ROWS = 60

BLOCK_WORDS = {
    "IN": _("Indsatser"), "TI": _("Tilstande"), "AK": _("Aktiviteter"), "KO": _("Kontaktpersoner"), "ST": _("Stamdata"),
    "SA": _("Samtykker"),
}  # fmt: skip

NEW_KINDS = (
    Kind.LINE, Kind.WORDS, Kind.NUMBER, Kind.DATE, Kind.YES_NO, Kind.CHOICE, Kind.CHOICES, Kind.PHONE, Kind.EMAIL,
    Kind.FILE, Kind.SHOWN,
)  # fmt: skip


def _area(label: Any, longest: int, *, required: bool = False, rows: int = 2, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, required=required, max_length=longest, help_text=hint,
        widget=Area(attrs={"rows": rows, "class": "form-input"}),
        error_messages={"required": _("Skriv noget her.")},
    )  # fmt: skip


def line(label: Any, longest: int, *, required: bool = True, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, required=required, max_length=longest, help_text=hint,
        widget=forms.TextInput(attrs={"class": "form-input bog-wide-input", "autocomplete": "off"}),
        error_messages={"required": _("Skriv noget her.")},
    )  # fmt: skip


def select(label: Any, choices: Iterable[tuple[Any, Any]] = (), *, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=list(choices), required=required, widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"required": _("Vælg en."), "invalid_choice": _("Vælg en fra listen.")},
    )  # fmt: skip


def several(label: Any, choices: Iterable[tuple[Any, Any]]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=list(choices), widget=forms.CheckboxSelectMultiple(attrs={"class": "form-checkbox"}),
        error_messages={"required": _("Vælg mindst en.")},
    )  # fmt: skip


def _rows(data: Any, first: str, there: int) -> int:
    """How many rows a form has: those that were sent, and some more when somebody has asked for them (`linjer`); else
    room for what is there and a little more."""
    if not data:
        return there + ROWS
    sent = sum(f"{first}{row}" in data for row in range(MOST_ROWS))
    return min(sent + (MORE if "linjer" in data else 0), MOST_ROWS)


# -- conditions --------------------------------------------------------------------------------------------------------


class WhenForm(forms.Form):
    """Fields for when something is asked, in rows: a question before it, what of its answer, and the answer."""

    any_of = forms.ChoiceField(
        label=_("Hvis der er flere linjer"), required=False,
        help_text=_("Skal det være begge dele? Sæt den ene betingelse på afsnittet og den anden på spørgsmålet."),
        choices=[("", _("Alle skal passe")), ("any", _("En er nok"))],
        widget=forms.Select(attrs={"class": "form-select"}),
    )  # fmt: skip

    def __init__(self, data: Any, form: Form, ident: str, when: When, **more: Any) -> None:
        """`form`, `ident`: the form, and the question or section in it. `when`: its condition now."""
        super().__init__(data, **more)
        self.more = bool(data) and "linjer" in data
        self.before = {one.id: one for one in editing.asked_before(form, ident)}
        questions = [("", _("Altid")), *((one.id, one.ask) for one in self.before.values())]
        self.numbers = range(_rows(data, "item", len(when.tests)))
        for row in self.numbers:
            self.fields[f"item{row}"] = select(_("Spørg kun, når svaret på"), questions, required=False)
            self.fields[f"op{row}"] = select(_("Svaret"), OPS.items(), required=False)
            self.fields[f"value{row}"] = line(_("Hvilket svar?"), 200, required=False)

    @property
    def rows(self) -> list[list[Any]]:
        return [[self[f"{name}{row}"] for name in ("item", "op", "value")] for row in self.numbers]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        tests = []
        for row in self.numbers:
            item = self.before.get(given.get(f"item{row}") or "")
            if item is None:
                continue
            try:
                tests.append(editing.test_of(item, given.get(f"op{row}") or "er", given.get(f"value{row}") or ""))
            except ValueError as told:
                self.add_error(f"value{row}", str(told))
        self.when = When(tuple(tests), given.get("any_of") == "any" and len(tests) > 1)
        return given


def condition(when: When, form: Form) -> dict[str, Any]:
    """A condition as the fields of `WhenForm` begin with it."""
    found: dict[str, Any] = {"any_of": "any" if when.any_of else ""}
    for row, test in enumerate(when.tests):
        op, value = editing.told(test, form)
        found |= {f"item{row}": test.item, f"op{row}": op, f"value{row}": value}
    return found


# -- questions and sections --------------------------------------------------------------------------------------------


class WordsForm(WhenForm):
    """What a form may say differently of a question."""

    ask = _area(_("Spørgsmålet"), LONGEST["help"], required=True)
    help = _area(_("Hjælp under spørgsmålet"), LONGEST["help"])
    child = _area(_("Det samme med et barns ord"), LONGEST["help"], hint=_("Kun når barnet selv svarer."))
    required = forms.BooleanField(label=_("Der skal svares"), required=False)
    limit = forms.IntegerField(
        label=_("Højst så mange tegn"), required=False, min_value=1, max_value=100_000,
        widget=forms.TextInput(attrs={"class": "form-input", "inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "invalid": _("Skriv et helt tal, eller lad feltet være tomt."), "min_value": _("Skriv et tal fra 1."),
            "max_value": _("Skriv et mindre tal."),
        },
    )  # fmt: skip

    def words(self) -> Words:
        given = self.cleaned_data
        return Words(
            plain(given["ask"]), plain(given["help"]), plain(given["child"]), given["required"], given["limit"] or 0,
            self.when,
        )  # fmt: skip


def words_initial(said: Words, form: Form) -> dict[str, Any]:
    return {**said._asdict(), "limit": said.limit or None, **condition(said.when, form)}


class HeadingForm(WhenForm):
    """What a form may say differently of a section."""

    title = line(_("Overskrift"), LONGEST["section"])
    help = _area(_("Hjælp under overskriften"), LONGEST["help"])

    def heading(self) -> Heading:
        return Heading(plain(self.cleaned_data["title"]), plain(self.cleaned_data["help"]), self.when)


def plain(text: str) -> str:
    """Everybody who gets the form reads it, so no person's number stands in it, nor a sign that FHIR has no place for.
    Lines end as they do elsewhere."""
    return without_numbers(UNKEEPABLE.sub("", text.replace("\r\n", "\n")).strip())


class NewItemForm(forms.Form):
    """A question of the form's own."""

    ask = _area(_("Spørgsmålet"), LONGEST["ask"], required=True)
    kind = select(_("Hvad svares der med?"), [(one.value, KINDS[one]) for one in NEW_KINDS])
    help = _area(_("Hjælp under spørgsmålet"), LONGEST["help"])
    options = _area(_("Svar at vælge imellem"), 4000, rows=3, hint=_("Et på hver linje. Kun når der skal vælges."))
    required = forms.BooleanField(label=_("Der skal svares"), required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        chosen = given.get("kind") in (Kind.CHOICE, Kind.CHOICES)
        if chosen and len(_lines(given.get("options", ""))) < 2:
            self.add_error("options", gettext("Skriv mindst to svar, et på hver linje."))
        return given

    def new(self) -> NewItem:
        given = self.cleaned_data
        kind = Kind(given["kind"])
        options = _lines(given["options"]) if kind in (Kind.CHOICE, Kind.CHOICES) else ()
        shown = kind is Kind.SHOWN
        return NewItem(
            plain(given["ask"]), kind, "" if shown else plain(given["help"]), given["required"] and not shown, options
        )  # fmt: skip


def _lines(text: str) -> tuple[str, ...]:
    return tuple(plain(one) for one in text.splitlines() if one.strip())


class AddForm(NewItemForm):
    """A new question, or a section with its first one, and where it is to stand."""

    title = line(
        _("Overskrift, hvis det er et nyt afsnit"), LONGEST["section"], required=False,
        hint=_("Lad feltet være tomt, når spørgsmålet skal stå i et afsnit, der er der."),
    )  # fmt: skip
    after = select(_("Hvor skal det stå?"))
    field_order = ("after", "title", "ask", "kind", "options", "help", "required")

    def __init__(self, data: Any, form: Form, among: Collection[str] | None = None, **more: Any) -> None:
        """`among`: the names of what it can stand beside, where that is not everything in the form."""
        super().__init__(data, **more)
        self.form = form
        _choices(self, "after", places(form, among))
        if len(form.parts) > 1:
            same = ("", gettext("De samme som på det afsnit, det står efter"))
            parts = [same, *((one.id, capfirst(one.title)) for one in form.parts)]
            self.fields["part"] = select(_("Hvem svarer på et nyt afsnit?"), parts, required=False)
            self.order_fields(("after", "title", "part"))

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("title") and not editing.section_in(self.form, given.get("after") or ""):
            self.add_error("after", gettext("Et nyt afsnit står efter et afsnit. Vælg »Sidst i«."))
        return given

    def section(self) -> NewSection:
        given = self.cleaned_data
        return NewSection(plain(given["title"]), self.new(), given.get("part", ""))


class SharedForm(forms.Form):
    """A question, or a section, that other forms have too."""

    shared = select(_("Hvilket?"))
    shared_after = select(_("Hvor skal det stå?"))

    def __init__(
        self, data: Any, form: Form, shared: Iterable[tuple[str, Any]], among: Collection[str] | None = None
    ) -> None:
        super().__init__(data)
        _choices(self, "shared", shared)
        _choices(self, "shared_after", places(form, among))


def _choices(form: forms.Form, name: str, choices: Iterable[tuple[str, Any]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


def places(form: Form, among: Collection[str] | None = None) -> list[tuple[str, Any]]:
    """Where something can be put: last in a section, or after a question."""
    return [
        (gettext("Afsnit") + f": {section.title}", [
            (section.id, gettext("Sidst i") + f" »{section.title}«"),
            *(
                (one.id, gettext("Efter") + f" »{one.ask}«")
                for one in section.items if among is None or one.id in among
            ),
        ])
        for section in form.sections if among is None or section.id in among
    ]  # fmt: skip


# -- the form ----------------------------------------------------------------------------------------------------------


class AboutForm(forms.Form):
    """What is said of a form itself."""

    title = line(_("Navn"), LONGEST["title"], required=False, hint=_("Tomt: familiens navn."))
    purpose = _area(_("Hvad er det til?"), LONGEST["purpose"], required=True)
    law_text = _area(_("Hvorfor må I bruge det?"), LONGEST["law_text"], required=True, rows=3)
    months = forms.IntegerField(
        label=_("Hvor mange måneder gælder et svar?"), min_value=0, max_value=MOST_MONTHS,
        help_text=_("0: uden grænse."),
        widget=forms.TextInput(attrs={"class": "form-input", "inputmode": "numeric", "autocomplete": "off"}),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), _("Skriv et tal fra 0 til 240.")
        ),
    )  # fmt: skip
    sender = several(_("Hvem begynder på det?"), [(one.value, word) for one, word in PARTIES.items()])
    receiver = several(_("Hvem får det?"), RECEIVERS.items())
    blocks = several(_("Hvad handler det om?"), [(one, BLOCK_WORDS[one]) for one in sorted(BLOCKS)])
    one_page = forms.BooleanField(label=_("Alt på en side"), required=False)

    def __init__(self, data: Any, said: About, *, needs_title: bool, own: bool) -> None:
        """`own`: a form of the instance's own; what the program's carry is the law's to say."""
        super().__init__(data, initial=said._asdict())
        self.said = said
        self.fields["title"].required = needs_title
        if not own:
            del self.fields["blocks"]

    def about(self) -> About:
        given = {"blocks": self.said.blocks, **self.cleaned_data}
        return About(
            plain(given["title"]), plain(given["purpose"]), plain(given["law_text"]), given["months"],
            tuple(given["sender"]), tuple(given["receiver"]), tuple(given["blocks"]), given["one_page"],
        )  # fmt: skip


# -- what forms have in common -----------------------------------------------------------------------------------------


class AnswersForm(forms.Form):
    """The answers of a list, or of a question, in rows: the text, a child's words for it, what it counts, and its place
    among them. Without a text there is no answer."""

    def __init__(self, data: Any, options: Sequence[Option]) -> None:
        super().__init__(data)
        self.more = bool(data) and "linjer" in data
        self.options = options
        self.scored = any(one.score is not None for one in options)
        self.numbers = range(_rows(data, "text", len(options)))
        for row in self.numbers:
            said = options[row] if row < len(options) else Option("", "")
            self.fields[f"text{row}"] = line(_("Svar"), LONGEST["option"], required=False)
            self.fields[f"child{row}"] = line(_("Med et barns ord"), LONGEST["option"], required=False)
            self.fields[f"place{row}"] = forms.IntegerField(
                label=_("Plads"), required=False, min_value=1, max_value=999,
                widget=forms.TextInput(attrs={"class": "form-input", "inputmode": "numeric", "autocomplete": "off"}),
                error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _("Skriv et tal fra 1 til 999.")),
            )  # fmt: skip
            first: dict[str, Any] = {"text": said.text, "child": said.child, "place": row + 1}
            if self.scored:
                self.fields[f"score{row}"] = forms.FloatField(
                    label=_("Point"), required=False, localize=True,
                    widget=forms.TextInput(attrs={"class": "form-input", "autocomplete": "off"}),
                    error_messages={"invalid": _("Skriv et tal.")},
                )  # fmt: skip
                first["score"] = said.score
            self.initial.update({f"{name}{row}": value for name, value in first.items()})

    @property
    def rows(self) -> list[list[Any]]:
        names = ("text", "child", "place", *(("score",) if self.scored else ()))
        return [[self[f"{name}{row}"] for name in names] for row in self.numbers]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if sum(bool(given.get(f"text{row}")) for row in self.numbers) < 2:
            self.add_error("text0", gettext("Skriv mindst to svar."))
        return given

    def answers(self) -> list[Option]:
        given = self.cleaned_data
        rows = [row for row in self.numbers if given[f"text{row}"]]
        rows.sort(key=lambda row: given[f"place{row}"] or MOST_ROWS)
        return [
            Option(
                self.options[row].code if row < len(self.options) else "", plain(given[f"text{row}"]),
                given.get(f"score{row}"), plain(given[f"child{row}"]),
            )
            for row in rows
        ]  # fmt: skip


class SourceForm(forms.Form):
    """A record as its file would have it."""

    text = forms.CharField(
        label=_("Kilden"), strip=False,
        widget=Area(attrs={"rows": 30, "class": "form-input bog-source-text", "spellcheck": "false"}),
        error_messages={"required": _("Kilden er tom.")},
    )  # fmt: skip


class ImportForm(forms.Form):
    """Somebody's Questionnaire, and what it doesn't say of itself."""

    title = line(_("Navn"), LONGEST["title"], required=False, hint=_("Tomt: det navn, der står i filen."))
    purpose = _area(_("Hvad er det til?"), LONGEST["purpose"], required=True)
    law_text = _area(_("Hvorfor må I bruge det?"), LONGEST["law_text"], required=True)
    sender = several(_("Hvem begynder på det?"), [(one.value, word) for one, word in PARTIES.items()])
    receiver = several(_("Hvem får det?"), RECEIVERS.items())
    blocks = several(_("Hvad handler det om?"), [(one, BLOCK_WORDS[one]) for one in sorted(BLOCKS)])


def asks_something(items: Mapping[str, Item]) -> list[tuple[str, str]]:
    """The shared questions, to choose one from."""
    return [(one.id, f"{one.ask} ({one.id})") for one in items.values()]
