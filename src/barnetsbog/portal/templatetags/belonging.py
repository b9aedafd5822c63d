"""`{% csrf_token %}`, with whose page the form is on (`portal.belonging`)."""

from django import template
from django.template.context import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html

from ..belonging import MARK, mark

register = template.Library()
_TOKEN = CsrfTokenNode()


@register.simple_tag(takes_context=True)
def csrf_token(context: Context) -> str:
    """Django's own, and beside it the mark when somebody is logged in."""
    session = getattr(getattr(context, "request", None), "login", None)
    shown = _TOKEN.render(context)
    return format_html('{}<input type="hidden" name="{}" value="{}">', shown, MARK, mark(session)) if session else shown
