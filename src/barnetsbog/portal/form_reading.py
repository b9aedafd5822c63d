"""One form as its pages need it: who asks, on which side, and everything that a page shows, in one reading."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, NamedTuple
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html

from barnetsbog.access.reading import open_book
from barnetsbog.contacts.queries import names
from barnetsbog.fhir.own import ident_of
from barnetsbog.forms import languages, paper_forms, parties, prefill, queries
from barnetsbog.forms.model import DANISH, Form, Part, Party, Wording
from barnetsbog.forms.queries import Opened
from barnetsbog.forms.response import Filling, Origin, Response, State
from barnetsbog.forms.translations import standard
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.overview.model import Person
from barnetsbog.overview.queries import person
from barnetsbog.record.book import Book
from barnetsbog.record.scope import Scope


class Side(NamedTuple):
    """Whose pages they are: the layout, and the addresses (`forms`, `form`, ...) with what stands before their name."""

    layout: str
    names: str
    has_child: bool

    def url(self, name: str, child_id: UUID, *more: Any) -> str:
        return reverse(f"{self.names}{name}", args=[child_id, *more] if self.has_child else list(more))


STAFF = Side("bog/forms/staff.html", "", True)
FAMILY = Side("bog/forms/family.html", "family-", False)


class Asked(NamedTuple):
    """Who asks for a page, and in whose book."""

    request: HttpRequest
    scope: Scope
    child_id: UUID
    side: Side

    def to(self, name: str, *more: Any) -> HttpResponse:
        return HttpResponseRedirect(self.side.url(name, self.child_id, *more))

    def render(self, template: str, child: Person, context: Mapping[str, Any], status: int = 200) -> HttpResponse:
        around = {
            "child": child, "child_id": self.child_id, "tab": "forms", "section": "forms", "layout": self.side.layout,
            "side": self.side.names, "sub": "h3" if self.side is STAFF else "h2", "words": IN_DANISH,
        }  # fmt: skip
        with speaking(self.side, context.get("words", IN_DANISH)):
            response = render(self.request, template, {**around, **context}, status=status)
            response.headers["Content-Language"] = translation.get_language() or DANISH
            return response


class Language(NamedTuple):
    """One that a form can be read in. `name`: in its own words. `page`: what stands around the questions, empty where
    the page's own words are used."""

    code: str
    name: str
    rtl: bool = False
    checked: bool = True
    page: Mapping[str, str] = {}
    texts: Mapping[str, str] = {}
    """The words of the form, by the Danish ones."""

    @property
    def attributes(self) -> str:
        """Of an element with words in this language."""
        return format_html('lang="{}" dir="{}"', self.code, "rtl") if self.rtl else format_html('lang="{}"', self.code)


IN_DANISH = Language(DANISH, "Dansk")


def speaking(side: Side, language: Language) -> AbstractContextManager[None]:
    """All of a family's page speaks the language that somebody answers in, where that is not Danish."""
    return translation.override(language.code) if side is FAMILY and language.code != DANISH else nullcontext()


class Reading(NamedTuple):
    """One form, with what its page needs."""

    found: Opened
    child: Person
    people: Mapping[Any, Any]
    sheets: list[Opened]
    asker: parties.Asker
    """The reader, as one who answers."""
    receivers: list[tuple[str, str]]
    history: list[tuple[int, int, UUID | None, Response]]
    changes: Mapping[str, Origin]
    language: Language = IN_DANISH
    """In which the reader is asked."""

    @property
    def ref(self) -> str:
        return self.asker.ref

    @property
    def form(self) -> Form:
        """The form in the reader's language."""
        return languages.worded(self.found.form, self.language.code)

    @property
    def was_asked_in(self) -> list[Language]:
        """The other languages that somebody has answered in, in the form or a sheet of it."""
        everything = (self.found, *self.sheets)
        there = {one.response.asked_in: languages.offered(one.form).get(one.response.asked_in) for one in everything}
        return [_language(one) for one in there.values() if one]

    @property
    def choices(self) -> list[Language]:
        """The languages that the reader can be asked in: Danish first."""
        return [IN_DANISH, *(_language(one) for one in languages.offered(self.found.form).values())]

    @property
    def lacking(self) -> list[Language]:
        """The languages of other forms that this one is not there in."""
        there = languages.offered(self.found.form)
        return [Language(one.language, one.name, one.rtl) for code, one in standard().items() if code not in there]

    def printed_in(self, part: str) -> list[Language]:
        """The languages that a part can be had on paper in: Danish first."""
        there = paper_forms.printed_in(self.found.form, part)
        return [one for one in self.choices if one.code in there]

    @property
    def parts(self) -> list[Part]:
        """The parts that are the reader's to answer now: none of what is sent or taken back."""
        mine = parties.my_parts(self.found.response, self.ref) if self.found.response.state is State.DRAFT else ()
        return [one for one in self.form.parts if one.id in mine]

    @property
    def childs(self) -> bool:
        return all(one.party is Party.CHILD for one in self.parts) and bool(self.parts)

    @property
    def own(self) -> bool:
        """Whether it is a whole form, which the reader has begun."""
        return not self.found.response.sheet_of and self.found.response.state is State.DRAFT


def _language(wording: Wording) -> Language:
    known = standard().get(wording.language)
    if known is None:
        return Language(wording.language, wording.language, False, wording.checked, texts=wording.words)
    return Language(known.language, known.name, known.rtl, wording.checked, known.page, wording.words)


def _asked_in(asked: Asked, found: Opened) -> Language:
    """Danish for professionals: whoever answers chooses for themselves alone."""
    wording = languages.offered(found.form).get(found.response.asked_in) if asked.side is FAMILY else None
    return _language(wording) if wording else IN_DANISH


@contextmanager
def book_of(asked: Asked) -> Iterator[Book]:
    try:
        with open_book(asked.scope, Filling.READ, asked.child_id) as book:
            yield book
    except NotFound:
        raise Http404 from None


def read_form(asked: Asked, ident: UUID) -> Reading:
    with book_of(asked) as book:
        found = queries.opened(book, asked.child_id, ident)
        sheets = queries.sheets(book, asked.child_id, found.response)
        response = found.response
        everything = (response, *(one.response for one in sheets))
        references = [origin.source.unit for one in everything for origin in one.origins.values()]
        references += [ref for turn in response.turns for ref in (turn.who, turn.by)]
        references += [response.author, response.to, response.asked_by]
        told = queries.history(book, found)
        people = names(book, asked.child_id, [*map(ident_of, references), *(by for _number, _at, by, _said in told)])
        mine = found.response.state is State.DRAFT and not found.response.sheet_of
        receivers = queries.who_can_get(book, asked.child_id, found.form) if mine else []
        asker = queries.me(asked.scope)
        answers_now = found.response.state is State.DRAFT and parties.my_parts(response, asker.ref)
        changes = prefill.news(book, asked.child_id, found.form, response) if answers_now else {}
        return Reading(
            found, person(book, asked.child_id), people, sheets, asker, receivers, told, changes,
            _asked_in(asked, found),
        )  # fmt: skip
