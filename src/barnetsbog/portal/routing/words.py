"""What the verdicts and ways of the routing rules are called, and their own texts in the reader's language.

The texts that come with the program have an English form in the catalogue. What a municipality has written itself has
none; it is shown in Danish and says so to those who have it read aloud (`lang`).
"""

import re
from collections.abc import Collection
from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from barnetsbog.routing.loading import standard
from barnetsbog.routing.model import Urgency, Verdict, Way
from barnetsbog.routing.table import texts_of

from ..words import Word

VERDICTS: dict[Verdict, Word] = {Verdict.SHOULD: _("Bør"), Verdict.MAY: _("Må"), Verdict.NO: _("Nej")}

_IN_A_NUMBER = re.compile(r"(?<=\d) (?=\d)")

WAYS: dict[Way, Word] = {
    Way.REFER: _("Send en henvisning."), Way.NOMINATE: _("Spørg dem skriftligt, når forældrene har sagt ja."),
    Way.NOTIFY: _("Fortæl kommunen det. Det kaldes en underretning."), Way.REPORT: _("Skriv til dem, hvad du fandt."),
}  # fmt: skip
"""Ways that need a sentence of their own. The reason says the others."""

WAYS_SHORT: dict[Way, Word] = {
    Way.CALL: _("ringe"), Way.SELF: _("henvende sig selv"), Way.REFER: _("henvise"), Way.NOTIFY: _("underrette"),
    Way.NOMINATE: _("spørge med forældrenes ja"), Way.ASK: _("spørge"), Way.GUIDE: _("vise familien vej"),
    Way.THROUGH: _("gå gennem en anden"), Way.MEMBER: _("tage det op"), Way.REPORT: _("fortælle, hvad man fandt"),
}  # fmt: skip

URGENT: dict[Urgency, Word] = {
    Urgency.SOON: _("Ring i dag eller i morgen. Bliver det værre, så ring 112."),
    Urgency.PLANNED: _("Bliver det værre, så ring til egen læge. Er der fare, så ring 112."),
}


def verdicts(found: Collection[Verdict]) -> str:
    """Every verdict that occurs, in one cell of the table."""
    if found == {Verdict.SHOULD, Verdict.MAY}:
        return gettext("Må, og bør ved nogle")
    if Verdict.NO in found and len(found) > 1:
        return gettext("Kun ved nogle")
    return str(VERDICTS[next(iter(found))]) if found else ""


def told(text: str) -> str:
    """A text of the rules in the reader's language, where it has one."""
    return gettext(text) if text else ""


def told_aloud(text: str) -> str | SafeString:
    """The same in a page: what has no form in the reader's language is marked as Danish, and a telephone number is kept
    on one line."""
    words = _IN_A_NUMBER.sub("\N{NO-BREAK SPACE}", told(text))
    return words if get_language() == "da" or text in _translated() else format_html('<span lang="da">{}</span>', words)


@lru_cache(maxsize=1)
def _translated() -> frozenset[str]:
    """The texts that the catalogue has: those that come with the program."""
    return frozenset(texts_of(standard()))
