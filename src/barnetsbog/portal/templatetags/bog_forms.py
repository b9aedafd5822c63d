"""The pages of forms: their addresses, which differ between professionals and the family, and a few words."""

from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from barnetsbog.forms.response import Kept

register = template.Library()

HOW_FAR: dict[str, str | Promise] = {
    "missing": _("Mangler"), "begun": _("I gang"), "later": _("Kan ikke startes endnu"), "done": _("Gennemført"),
}  # fmt: skip
WHAT_WAS_DONE: dict[Kept, str | Promise] = {
    Kept.KEPT: "", Kept.CORRECTED: _("Du har rettet det. Den, det er hentet fra, får et forslag."),
    Kept.LEFT_OUT: _("Det bliver ikke brugt."),
}  # fmt: skip


@register.simple_tag(takes_context=True)
def form_url(context: Context, name: str, *args: Any) -> str:
    """The address of a page of forms on the reader's own side."""
    side = context["side"]
    return reverse(f"{side}{name}", args=list(args) if side else [context["child_id"], *args])


@register.filter
def progress(code: str) -> str | Promise:
    return HOW_FAR[code]


@register.filter
def kept(code: Kept) -> str | Promise:
    return WHAT_WAS_DONE[code]


@register.filter
def dashed(path: str) -> str:
    """The id of the field at a place."""
    return f"id_{path.replace('.', '-')}"
