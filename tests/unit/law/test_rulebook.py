"""The files of the law: complete, consistent, and refused with a precise sentence when a hand has slipped."""

import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml

from barnetsbog.kernel.time import FOREVER, day_start
from barnetsbog.law.model import Kind, Weight
from barnetsbog.law.rulebook import HERE, Rulebook, build, load, standard, with_local
from barnetsbog.law.rulefiles import LawFileError
from barnetsbog.law.rules import ENGINE, Effect
from tests.unit.law.family import (
    ASSESSMENT,
    FATHER,
    MOTHER,
    PPV,
    VIOLENCE,
    answer,
    ask,
    at,
    child,
    complete,
    missing,
    review,
)

BOOK = standard()
RULES = (HERE / "rules.yaml").read_text(encoding="utf-8")
ACTS = (HERE / "acts.yaml").read_text(encoding="utf-8")


# -- the files as they come -------------------------------------------------------------------------------------------

STATUTORY = """
    BL3 BL5 BL6 BL18 BL19 BL20 BL32 BL41 BL91 BL95 BL97 BL97-2 BL108 BL126 BL132 BL133 BL135 BL136 BL141 STØ SSD RPL115
    RSL11C FVL28 FVL29 FVL32 DBL DBL6 DBL11 SL15 SL17 SL17-1 SL17-2 SL17-3 SL19 SL39A SL39B SL40 SL41 SL42A SL43 SL92A
    SL126A FAL3 FAL23 FAL28 FAL-TFM UDL56A FSL-PPV FSL12-2 CPR28 CPR-MOD11 LOG-ALL LOG-CITIZEN ARK GDPR5 GDPR6 GDPR9
    GDPR15 GDPR22 GDPR32-34 GDPR35 HOI NIS2 EHDS NSIS OWN-12-MONTHS OWN-FEB29 OWN-PPV-ALL OWN-BREAKGLASS-60
    OWN-LOG-5
"""


@pytest.mark.parametrize("rule", STATUTORY.split())
def test_every_rule_of_the_document_is_a_record(rule: str) -> None:
    record = BOOK.rule(rule)
    assert record.id == rule
    assert record.statute
    assert record.source
    assert record.summary.endswith(".")


CATALOGUE = """
    ppr-consultation ppr-assessment ppr-to-bup school-to-ppr bup-assessment bup-treatment medication
    bup-to-school bup-to-ppr gp-to-bup ltt-course ltt-to-others family-department-to-others
    municipal-social-disclosure municipal-retrieval-without-consent violence-psychologist support-section-32
    routine-examination essential-treatment ssd-meeting ssp-exchange concern-notification transfer-between-municipalities
    school-choice placement
    """


@pytest.mark.parametrize("act", CATALOGUE.split())
def test_every_act_of_the_catalogue_is_a_record(act: str) -> None:
    record = BOOK.act(act)
    assert record.id == act
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", act)
    assert record.title[0].isupper()
    assert record.view


@pytest.mark.parametrize(
    "rule", ["SL19", "BL135", "SSD", "FVL32", "SL92A", "BL41", "GDPR35", "SOC-15-17", "HOI", "VML1"]
)
def test_what_was_not_read_is_marked_as_uncertain(rule: str) -> None:
    assert not BOOK.rule(rule).certain


def test_what_was_read_is_not() -> None:
    assert BOOK.rule("BL3").certain
    assert BOOK.rule("SL17-1").certain


def test_the_paragraph_that_was_not_found_is_not_printed() -> None:
    ssd = BOOK.rule("SSD")
    assert ssd.paragraph == ""
    assert "49" not in ssd.summary
    assert BOOK.rule("BL3").paragraph == "§ 3"
    assert BOOK.rule("BL3").lbk == "282/2025"


def test_periods_and_switches() -> None:
    assert BOOK.rule("BL3").valid_from == at("2024-01-01")
    assert BOOK.rule("BL41").valid_from == at("2024-04-15")
    assert BOOK.rule("SL17").valid_from == 0
    assert BOOK.rule("BL41").valid_to == FOREVER
    assert not BOOK.rule("HOI").on
    assert not BOOK.in_force("HOI", at("2026-01-01"))
    assert not BOOK.in_force("BL41", at("2024-04-15") - 1)
    assert BOOK.in_force("BL41", at("2024-04-15"))
    assert not BOOK.rule("BL41").in_force(FOREVER)


