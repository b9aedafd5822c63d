"""$validate (FHIR R4 §3.1.0, Resource-validate): whether a resource is sound, and whether it could be written.

Base R4, the profiles of the packages that are loaded, SDC of questionnaires and of answers, and, with a `mode`,
everything that the write itself would ask: the write is carried out and undone. What is wrong is told with its place;
nothing is stored.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace

from barnetsbog.access.reading import open_book
from barnetsbog.fhir import check
from barnetsbog.fhir.issues import Issue
from barnetsbog.fhir.sdc import check_questionnaire, check_response
from barnetsbog.forms import mapping
from barnetsbog.forms.queries import form_of_body
from barnetsbog.forms.questionnaire import exported
from barnetsbog.intake.profiled import definitions_in_use
from barnetsbog.kernel import exact
from barnetsbog.kernel.sentences import Sentence, say

from .. import defined, kinds, writing
from ..changes import Change, Done
from ..judging import other_type, require_scope
from ..model import Answer, Ask, Exchanging, Resource
from ..outcomes import Fault, Problem, fault, problem_of, told, well
from ..reading import opened, read
from ..storing import carried_out
from . import registry
from .inputs import Inputs, inputs

SOUND = say("Den er i orden.", "It is sound.")
WRITABLE = say("Den er i orden og kan gemmes. Intet er gemt.", "It is sound and can be stored. Nothing is stored.")
REMOVABLE = say("Den kan tages ud af brug. Intet er gemt.", "It can be taken out of use. Nothing is stored.")
_WRITES = ("create", "update", "delete")
_MODES = ("", *_WRITES, "profile")


def validate(ask: Ask, kind: str, ident: str) -> Answer:
    given = inputs(ask, "resource", "mode", "profile", body="resource", checked=False)
    mode = given.text("mode")
    if mode not in _MODES:
        text = say("mode skal være {0}.", "mode must be {0}.", ", ".join(filter(None, _MODES)))
        raise fault(400, "invalid", text, "http.mode")
    if mode == "profile":
        given.must("profile")
    if mode in _WRITES and kind == defined.FORM:
        text = say(
            "Et Questionnaire kan tjekkes, men ikke skrives her.",
            "A Questionnaire can be checked, but not written here.",
        )
        raise fault(400, "not-supported", text, "http.mode")
    if mode in ("update", "delete") and not ident:
        text = say(
            "mode={0} spørger om en bestemt ressource: brug {1}/ID/$validate.",
            "mode={0} asks about one resource: use {1}/ID/$validate.",
            mode,
            kind,
        )
        raise fault(400, "required", text, "http.mode")
    if mode == "delete":
        return _answer(ask, _refusals(ask, ident, lambda: writing.removed(_bare(ask), kind, ident)), REMOVABLE)
    resource = _resource(ask, given, kind, ident)
    problems = list(_checked(resource, kind))
    if mode in ("create", "update") and not _broken(problems):
        problems += _refusals(ask, ident, lambda: _change(ask, mode, kind, ident, resource))
    problems += _profiled(resource, _profiles(given))
    if not _broken(problems):
        problems += [problem_of(issue) for issue in _captured(resource)]
    return _answer(ask, problems, WRITABLE if mode in ("create", "update") else SOUND)


def _resource(ask: Ask, given: Inputs, kind: str, ident: str) -> Resource:
    """What is sent, and else what stands in the book."""
    found = given.object("resource")
    if found is not None:
        return found
    if not ident:
        text = say("Send den ressource, der skal tjekkes.", "Send the resource that is to be checked.")
        raise fault(400, "required", text, "http.resource")
    require_scope(ask.who, kind, "r")
    if kind == defined.FORM:
        return defined.one(kind, ident).read()
    stored: Resource = exact.loads(read(_bare(ask), kind, ident).body or b"{}")
    return stored


def _profiles(given: Inputs) -> list[str]:
    profile = given.text("profile")
    return [profile] if profile else []


# -- by itself ---------------------------------------------------------------------------------------------------------


def _checked(resource: Resource, kind: str) -> Iterator[Problem]:
    if resource.get("resourceType") != kind:
        yield Problem("invalid", other_type(kind, resource), "resourceType")
    yield from (problem_of(issue) for issue in check(resource))


def _profiled(resource: Resource, profiles: list[str]) -> list[Problem]:
    return [problem_of(issue) for issue in definitions_in_use().profiles.check(resource, profiles)]


def _captured(resource: Resource) -> list[Issue]:
    """What SDC demands of a questionnaire, and of answers beside the questionnaire that they name."""
    if resource.get("resourceType") == defined.FORM:
        return check_questionnaire(resource)
    if resource.get("resourceType") != "QuestionnaireResponse":
        return []
    named = str(resource.get("questionnaire", ""))
    try:
        if form := form_of_body(resource):
            return check_response(resource, exported(form), whole=mapping.is_whole(resource, form))
    except KeyError:
        pass  # an address of ours, and no version that there is
    if found := definitions_in_use().profiles.library.find(defined.FORM, named):
        return check_response(resource, found.read())
    unknown = Issue("warning", "QuestionnaireResponse.questionnaire", "sdc-form-not-loaded", (named,))
    return [*check_response(resource), unknown]


def _broken(problems: list[Problem]) -> bool:
    return any(one.severity == "error" for one in problems)


# -- as a write --------------------------------------------------------------------------------------------------------


class _Undone(Exception):
    """It could be done, and nothing of it is kept."""


def _bare(ask: Ask) -> Ask:
    """The same request without what only belongs to the operation."""
    return replace(ask, query=[], headers={k: v for k, v in ask.headers.items() if k == "if-match"}, content=None)


def _change(ask: Ask, mode: str, kind: str, ident: str, resource: Resource) -> Change:
    sent = replace(_bare(ask), content=deepcopy(resource))
    return writing.updated(sent, kind, ident) if mode == "update" else writing.created(sent, kind)


def _refusals(ask: Ask, ident: str, change: Callable[[], Change]) -> list[Problem]:
    """What the write would be refused for. What isn't there is not found here either."""
    problems: list[Problem] = []
    try:
        carried_out(ask, [change()], _undo)
    except _Undone:
        pass
    except Fault as error:
        if error.status in (404, 410):
            raise
        problems = list(error.problems)
    _note(ask, ident)
    return problems


def _note(ask: Ask, ident: str) -> None:
    """That it was tried stands in the log: of what is there, a yes or a no may tell something."""
    if ident:
        with opened(ask, ident, Exchanging.VALIDATE):
            return
    with open_book(ask.who.scope, Exchanging.VALIDATE, ask.who.scope.child):
        return


def _undo(_: list[Done]) -> None:
    raise _Undone


def _answer(ask: Ask, problems: list[Problem], sound: Sentence) -> Answer:
    """The question is answered, whatever the answer is (200)."""
    return told(ask.language, 200, problems if _broken(problems) else [well(sound), *problems])


registry.add(registry.Operation(
    "validate", validate, "http://hl7.org/fhir/OperationDefinition/Resource-validate",
    types=frozenset((*kinds.SERVED, defined.FORM)), of_type=True, of_one=True,
))  # fmt: skip
