"""A page belongs to whom it was made for: somebody, in a job or in one child's book.

A browser has one log-in at a time and many pages. When somebody logs in as another, or into the book of another child,
the pages from before are open still; what is written on them must not be stored as the one, or in the book, of now.
Each form says whose page it is on, and says it again when it is sent.
"""

from functools import lru_cache
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from barnetsbog.login.model import Session

from .typed import by_itself

MARK = "bog-as"


def mark(session: Session) -> str:
    """The same for every log-in of somebody in this job or this book, so that a page outlives a log-in that ran out."""
    return _mark(session.actor_id, session.child_id)


@lru_cache(maxsize=4096)
def _mark(actor_id: UUID, child_id: UUID | None) -> str:
    return salted_hmac("barnetsbog.page", f"{actor_id}/{child_id or ''}", algorithm="sha256").hexdigest()[:20]


def belongs(request: HttpRequest, session: Session) -> bool:
    """Whether what is sent comes from a page of theirs, as far as it says."""
    said = request.POST.get(MARK) if request.method == "POST" else None
    return said is None or said == mark(session)


def of_another(request: HttpRequest) -> HttpResponse:
    """Nothing was done; what was typed is given back."""
    if by_itself(request):
        told = _("Ikke gemt: du er logget ind på en anden måde end før. Kopiér det, du vil beholde.")
        return JsonResponse({"told": told}, status=409)
    return render(request, "bog/login/of_another.html", status=409)
