"""The forms of the plan: what is typed is never lost, and a child's words come through as they were typed."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from barnetsbog.plan.model import (
    Agreement,
    Course,
    Effect,
    EffectNews,
    Felt,
    Frame,
    Goal,
    GoalChange,
    GoalNews,
    GoalState,
    Intervention,
    InterventionChange,
    Item,
    Mark,
    Minutes,
    Plan,
    Said,
)
from barnetsbog.plan.rules import LONGEST

from .fields import Area, DayField
from .words import FELT, GOAL_STATES, STATUSES, Word

Choices = list[tuple[str, Word]]
YES, NO = "ja", "nej"
YES_NO: Choices = [(YES, gettext_lazy("Ja")), (NO, gettext_lazy("Nej"))]
SCALE: Choices = [("", gettext_lazy("Ikke spurgt")), *((str(n), str(n)) for n in range(11))]
ROWS = 3
"""Empty rows for agreements that a page begins with; a press on a button gives as many more."""


class Words(forms.CharField):
    """Text in several lines, exactly as typed: a browser sends other line ends than it shows."""

    def __init__(self, *, rows: int = 4, **more: Any) -> None:
        box = Area(attrs={"class": "form-input", "rows": rows})
        super().__init__(widget=box, strip=False, max_length=LONGEST, **more)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")


class Day(DayField):
    def __init__(self, **more: Any) -> None:
        attrs = {"class": "form-input", "autocomplete": "off"}
        super().__init__(widget=forms.TextInput(attrs=attrs), **more)


class Line(forms.CharField):
    def __init__(self, **more: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"class": "form-input bog-wide-input"}), max_length=200, **more)


class Choice(forms.ChoiceField):
    def __init__(self, **more: Any) -> None:
        super().__init__(widget=forms.Select(attrs={"class": "form-select"}), **more)


class Some(forms.MultipleChoiceField):
    """Any number of these, as boxes to tick (`plan/boxes.html`)."""

    group = "checkbox"

    def __init__(self, **more: Any) -> None:
        super().__init__(widget=forms.CheckboxSelectMultiple, required=False, **more)


class OneOf(forms.ChoiceField):
    """One of these, as buttons to choose between."""

    group = "radio"

    def __init__(self, **more: Any) -> None:
        super().__init__(widget=forms.RadioSelect, **more)


class PlanForm(forms.Form):
    """With choices that are known only where the form is used."""

    def __init__(self, data: Any = None, *, choices: dict[str, Choices] | None = None, **more: Any) -> None:
        super().__init__(data, **more)
        for name, some in (choices or {}).items():
            if name in self.fields:
                self.fields[name].choices = some  # type: ignore[attr-defined]

    def several(self, name: str) -> tuple[str, ...]:
        return tuple(self.cleaned_data[name])


def day_text(day: date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else ""


_WHEN = {"required": gettext_lazy("Skriv, hvilken dag det var.")}
_MAY_SHARE = gettext_lazy("Må andre, der hjælper barnet, læse det?")


# -- what the child says -----------------------------------------------------------------------------------------------


class SayForm(PlanForm):
    """A goal in the child's own words."""

    words = Words(
        label=gettext_lazy("Hvad siger barnet? Skriv det ord for ord"),
        help_text=gettext_lazy("Ret ikke sproget. Ingen kan ændre det bagefter."),
        error_messages={"required": gettext_lazy("Skriv det, barnet har sagt.")},
    )
    to = Choice(label=gettext_lazy("Hvem sagde barnet det til?"))
    day = Day(label=gettext_lazy("Hvornår?"), error_messages=_WHEN)
    shared = OneOf(
        label=_MAY_SHARE, choices=YES_NO, help_text=gettext_lazy("Spørg barnet. Ved du det ikke, så vælg nej."),
        error_messages={"required": gettext_lazy("Vælg ja eller nej. Ved du det ikke, så vælg nej.")},
    )  # fmt: skip
    mark = Choice(
        label=gettext_lazy("Hvor tæt er barnet på målet nu?"), choices=SCALE, required=False,
        help_text=gettext_lazy("Barnet siger det selv. 0 er slet ikke, 10 er nået."),
    )  # fmt: skip

    @property
    def said(self) -> Said:
        given = self.cleaned_data
        mark = int(given["mark"]) if given.get("mark") else None
        return Said(
            given["words"], given["day"], given["shared"] == YES, given["to"], mark, given.get("otherwise", "")
        )  # fmt: skip


class ViewForm(SayForm):
    """What the child says of the plan."""

    mark = None  # type: ignore[assignment]
    otherwise = Line(
        label=gettext_lazy("Kom det frem på en anden måde end ved at spørge?"), required=False,
        help_text=gettext_lazy("For eksempel ved en tegning. Lad feltet være tomt, hvis barnet selv sagde det."),
    )  # fmt: skip


