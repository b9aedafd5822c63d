"""The rulebook: every rule, choice and kind of act, validated, unchangeable and quick to ask.

**What it means that a rule is off.** A rule is off when it is switched off, not yet valid or no longer valid.

- A rule that *permits* (an exception from consent, or fewer givers) closes its way: the stricter way is tried.
- A rule that *governs* (decides who answers, or restricts) leaves what it decided undecided: REVIEW, never a yes. The
  evaluation runs as if it were on, and whoever used it gets REVIEW in place of the answer.
- A rule that is a *duty* is not told.

So switching a rule off never makes an answer more permissive. A municipality that wants another practice chooses it
with an option, which is a decision with a name and allowed values, not by taking a restriction away.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from barnetsbog.kernel.time import FOREVER
from barnetsbog.law.ages import ADULT_AGE, YOUNG_AGE
from barnetsbog.law.rulefiles import LawFileError, read_acts, read_local, read_rules
from barnetsbog.law.rules import ENGINE, LONGEST_CONSENT_OPTION, Act, Effect, Option, Rule

HERE = Path(__file__).parent
LOCAL_FILE = "law-local.yaml"
WHO_ANSWERS = ("all", "resident")


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Made by `build`, which checks that everything refers to something that is there."""

    rules: Mapping[str, Rule]
    options: Mapping[str, Option]
    acts: Mapping[str, Act]
    max_months: int
    wavering: frozenset[str]
    """Governing rules that are off or have a period; all others need not be asked about time."""
    boundaries: Mapping[str, tuple[int, ...]]
    """The moments at which a rule that an act may depend on begins or ends, by act."""
    ages: Mapping[str, tuple[int, ...]]
    """The ages at which somebody else answers, or the law becomes unclear or clear, by act."""

    def rule(self, rule: str) -> Rule:
        return self.rules[rule]

    def in_force(self, rule: str, at: int) -> bool:
        return self.rules[rule].in_force(at)

    def option(self, name: str) -> str:
        return self.options[name].value

    def act(self, act: str) -> Act:
        return self.acts[act]

    def undecided(self, used: Iterable[str], at: int) -> tuple[str, ...]:
        """Which of the used governing rules are not in force."""
        if self.wavering.isdisjoint(used):
            return ()
        return tuple(rule for rule in used if rule in self.wavering and not self.rules[rule].in_force(at))

    def with_changes(
        self,
        *,
        off: Collection[str] = (),
        on: Collection[str] = (),
        options: Mapping[str, str] | None = None,
        expire: Mapping[str, int] | None = None,
    ) -> "Rulebook":
        """The same law with rules switched, choices made, or rules that end at an instant."""
        rules = dict(self.rules)
        for rule in (*off, *on):
            rules[rule] = replace(rules[rule], on=rule in on)
        for rule, end in (expire or {}).items():
            rules[rule] = replace(rules[rule], valid_to=end)
        return build(rules, _chosen(self.options, options or {}, "valg"), self.acts)


def build(rules: Mapping[str, Rule], options: Mapping[str, Option], acts: Mapping[str, Act]) -> Rulebook:
    _check_engine(rules, options)
    _check_references(rules, options, acts)
    bounded = {rule.id for rule in rules.values() if not rule.on or rule.valid_from > 0 or rule.valid_to < FOREVER}
    return Rulebook(
        rules=rules,
        options=options,
        acts=acts,
        max_months=_months(options[LONGEST_CONSENT_OPTION]),
        wavering=frozenset(rule for rule in bounded if rules[rule].effect is Effect.GOVERNS),
        boundaries={act.id: _boundaries(act, rules, options) for act in acts.values()},
        ages={act.id: _ages(act) for act in acts.values()},
    )


def _boundaries(act: Act, rules: Mapping[str, Rule], options: Mapping[str, Option]) -> tuple[int, ...]:
    named = {*act.named_rules(), *ENGINE}
    if act.option:
        named.add(options[act.option].rule)
    ends = {edge for rule in named for edge in (rules[rule].valid_from, rules[rule].valid_to)}
    return tuple(sorted(edge for edge in ends if 0 < edge < FOREVER))


