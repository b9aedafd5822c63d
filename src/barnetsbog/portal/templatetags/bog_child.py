"""What the child's own pages need: words that are explained, pictures, rooms and rights in words."""

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from .. import voices, wordlist
from ..words import Word

register = template.Library()


@register.filter
def explained(text: str) -> SafeString:
    """What a grown-up has written, with links to the words that are explained."""
    return format_html_join("", "{}", ((_piece(one),) for one in wordlist.pieces(text)))


def _piece(one: wordlist.Piece) -> SafeString | str:
    if one.word is None:
        return one.text
    return format_html('<a href="{}#{}">{}</a>', reverse("family-words"), one.word.anchor, one.text)


@register.simple_tag
def word(name: str) -> SafeString:
    """A word of ours with a link to what it means."""
    found = next(one for one in wordlist.word_list() if one.word == name)
    shown = found.en if get_language() == "en" else found.word
    return format_html('<a href="{}#{}">{}</a>', reverse("family-words"), found.anchor, shown)


@register.filter
def room_name(room: str) -> Word:
    return voices.ROOMS[room].name


@register.filter
def room_question(room: str) -> Word:
    return voices.ROOMS[room].question


@register.filter
def right_words(key: str) -> Word:
    return voices.RIGHTS[key]


@register.filter
def right_ends(key: str) -> Word:
    return voices.ENDS.get(key, "")