def test_the_municipalitys_choices_stand_as_the_cautious_ones() -> None:
    assert BOOK.option("ppv-givers") == "all"
    assert BOOK.option("school-ppr-givers") == "all"
    assert BOOK.option("consent-max-months") == "12"
    assert BOOK.max_months == 12


def test_the_acts_are_as_the_document_says() -> None:
    assert BOOK.act("ppr-consultation").weight is Weight.DAILY
    assert BOOK.act("routine-examination").weight is Weight.ROUTINE
    assert BOOK.act("bup-assessment").weight is Weight.ESSENTIAL
    assert BOOK.act("ppr-to-bup").kind is Kind.DISCLOSURE
    assert BOOK.act("bup-assessment").kind is Kind.TREATMENT
    assert not BOOK.act("ppr-assessment").health_or_disclosure
    assert not BOOK.act("placement").certain
    assert BOOK.ages["ppr-consultation"] == (18,)
    assert BOOK.ages["bup-assessment"] == (15, 18)
    assert BOOK.ages["violence-psychologist"] == (12, 18)
    assert BOOK.ages["family-department-to-others"] == (15, 18)


def test_neither_gp_nor_bup_takes_part_in_ssd() -> None:
    for act in ("ssd-meeting", "ssd-follow-up"):
        assert not {"gp", "bup"} & {*BOOK.act(act).from_sectors, *BOOK.act(act).to_sectors}


def test_the_rules_the_program_names_are_there_and_mean_what_it_takes_them_to_mean() -> None:
    for rule, effect in ENGINE.items():
        assert BOOK.rule(rule).effect is effect


def test_the_book_is_read_once() -> None:
    assert standard() is standard()
    assert load() == standard()
    assert load(HERE, Path("no-such-file.yaml")) == standard()


# -- changes ----------------------------------------------------------------------------------------------------------


def test_changes_make_a_new_book_and_leave_the_old_one() -> None:
    changed = BOOK.with_changes(off=["BL41"], on=["HOI"], options={"ppv-givers": "resident"}, expire={"BL3": 7})
    assert not changed.rule("BL41").on
    assert changed.rule("HOI").on
    assert changed.option("ppv-givers") == "resident"
    assert changed.rule("BL3").valid_to == 7
    assert (BOOK.rule("BL41").on, BOOK.option("ppv-givers")) == (True, "all")
    assert BOOK.with_changes() == BOOK


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"ppv-givers": "mother"}, "valg ppv-givers, felt 'value': 'mother' er ikke en af all, resident"),
        ({"no-such": "all"}, "valg no-such, felt 'id': valget findes ikke"),
    ],
)
def test_a_choice_that_is_none_is_refused(options: dict[str, str], message: str) -> None:
    with pytest.raises(LawFileError, match=f"^{re.escape(message)}$"):
        BOOK.with_changes(options=options)


def test_which_governing_rules_are_undecided() -> None:
    book = BOOK.with_changes(off=["FAL3", "BL97-2", "BL5"], expire={"SL15": 50})
    assert book.undecided(["SL17-1", "FAL3", "BL97-2", "BL5", "SL15"], 49) == ("FAL3",)
    assert book.undecided(["SL17-1", "FAL3", "BL97-2", "BL5", "SL15"], 50) == ("FAL3", "SL15")
    assert book.undecided(["SL17-1"], 50) == ()
    assert BOOK.with_changes(off=["SL15"], on=["SL15"]).undecided(["SL15"], 50) == ()


def test_a_rule_that_begins_or_ends_is_a_boundary_of_the_acts_that_use_it() -> None:
    book = BOOK.with_changes(expire={"SL15": 50, "SL43": 60, "OWN-PPV-ALL": 70, "FAL3": 80})
    assert book.boundaries["bup-assessment"] == (50, 80, at("2024-01-01"))
    assert book.boundaries["bup-to-school"] == (60, 80, at("2024-01-01"))
    assert book.boundaries["ppr-assessment"] == (70, 80, at("2024-01-01"))


# -- an instance's own file --------------------------------------------------------------------------------------------


def local(tmp_path: Path, text: str) -> Rulebook:
    path = tmp_path / "law-local.yaml"
    path.write_text(text, encoding="utf-8")
    return load(HERE, path)


