"""Who answers a form, or the forms of a family: its parts, in which order, whose each section is; a part more, a part
less. What a change does is seen before it is kept."""

from typing import Any, NamedTuple

from django import forms as fields
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from barnetsbog.forms import common
from barnetsbog.forms.common import Common
from barnetsbog.forms.local import Sort, Tried, find
from barnetsbog.forms.parts import Division, divided, division
from barnetsbog.publishing.forms import mark

from ..catalogue import Now, now
from ..catalogue_forms import plain
from ..catalogue_parts import AddPartForm, FamilyForm, PartsForm, RemovePartForm, told
from ..session import SignedIn
from ..versions import administrators_only
from .form_catalogue import page
from .form_common import Change, address_of, record_in, settled, trail_to
from .form_editing import posted


class Stand(NamedTuple):
    """A form, or a family, as the draft has it. `called`, `titles`: its parts and its sections with its own words."""

    have: Now
    one: Common
    now: Division
    called: dict[str, str]
    titles: dict[str, str]

    @property
    def words(self) -> tuple[Division, dict[str, str], dict[str, str]]:
        return self.now, self.called, self.titles


def _stand(request: SignedIn, sort: str, ident: str) -> Stand:
    administrators_only(request)
    have = now()
    one = record_in(have, sort, ident, Sort.FORM, Sort.FAMILY)
    form = common.as_form(have.tried, one)
    called = {part.id: capfirst(part.title) for part in form.parts}
    return Stand(have, one, division(have.tried, one), called, {one.id: one.title for one in form.sections})


def _saw(have: Tried, one: Common) -> object:
    """What is on the pages of parts, so that no change of it is passed over."""
    return find(have.raw, one.key).get("title"), division(have, one)


def _answered(
    request: SignedIn, stand: Stand, typed: PartsForm | AddPartForm | RemovePartForm
) -> tuple[HttpResponse | None, int]:
    """That somebody else has changed the same is told before whatever is wrong with what was typed."""
    one = stand.one
    if request.method != "POST":
        return None, 200
    if mark(_saw(stand.have.tried, one)) != request.POST.get("set", "-"):
        return None, 409
    if not typed.is_valid():
        return None, 422
    title = {"title": plain(typed.cleaned_data["title"])} if isinstance(typed, FamilyForm) else {}
    return settled(request, stand.have, typed, Change(
        one, lambda have: divided(have, one, typed.division()) | title, lambda have: _saw(have, one), address_of(one),
    ))  # fmt: skip


def _page(request: SignedIn, stand: Stand, name: str, typed: fields.Form, status: int, **more: Any) -> HttpResponse:
    context = {
        "fields": typed, "seen": mark(_saw(stand.have.tried, stand.one)), "conflict": status == 409,
        "theirs": [*_family_name(stand), *told(*stand.words)],
        "trail": trail_to(stand.have, stand.one), "common": stand.one,
        "several": len(stand.now.parts) > 1,
    }  # fmt: skip
    return page(request, name, context | more, status)


def _family_name(stand: Stand) -> list[tuple[str, str]]:
    return [(_("Familiens navn"), _title(stand))] if stand.one.sort is Sort.FAMILY else []


def _title(stand: Stand) -> str:
    """What a family is called."""
    return str(find(stand.have.tried.raw, stand.one.key)["title"])


@require_http_methods(["GET", "POST"])
def parts(request: SignedIn, sort: str, ident: str) -> HttpResponse:
    """The parts as they are, to change; of a family with its name."""
    stand = _stand(request, sort, ident)
    typed = _parts(stand, posted(request))
    answer, status = _answered(request, stand, typed)
    return answer or _parts_page(request, stand, typed, status)


def _parts(stand: Stand, data: Any) -> PartsForm:
    if stand.one.sort is Sort.FORM:
        return PartsForm(data, *stand.words)
    return FamilyForm(data, _title(stand), *stand.words)


def _parts_page(request: SignedIn, stand: Stand, typed: PartsForm, status: int) -> HttpResponse:
    of_form = stand.one.sort is Sort.FORM
    heading = _("Hvem der svarer") if of_form else _("Familiens navn, og hvem der svarer")
    family = stand.have.form(stand.one.ident).family if of_form else ""
    return _page(request, stand, "parts", typed, status, heading=heading, family=family)


@require_http_methods(["GET", "POST"])
def add(request: SignedIn, sort: str, ident: str) -> HttpResponse:
    stand = _stand(request, sort, ident)
    typed = AddPartForm(posted(request), *stand.words)
    answer, status = _answered(request, stand, typed)
    return answer or _page(request, stand, "part_add", typed, status)


@require_http_methods(["GET", "POST"])
def remove(request: SignedIn, sort: str, ident: str, part: str) -> HttpResponse:
    """Takes a part away. One that somebody else has taken away meanwhile is told on the page of those that are left."""
    stand = _stand(request, sort, ident)
    gone = stand.now.named(part)
    if gone is None and request.method == "POST":
        return _parts_page(request, stand, _parts(stand, None), 409)
    if gone is None:
        raise Http404
    typed = RemovePartForm(posted(request), stand.now, part, stand.called)
    answer, status = _answered(request, stand, typed)
    return answer or _page(
        request, stand, "part_remove", typed, status, heading=stand.called[part],
        sections=[stand.titles[section] for section in stand.now.sections_of(part)],
        waiting=[stand.called[one.id] for one in stand.now.parts if part in one.after],
        others=reverse("form-part-add", args=[sort, ident]),
    )  # fmt: skip
