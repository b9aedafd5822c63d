"""Filters for the calendar."""

from datetime import date

from django import template

from barnetsbog.calendar.model import Answer, Meeting
from barnetsbog.kernel.time import local_day

from .. import calendars, words
from ..words import Word

register = template.Library()


@register.filter
def hours(one: Meeting) -> str:
    return calendars.hours(one)


@register.filter
def day_heading(day: date) -> str:
    return calendars.day_heading(day)


@register.filter
def weekday(day: date) -> str:
    return calendars.weekday(day)


@register.filter
def weekday_name(at: int) -> str:
    return calendars.weekday(local_day(at)).capitalize()


@register.filter
def day_number(at: int) -> int:
    return local_day(at).day


@register.filter
def comes(answer: Answer) -> Word:
    return calendars.ANSWERS[answer]


@register.filter
def comes_badge(answer: Answer) -> str:
    return calendars.BADGES[answer]


@register.filter
def meeting_state(one: Meeting) -> Word:
    return words.status("appointment", one.state or "")