def test_an_instance_switches_limits_and_chooses(tmp_path: Path) -> None:
    book = local(
        tmp_path,
        """
rules:
  - id: BL41
    switch: off
  - id: SSD
    valid_from: 2025-02-01
    valid_to: 2026-12-31
options:
  - id: ppv-givers
    value: resident
""",
    )
    assert missing(ask(VIOLENCE, answer(VIOLENCE, MOTHER), who=child("2017-01-01"), book=book)) == {FATHER}
    complete(ask(PPV, answer(PPV, MOTHER), book=book))
    ssd = book.rule("SSD")
    assert (ssd.on, ssd.valid_from, ssd.valid_to) == (True, at("2025-02-01"), at("2027-01-01"))
    assert book.rule("BL41").valid_from == at("2024-04-15")
    assert book.rule("BL3") == BOOK.rule("BL3")


def test_an_instance_that_takes_a_restriction_away_gets_a_human_beings_decision(tmp_path: Path) -> None:
    book = local(tmp_path, "rules:\n  - {id: FAL3, switch: off}\n")
    review(ask(ASSESSMENT, answer(ASSESSMENT, MOTHER), answer(ASSESSMENT, FATHER), book=book))


def test_an_empty_list_changes_nothing(tmp_path: Path) -> None:
    assert local(tmp_path, "rules: []\n") == BOOK
    assert with_local(BOOK, tmp_path / "law-local.yaml") == BOOK


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("rules: [{id: BL99}]", "law-local.yaml, regel BL99, felt 'id': reglen findes ikke i rules.yaml"),
        ("rules: [{id: BL3, summary: x}]", "law-local.yaml, regel BL3, felt 'summary': feltet kendes ikke her"),
        (
            "rules: [{id: BL3, switch: måske}]",
            "law-local.yaml, regel BL3, felt 'switch': skal være yes/no eller on/off",
        ),
        (
            "rules: [{id: BL3, valid_to: 2023-12-31}]",
            "law-local.yaml, regel BL3, felt 'valid_to': perioden slutter, før den begynder",
        ),
        ("rules: [{id: BL3}, {id: BL3}]", "law-local.yaml, regel BL3, felt 'id': står to gange i filen"),
        (
            "options: [{id: ppv-givers, value: none}]",
            "law-local.yaml, valg ppv-givers, felt 'value': 'none' er ikke en af all, resident",
        ),
        (
            "options: [{id: ppv-givers}]",
            "law-local.yaml, valg ppv-givers, felt 'value': mangler eller er ikke en tekst",
        ),
        (
            "options: [{id: ppv-givers, value: all, rule: BL3}]",
            "law-local.yaml, valg ppv-givers, felt 'rule': feltet kendes ikke her",
        ),
        ("options: [{id: nothing, value: all}]", "law-local.yaml, valg nothing, felt 'id': valget findes ikke"),
        ("acts: []", "law-local.yaml: øverst må kun stå options, rules"),
        ("- rules", "law-local.yaml: øverst må kun stå options, rules"),
        ("", "law-local.yaml: øverst må kun stå options, rules"),
        ("rules: {id: BL3}", "law-local.yaml: 'regel' skal være en liste af poster"),
        ("rules: [BL3]", "law-local.yaml: 'regel' skal være en liste af poster"),
        ("rules: [{switch: off}]", "law-local.yaml, regel uden id, felt 'id': mangler eller er ikke en tekst"),
    ],
)
def test_a_slip_in_an_instances_file_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(LawFileError, match=f"^{re.escape(message)}$"):
        local(tmp_path, text)


# -- broken files -----------------------------------------------------------------------------------------------------

Content = dict[str, list[dict[str, object]]]
CONTENT: Content = {**yaml.load(RULES, yaml.CSafeLoader), **yaml.load(ACTS, yaml.CSafeLoader)}


def _write(content: Content, folder: Path) -> None:
    """As files; one in which nothing is changed as it came."""
    for name, parts, came in (("rules", ("rules", "options"), RULES), ("acts", ("acts",), ACTS)):
        now, before = ({part: one[part] for part in parts} for one in (content, CONTENT))
        same = repr(now) == repr(before)  # to `==` 1 is True
        text = came if same else yaml.dump(now, Dumper=yaml.CSafeDumper, allow_unicode=True)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


def first(content: Content, part: str, key: str) -> dict[str, object]:
    return next(record for record in content[part] if record["id"] == key)


def rule(key: str, **fields: object) -> Callable[[Content], None]:
    return lambda content: first(content, "rules", key).update(fields)


def option(key: str, **fields: object) -> Callable[[Content], None]:
    return lambda content: first(content, "options", key).update(fields)


