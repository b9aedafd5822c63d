"""The pages of forms, the same for professionals and the family: the list, one form with its topics, one topic, *Tjek
dine svar*, the receipt. What differs is where they are and what they look like around (`Side`).

Whatever the reason, a page comes back with everything that was typed, and what could be kept is kept.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext as _

from barnetsbog.consent.papers import kept_scan
from barnetsbog.contacts.queries import names
from barnetsbog.fhir.own import ident_of
from barnetsbog.forms import languages, operations, parties, queries, rules, sending
from barnetsbog.forms.acting import GroundNeeded, Incomplete
from barnetsbog.forms.answers import values_at, with_values
from barnetsbog.forms.mapping import is_concern, is_held
from barnetsbog.forms.model import DANISH, Item, Kind, Part, Section, every
from barnetsbog.forms.queries import Opened
from barnetsbog.forms.response import Response, State, Turn, TurnState
from barnetsbog.forms.rules import Difference, Fault, Progress
from barnetsbog.kernel.decisions import Conflict, NotFound, Refused
from barnetsbog.kernel.files import NoScan, Scan
from barnetsbog.kernel.numbers import is_number
from barnetsbog.kernel.time import local_day
from barnetsbog.overview.queries import person

from . import form_fields
from .dates import clock
from .form_fields import Field, Sheet
from .form_reading import FAMILY, IN_DANISH, Asked, Language, Reading, book_of, read_form, speaking
from .sentences import said
from .typed import by_itself
from .uploads import scan_in

ALL = "alt"
"""In the place of a topic's name: all of them on one page."""
OTHER = "Nogen har ændret det samme imens. Det, du har skrevet, står her endnu. Tryk »Gem kladde«, og se begge."
TOO_LATE = (
    "Nogen har gjort delen færdig eller sendt skemaet imens, så det kan ikke gemmes her mere. "
    "Kopiér det, du vil beholde, før du forlader siden."
)


# -- the list ----------------------------------------------------------------------------------------------------------


def index(asked: Asked) -> HttpResponse:
    """Forms to begin, drafts, what waits, what was sent; and beginning one, which the address may have chosen."""
    problem, chosen = "", asked.request.POST.get("skema", "")
    if asked.request.method == "POST" and not chosen:
        problem = _("Vælg et skema.")
    elif asked.request.method == "POST":
        try:
            return asked.to("form", operations.begin(by=asked.scope, child_id=asked.child_id, form_id=chosen))
        except NotFound:
            raise Http404 from None
        except Refused as why:
            problem = why.reason
    with book_of(asked) as book:
        found, child = queries.lists(book, asked.child_id), person(book, asked.child_id)
    context = {"lists": found, "problem": problem, "chosen": chosen or asked.request.GET.get("skema", "")}
    return asked.render("bog/forms/index.html", child, context, 422 if problem else 200)


# -- one form ----------------------------------------------------------------------------------------------------------


class Topic(NamedTuple):
    """A row of the list of topics. `can`: whether it can be opened."""

    slug: str
    title: str
    progress: str
    can: bool


def form(asked: Asked, ident: UUID) -> HttpResponse:
    """A draft with its topics and whose turn it is; or what was sent, as it was sent."""
    read, problem = read_form(asked, ident), ""
    if asked.request.method == "POST":
        try:
            done = _act(asked, ident, read)
            if done is not None:
                return done
        except NotFound:
            raise Http404 from None
        except (Refused, Conflict, NoScan) as why:
            problem = str(why)
    return _form_page(asked, read, problem)


def _form_page(asked: Asked, read: Reading, problem: str) -> HttpResponse:
    found = read.found
    draft = found.response.state is State.DRAFT
    parts = parties.parts_of(found.response, found.newest, read.asker)
    newer = draft and found.newest.version != found.form.version and bool(parts or read.own)
    new = rules.difference(found.form, found.newest, found.response.answers, parts) if newer else None
    context = _about(read) | {
        "problem": problem, "topics": (topics := _topics(read)), "next": _next(topics), "turns": _turns(read),
        "difference": new if new else None, "leaving": _leaving(asked, read, new) if new else [],
        "papers": [(one, _on_paper(read, one.id)) for one in read.parts],
        "answers": _answers(asked, read), "can_send": read.own and not found.retired,
        "changed": newer,
        "askable": _askable(asked, read) if read.own else [], "may_correct": _may_correct(asked, found),
    }  # fmt: skip
    return asked.render("bog/forms/form.html", read.child, context, 422 if problem else 200)