# -- goals -------------------------------------------------------------------------------------------------------------


class GoalForm(PlanForm):
    """A goal of the professionals."""

    words = Words(
        label=gettext_lazy("Hvad skal lykkes?"), rows=2,
        help_text=gettext_lazy("Skriv det, så barnet kan læse det."),
        error_messages={"required": gettext_lazy("Skriv målet.")},
    )  # fmt: skip
    workers = Some(label=gettext_lazy("Hvem arbejder med det?"))
    answers = Some(label=gettext_lazy("Hvad er svært nu, som målet skal hjælpe på?"))
    follow_up = Day(label=gettext_lazy("Hvornår følger I op?"), required=False)

    @property
    def goal(self) -> Goal:
        given = self.cleaned_data
        return Goal(
            False, given["words"], workers=self.several("workers"), answers=self.several("answers"),
            follow_up=given["follow_up"],
        )  # fmt: skip


class GoalChangeForm(PlanForm):
    """What is new about a goal."""

    note = Words(
        label=gettext_lazy("Hvad betyder det i praksis?"), rows=3, required=False,
        help_text=gettext_lazy("Det er jeres ord. De står under målet og aldrig i stedet for barnets."),
    )  # fmt: skip
    mark = Choice(
        label=gettext_lazy("Hvor tæt er barnet på målet nu?"), choices=SCALE, required=False,
        help_text=gettext_lazy("Barnet siger det selv. 0 er slet ikke, 10 er nået."),
    )  # fmt: skip
    mark_day = Day(label=gettext_lazy("Hvilken dag sagde barnet det?"), required=False)
    workers = Some(label=gettext_lazy("Hvem arbejder med det?"))
    follow_up = Day(label=gettext_lazy("Hvornår følger I op?"), required=False)
    shared = OneOf(label=_MAY_SHARE, choices=YES_NO, required=False)
    state = OneOf(label=gettext_lazy("Hvordan står det til?"))
    reason = Line(label=gettext_lazy("Hvorfor er målet nået eller opgivet?"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, item: Item[Goal], today: date, choices: dict[str, Choices]) -> None:
        goal = item.said or Goal(False, "")
        start = {
            "workers": goal.workers, "follow_up": day_text(goal.follow_up), "state": goal.state.value,
            "reason": goal.reason, "mark_day": day_text(today), "version": item.row.version,
            "shared": {True: YES, False: NO}.get(bool(goal.may_be_shared)),
        }  # fmt: skip
        states: Choices = [(state.value, GOAL_STATES[state.value]) for state in GoalState]
        super().__init__(data, choices={**choices, "state": states}, initial=start)
        for name in () if goal.own else ("mark", "mark_day", "shared"):
            del self.fields[name]

    def clean(self) -> None:
        given = self.cleaned_data
        if given.get("mark") and "mark_day" in given and not given["mark_day"]:
            self.add_error("mark_day", _WHEN["required"])

    @property
    def change(self) -> GoalChange:
        given = self.cleaned_data
        mark = Mark(given["mark_day"], int(given["mark"])) if given.get("mark") else None
        return GoalChange(
            GoalState(given["state"]), given["reason"], self.several("workers"), given["follow_up"],
            {YES: True, NO: False}.get(given.get("shared", "")), given["note"], mark,
        )  # fmt: skip


# -- interventions -----------------------------------------------------------------------------------------------------


class InterventionForm(PlanForm):
    """What is tried."""

    title = Line(
        label=gettext_lazy("Hvad prøver I? Skriv det kort"),
        error_messages={"required": gettext_lazy("Skriv kort, hvad I prøver.")},
    )
    what = Words(label=gettext_lazy("Hvordan gør I?"), rows=3, required=False)
    answers = Some(label=gettext_lazy("Hvad er svært, som det skal hjælpe på?"))
    serves = Some(label=gettext_lazy("Hvilket mål er det for?"))
    responsible = Some(label=gettext_lazy("Hvem er ansvarlig?"))
    measure = Line(label=gettext_lazy("Hvordan ser I, om det virker?"), required=False)
    since = Day(label=gettext_lazy("Fra hvilken dag?"), error_messages=_WHEN)
    until = Day(label=gettext_lazy("Til og med hvilken dag?"), required=False)
    follow_up = Day(label=gettext_lazy("Hvornår følger I op?"), required=False)
    course = OneOf(label=gettext_lazy("Hvordan står det til?"))

    def __init__(self, data: Any = None, *, choices: dict[str, Choices], initial: dict[str, Any] | None = None) -> None:
        courses: Choices = [(course.value, STATUSES["intervention"][course.value]) for course in Course]
        start = {"course": Course.ACTIVE.value, **(initial or {})}
        super().__init__(data, choices={**choices, "course": courses}, initial=start)

    @property
    def intervention(self) -> Intervention:
        given = self.cleaned_data
        return Intervention(
            given["title"].strip(), given["what"], Course(given["course"]), given["since"], given["until"],
            self.several("responsible"), given["measure"].strip(), self.several("answers"), self.several("serves"),
            (), given["follow_up"],
        )  # fmt: skip


class InterventionChangeForm(InterventionForm):
    """What is new about it, and how it works."""

    felt = OneOf(
        label=gettext_lazy("Hvordan går det for barnet?"), required=False,
        choices=[("", gettext_lazy("Ikke set på nu")), *FELT.items()],
    )  # fmt: skip
    seen = Words(label=gettext_lazy("Hvad har I set?"), rows=2, required=False)
    seen_day = Day(label=gettext_lazy("Hvilken dag?"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ("felt", "seen", "seen_day")

    def __init__(self, data: Any = None, *, item: Item[Intervention], today: date, choices: dict[str, Choices]) -> None:
        one = item.said or Intervention("")
        start = {
            "title": one.title, "what": one.what, "answers": one.answers, "serves": one.serves,
            "responsible": one.responsible, "measure": one.measure, "since": day_text(one.since),
            "until": day_text(one.until), "follow_up": day_text(one.follow_up), "course": one.course.value,
            "seen_day": day_text(today), "version": item.row.version,
        }  # fmt: skip
        super().__init__(data, choices=choices, initial=start)

    @property
    def change(self) -> InterventionChange:
        given = self.cleaned_data
        if not given["felt"] and not given["seen"].strip():
            return InterventionChange(self.intervention)
        felt = Felt(given["felt"]) if given["felt"] else None
        return InterventionChange(self.intervention, Effect(given["seen_day"], felt, given["seen"]))


# -- the overall plan --------------------------------------------------------------------------------------------------


class FrameForm(PlanForm):
    """The coordinator's words about the plan itself."""

    title = Line(
        label=gettext_lazy("Planens overskrift"),
        error_messages={"required": gettext_lazy("Skriv planens overskrift.")},
    )
    about = Words(
        label=gettext_lazy("Hvad handler planen om? Skriv det kort"),
        help_text=gettext_lazy(
            "Familien og alle, der har en opgave med barnet, kan læse det. Skriv ikke, hvad kun nogle må vide."
        ),
        error_messages={"required": gettext_lazy("Skriv kort, hvad planen handler om.")},
    )
    follow_up = Day(label=gettext_lazy("Hvornår følger I op på hele planen?"), required=False)
    not_asked = Words(
        label=gettext_lazy("Kan barnet helt undtagelsesvis ikke spørges? Skriv hvorfor"), rows=2, required=False,
        help_text=gettext_lazy("Så skal barnets syn også være skrevet ned, som det er kommet frem på anden måde."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, item: Item[Plan] | None, called: str) -> None:
        plan = item.said if item and item.said else Plan(_("Fælles plan for %(name)s") % {"name": called})
        start = {
            "title": plan.title, "about": plan.about, "follow_up": day_text(plan.follow_up),
            "not_asked": plan.not_asked, "version": item.row.version if item else 0,
        }  # fmt: skip
        super().__init__(data, initial=start)

    @property
    def frame(self) -> Frame:
        given = self.cleaned_data
        return Frame(given["title"], given["about"], given["follow_up"], given["not_asked"])


# -- a plan meeting ----------------------------------------------------------------------------------------------------


class MeetingForm(PlanForm):
    """Who was there and what was said."""

    title = Line(
        label=gettext_lazy("Mødets overskrift"), error_messages={"required": gettext_lazy("Skriv en overskrift.")}
    )
    day = Day(label=gettext_lazy("Hvilken dag?"), error_messages=_WHEN)
    people = Some(label=gettext_lazy("Fagpersoner"))
    family = Some(label=gettext_lazy("Familien"))
    minutes = Words(
        label=gettext_lazy("Referat"), rows=8,
        help_text=gettext_lazy("Familien kan læse referatet. Skriv det, som om barnet læser med."),
        error_messages={"required": gettext_lazy("Skriv et referat.")},
    )  # fmt: skip
    words = Words(
        label=gettext_lazy("Hvad siger barnet om mødet? Skriv det ord for ord"), rows=2, required=False,
        help_text=gettext_lazy("Ret ikke sproget. Lad feltet være tomt, hvis barnet ikke er spurgt."),
    )  # fmt: skip
    shared = OneOf(label=_MAY_SHARE, choices=YES_NO, required=False)
    follow_up = Day(label=gettext_lazy("Hvornår følger I op på hele planen næste gang?"), required=False)

    CHILD = "barnet"

    def clean(self) -> None:
        given = self.cleaned_data
        if given.get("words", "").strip() and not given.get("shared"):
            self.add_error("shared", _("Vælg ja eller nej. Ved du det ikke, så vælg nej."))

    def minutes_with(self, rows: "Rows") -> Minutes:
        given = self.cleaned_data
        view = Said(given["words"], given["day"], given["shared"] == YES) if given["words"].strip() else None
        family = [one for one in given["family"] if one != self.CHILD]
        return Minutes(
            given["day"], given["title"], given["minutes"], (*given["people"], *family),
            self.CHILD in given["family"], view, rows.agreed, rows.goals, rows.effects, given.get("follow_up"),
        )  # fmt: skip


class AgreementForm(PlanForm):
    """One row: what, who, by when. An empty row is none."""

    what = Line(label=gettext_lazy("Hvad?"), required=False)
    who = Choice(label=gettext_lazy("Hvem?"), required=False)
    due = Day(label=gettext_lazy("Hvornår?"), required=False)

    def clean(self) -> None:
        given = self.cleaned_data
        if self.empty:
            return
        for name, why in (
            ("what", _("Skriv, hvad der skal gøres.")), ("who", _("Vælg, hvem der gør det.")),
            ("due", _("Skriv, hvornår det skal være gjort.")),
        ):  # fmt: skip
            if name not in self.errors and not given.get(name):
                self.add_error(name, why)

    @property
    def empty(self) -> bool:
        return not any(str(self.data.get(f"{self.prefix}-{name}", "")).strip() for name in self.fields)

    @property
    def agreement(self) -> Agreement:
        given = self.cleaned_data
        return Agreement(given["what"], given["who"], given["due"])


class GoalRow(PlanForm):
    """What the meeting says of one goal."""

    mark = Choice(label=gettext_lazy("Hvor tæt er barnet på målet nu?"), choices=SCALE, required=False)
    note = Words(label=gettext_lazy("Nyt om målet"), rows=2, required=False)


class EffectRow(PlanForm):
    """What the meeting says of one intervention."""

    felt = Choice(
        label=gettext_lazy("Hvordan går det for barnet?"), required=False,
        choices=[("", gettext_lazy("Ikke set på nu")), *FELT.items()],
    )  # fmt: skip
    words = Words(label=gettext_lazy("Hvad har I set?"), rows=2, required=False)

    def clean(self) -> None:
        given = self.cleaned_data
        if given.get("words", "").strip() and not given.get("felt"):
            self.add_error("felt", _("Vælg bedre, det samme eller værre."))


class Rows:
    """The rows of a meeting: one for each goal and intervention of the plan, and the agreements."""

    def __init__(
        self, data: Any, goals: list[Item[Goal]], interventions: list[Item[Intervention]], who: Choices
    ) -> None:
        count = _count(data.get("raekker", ""), data.get("flere", "")) if data else ROWS
        choices = {"who": [("", gettext_lazy("Vælg")), *who]}
        self.agreements = [AgreementForm(data, choices=choices, prefix=f"aftale-{n}") for n in range(count)]
        self.of_goals = [(one, GoalRow(data, prefix=f"maal-{one.id}")) for one in goals]
        for item, form in self.of_goals:
            if item.said and not item.said.own:
                del form.fields["mark"]
        self.of_interventions = [(one, EffectRow(data, prefix=f"indsats-{one.id}")) for one in interventions]

    @property
    def forms(self) -> list[PlanForm]:
        return [*self.agreements, *(form for _, form in self.of_goals), *(form for _, form in self.of_interventions)]

    def are_valid(self) -> bool:
        """Whether all are; each says what it lacks."""
        return not [form for form in self.forms if not form.is_valid()]

    @property
    def errors(self) -> list[tuple[str, str]]:
        """Each with the field it is at, for the top of the page."""
        return [
            (form[name].auto_id, str(error)) for form in self.forms for name, some in form.errors.items()
            for error in some
        ]  # fmt: skip

    @property
    def kept(self) -> list[AgreementForm]:
        return [form for form in self.agreements if not form.empty]

    @property
    def agreed(self) -> tuple[Agreement, ...]:
        return tuple(form.agreement for form in self.kept)

    @property
    def goals(self) -> tuple[GoalNews, ...]:
        found = []
        for item, form in self.of_goals:
            mark, note = form.cleaned_data.get("mark", ""), form.cleaned_data["note"]
            if mark or note.strip():
                found.append(GoalNews(item.id, int(mark) if mark else None, note))
        return tuple(found)

    @property
    def effects(self) -> tuple[EffectNews, ...]:
        given = [(item.id, form.cleaned_data) for item, form in self.of_interventions]
        return tuple(EffectNews(ident, Felt(one["felt"]), one["words"]) for ident, one in given if one["felt"])


def _count(rows: str, more: str) -> int:
    count = int(rows) if rows.isdecimal() and len(rows) < 3 else ROWS
    return min(count + (ROWS if more else 0), 30)
