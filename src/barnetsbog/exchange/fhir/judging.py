"""Whether a change may be made, and what it becomes before it is stored. Every refusal says why and by which rule.

A refusal that would tell that something is there is the same as when nothing is: a reference to what may not be known
and one to what does not exist are answered alike.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from uuid import UUID

from barnetsbog.access import writing_rules as rules
from barnetsbog.access.deriving import OWN_RECORDS
from barnetsbog.access.reading import whose
from barnetsbog.access.roles import role_named
from barnetsbog.consent.addressing import addressed_to
from barnetsbog.directory import queries as directory
from barnetsbog.fhir import check, references, resource_types
from barnetsbog.fhir.own import ident_of, reference_of
from barnetsbog.fhir.selecting import is_part
from barnetsbog.intake.writing import registered_for
from barnetsbog.kernel.decisions import Decision
from barnetsbog.kernel.ids import DIRECTORY
from barnetsbog.kernel.sentences import Sentence, say, sentence_of
from barnetsbog.record.book import Book
from barnetsbog.record.entries import DIRECTORY_TYPES
from barnetsbog.record.promotion import Promoted, promote, stands
from barnetsbog.record.scope import Scope

from .callers import Caller
from .changes import Change, How
from .model import Resource
from .outcomes import Fault, fault, invalid, out_of_scope
from .serving import ident_in

UNKNOWN = say(
    "Den henviser til noget, som ikke er her, eller som I ikke har lov til at kende.",
    "It refers to something that is not here, or that you may not know of.",
)
LOOSE = say("Den siger ikke, hvilket barn den handler om.", "It does not say which child it is about.")
PART = say(
    "Den er mærket som en del af en ressource (SUBSETTED). Hent den hele, før den skrives.",
    "It is marked as part of a resource (SUBSETTED). Fetch the whole before you write it.",
)
VEILED = say(
    "I læser den uden det, der kan røbe, hvor barnet er. Derfor kan I ikke skrive den.",
    "You read it without what could tell where the child is. Therefore you cannot write it.",
)

LOOKING = "rs"
"""What a history of a type and an export take: they find what nobody has named, as a search does (SMART App Launch 2.2,
"Scopes"), and read it."""

_WORKS = frozenset(("PractitionerRole", "Organization"))
_STANDS_FOR_IT = ("author", "recorder", "operator", "informationSource", "source")


# -- before anything is looked up --------------------------------------------------------------------------------------


def require_scope(who: Caller, kind: str, acts: str) -> None:
    """The token must let its bearer do all of these acts (letters of `cruds`) with a type."""
    if not may_all(who, kind, acts):
        raise out_of_scope(kind)


def may_all(who: Caller, kind: str, acts: str) -> bool:
    return all(who.allowed.may(kind, act) for act in acts)


def require_type(who: Caller, change: Change) -> None:
    """Whether the client, and the role it acts in, write such a thing at all."""
    found = rules.may_write(change.kind, role_named(who.scope.role).may)
    if rules.TYPES in found.rules:
        _must(found, change, 422)
    require_scope(who, change.kind, change.how.scope)
    _must(found, change, 403)


def require_sound(change: Change, resource: Resource, *, status: int = 400) -> None:
    """Base R4, and whole."""
    if resource.get("resourceType") != change.kind:
        raise fault(400, "invalid", other_type(change.kind, resource), change.path("resourceType"))
    if errors := [issue for issue in check(resource) if issue.severity == "error"]:
        found = invalid(errors, change.place)
        raise Fault(status, found.problems)
    if is_part(resource):
        raise fault(422, "business-rule", PART, change.path("meta.tag"), rules=(rules.SUBSET,))


def other_type(kind: str, resource: Resource) -> Sentence:
    if "resourceType" not in resource:
        return say(
            "Adressen siger {0}, og indholdet siger ikke, hvad det er (resourceType).",
            "The address says {0}, and the content does not say what it is (resourceType).",
            kind,
        )
    return say(
        "Adressen siger {0}, men indholdet er {1}.",
        "The address says {0}, but the content is {1}.",
        kind,
        resource.get("resourceType"),
    )


def _must(decision: Decision, change: Change, status: int, path: str = "") -> None:
    if not decision.allowed:
        code = "forbidden" if status == 403 else "business-rule"
        raise fault(status, code, sentence_of(decision.reason), change.path(path), rules=decision.rules)


# -- what is there already ---------------------------------------------------------------------------------------------


def require_own(book: Book, change: Change) -> None:
    """What the asker reads, it may change when its unit wrote it."""
    before = change.before
    assert before and change.child
    row = before.row
    if book.reads_through_a_veil(row):
        raise fault(403, "forbidden", VEILED, change.path())
    asked = change.kind in rules.MASTER_DATA or row.unit_id is None
    whose = rules.Written(row.unit_id, registered_for(change.child, change.ident) if asked else None)
    _must(rules.may_change(change.kind, whose, book.scope.unit_id), change, 403)
    if change.how is How.RESTRICT:
        _must(rules.may_restrict(change.kind, row.what), change, 422)
        _must(rules.leaves_alone(change.kind, change.said or {}, change.said), change, 422)


# -- references --------------------------------------------------------------------------------------------------------


def at_home(resource: Resource, base: str) -> None:
    """Makes the absolute addresses of this interface relative, as the book has them: a reference to a version leads to
    the entry."""
    for holder in references(resource):
        address = holder["reference"].removeprefix(f"{base}/")
        kind, _, rest = address.partition("/")
        holder["reference"] = f"{kind}/{rest.partition('/')[0]}" if kind in resource_types() and rest else address


def led_to(resource: Resource) -> list[tuple[str, UUID | None]]:
    """Each reference into the book with the id it names; None when no entry of the book has such an id."""
    found: list[tuple[str, UUID | None]] = []
    for holder in references(resource):
        address = str(holder["reference"])
        kind, _, rest = address.partition("/")
        if address.startswith("urn:uuid:"):
            found.append((address, None))
        elif kind.partition("?")[0] in resource_types() and (rest or "?" in kind):
            found.append((address, ident_in(rest.partition("/")[0])))
    return found


def hand_of(scope: Scope) -> str:
    """Who wrote it down: somebody in their job, or the unit whose program it was, for a program is nobody; of the
    family the child or the relative."""
    if scope.unit_id is None:
        return f"{'Patient' if scope.own else 'RelatedPerson'}/{scope.role_id}"
    return f"PractitionerRole/{scope.role_id}" if scope.person_id else f"Organization/{scope.unit_id}"


def app_of(scope: Scope) -> str:
    """The app that somebody writes through; '' for a system, which writes as itself."""
    return scope.client if scope.person_id else ""


class Around:
    """What changes are made among: what they name, what comes together with them, and who works where. Each thing is
    looked up once, however many changes there are."""

    def __init__(self, who: Caller, book: Book, changes: Sequence[Change], known: Mapping[UUID, UUID]) -> None:
        new = [one for one in changes if one.new and not one.met]
        self.who, self.book, self.known = who, book, dict(known)
        self.together = {one.ident: one.kind for one in new}
        self.gone = {one.ident for one in changes if one.how is How.RESTRICT}
        self.begun = {one.child for one in new if one.kind == "EpisodeOfCare"}
        """The children that the asker's unit begins a task with."""
        self.brings = any(one.kind == "Patient" for one in new)
        """Whether a child comes that was not in the book."""
        self._readable: dict[UUID, dict[UUID, str]] = {}
        self._works_in: dict[UUID, set[UUID]] = {}

    def learn(self, resource: Resource) -> None:
        """What a patch has put in is looked up, too."""
        if new := [ident for _, ident in led_to(resource) if ident and ident not in self.known]:
            self.known |= whose(new)
            self._readable.clear()

    def kind_of(self, ident: UUID | None, child_id: UUID | None) -> str:
        """The type of what a change in this child's book may lead to; '' when it may not."""
        if ident is None or ident in self.gone:
            return ""
        if ident in self.together:
            return self.together[ident]
        if ident == self.who.scope.role_id:
            return "PractitionerRole"
        if ident == self.who.scope.unit_id:
            return "Organization"
        there = self.known.get(ident)
        if there is None or there not in (child_id, DIRECTORY):
            return "Patient" if there is not None and there in self.begun else ""
        if there not in self._readable:
            here = [one for one, child in self.known.items() if child == there]
            self._readable[there] = self.book.readable(there, here)
        return self._readable[there].get(ident, "Patient" if there in self.begun else "")

    def works_in(self, ident: UUID) -> set[UUID]:
        if ident not in self._works_in:
            self._works_in[ident] = directory.works_in([ident]).get(ident, set())
        return self._works_in[ident]

    @property
    def hand(self) -> str:
        return hand_of(self.who.scope)

    @cached_property
    def sector(self) -> str:
        """The asker's own."""
        unit = self.book.scope.unit_id
        return directory.sectors([unit]).get(unit, "other") if unit else "other"