def act(key: str, **fields: object) -> Callable[[Content], None]:
    return lambda content: first(content, "acts", key).update(fields)


def twice(part: str) -> Callable[[Content], None]:
    return lambda content: content[part].append(content[part][0])


def without(part: str, key: str) -> Callable[[Content], None]:
    return lambda content: content[part].remove(first(content, part, key))


@pytest.mark.parametrize(
    ("slip", "message"),
    [
        (twice("rules"), "rules.yaml, regel BL3, felt 'id': står to gange i filen"),
        (twice("options"), "rules.yaml, valg ppv-givers, felt 'id': står to gange i filen"),
        (twice("acts"), "acts.yaml, handling ppr-consultation, felt 'id': står to gange i filen"),
        (rule("BL3", summary=None), "rules.yaml, regel BL3, felt 'summary': mangler eller er ikke en tekst"),
        (rule("BL3", summary="  "), "rules.yaml, regel BL3, felt 'summary': mangler eller er ikke en tekst"),
        (rule("BL3", source=3), "rules.yaml, regel BL3, felt 'source': mangler eller er ikke en tekst"),
        (rule("BL3", statute=None), "rules.yaml, regel BL3, felt 'statute': mangler eller er ikke en tekst"),
        (rule("BL3", paragraph=3), "rules.yaml, regel BL3, felt 'paragraph': mangler eller er ikke en tekst"),
        (rule("BL3", lbk=282), "rules.yaml, regel BL3, felt 'lbk': mangler eller er ikke en tekst"),
        (rule("BL3", switch="tændt"), "rules.yaml, regel BL3, felt 'switch': skal være yes/no eller on/off"),
        (rule("BL3", switch=None), "rules.yaml, regel BL3, felt 'switch': skal være yes/no eller on/off"),
        (rule("BL3", certain=1), "rules.yaml, regel BL3, felt 'certain': skal være yes/no eller on/off"),
        (
            rule("BL3", effect="forbids"),
            "rules.yaml, regel BL3, felt 'effect': 'forbids' er ikke en af permits, governs, duty, background",
        ),
        (
            rule("BL3", valid_to=date(2023, 12, 31)),
            "rules.yaml, regel BL3, felt 'valid_to': perioden slutter, før den begynder",
        ),
        (
            rule("BL3", valid_from="fra nytår"),
            "rules.yaml, regel BL3, felt 'valid_from': skal være en dato som 2024-04-15",
        ),
        (
            rule("BL3", valid_to=date(9999, 12, 31)),
            "rules.yaml, regel BL3, felt 'valid_to': skal være en dato som 2024-04-15",
        ),
        (rule("BL3", swich=True), "rules.yaml, regel BL3, felt 'swich': feltet kendes ikke her"),
        (rule("BL3", on=True), "rules.yaml, regel BL3, felt 'on': feltet kendes ikke her"),
        (without("rules", "FAL3"), "rules.yaml: reglen FAL3, som programmet bruger, mangler"),
        (
            rule("SL17-2", effect="permits"),
            "rules.yaml, regel SL17-2, felt 'effect': skal være governs, for det regner programmet med",
        ),
        (
            without("rules", "OWN-LOG-5"),
            "rules.yaml, valg log-years, felt 'rule': reglen OWN-LOG-5 findes ikke",
        ),
        (
            without("options", "consent-max-months"),
            "rules.yaml: valget consent-max-months, som programmet bruger, mangler",
        ),
        (
            option("ppv-givers", default="mother"),
            "rules.yaml, valg ppv-givers, felt 'default': 'mother' er ikke en af all, resident",
        ),
        (
            option("log-years", values=[5, 10]),
            "rules.yaml, valg log-years, felt 'values': skal være en liste af tekster; sæt tal, ja og nej i anførselstegn",
        ),
        (
            option("log-years", values="5"),
            "rules.yaml, valg log-years, felt 'values': skal være en liste af tekster; sæt tal, ja og nej i anførselstegn",
        ),
        (
            option("log-years", summary=None),
            "rules.yaml, valg log-years, felt 'summary': mangler eller er ikke en tekst",
        ),
        (option("log-years", value="5"), "rules.yaml, valg log-years, felt 'value': feltet kendes ikke her"),
        (
            option("consent-max-months", values=["0", "12"], default="0"),
            "valg consent-max-months, felt 'values': skal være et antal måneder fra 1 til 12",
        ),
        (
            option("consent-max-months", values=["13"], default="13"),
            "valg consent-max-months, felt 'values': skal være et antal måneder fra 1 til 12",
        ),
        (
            option("consent-max-months", values=["et år"], default="et år"),
            "valg consent-max-months, felt 'values': skal være et antal måneder fra 1 til 12",
        ),
        (
            option("ppv-givers", values=["all", "mother"]),
            "acts.yaml, handling ppr-assessment, felt 'option': valget ppv-givers er ikke mellem all og resident",
        ),
        (
            act("medication", option="none"),
            "acts.yaml, handling medication, felt 'option': valget none findes ikke i rules.yaml",
        ),
        (
            act("medication", rules=["SL99"]),
            "acts.yaml, handling medication, felt 'rules': reglen SL99 findes ikke i rules.yaml",
        ),
        (
            act("medication", view="BL99"),
            "acts.yaml, handling medication, felt 'rules': reglen BL99 findes ikke i rules.yaml",
        ),
        (
            act("medication", basis="SL15"),
            "acts.yaml, handling medication, felt 'basis': reglen SL15 tillader ikke noget (effect er ikke permits)",
        ),
        (
            act("medication", acute="SL15"),
            "acts.yaml, handling medication, felt 'acute': reglen SL15 tillader ikke noget (effect er ikke permits)",
        ),
        (
            act("violence-psychologist", one_holder="SL15"),
            "acts.yaml, handling violence-psychologist, felt 'one_holder': "
            "reglen SL15 tillader ikke noget (effect er ikke permits)",
        ),
        (
            act("medication", silent="SL19"),
            "acts.yaml, handling medication, felt 'silent': reglen SL19 skal have effect governs",
        ),
        (
            act("medication", weight="heavy"),
            "acts.yaml, handling medication, felt 'weight': 'heavy' er ikke en af daily, routine, essential",
        ),
        (
            act("medication", kind="gift"),
            "acts.yaml, handling medication, felt 'kind': 'gift' er ikke en af treatment, disclosure, retrieval, participation",
        ),
        (
            act("medication", view="SL15"),
            "acts.yaml, handling medication, felt 'view': reglen SL15 skal have effect duty",
        ),
        (act("medication", title=None), "acts.yaml, handling medication, felt 'title': mangler eller er ikke en tekst"),
        (
            act("medication", health_or_disclosure=None),
            "acts.yaml, handling medication, felt 'health_or_disclosure': skal være yes/no eller on/off",
        ),
        (act("medication", party="ja"), "acts.yaml, handling medication, felt 'party': skal være yes/no eller on/off"),
        (
            act("medication", certain=False),
            "acts.yaml, handling medication, felt 'certain': 'no' kræver mindst én post i doubts, og 'yes' ingen",
        ),
        (
            act("placement", certain=True),
            "acts.yaml, handling placement, felt 'certain': 'no' kræver mindst én post i doubts, og 'yes' ingen",
        ),
        (
            act("medication", one_holder="BL41"),
            "acts.yaml, handling medication, felt 'one_holder_below': one_holder og one_holder_below hører sammen",
        ),
        (
            act("medication", one_holder_below=12),
            "acts.yaml, handling medication, felt 'one_holder_below': one_holder og one_holder_below hører sammen",
        ),
        (
            act("violence-psychologist", one_holder_below=19),
            "acts.yaml, handling violence-psychologist, felt 'one_holder_below': "
            "skal være et helt antal år fra 0 til 18",
        ),
        (
            act("violence-psychologist", one_holder_below="tolv"),
            "acts.yaml, handling violence-psychologist, felt 'one_holder_below': "
            "skal være et helt antal år fra 0 til 18",
        ),
        (
            act("violence-psychologist", one_holder_below=True),
            "acts.yaml, handling violence-psychologist, felt 'one_holder_below': "
            "skal være et helt antal år fra 0 til 18",
        ),
        (
            act("violence-psychologist", one_holder_below=-1),
            "acts.yaml, handling violence-psychologist, felt 'one_holder_below': "
            "skal være et helt antal år fra 0 til 18",
        ),
        (act("medication", doubts="ja"), "acts.yaml, handling medication: 'tvivl' skal være en liste af poster"),
        (
            act("placement", doubts=[{"rule": "BL46-47"}]),
            "acts.yaml, handling placement, tvivl uden id, felt 'why': mangler eller er ikke en tekst",
        ),
        (
            act("placement", doubts=[{"rule": "BL99", "why": "Uklart."}]),
            "acts.yaml, handling placement, felt 'rules': reglen BL99 findes ikke i rules.yaml",
        ),
        (
            act("placement", doubts=[{"rule": "BL3", "why": "Uklart.", "age": 3}]),
            "acts.yaml, handling placement, tvivl uden id, felt 'age': feltet kendes ikke her",
        ),
        (
            act("medication", to_sectors=["", "bup"]),
            "acts.yaml, handling medication, felt 'to_sectors': skal være en liste af tekster; "
            "sæt tal, ja og nej i anførselstegn",
        ),
        (act("medication", wieght="daily"), "acts.yaml, handling medication, felt 'wieght': feltet kendes ikke her"),
    ],
)
def test_a_slip_is_refused_with_file_record_and_field(
    tmp_path: Path, slip: Callable[[Content], None], message: str
) -> None:
    content: Content = deepcopy(CONTENT)
    slip(content)
    _write(content, tmp_path)
    with pytest.raises(LawFileError) as refused:
        load(tmp_path)
    assert str(refused.value) == message


