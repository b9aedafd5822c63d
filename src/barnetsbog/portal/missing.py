"""Not there, or not yours to know of: one page, one text, one status."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "bog/not_found.html", status=404)