def _leaving(asked: Asked, read: Reading, new: Difference) -> list[Field]:
    """The answers that do not come along into the new version, so that whoever wrote them can read them first."""
    gone, sheet = {*new.lost, *new.unasked}, _sheet(asked, read)
    fields = (one for section in read.form.sections for one in form_fields.flat(sheet.fields(section)))
    return [one for one in fields if one.path in gone]


def _on_paper(read: Reading, part: str) -> Language:
    return read.language if read.language in read.printed_in(part) else IN_DANISH


def _may_correct(asked: Asked, found: Opened) -> bool:
    """Whoever sent a form can correct it; a sheet is corrected with its form."""
    return queries.is_by(asked.scope, found) and not found.response.sheet_of and not found.retired


def _act(asked: Asked, ident: UUID, read: Reading) -> HttpResponse | None:
    """What is pressed on the page of a form."""
    post, do = asked.request.POST, asked.request.POST.get("do", "")
    by, child_id, version = asked.scope, asked.child_id, _version(asked.request)
    if do == "ret":
        return asked.to("form", sending.correct(by=by, child_id=child_id, ident=ident))
    if do == "opgiv":
        operations.withdraw(by=by, child_id=child_id, ident=ident, version=version)
        return asked.to("forms")
    if do == "ny-version":
        operations.take_new_version(by=by, child_id=child_id, ident=ident, version=version)
    elif do == "sprog":
        operations.ask_in(by=by, child_id=child_id, ident=ident, language=post.get("sprog", ""))
    elif do == "tag-op":
        operations.take_up(by=by, child_id=child_id, ident=ident, version=version, part=post.get("del", ""))
    elif do == "spoerg":
        operations.ask(
            by=by, child_id=child_id, ident=ident, version=version, part=post.get("del", ""), who=post.get("hvem", "")
        )  # fmt: skip
    elif do == "papir":
        scan = _uploaded(asked.request, "scan")
        sheet = operations.on_paper(
            by=by, child_id=child_id, ident=ident, version=version, part=post.get("del", ""),
            who=post.get("hvem", ""), scan=scan,
        )  # fmt: skip
        return asked.to("form", sheet)
    elif do == "indlaes":
        scan = _uploaded(asked.request, "pdf")
        operations.read_in(
            by=by, child_id=child_id, ident=ident, version=version, part=post.get("del", ""), content=scan.content
        )  # fmt: skip
        return asked.to("form-check", ident)
    else:
        return None
    return asked.to("form", ident)


def _uploaded(request: HttpRequest, name: str) -> Scan:
    upload = request.FILES.get(name)
    if upload is None:
        raise NoScan("Vælg en fil.")
    return scan_in(upload)


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if is_number(text, 8) else 0


def _about(read: Reading) -> dict[str, Any]:
    response = read.found.response
    return {
        "read": read, "form": read.form, "words": read.language, "response": response,
        "row": read.found.row, "ident": read.found.row.id,
        "by": read.people.get(ident_of(response.author)), "to": read.people.get(ident_of(response.to)),
        "editions": read.history, "people": read.people, "news": _news(read),
    }  # fmt: skip


def _news(read: Reading) -> list[tuple[str, str]]:
    """The topics in which a source says something else now, by name and title."""
    tops = {path.partition(".")[0] for path in read.changes}
    asked = rules.asked_sections(read.form, read.found.response.answers, {one.id for one in read.parts})
    found = [one for one in asked if tops & {item.id for item in one.items}]
    return [(ALL if read.found.form.one_page else one.id, one.title) for one in found]


def _topics(read: Reading) -> list[Topic]:
    """The topics of the reader's own parts with how far each is, and those that somebody else must come before."""
    form, answers = read.form, read.found.response.answers
    mine = {one.id for one in read.parts}
    if form.one_page and mine:
        states = [rules.progress(form, answers, one) for one in rules.asked_sections(form, answers, mine)]
        worst = next((one for one in (Progress.BEGUN, Progress.MISSING) if one in states), Progress.DONE)
        return [Topic(ALL, form.title, worst.value, True)]
    found = [
        Topic(one.id, one.title, rules.progress(form, answers, one).value, True)
        for one in rules.asked_sections(form, answers, mine)
    ]
    if read.own:
        finished = read.found.response.finished_parts
        later = [one for one in form.parts if one.id not in mine and not rules.may_begin(one, finished)]
        found += [Topic("", one.title, Progress.LATER.value, False) for one in later]
    return found


