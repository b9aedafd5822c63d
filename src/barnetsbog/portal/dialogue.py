"""The pages of messages, the same for professionals and the family: conversations, one of them, a new message. What
differs is where they are, and what they look like around (`Side`)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from barnetsbog.access.reading import open_book
from barnetsbog.kernel.decisions import NotFound, Refused
from barnetsbog.messages import operations, queries
from barnetsbog.messages.model import Messaging, Thread, Wanted
from barnetsbog.overview.queries import person
from barnetsbog.record.book import Book
from barnetsbog.record.scope import Scope

from .form_reading import Side
from .message_forms import MessageForm
from .pages import turned
from .sentences import marked

STAFF = Side("bog/messages/staff.html", "", True)
FAMILY = Side("bog/messages/family.html", "family-", False)
SENT, DANGER, CLOSED, OBJECTION = "sendt", "fare", "laest", "indvending"
A_PAGE = 20
"""Conversations; those that wait for the reader stand before the others, whatever their age."""


_ACTS = {CLOSED: operations.read_only, OBJECTION: operations.note_objection}
"""What a professional does with a conversation besides answering, by the name of the button."""


class Talk:
    """One request about the messages of a child."""

    def __init__(self, request: HttpRequest, scope: Scope, child_id: UUID, side: Side) -> None:
        self.request, self.scope, self.child_id, self.side = request, scope, child_id, side

    @contextmanager
    def _book(self) -> Iterator[tuple[Book, list[Thread]]]:
        """The child's book, and the conversations in it: who takes part in them may know of the read."""
        between: list[str] = []
        try:
            with open_book(self.scope, Messaging.READ, self.child_id, between=between) as book:
                if not queries.may_write(self.scope):
                    raise NotFound
                found = queries.threads(book, self.child_id)
                between += operations.family_of(message.sent for one in found for message in one.messages)
                yield book, found
        except NotFound:
            raise Http404 from None

    def _page(self, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        around = {
            "child_id": self.child_id, "tab": "messages", "section": "messages", "layout": self.side.layout,
            "done": self.request.GET.get("gjort", ""), "numbers": operations.danger_in_use().numbers,
        }  # fmt: skip
        return render(self.request, f"bog/messages/{template}.html", {**around, **context}, status=status)

    def _to(self, name: str, *more: Any, done: str = "") -> HttpResponse:
        return HttpResponseRedirect(self.side.url(name, self.child_id, *more) + (f"?gjort={done}" if done else ""))

    # -- the pages ---------------------------------------------------------------------------------------------------

    def index(self) -> HttpResponse:
        with self._book() as (book, found):
            child = person(book, self.child_id)
        waiting_first = sorted(found, key=lambda one: not one.waits)
        shown = turned(waiting_first, self.request.GET.get("side", "1"), most=A_PAGE)
        return self._page("index", {"threads": shown.rows, "page": shown.page, "pages": shown.pages, "child": child})

    def new(self) -> HttpResponse:
        """Whom, and what. The privacy of it, and when it is read, are told before anybody presses."""
        with self._book() as (book, _):
            child = person(book, self.child_id)
            readers = [] if self.scope.unit_id else queries.readers(book, self.child_id)
            people = queries.families(book, self.child_id) if self.scope.unit_id else []
        choices = [(one.reference, one.contact.line) for one in readers] or [(ref, one.line) for ref, one in people]
        form = MessageForm(self.request.POST or None, readers=choices, choose=bool(people))
        if not choices:
            return self._page("new", {"child": child, "form": None})
        sent = self._sent(form, lambda: form.wanted())
        return sent or self._page("new", {"child": child, "form": form, "readers": readers}, _status(form))

    def thread(self, ident: UUID) -> HttpResponse:
        with self._book() as (book, every):
            child, found = person(book, self.child_id), queries.one_of(every, ident)
        if (act := _ACTS.get(self.request.POST.get("gjort", ""))) and self.scope.unit_id:
            return self._done(act, ident)
        form = MessageForm(self.request.POST or None)
        sent = self._sent(form, lambda: form.wanted(thread=ident))
        if sent:
            return sent
        self._has_read(found)
        return self._page("thread", {"child": child, "thread": found, "form": form}, _status(form))

    def _done(self, act: Callable[..., None], ident: UUID) -> HttpResponse:
        try:
            act(by=self.scope, child_id=self.child_id, thread=ident)
        except NotFound:
            raise Http404 from None
        return self._to("message", ident, done=self.request.POST["gjort"])

    def _has_read(self, thread: Thread) -> None:
        if any(one.to_me and one.sent.seen_at is None for one in thread.messages):
            operations.seen(by=self.scope, child_id=self.child_id, thread=thread.id)

    def _sent(self, form: MessageForm, wanted: Callable[[], Wanted]) -> HttpResponse | None:
        """The answer when the message was sent; None when the page comes back with what was typed."""
        if not form.is_valid():
            return None
        try:
            sent = operations.send(by=self.scope, child_id=self.child_id, wanted=wanted())
        except Refused as why:
            form.add_error("text", marked(why.reason))
            return None
        except NotFound:
            raise Http404 from None
        return self._to("message", sent.thread, done=DANGER if sent.danger else SENT)


def _status(form: MessageForm) -> int:
    return 422 if form.errors else 200