def first_unknown(change: Change, resource: Resource, around: Around) -> Fault | None:
    """Every reference must lead to something that the asker may read, or that is written together with it; what stood
    there before may stand. What is answered when one does not."""
    kept = {address for address, _ in led_to(change.said)} if change.said else set()
    for address, ident in led_to(resource):
        kind = address.partition("/")[0]
        if address not in kept and around.kind_of(ident, change.child) != kind:
            return unknown(change, resource, address)
    return None


def unknown(change: Change, resource: Resource, address: str) -> Fault:
    return fault(422, "not-found", UNKNOWN, change.path(_path_to(resource, address)))


def _path_to(value: object, address: str) -> str:
    """Where a reference stands."""
    if isinstance(value, dict):
        for name, one in value.items():
            if name == "reference" and one == address:
                return "reference"
            if isinstance(one, (dict, list)) and (found := _path_to(one, address)):
                return f"{name}{found}" if found.startswith("[") else f"{name}.{found}"
    elif isinstance(value, list):
        for number, one in enumerate(value):
            if found := _path_to(one, address):
                return f"[{number}].{found}"
    return ""


# -- who writes --------------------------------------------------------------------------------------------------------


def signed(change: Change, resource: Resource, around: Around) -> Resource:
    """The resource with its author, who must be of the asker's own unit. When it is nobody, or somebody of the family
    or from outside, the asker stands as the one who wrote it down."""
    begins = change.kind == "EpisodeOfCare"
    if change.kind in rules.MASTER_DATA and not begins:
        return resource
    scope, read = around.who.scope, promote(resource).author
    author = _worker(read or _recorder(resource))
    units = around.works_in(author) if author else set()
    is_own = scope.unit_id in units
    if begins or (units and not is_own and not _took_part(resource, around)):
        _must(rules.may_sign(scope.unit_id if is_own else None, scope.unit_id), change, 422)
    if is_own and read.partition("/")[0] in _WORKS and _may_stand(read, author, change, scope):
        return resource
    return rules.signed(resource, around.hand)


