"""`{% url %}`, remembered: a page has some forty addresses, nearly all as they were on the one before, and working them
out anew takes a tenth of its time."""

from functools import lru_cache
from typing import Any

from django import template
from django.template.base import Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as parsed
from django.urls import reverse
from django.utils.html import conditional_escape

register = template.Library()


class Address(URLNode):
    def __init__(self, node: URLNode) -> None:
        super().__init__(node.view_name, node.args, node.kwargs, node.asvar)

    def render(self, context: template.Context) -> str:
        if self.asvar:
            return super().render(context)
        args = tuple(one.resolve(context) for one in self.args)
        named = tuple((name, one.resolve(context)) for name, one in self.kwargs.items())
        return _address(self.view_name.resolve(context), args, named)


@lru_cache(maxsize=8_000)
def _address(name: str, args: tuple[Any, ...], named: tuple[tuple[str, Any], ...]) -> str:
    return conditional_escape(reverse(name, args=args, kwargs=dict(named)))


@register.tag
def url(parser: Parser, token: Token) -> Address:
    return Address(parsed(parser, token))
