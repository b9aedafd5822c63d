"""Filters that put the words of the consent centre on its pages."""

from django import template
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from barnetsbog.consent.model import Place, Question, Reply, Standing
from barnetsbog.law.model import Capacity, Level

from .. import consents, direction, duty_words, sentences

register = template.Library()


@register.filter
def answer(reply: Reply) -> str:
    return consents.answer(reply)


@register.filter
def state_words(question: Question) -> str:
    return consents.state(question)


@register.filter
def state_badge(question: Question) -> str:
    return consents.BADGES[question.standing.state]


@register.filter
def besides(standing: Standing) -> list[str | Promise]:
    return duty_words.besides(standing)


@register.filter
def basis(standing: Standing) -> str:
    return consents.basis(standing)


@register.filter
def place(one: Place | None) -> str:
    return consents.place(one)


@register.filter
def places(some: tuple[Place, ...]) -> str:
    return consents.places(some)


@register.filter
def block_words(some: tuple[str, ...]) -> str:
    return consents.blocks(some)


@register.filter
def level_word(level: Level) -> str | Promise:
    return consents.LEVELS[level]


@register.filter
def capacity(one: Capacity) -> str | Promise:
    return consents.CAPACITIES[one]


@register.filter
def form(code: str) -> str | Promise:
    return consents.FORMS.get(code, code)


@register.filter
def last_day(until: int) -> str:
    return consents.last_day(until)


@register.filter
def asks(question: Question) -> str:
    return consents.asks(question)


@register.filter
def on_yes(question: Question) -> list[str]:
    """To somebody who does not answer: a professional, or a child who does not answer itself yet."""
    return consents.on_yes(question)


@register.filter
def on_your_yes(question: Question) -> list[str]:
    return consents.on_yes(question, me=True)


@register.filter
def on_no(question: Question) -> str:
    return consents.on_no(question)


@register.filter
def on_your_no(question: Question) -> str:
    return consents.on_no(question, me=True)


@register.filter
def missing(question: Question) -> str:
    return consents.missing(question)


@register.filter
def named(name: str) -> str:
    """Somebody's name, or that it is somebody, where the reader may not see who."""
    return name or consents.somebody()


@register.simple_tag
def comma() -> str:
    """Between two words on the page, in its own script, with the space after it."""
    return direction.comma()


@register.filter
def sentence(text: str) -> SafeString:
    return sentences.marked(text)


@register.filter
def subject(question: Question) -> str:
    return consents.subject(question)