def _next(topics: list[Topic]) -> Topic | None:
    """Where one goes on: the first topic that isn't done. None when all are, or none is the reader's."""
    return next((one for one in topics if one.can and one.progress != Progress.DONE.value), None)


def _turns(read: Reading) -> list[dict[str, Any]]:
    """Whose turn it is, for whoever began the form; one's own receipt for everybody else."""
    response = read.found.response
    titles = {one.id: one.title for one in read.form.parts}
    return [
        {
            "turn": one, "title": titles.get(one.part, ""), "who": read.people.get(ident_of(one.who)),
            "by": read.people.get(ident_of(one.by)), "mine": one.who == read.ref,
            "sheet": ident_of(one.sheet), "waits": one.state is TurnState.ASKED,
            "spared": one.state is TurnState.SPARED, "languages": read.printed_in(one.part)[1:],
        }
        for one in response.turns
    ]  # fmt: skip


def _askable(asked: Asked, read: Reading) -> list[tuple[Part, list[tuple[str, str]]]]:
    """The parts that somebody must be chosen for."""
    response, form = read.found.response, read.found.form
    taken = {one.part for one in response.turns}
    parts = [
        one for one in rules.needed(form, response.answers)
        if one.id not in taken and rules.may_begin(one, response.finished_parts)
    ]  # fmt: skip
    if not parts:
        return []
    with book_of(asked) as book:
        around = queries.around(book, asked.child_id, [], "")
        known = names(book, asked.child_id, (ident_of(one.ref) for one in around))
    return [
        (part, [(one.ref, known[ident].name) for one in around
                if part.party in one.parties and (ident := ident_of(one.ref)) in known])
        for part in parts
    ]  # fmt: skip


def _answers(asked: Asked, read: Reading) -> list[tuple[str, tuple[Field, ...]]]:
    """What was answered, as it was sent, by topic; everybody's sheets after it."""
    if read.found.response.state is State.DRAFT and read.parts:
        return []
    found = []
    for one in (read.found, *read.sheets):
        form = languages.worded(one.form, read.language.code)
        sheet = Sheet(form, one.response, local_day(asked.scope.at), read.people)
        for section in form.sections:
            fields = tuple(sheet.fields(section))
            if any(field.values for field in form_fields.flat(fields)):
                found.append((section.title, fields))
    return found


# -- one topic ---------------------------------------------------------------------------------------------------------


def topic(asked: Asked, ident: UUID, slug: str) -> HttpResponse:
    """One topic's questions, kept whenever something is pressed."""
    try:
        return _topic(asked, ident, slug)
    except Http404:
        if asked.request.method != "POST":
            raise
        return _too_late(asked, ident)


def _too_late(asked: Asked, ident: UUID) -> HttpResponse:
    """Somebody has finished the part or sent the form meanwhile: the form as it stands, and beside it
    what was typed."""
    read = read_form(asked, ident)
    if by_itself(asked.request):
        return _told(asked, read, TOO_LATE, 409)
    return _form_page(asked, read, TOO_LATE)


def _told(asked: Asked, read: Reading, why: str, status: int) -> HttpResponse:
    with speaking(asked.side, read.language):
        return JsonResponse({"told": said(why, {})[0]}, status=status)