def test_a_written_out_copy_of_the_law_is_the_same_law(tmp_path: Path) -> None:
    for name, text in (("rules", RULES), ("acts", ACTS)):
        dumped = yaml.safe_dump(yaml.safe_load(text), allow_unicode=True)
        (tmp_path / f"{name}.yaml").write_text(dumped, encoding="utf-8")
    assert load(tmp_path) == BOOK


def test_a_rule_may_last_one_day(tmp_path: Path) -> None:
    book = local(tmp_path, "rules: [{id: SSD, valid_from: 2026-05-05, valid_to: 2026-05-05}]")
    assert (book.rule("SSD").valid_from, book.rule("SSD").valid_to) == (at("2026-05-05"), at("2026-05-06"))
    last = local(tmp_path, "rules: [{id: SSD, valid_to: 9000-12-31}]")
    assert last.rule("SSD").valid_to == day_start(date(9001, 1, 1))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "rules:\n  - id: BL3\n    switch: on\n    switch: off\n",
            "law-local.yaml, linje 2: feltet 'switch' står to gange i samme post",
        ),
        ("rules: [", "law-local.yaml kan ikke læses: while parsing"),
        ("rules: [{id: BL3, valid_to: 2026-13-40}]", "law-local.yaml kan ikke læses: month must be in"),
        ("rules: [{? [a] : b}]", "law-local.yaml kan ikke læses: while constructing"),
        *(
            (f"rules: {odd}", "law-local.yaml kan ikke læses: en værdi er ikke det, der står foran den")
            for odd in ("!!bool perhaps", "!!int ''", "!!map [a]", "!!timestamp soon")
        ),
    ],
)
def test_what_is_not_a_file_of_ours_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(LawFileError, match=f"^{re.escape(message)}"):
        local(tmp_path, text)


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LawFileError, match=r"^rules\.yaml kan ikke læses"):
        load(tmp_path)
    (tmp_path / "rules.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(LawFileError, match=r"^rules\.yaml kan ikke læses"):
        load(tmp_path)


def test_a_file_without_lists_lacks_the_programs_rules(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text("{}", encoding="utf-8")
    (tmp_path / "acts.yaml").write_text("{}", encoding="utf-8")
    with pytest.raises(LawFileError, match=r"^rules\.yaml: reglen .* mangler$"):
        load(tmp_path)


def test_the_smallest_numbers_are_numbers(tmp_path: Path) -> None:
    content = deepcopy(CONTENT)
    option("consent-max-months", values=["1"], default="1")(content)
    act("placement", doubts=[{"rule": "BL46-47", "why": "Uklart.", "from_age": 0, "below": 18}])(content)
    _write(content, tmp_path)
    book = load(tmp_path)
    assert book.max_months == 1
    assert book.ages["placement"] == (18,)


def test_a_rule_from_the_first_instant_of_time_has_a_beginning() -> None:
    rules = {**BOOK.rules, "SL15": replace(BOOK.rule("SL15"), valid_from=1)}
    book = build(rules, BOOK.options, BOOK.acts)
    assert "SL15" in book.wavering
    assert book.boundaries["bup-assessment"][0] == 1


def test_a_book_without_acts_is_a_book() -> None:
    assert build(BOOK.rules, BOOK.options, {}).acts == {}


def test_every_effect_is_used() -> None:
    assert {each.effect for each in BOOK.rules.values()} == set(Effect)
