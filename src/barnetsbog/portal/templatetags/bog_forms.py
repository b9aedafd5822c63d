"""The pages of forms: their addresses, which differ between professionals and the family, and a few words."""

from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from barnetsbog.forms.model import DANISH
from barnetsbog.forms.response import Kept
from barnetsbog.forms.rules import Fault

from .. import direction, sentences
from ..form_reading import IN_DANISH, Language

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


@register.filter
def apart(name: str) -> str:
    """A name in a line that may run from right to left."""
    return direction.apart(name)


@register.filter
def said_in(text: str, words: Language) -> SafeString:
    """A sentence of the rules in the language that somebody is asked in, with that language; else as it is, in
    Danish."""
    told, translated = sentences.said(text, words.texts) if words.code != DANISH else (text, False)
    return format_html("<span {}>{}</span>", (words if translated else IN_DANISH).attributes, told)


@register.filter
def told_in(fault: Fault, words: Language) -> SafeString:
    """What is wrong, with the question, for a list of everything."""
    told = said_in(fault.text, words)
    if fault.missing or not fault.ask:
        return told
    ask = words.texts.get(fault.ask, fault.ask)
    return format_html("{}{} {}", asked_in(fault, words), "" if ask.endswith(("?", "؟")) else ":", told)


@register.filter
def asked_in(fault: Fault, words: Language) -> SafeString:
    """The question that something is wrong with."""
    return format_html("<span {}>{}</span>", words.attributes, words.texts.get(fault.ask, fault.ask))
