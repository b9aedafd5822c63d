"""Why one sees what one sees: rights in plain words."""

from datetime import date
from uuid import UUID

from barnetsbog.access.deciding import BlockDecision
from barnetsbog.access.explaining import Reason
from barnetsbog.kernel.time import FOREVER, day_start
from barnetsbog.law.rules import Effect, Rule
from barnetsbog.portal.reasons import Part, explained, parts
from barnetsbog.record.shelves import BLOCKS, CLASSES

UNIT = UUID(int=1)


def rule(ident: str = "SL43", paragraph: str = "§ 43") -> Rule:
    return Rule(ident, "sundhedsloven", "Kræver samtykke.", "", True, True, Effect.GOVERNS, paragraph)


def reason(
    of: Rule,
    blocks: tuple[str, ...] = ("IN", "GO", "AK"),
    classes: tuple[str, ...] = ("O",),
    level: int = 3,
    **more: object,
) -> Reason:
    given = {"purpose": "behandling", "source_id": None, "lane": "", "until": FOREVER} | more
    return Reason(
        of, str(given["purpose"]), blocks, classes, level, given["source_id"], str(given["lane"]), given["until"]
    )  # type: ignore[arg-type]


def test_a_right_in_words() -> None:
    (one,) = explained([reason(rule(), source_id=UNIT, until=day_start(date(2027, 2, 1)), level=2)], {UNIT: "Åben Dør"})
    assert (one.what, one.level) == (
        "Indsatser, mål og aktiviteter og aftaler: almindelige oplysninger",
        "kun overskrifter",
    )
    assert (one.rule, one.written_by, one.until) == ("sundhedsloven § 43", "Åben Dør", "31. januar 2027")


def test_a_paragraph_that_nobody_has_found_is_not_printed() -> None:
    (one,) = explained([reason(rule(paragraph=""))], {})
    assert one.rule == "sundhedsloven" and "§" not in one.rule


def test_everything_is_told_as_everything() -> None:
    (one,) = explained([reason(rule("OWN-RECORDS", ""), BLOCKS, CLASSES)], {})
    assert one.what == "Alle dele af bogen: alle slags oplysninger"


def test_what_was_sent_and_what_is_merely_known_of() -> None:
    sent, known = explained([reason(rule("OWN-ADDRESSED", ""), (), ()), reason(rule("FAL3"), (), (), 2)], {})
    assert sent.what.startswith("Enkelte poster") and sent.level == "overskrift og indhold"
    assert (
        known.what == "At bogen findes, og at du kan svare for dig selv"
        and known.level == "intet af det, der står i den"
    )


def test_what_reads_the_same_is_told_once_and_who_wrote_it_is_told_by_sector() -> None:
    (one,) = explained([reason(rule(), lane="bup"), reason(rule(), lane="bup")], {})
    assert one.written_by == "BUP"


def test_what_one_has_answered_is_written_by_oneself_and_by_no_unit() -> None:
    (one,) = explained([reason(rule("OWN-ANSWERS", ""), source_id=UUID(int=7))], {UNIT: "Åben Dør"})
    assert one.written_by == "dig selv"


def test_parts_of_which_one_sees_the_same_are_told_together() -> None:
    def seen(block: str, level: int, *classes: str) -> BlockDecision:
        return BlockDecision(block, level, classes, (), "")

    assert parts([seen("IN", 3, "O", "H"), seen("TI", 0), seen("AK", 3, "O", "H"), seen("ST", 2, "O"), seen("SA", 3, "O", "H")]) == [
        Part("Indsatser, aktiviteter og aftaler og samtykker", "læse", "almindelige oplysninger og helbredsoplysninger"),
        Part("Tilstande", "kun det, der står nedenfor", ""),
        Part("Stamdata", "kun overskrifter", "almindelige oplysninger"),
    ]  # fmt: skip
