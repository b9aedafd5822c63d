"""A page that is printed: the log says so, for then there is a copy that nobody can take back.

The page's script tells of it when the browser is about to print. Without the script the log has the read that showed
the page, as always.
"""

from contextlib import suppress

from django.http import HttpResponse
from django.urls import resolve
from django.views.decorators.http import require_POST

from barnetsbog.access.reading import open_book
from barnetsbog.audit.model import Action
from barnetsbog.kernel.decisions import NotFound

from .session import SignedIn, is_page

PAGE = "side"
"""The path of the page, as the browser has it."""


@require_POST
def printed(request: SignedIn) -> HttpResponse:
    """Answers nothing, whatever is told: a page that may not be seen has not been printed."""
    path = request.POST.get(PAGE, "")
    if is_page(path):
        page = resolve(path)
        child_id = getattr(request, "child_id", None) or page.kwargs.get("child_id")
        with suppress(NotFound), open_book(request.scope, Action.PRINT, child_id, what=page.url_name):
            pass
    return HttpResponse(status=204)
