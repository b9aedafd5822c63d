"""The language of a page: Danish, unless the reader has chosen English.

Django's own middleware follows the browser's wish; a Danish page with English month names is what comes of it.

Some pages of a family are there in more languages than the whole is: forms, by what they are answered in, and the
questions of *Ja og nej*. These are whole in Arabic too (`locale/ar`), and no others are.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from barnetsbog.kernel.sentences import DANISH, Sentence

COOKIE, OF_CONSENT, CHOOSE = "sprog", "sprog-ja-og-nej", "sprog"
SPOKEN = ("da", "en", "ar")
A_YEAR = 365 * 86400


class LanguageMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(COOKIE, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response


def in_ones_own(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that is there in each of `SPOKEN`: the reader chooses by its address, and the choice is kept."""

    @wraps(view)
    def spoken(request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
        asked, kept = request.GET.get(CHOOSE, ""), request.COOKIES.get(OF_CONSENT, "")
        language = next((one for one in (asked, kept) if one in SPOKEN), "")
        if not language:
            return view(request, *args, **more)
        with translation.override(language):
            response = view(request, *args, **more)
        response.headers["Content-Language"] = language
        if language == asked:
            response.set_cookie(
                OF_CONSENT, language, max_age=A_YEAR, httponly=True, samesite="Lax", secure=request.is_secure()
            )
        return response

    return spoken


def on_this_page(text: str) -> str:
    """A text in the language of the page, where it has more than one: what a child without a name goes by, in a
    sentence."""
    return text.spoken(translation.get_language() or DANISH) if isinstance(text, Sentence) else text
