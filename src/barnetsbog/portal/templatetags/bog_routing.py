"""Filters for the texts of the routing rules."""

from django import template

from ..routing import words

register = template.Library()

register.filter("told", words.told_aloud)
register.filter("told_plain", words.told)
