"""What a rule, a municipality's choice and a kind of act are, as read from the files of the law.

The evaluation never has a paragraph in its code: it names rules by id, and the ids it cannot do without stand in
`ENGINE` with the effect that it counts on. `rulebook` refuses a file in which one is missing or means something else.
"""

from dataclasses import dataclass
from enum import StrEnum

from barnetsbog.kernel.time import FOREVER
from barnetsbog.law.model import Kind, Weight


class Effect(StrEnum):
    """What a rule does, and so what it means that it is off (see `rulebook`)."""

    PERMITS = "permits"  # opens a way with fewer consents, or none; off: the way is closed
    GOVERNS = "governs"  # decides or restricts; off: what it decides is for a human being (REVIEW)
    DUTY = "duty"  # something that must also be done; off: it is not told
    BACKGROUND = "background"  # not used by the evaluation of consents


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the law, or one of our own choices. `valid_to` is not included."""

    id: str
    statute: str
    summary: str
    source: str
    on: bool
    certain: bool
    effect: Effect
    paragraph: str = ""
    lbk: str = ""
    valid_from: int = 0
    valid_to: int = FOREVER

    def in_force(self, at: int) -> bool:
        return self.on and self.valid_from <= at < self.valid_to


@dataclass(frozen=True, slots=True)
class Option:
    """Something that the municipality chooses; `rule` is named in every answer that depends on it."""

    id: str
    rule: str
    values: tuple[str, ...]
    default: str
    summary: str
    value: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """Where the law is unclear about an act, by the child's age: the answer is REVIEW. `below` is not included."""

    rule: str
    why: str
    from_age: int = 0
    below: int | None = None
    duties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Act:
    """A kind of act. Rules are named by id; an empty id means that there is no such rule."""

    id: str
    title: str
    kind: Kind
    weight: Weight
    health_or_disclosure: bool
    """The young person of 15-17 answers alone (SL § 17)."""
    from_sectors: tuple[str, ...]
    to_sectors: tuple[str, ...]
    rules: tuple[str, ...]
    view: str
    """The rule that says the child must be heard."""
    certain: bool
    option: str = ""
    """The municipality's choice of who answers: `all` or `resident`. It takes the place of `weight`."""
    basis: str = ""
    """The rule by which no consent is required."""
    acute: str = ""
    """The rule by which no consent is required when it is acute."""
    one_holder: str = ""
    """The rule by which one holder is enough, whatever the other says, below the age `one_holder_below`."""
    one_holder_below: int = 0
    silent: str = ""
    """The rule by which holders are not told when the young person answers."""
    party: bool = False
    """From 10 the child is a party (BL § 3)."""
    waiting_list: bool = False
    """Without all consents the child may wait in line, without an appointment."""
    forbidden_purposes: tuple[str, ...] = ()
    purpose_required: bool = False
    duties: tuple[str, ...] = ()
    """What follows when it is done without consent."""
    doubts: tuple[Doubt, ...] = ()

    @property
    def by_consent(self) -> bool:
        """Whether it rests on what somebody says. What a statute allows without consent it allows once, on its own
        occasion (a meeting, a notification, a move): a yes to it opens nothing, and nothing else is lawful by it."""
        return not self.basis

    def named_rules(self) -> tuple[str, ...]:
        """Every rule this act depends on."""
        single = (self.view, self.basis, self.acute, self.one_holder, self.silent)
        return (*self.rules, *(doubt.rule for doubt in self.doubts), *(rule for rule in single if rule))


# -- the rules that the evaluation itself names ----------------------------------------------------------------------

PARTY = "BL3"
CHILDS_VIEW = "BL5"
HONOUR_CONFLICT = "BL18"
DECIDED_BY_MUNICIPALITY = "BL97-2"
YOUNG_PERSON_ANSWERS = "SL17-1"
CANNOT_ANSWER_ALONE = "SL17-2"
YOUNG_PERSONS_DISCLOSURE = "SL17-3"
JOINT_CUSTODY = "FAL3"
APPOINTED_HOLDER = "FAL28"
TEMPORARY_HOLDER = "FAL-TFM"
REPRESENTATIVE = "UDL56A"
ADULT = "VML1"
ONE_IS_ENOUGH = "STPS-ROUTINE"
LONGEST_CONSENT = "OWN-12-MONTHS"
BORN_29_FEBRUARY = "OWN-FEB29"
LATEST_ANSWER = "OWN-LATEST"
REFUSAL_STOPS = "OWN-REFUSAL"
OBJECTION = "OWN-OBJECTION"
INTERSECTION = "OWN-INTERSECTION"
NOTHING_SHARED = "OWN-NOTHING-SHARED"
EXACT_UNIT = "OWN-UNIT"
UNKNOWN = "OWN-UNKNOWN"
VALID_GIVER = "OWN-VALID-GIVER"
DEATH = "OWN-DEATH"
WAITING_LIST = "OWN-WAITING-LIST"

_DUTIES = (PARTY, CHILDS_VIEW, WAITING_LIST)
_GOVERNING = (
    *(HONOUR_CONFLICT, YOUNG_PERSON_ANSWERS, CANNOT_ANSWER_ALONE, YOUNG_PERSONS_DISCLOSURE, JOINT_CUSTODY),
    *(APPOINTED_HOLDER, TEMPORARY_HOLDER, REPRESENTATIVE, ADULT, ONE_IS_ENOUGH, LONGEST_CONSENT),
    *(BORN_29_FEBRUARY, LATEST_ANSWER, REFUSAL_STOPS, OBJECTION, INTERSECTION, NOTHING_SHARED, EXACT_UNIT, UNKNOWN),
    *(VALID_GIVER, DEATH),
)
ENGINE: dict[str, Effect] = {
    **dict.fromkeys(_GOVERNING, Effect.GOVERNS),
    **dict.fromkeys(_DUTIES, Effect.DUTY),
    DECIDED_BY_MUNICIPALITY: Effect.PERMITS,
}
LONGEST_CONSENT_OPTION = "consent-max-months"
