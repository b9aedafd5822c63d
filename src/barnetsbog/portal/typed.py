"""What somebody has written, given back where the page has no form for it any more: a colleague sent it first, the task
was handed on, or something went wrong."""

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware


def texts(request: HttpRequest) -> list[str]:
    """Each text that was posted, as it was typed. A text has a space: codes, numbers and references have none. Only of
    what our own page sent: what another site made the browser send is not repeated."""
    if request.method != "POST" or not is_ours(request):
        return []
    typed = (text.strip() for name in request.POST for text in request.POST.getlist(name))
    return list(dict.fromkeys(text for text in typed if len(text.split()) > 1))


def by_itself(request: HttpRequest) -> bool:
    """Whether the page saves while somebody writes (`bog/autosave.js`), and not because they press."""
    return request.headers.get("X-Autosave") == "1"


def is_ours(request: HttpRequest) -> bool:
    """Whether a page of ours sent it."""
    checking = CsrfViewMiddleware(_nothing)
    checking.process_request(request)
    return checking.process_view(request, _nothing, (), {}) is None


def _nothing(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()
