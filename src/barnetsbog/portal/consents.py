"""The consent centre in words: who may read what of whom, what somebody answered, what would follow.

Danish here; the English of each text is in the catalogue. A unit whose name would tell where a child is goes by its
sector ("en skole").
"""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from barnetsbog.consent.model import Effect, Opening, Place, Question, Reply, Standing, State
from barnetsbog.law.model import Capacity, Level, Status

from . import dates
from .direction import apart, comma

Word = str | Promise

BLOCKS: dict[str, Word] = {
    "IN": gettext_lazy("hjælp og mål"), "TI": gettext_lazy("hvordan barnet har det"),
    "AK": gettext_lazy("møder og aftaler"), "KO": gettext_lazy("hvem der hjælper"),
    "ST": gettext_lazy("navn og adresse"), "SA": gettext_lazy("hvem der har sagt ja"),
}  # fmt: skip

LEVELS: dict[Level, Word] = {
    Level.AT: gettext_lazy("Kun at der er hjælp, og hvem man kan ringe til"),
    Level.HEADINGS: gettext_lazy("Overskrifter"),
    Level.CONTENT: gettext_lazy("Indhold"),
}

CAPACITIES: dict[Capacity, Word] = {
    Capacity.CHILD: gettext_lazy("Barnet selv"), Capacity.HOLDER: gettext_lazy("Forælder med forældremyndighed"),
    Capacity.PARENT: gettext_lazy("Forælder uden forældremyndighed"), Capacity.FOSTER_CARER: gettext_lazy("Plejeforælder"),
    Capacity.REPRESENTATIVE: gettext_lazy("Repræsentant"), Capacity.AUTHORITY: gettext_lazy("Myndighed"),
    Capacity.OTHER: gettext_lazy("Anden person"),
}  # fmt: skip

FORMS: dict[str, Word] = {
    "mitid": gettext_lazy("med MitID"), "paper": gettext_lazy("på papir"), "oral": gettext_lazy("mundtligt"),
}  # fmt: skip

_SOMEWHERE: dict[str, Word] = {
    "school": gettext_lazy("en skole"), "gp": gettext_lazy("en læge"), "health_visitor": gettext_lazy("en sundhedsplejerske"),
    "bup": gettext_lazy("et sted i børnepsykiatrien"), "hospital": gettext_lazy("et hospital"),
    "family_dept": gettext_lazy("en kommune"), "ppr": gettext_lazy("en kommune"),
    "police": gettext_lazy("politiet"),
}  # fmt: skip

ANSWERS: dict[Status, Word] = {
    Status.ASKED: gettext_lazy("Intet svar endnu"), Status.GIVEN: gettext_lazy("Ja"), Status.REFUSED: gettext_lazy("Nej"),
    Status.WITHDRAWN: gettext_lazy("Trukket tilbage"),
}  # fmt: skip

BADGES = {
    State.COMPLETE: "success", State.INCOMPLETE: "warning", State.BLOCKED: "error", State.NOT_REQUIRED: "info",
    State.REVIEW: "warning",
}  # fmt: skip


def place(one: Place | None) -> str:
    if one is None:
        return _("os")
    return apart(one.name) if one.name else str(_SOMEWHERE.get(one.sector, _("et sted")))