def _may_stand(read: str, author: UUID | None, change: Change, scope: Scope) -> bool:
    """Whether an author of the unit is enough: through an app somebody writes as themself, and who has written what
    they change stays its author."""
    if not app_of(scope) or author in (scope.role_id, scope.person_id):
        return True
    return bool(change.said) and read == promote(change.said or {}).author


def _recorder(resource: Resource) -> str:
    """Who stands for it, in a type whose author the book doesn't read."""
    return next((found for name in _STANDS_FOR_IT if (found := reference_of(resource.get(name)))), "")


def _took_part(resource: Resource, around: Around) -> bool:
    """A meeting may be signed by anybody who took part, and by the unit whose it was."""
    if resource["resourceType"] != "Encounter":
        return False
    there = [reference_of(one.get("individual")) for one in resource.get("participant", ())]
    found = [_worker(one) for one in (*there, reference_of(resource.get("serviceProvider")))]
    return any(around.who.scope.unit_id in around.works_in(one) for one in found if one)


def _worker(address: str) -> UUID | None:
    """Whoever works somewhere, or the place, that an address leads to."""
    return ident_of(address) if address.partition("/")[0] in DIRECTORY_TYPES else None


# -- where it would stand ----------------------------------------------------------------------------------------------


def require_task(change: Change, read: Promoted, around: Around) -> None:
    """The asker's unit has a task with the child, and its role reaches what is written. For master data the role is
    enough."""
    if change.kind in rules.MASTER_DATA:
        return
    assert change.child
    scope, grants = around.who.scope, around.book.grants(change.child)
    shelves = scope.shelves & ~rules.NOT_BY_APP if app_of(scope) else scope.shelves
    on = stands(read, around.sector)
    _must(rules.has_task(grants, scope.unit_id, on, shelves, OWN_RECORDS), change, 403)


def require_untouched(change: Change, resource: Resource, read: Promoted, own: Collection[str]) -> None:
    """What the capabilities look after stays theirs."""
    _must(rules.leaves_alone(change.kind, resource, change.said), change, 422)
    sent_before = set(addressed_to(change.said)) if change.said else set()
    _must(rules.may_send(read.what, set(addressed_to(resource)) - sent_before, own), change, 422)
