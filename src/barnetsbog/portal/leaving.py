"""*Luk hurtigt*: leaves the pages at once, logs out, and shows something that tells nothing."""

import calendar
from contextlib import suppress

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from barnetsbog.kernel.decisions import LogDown
from barnetsbog.record.instance import today

from . import dates
from .session import FORGET, sign_out


@require_GET
def leave(request: HttpRequest) -> HttpResponse:
    """A link, so that it works without JavaScript: what it costs to be sent here by somebody else is a new log-in."""
    with suppress(LogDown):
        sign_out(request)
    return HttpResponseRedirect(settings.SAFE_EXIT or reverse("neutral"), headers=FORGET)


@require_GET
def neutral(request: HttpRequest) -> HttpResponse:
    """A month. Nothing on it, and nothing in its address, says where one has been."""
    day = today()
    weeks = calendar.Calendar().monthdayscalendar(day.year, day.month)
    name, days = dates.month_name(day.year, day.month), dates.weekdays()
    context = {"name": name, "days": days, "weeks": weeks, "day": day.day}
    return render(request, "bog/neutral.html", context)