def _topic(asked: Asked, ident: UUID, slug: str) -> HttpResponse:
    read = read_form(asked, ident)
    sections = _sections(read, slug)
    if asked.request.method != "POST":
        return _topic_page(asked, read, slug, sections)
    sheet = _sheet(asked, read)
    given = form_fields.posted(asked.request, [one for section in sections for one in sheet.fields(section)])
    version = _version(asked.request)
    try:
        version = operations.save(
            by=asked.scope, child_id=asked.child_id, ident=ident, version=version, said=given.said, kept=given.kept,
            news=given.news,
        )  # fmt: skip
        for path, scan in given.files.items():
            title = _file_title(sheet, sections, path)
            version = operations.enclose(
                by=asked.scope, child_id=asked.child_id, ident=ident, version=version, path=path, scan=scan, title=title
            )  # fmt: skip
        _change_rows(asked, ident, version)
    except NotFound:
        raise Http404 from None
    except Refused as why:
        if by_itself(asked.request):
            return _told(asked, read, why.reason, 422)
        return _topic_page(asked, _with(read, given), slug, sections, problem=why.reason)
    except Conflict:
        return (
            _told(asked, read, OTHER, 409)
            if by_itself(asked.request)
            else _conflict(asked, ident, slug, given, version)
        )
    return _saved_by_itself(asked, ident, sections) if by_itself(asked.request) else _after(asked, ident, slug, given)


def _saved_by_itself(asked: Asked, ident: UUID, sections: list[Section]) -> HttpResponse:
    """When it was saved, its version, and how what was fetched stands now, by the names of the page's fields."""
    read = read_form(asked, ident)
    sheet = _sheet(asked, read)
    with speaking(asked.side, read.language):
        told = _("Kladden er gemt kl. %(time)s.") % {"time": clock(read.found.row.recorded_at)}
    return JsonResponse({
        "version": read.found.row.version, "told": told,
        "fields": form_fields.echo(one for section in sections for one in sheet.fields(section)),
    })  # fmt: skip


def _sections(read: Reading, slug: str) -> list[Section]:
    """The topics on the page. Nothing when they are not the reader's to answer now."""
    mine = {one.id for one in read.parts}
    asked = rules.asked_sections(read.form, read.found.response.answers, mine)
    found = asked if slug == ALL else [one for one in asked if one.id == slug]
    if not found:
        raise Http404
    return found


def _sheet(
    asked: Asked, read: Reading, faults: tuple[Fault, ...] = (), theirs: Mapping[str, str] | None = None
) -> Sheet:
    return Sheet(
        read.form, read.found.response, local_day(asked.scope.at), read.people,
        read.childs and asked.side is FAMILY, faults, theirs or {}, read.changes,
    )  # fmt: skip


def _file_title(sheet: Sheet, sections: list[Section], path: str) -> str:
    fields = [one for section in sections for one in form_fields.flat(sheet.fields(section))]
    return next((one.item.ask for one in fields if one.path == path), "Bilag")


def _change_rows(asked: Asked, ident: UUID, version: int) -> None:
    more, away = asked.request.POST.get("flere", ""), asked.request.POST.get("fjern", "")
    if more:
        operations.change_rows(by=asked.scope, child_id=asked.child_id, ident=ident, version=version, group=more)
    elif away:
        group, dot, number = away.rpartition(".")
        if dot and is_number(number):
            operations.change_rows(
                by=asked.scope, child_id=asked.child_id, ident=ident, version=version, group=group, without=int(number)
            )  # fmt: skip


def _after(asked: Asked, ident: UUID, slug: str, given: form_fields.Posted) -> HttpResponse:
    """Where one goes when it is kept: on, when nothing on the page stands in the way; back to it when rows changed."""
    read = read_form(asked, ident)
    post = asked.request.POST
    if changed := post.get("flere") or post.get("fjern", "").rpartition(".")[0] or post.get(form_fields.WITHOUT):
        anchor = changed.replace(".", "-")
        return HttpResponseRedirect(f"{asked.side.url('form-topic', asked.child_id, ident, slug)}#id_{anchor}")
    if "kladde" in post and not given.faults:
        return HttpResponseRedirect(f"{asked.side.url('form', asked.child_id, ident)}?gemt=1")
    sections = _sections(read, slug)
    wrong = [*given.faults, *_faults_in(read, sections)]
    if [one for one in wrong if not one.warning]:
        return _topic_page(asked, read, slug, sections, faults=tuple(wrong), saved=True)
    topics = [one.slug for one in _topics(read) if one.can]
    at = topics.index(slug) + 1 if slug in topics else len(topics)
    return asked.to("form-topic", ident, topics[at]) if at < len(topics) else asked.to("form-check", ident)


def _faults_in(read: Reading, sections: list[Section]) -> list[Fault]:
    paths = {item.id for section in sections for item in section.items}
    found = rules.faults(read.found.form, read.found.response.answers, {one.part for one in sections})
    return [one for one in found if one.path.partition(".")[0] in paths]


