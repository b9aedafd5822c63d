"""*Besked om nyt*: by mail, by SMS, or not at all; the code that shows an address to be one's own; and stopping."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from barnetsbog.kernel.decisions import Refused
from barnetsbog.notifications import operations
from barnetsbog.notifications.model import TEXT, Choice, Quiet
from barnetsbog.notifications.queries import own_choice
from barnetsbog.record.instance import now

from ..notice_forms import NONE, CodeForm, NoticeForm
from ..sentences import marked
from ..session import FamilySignedIn


@require_http_methods(["GET", "POST"])
def choose(request: FamilySignedIn) -> HttpResponse:
    own = own_choice(request.scope, request.child_id)
    form = NoticeForm(request.POST or None, initial=_first(own))
    if form.is_valid():
        try:
            return HttpResponseRedirect(reverse(_chosen(request, form)) + "?gjort=ja")
        except Refused as why:
            form.add_error("address", marked(why.reason))
    context = {"section": "notices", "own": own, "form": form, "says": TEXT, "done": request.GET.get("gjort", "")}
    return render(request, "bog/family/notices.html", context, status=422 if form.errors else 200)


def _first(own: Choice | None) -> dict[str, object]:
    quiet = own.quiet if own else Quiet()
    way, address = (own.way.value, own.address) if own else (NONE, "")
    return {"way": way, "address": address, "since": str(quiet.since), "until": str(quiet.until)}


def _chosen(request: FamilySignedIn, form: NoticeForm) -> str:
    """The page that comes next. Raises `Refused`."""
    if (wanted := form.wanted()) is None:
        operations.stop(by=request.scope, child_id=request.child_id)
        return "family-notices"
    operations.choose(by=request.scope, child_id=request.child_id, wanted=wanted)
    own = own_choice(request.scope, request.child_id)
    return "family-notices" if own and own.confirmed else "family-notices-confirm"


@require_http_methods(["GET", "POST"])
def confirm(request: FamilySignedIn) -> HttpResponse:
    own = own_choice(request.scope, request.child_id)
    if own is None or own.confirmed:
        return HttpResponseRedirect(reverse("family-notices"))
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            operations.confirm(by=request.scope, child_id=request.child_id, code=form.cleaned_data["code"])
            return HttpResponseRedirect(reverse("family-notices") + "?gjort=ja")
        except Refused as why:
            form.add_error("code", marked(why.reason))
    context = {"section": "notices", "own": own, "form": form}
    return render(request, "bog/family/notices_confirm.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link in a mail leads, without a log-in. A press stops; a program that only looks at links does not."""
    if request.method == "POST":
        operations.stop_by_link(token, at=now())
    return render(request, "bog/notices_stop.html", {"done": request.method == "POST"})
