"""`{% once %}`: the key of a form that is carried out once, however often it comes (`portal.once`)."""

import secrets

from django import template
from django.utils.html import format_html

from ..once import KEY

register = template.Library()


@register.simple_tag
def once() -> str:
    return format_html('<input type="hidden" name="{}" value="{}">', KEY, secrets.token_urlsafe(16))
