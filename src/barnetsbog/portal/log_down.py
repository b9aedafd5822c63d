"""What a page answers when its line in the log can't be written: nothing of the book, and why."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from barnetsbog.kernel.decisions import LogDown


class LogDownMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return log_down(request) if isinstance(error, LogDown) else None


def log_down(request: HttpRequest) -> HttpResponse:
    return render(request, "bog/log_down.html", status=503)