def _ages(act: Act) -> tuple[int, ...]:
    ages = {ADULT_AGE} | ({YOUNG_AGE} if act.health_or_disclosure else set()) | {act.one_holder_below}
    for doubt in act.doubts:
        ages |= {doubt.from_age, doubt.below or 0}
    return tuple(sorted(ages - {0}))


def _months(option: Option) -> int:
    if not option.value.isdigit() or not 1 <= int(option.value) <= 12:
        raise LawFileError(f"valg {option.id}, felt 'values': skal være et antal måneder fra 1 til 12")
    return int(option.value)


def _check_engine(rules: Mapping[str, Rule], options: Mapping[str, Option]) -> None:
    """What the evaluation names must be there and mean what the evaluation takes it to mean."""
    for rule, effect in ENGINE.items():
        if rule not in rules:
            raise LawFileError(f"rules.yaml: reglen {rule}, som programmet bruger, mangler")
        if rules[rule].effect is not effect:
            raise LawFileError(
                f"rules.yaml, regel {rule}, felt 'effect': skal være {effect}, for det regner programmet med"
            )
    if LONGEST_CONSENT_OPTION not in options:
        raise LawFileError(f"rules.yaml: valget {LONGEST_CONSENT_OPTION}, som programmet bruger, mangler")


def _check_references(rules: Mapping[str, Rule], options: Mapping[str, Option], acts: Mapping[str, Act]) -> None:
    for option in options.values():
        if option.rule not in rules:
            raise LawFileError(f"rules.yaml, valg {option.id}, felt 'rule': reglen {option.rule} findes ikke")
    for act in acts.values():
        _check_act(act, rules, options)


def _check_act(act: Act, rules: Mapping[str, Rule], options: Mapping[str, Option]) -> None:
    where = f"acts.yaml, handling {act.id}, felt"
    for rule in act.named_rules():
        if rule not in rules:
            raise LawFileError(f"{where} 'rules': reglen {rule} findes ikke i rules.yaml")
    for field in ("basis", "acute", "one_holder"):
        rule = getattr(act, field)
        if rule and rules[rule].effect is not Effect.PERMITS:
            raise LawFileError(f"{where} '{field}': reglen {rule} tillader ikke noget (effect er ikke permits)")
    if rules[act.view].effect is not Effect.DUTY:
        raise LawFileError(f"{where} 'view': reglen {act.view} skal have effect duty")
    if act.silent and rules[act.silent].effect is not Effect.GOVERNS:
        raise LawFileError(f"{where} 'silent': reglen {act.silent} skal have effect governs")
    if act.option and act.option not in options:
        raise LawFileError(f"{where} 'option': valget {act.option} findes ikke i rules.yaml")
    if act.option and not set(options[act.option].values) <= set(WHO_ANSWERS):
        raise LawFileError(f"{where} 'option': valget {act.option} er ikke mellem {' og '.join(WHO_ANSWERS)}")


def _chosen(options: Mapping[str, Option], values: Mapping[str, str], where: str) -> dict[str, Option]:
    chosen = dict(options)
    for name, value in values.items():
        if name not in options:
            raise LawFileError(f"{where} {name}, felt 'id': valget findes ikke")
        if value not in options[name].values:
            raise LawFileError(
                f"{where} {name}, felt 'value': '{value}' er ikke en af {', '.join(options[name].values)}"
            )
        chosen[name] = replace(options[name], value=value)
    return chosen


def load(folder: Path = HERE, local: Path | None = None) -> Rulebook:
    """The law of a folder with `rules.yaml` and `acts.yaml`, and an instance's own choices where it has such a file."""
    rules, options = read_rules(folder / "rules.yaml")
    book = build(rules, options, read_acts(folder / "acts.yaml"))
    return with_local(book, local) if local is not None and local.exists() else book


def with_local(book: Rulebook, path: Path) -> Rulebook:
    """The law as an instance wants it: only switches, periods and choices."""
    changes, values = read_local(path)
    rules = dict(book.rules)
    for name, change in changes.items():
        if name not in rules:
            raise change.record.error("id", "reglen findes ikke i rules.yaml")
        on, start, end = change.apply(rules[name])
        rules[name] = replace(rules[name], on=on, valid_from=start, valid_to=end)
    return build(rules, _chosen(book.options, values, f"{path.name}, valg"), book.acts)


@lru_cache(maxsize=1)
def standard() -> Rulebook:
    """The law as the program comes with it."""
    return load()