def _with(read: Reading, given: form_fields.Posted) -> Reading:
    """The form with what was typed in it, though it is not kept."""
    response = read.found.response
    answers, origins = response.answers, dict(response.origins)
    for path, values in given.said.items():
        answers = with_values(answers, path, values)
    for path in given.kept.keys() & origins.keys():
        origins[path] = origins[path]._replace(kept=given.kept[path])
    after = replace(response, answers=answers, origins=origins)
    return read._replace(found=read.found._replace(response=after))


def _own(given: form_fields.Posted, began: Response | None) -> form_fields.Posted:
    """What somebody has changed on a page that they began on an earlier version."""
    if began is None:
        return given
    return given._replace(
        said={path: one for path, one in given.said.items() if tuple(one) != tuple(values_at(began.answers, path))},
        kept={path: one for path, one in given.kept.items()
              if path in began.origins and one is not began.origins[path].kept},
    )  # fmt: skip


def _conflict(asked: Asked, ident: UUID, slug: str, given: form_fields.Posted, version: int) -> HttpResponse:
    """Somebody else was first: their words stand beside one's own, and the next press counts. What one has not changed
    oneself is theirs."""
    read = read_form(asked, ident)
    given = _own(given, next((said for number, _at, _by, said in read.history if number == version), None))
    sections = _sections(read, slug)
    fields = {
        one.path: one for section in sections for one in form_fields.flat(_sheet(asked, read).fields(section))
    }  # fmt: skip
    theirs = {
        path: fields[path].says or _("Intet svar") for path, values in given.said.items()
        if path in fields and tuple(values) != tuple(values_at(read.found.response.answers, path))
    }  # fmt: skip
    by = read.people.get(read.history[0][2]) if read.history else None
    return _topic_page(asked, _with(read, given), slug, sections, theirs=theirs, other=(by, read.history[0][1]))


def _topic_page(
    asked: Asked, read: Reading, slug: str, sections: list[Section], *, faults: tuple[Fault, ...] = (),
    problem: str = "", saved: bool = False, theirs: Mapping[str, str] | None = None, other: Any = None,
) -> HttpResponse:  # fmt: skip
    sheet = _sheet(asked, read, faults, theirs)
    context = _about(read) | {
        "sections": [(one, sheet.fields(one)) for one in sections], "slug": slug, "problem": problem, "saved": saved,
        "other": other, "heading": read.form.title if slug == ALL else sections[0].title,
        "faults": [one for one in faults if not one.warning],
        "files": any(field.kind == "file" for one in sections for field in form_fields.flat(sheet.fields(one))),
        "single": len(sections) == 1, "place": _place(read, slug), "danish": _in_danish(read, sections),
    }  # fmt: skip
    wrong = bool(context["faults"] or problem or other)
    return asked.render("bog/forms/topic.html", read.child, context, 422 if wrong else 200)


def _place(read: Reading, slug: str) -> tuple[int, int] | None:
    """Which topic of how many a page is; None when all is on one page."""
    slugs = [one.slug for one in _topics(read) if one.can]
    return (slugs.index(slug) + 1, len(slugs)) if slug != ALL and slug in slugs else None


def _in_danish(read: Reading, sections: list[Section]) -> list[tuple[str, list[Item]]]:
    """The questions of the page as they are asked in Danish, for whoever is asked in another language."""
    if read.language.code == DANISH:
        return []
    here = {one.id for one in sections}
    return [(one.title, list(every(one.items))) for one in read.found.form.sections if one.id in here]


# -- checking, finishing and sending -----------------------------------------------------------------------------------


