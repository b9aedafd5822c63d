"""The menu of somebody of the family: what most come for stays on a telephone, and the rest is a press away.

Who has looked is always in sight. `tests/journeys/tasks.yaml` holds how many presses what people come for may take.
"""

from django.utils.translation import gettext_lazy as _

from ..me import Me
from ..menus import Link, Menu, menu

_APPOINTMENTS = Link("family-appointments", _("Aftaler"), ("appointments",))
_PLAN = Link("family-plan", _("Plan"), ("plan",))
_PEOPLE = Link("family-people", _("Hvem hjælper"), ("people", "helpers"))
_LETTERS = Link("family-letters", _("Breve"), ("letters",))
_SEEN = Link("family-seen", _("Hvem har set"), ("seen",))
_OF_CARERS = [
    Link("family-status", _("Status"), ("carer-status",)),
    Link("family-medicine", _("Medicin"), ("medicine",)),
]
_OF_THE_YOUNG = [
    Link("family-goals", _("Mine mål"), ("goals",)),
    Link("family-rights", _("Rettigheder"), ("rights",)),
]


def of_family(me: Me) -> Menu:
    front = Link("family-front", _("Denne uge") if me.carer else _("Forside"), ("front",))
    consent = [Link("family-consent", _("Ja og nej"), ("consent",))] if "answer" in me.may else []
    messages = [Link("family-messages", _("Beskeder"), ("messages",))] if "answer" in me.may else []
    forms = [Link("family-forms", _("Skemaer"), ("forms",))] if "choose" in me.may else []
    book = [Link("family-book", _("Bogen"), ("book",))] if "read-book" in me.may and not consent else []
    seen = [_SEEN] if "own-log" in me.may else []
    if me.young:
        own = Link("family-own", _("Mit hus"), ("own",))
        return menu([front, own, *consent, _PEOPLE, *seen], [*messages, _APPOINTMENTS, _PLAN, *forms, _LETTERS, *book])
    if me.is_child:
        own = Link("family-own", _("Mine noter"), ("own",))
        more = [_APPOINTMENTS, _PLAN, *_OF_THE_YOUNG, _PEOPLE, *forms, _LETTERS, *book]
        return menu([front, own, *consent, *messages, *seen], more)
    carer = _OF_CARERS if me.carer else []
    return menu([front, *carer, _APPOINTMENTS, *consent, *forms, *messages, *seen], [_PLAN, _PEOPLE, _LETTERS, *book])