def listed(words: list[str]) -> str:
    """A, b og c."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s og %(last)s") % {"first": comma().join(words[:-1]), "last": words[-1]}


def places(some: tuple[Place, ...]) -> str:
    return listed(list(dict.fromkeys(place(one) for one in some)))


def blocks(some: tuple[str, ...]) -> str:
    return listed([str(BLOCKS[one]) for one in some])


def last_day(until: int | None) -> str:
    """The last day of a period whose end is not included."""
    return dates.long_date(until - 1) if until is not None else ""


def short_last_day(until: int) -> str:
    return dates.full_date(until - 1)


def answer(reply: Reply) -> str:
    if reply.expired:
        return _("Ja, men udløbet") if reply.answered else _("Intet svar, og tiden er gået")
    return str(ANSWERS.get(reply.status, reply.status.value))


def state(question: Question) -> str:
    """Where a matter stands, in a few words."""
    standing = question.standing
    if question.expired:
        return _("Udløbet")
    if standing.state is State.COMPLETE and standing.until is not None:
        return _("Gælder til %(date)s") % {"date": short_last_day(standing.until)}
    if standing.state is State.BLOCKED:
        return _("Deles ikke") if question.wanted else _("Må ikke ske")
    return {
        State.INCOMPLETE: _("Ikke endnu"), State.NOT_REQUIRED: _("Ikke samtykke: lovhjemmel"), State.REVIEW: _("Skal vurderes"),
    }.get(standing.state, "")  # fmt: skip


def basis(standing: Standing) -> str:
    """The statute, where no consent is needed."""
    return f"{standing.basis.where} ({standing.basis.id})" if standing.basis else ""


def subject(question: Question) -> str:
    """What it is about: as it was asked, or else what kind of act it is."""
    return question.subject or question.act_title


# -- what an answer means ----------------------------------------------------------------------------------------------


def may(some: tuple[str, ...], level: int, source: str) -> str:
    """What somebody may do: the words after "kan"."""
    if level == Level.AT:
        return _("se, at %(source)s hjælper, og hvem man kan ringe til") % {"source": source}
    values = {"what": blocks(some), "source": source}
    if level == Level.HEADINGS:
        return _("se overskrifter om %(what)s fra %(source)s") % values
    return _("læse om %(what)s fra %(source)s") % values


def _wanted(question: Question) -> str:
    level = question.level or Level.AT
    return may(question.blocks, level, places(question.sources) or _("os"))


def _if_yes(question: Question, me: bool) -> str:
    if question.answering > 2:
        return _("Siger alle ja")
    if question.answering == 2:
        return _("Siger I begge ja") if me else _("Siger begge ja")
    if me:
        return _("Siger du ja")
    child = any(one.needed and one.capacity is Capacity.CHILD for one in question.people)
    return _("Siger den unge ja") if child else _("Siger forælderen ja")


def on_yes(question: Question, *, me: bool = False) -> list[str]:
    """What a yes of everybody who must answer means, until when."""
    values = {"who": _if_yes(question, me), "to": place(question.recipient), "act": subject(question)}
    told = []
    if question.kind.value in ("treatment", "participation"):
        told.append(_("%(who)s, må %(to)s gå i gang med dette: %(act)s.") % values)
    if question.wanted:
        told.append(_("%(who)s, kan %(to)s %(may)s.") % {**values, "may": _wanted(question)})
    if question.until is not None:
        told.append(_("Det gælder til og med %(date)s.") % {"date": last_day(question.until)})
    return told


def on_no(question: Question, *, me: bool = False) -> str:
    shared = question.wanted is not None
    if me and question.answering > 1:
        return _("Siger en af jer nej, deler vi det ikke.") if shared else _("Siger en af jer nej, gør vi det ikke.")
    if me:
        return _("Siger du nej, deler vi det ikke.") if shared else _("Siger du nej, gør vi det ikke.")
    if question.answering < 2:
        return _("Er svaret nej, deles det ikke.") if shared else _("Er svaret nej, sker det ikke.")
    return _("Siger en nej, deles det ikke.") if shared else _("Siger en nej, sker det ikke.")


def asks(question: Question) -> str:
    """The question to a giver, in one plain sentence; what it means stands below it."""
    values = {"to": place(question.recipient), "act": subject(question), "source": places(question.sources) or _("os")}
    if not question.wanted:
        return _("Må %(to)s gå i gang med dette: %(act)s?") % values
    return {
        Level.AT: _("Må %(to)s se, at %(source)s hjælper?"), Level.HEADINGS: _("Må %(to)s se overskrifter fra %(source)s?"),
    }.get(question.wanted.level, _("Må %(to)s læse det, som %(source)s har skrevet?")) % values  # fmt: skip


def opened(one: Opening, *, lost: bool) -> str:
    """A line of a preview: who gains or loses what."""
    source = place(one.source) if one.source else _("os")
    values = {"unit": _capital(place(one.unit)), "may": may(one.blocks, one.level, source)}
    return _("%(unit)s kan ikke længere %(may)s.") % values if lost else _("%(unit)s kan %(may)s.") % values


def effect(found: Effect, question: Question) -> list[str]:
    """Everything that would change, line by line; one line that says so when nothing does."""
    told = [opened(one, lost=True) for one in found.lost] + [opened(one, lost=False) for one in found.gained]
    was, becomes = found.before.state, found.after.state
    values = {"to": _capital(place(question.recipient)), "act": subject(question)}
    if not question.wanted and was is State.COMPLETE and becomes is not State.COMPLETE:
        told.append(_("%(to)s må ikke fortsætte uden et nyt ja: %(act)s.") % values)
    elif not question.wanted and was is not State.COMPLETE and becomes is State.COMPLETE:
        told.append(_("%(to)s må gå i gang med dette: %(act)s.") % values)
    return told or [_("Ingen får eller mister noget lige nu.")]


def missing(question: Question) -> str:
    """To one of the givers: that it is not shared yet. Silence and a no of somebody else read the same."""
    if question.standing.state is not State.INCOMPLETE or question.answering < 2 or question.expired:
        return ""
    if not any(one.yes for one in question.replies):
        return ""
    if question.answering == 2:
        return _("Vi mangler et ja fra den anden forælder. Uden det ja går vi ikke i gang.")
    return _("Vi mangler et ja fra flere. Uden det går vi ikke i gang.")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def somebody() -> str:
    return _("En person")