def check(asked: Asked, ident: UUID) -> HttpResponse:
    """*Tjek dine svar*, with what is lacking; then one's part is finished, or the form is sent."""
    read = read_form(asked, ident)
    if not read.parts and not read.own:
        return asked.to("form", ident)
    faults, problem, grounded = _all_faults(read), "", bool(asked.request.POST.get("grund"))
    if asked.request.method == "POST":
        try:
            return _finish(asked, ident, read)
        except NotFound:
            raise Http404 from None
        except Incomplete as why:
            faults = [*why.faults]
            problem = why.reason
        except (Refused, Conflict) as why:
            problem, grounded = str(why), grounded or isinstance(why, GroundNeeded)
    sheet = _sheet(asked, read, tuple(faults))
    mine = {one.id for one in read.parts}
    sections = rules.asked_sections(read.form, read.found.response.answers, mine)
    waiting = parties.waiting(read.found.response, besides=read.ref)
    slug = ALL if read.found.form.one_page else ""
    context = _about(read) | {
        "sections": [(one, slug or one.id, *_answered(sheet.fields(one))) for one in sections], "problem": problem,
        "faults": [(one, slug or _section_of(read, one)) for one in faults if not one.warning],
        "warnings": [one for one in faults if one.warning], "sends": read.own and _sends(read, waiting),
        "waiting": [(one, read.people.get(ident_of(one.who))) for one in waiting], "posted": asked.request.POST,
        "childs": any(parties.is_childs(read.form, read.found.response, one.id) for one in read.parts),
        "needs_ground": grounded,
        "may_excerpt": not is_concern(read.found.form), "held": is_held(read.found.response),
    }  # fmt: skip
    return asked.render("bog/forms/check.html", read.child, context, 422 if problem else 200)


def _answered(fields: tuple[Field, ...]) -> tuple[list[Field], list[Field]]:
    """The questions that are answered, and those that are not."""
    asked = [one for one in fields if one.item.kind is not Kind.SHOWN]
    return [one for one in asked if one.answered], [one for one in asked if not one.answered]


def _sends(read: Reading, waiting: list[Turn]) -> bool:
    """Whether the next thing is to send: nobody else's part follows on the reader's own, or they have been asked."""
    response, form = read.found.response, read.found.form
    asked = {one.part for one in response.turns}
    follows = [one for one in rules.needed(form, response.answers) if one.id not in asked]
    return not read.parts or not (follows and not waiting)


def _all_faults(read: Reading) -> list[Fault]:
    return rules.faults(read.found.form, read.found.response.answers, {one.id for one in read.parts})


def _section_of(read: Reading, fault: Fault) -> str:
    top = fault.path.partition(".")[0]
    return next((one.id for one in read.found.form.sections if any(item.id == top for item in one.items)), "")


def _finish(asked: Asked, ident: UUID, read: Reading) -> HttpResponse:
    post, version = asked.request.POST, _version(asked.request)
    shared = {"ja": True, "nej": False}.get(post.get("maa-laeses", ""))
    if asked.scope.own and shared is None:
        raise Refused("Vælg, hvem der må læse det, du har skrevet.")
    if post.get("do") == "send":
        sending.send(
            by=asked.scope, child_id=asked.child_id, ident=ident, version=version, to=post.get("til", ""),
            ground=post.get("grund", ""), reason=post.get("hvorfor", ""), shared=shared,
            structured=post.get("hvad") == "faste",
        )  # fmt: skip
        original = ident_of(read.found.response.corrects)
        return asked.to("form", original or ident)
    for part in read.parts:
        operations.finish(
            by=asked.scope, child_id=asked.child_id, ident=ident, version=version, part=part.id, shared=shared
        )  # fmt: skip
        version += 1
    return asked.to("form", ident)


# -- on paper ----------------------------------------------------------------------------------------------------------


def paper(asked: Asked, ident: UUID, part: str) -> HttpResponse:
    """A part as a PDF that can be filled in, in the language of the address."""
    with book_of(asked) as book:
        content = queries.paper(book, asked.child_id, ident, part, asked.request.GET.get("sprog", DANISH))
    headers = {"Content-Disposition": 'attachment; filename="skema.pdf"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


# -- files -------------------------------------------------------------------------------------------------------------


def enclosed(asked: Asked, document: UUID) -> HttpResponse:
    """A file that goes with a form, to be saved and not shown in the page: it comes from outside."""
    with book_of(asked) as book:
        row = book.entry(asked.child_id, document)
        body = book.bodies([row]).get(row.id)
        scan = kept_scan(orjson.loads(body)) if body and row.kind == "DocumentReference" else None
        if scan is None:
            raise NotFound
    ending = scan.kind.rpartition("/")[2]
    headers = {"Content-Disposition": f'attachment; filename="bilag.{ending}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(scan.content, content_type=scan.kind, headers=headers)
