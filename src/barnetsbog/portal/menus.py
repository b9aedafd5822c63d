"""The menus at the top of a page: what stands there for whom, and what a narrow screen keeps under *Mere*.

What somebody uses most comes first. A wide screen shows all of it; on a telephone the first stay, in a row or two, and
`templates/bog/menu.html` folds up the rest (`details`, without a script).
"""

from collections.abc import Collection
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .me import Me

FEW = 5
"""So many need no folding."""


class Link(NamedTuple):
    """`to`: the name of the address; `here`: the sections that it leads to, one of which the page says it is of."""

    to: str
    text: str | Promise
    here: tuple[str, ...]


class Menu(NamedTuple):
    first: list[Link]
    more: list[Link]


def of_child(may: Collection[str]) -> Menu:
    """The pages of one child's book."""
    return menu(
        [
            Link("overview", _("Overblik"), ("overview",)),
            Link("balls", _("Opgaver"), ("balls",)),
            Link("timeline", _("Tidslinje"), ("timeline",)),
            Link("contacts", _("Kontakter"), ("contacts",)),
            Link("plan", _("Plan og mål"), ("plan",)),
        ],
        [
            Link("referrals", _("Henvisninger"), ("referrals",)),
            Link("consent", _("Samtykke"), ("consent",)),
            Link("forms", _("Skemaer"), ("forms",)),
            Link("letters", _("Breve"), ("letters",)),
            Link("messages", _("Beskeder"), ("messages",)),
            Link("calendar", _("Kalender"), ("calendar",)),
            *([Link("pack-make", _("Mødepakke"), ("pack",))] if {"pack", "approve-pack"} & {*may} else []),
        ],
    )


def menu(first: list[Link], more: list[Link]) -> Menu:
    return Menu([*first, *more], []) if len(first) + len(more) <= FEW else Menu(first, more)


def of_staff(me: Me) -> Menu:
    first: list[Link] = []
    more: list[Link] = []
    if me.works_with_children:
        first.append(Link("work-list", _("Arbejdsliste"), ("work-list",)))
    if "find" in me.may:
        first.append(Link("find", _("Find barn"), ("find",)))
    if me.works_with_children:
        first.append(Link("my-calendar", _("Kalender"), ("calendar",)))
    if "refer" in me.may and me.works_with_children:
        first.append(Link("referral-queue", _("Henvisninger"), ("referrals",)))
        more.append(Link("visits", _("Første besøg"), ("readiness",)))
    if "letter" in me.may:
        more.append(Link("printing", _("Print"), ("printing",)))
    if me.works_with_children:
        more.append(Link("packs", _("Mødepakker"), ("packs",)))
    if "ball" in me.may:
        more.append(Link("team", _("Enheden") if "lead" in me.may else _("Fravær"), ("team",)))
    for act, link in _OF_ACTS.items():
        more += [link] if act in me.may else []
    return menu(first, more)


_OF_ACTS = {
    "audit": Link("oversight", _("Tilsyn"), ("oversight",)),
    "count": Link("statistics", _("Tal"), ("statistics",)),
    "administer": Link("administration", _("Administration"), ("administration",)),
    "review": Link("glass-queue", _("Nødopslag"), ("review",)),
}
