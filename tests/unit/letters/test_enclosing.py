"""What goes with a letter when somebody has asked for what is written: the words, the numbers, and nothing behind them."""

import base64
from typing import Any, cast

import pytest

from barnetsbog.fhir.own import EXTENSION
from barnetsbog.kernel.time import parse
from barnetsbog.letters.enclosing import ELSEWHERE, files, readable, words
from barnetsbog.record.entries import EntryRow


class Row:
    title = "Iagttagelse"

    def __init__(self, began: str = "2026-11-20T10:00:00+01:00") -> None:
        self.start, self.exactness = parse(began)


def enclosed(resource: dict[str, Any]) -> tuple[str, str, str]:
    (found,) = files(cast(EntryRow, Row()), resource)
    return found.name, found.kind.partition(";")[0], found.content.decode()


def test_a_document_is_its_own_file() -> None:
    data = base64.b64encode("Hej Åse".encode()).decode()
    attachment = {"contentType": "text/plain", "data": data, "title": "hemmeligt-navn.txt"}
    assert enclosed({"content": [{"attachment": attachment}]}) == ("Iagttagelse", "text/plain", "Hej Åse")


def test_anything_else_is_told_in_words_with_its_title_and_day() -> None:
    name, kind, said = enclosed(
        {"valueString": "Hun tegnede.", "note": [{"text": "I ro."}], "code": {"text": "Iagttagelse"}}
    )
    assert (name, kind) == ("Iagttagelse.txt", "text/plain")
    assert said == "Iagttagelse\n20.11.2026\n\nHun tegnede.\n\nI ro.\n"


@pytest.mark.parametrize(("began", "told"), [("2019", "2019"), ("2019-03", "marts 2019"), ("2019-03-01", "01.03.2019")])
def test_no_day_is_made_up(began: str, told: str) -> None:
    (found,) = files(cast(EntryRow, Row(began)), {"valueString": "Hun tegnede."})
    assert found.content.decode() == f"Iagttagelse\n{told}\n\nHun tegnede.\n"


@pytest.mark.parametrize(
    ("resource", "said"),
    [
        ({"valueQuantity": {"value": 61, "unit": "minutter", "code": "min"}}, ["61 minutter"]),
        ({"component": [{"code": {"text": "Nedtrykt"}, "valueInteger": 4}]}, ["Nedtrykt", "4"]),
        ({"extension": [{"url": "x", "valueString": "skjult"}], "meta": {"tag": [{"display": "skjult"}]}}, []),
        ({"text": {"status": "generated", "div": "<div>skjult</div>"}, "performer": [{"display": "Kim"}]}, []),
        ({"payload": [{"contentString": " Hej "}], "topic": {"text": "Emne"}}, ["Hej"]), ({"valueString": " "}, []),
    ],
)  # fmt: skip
def test_the_words_of_a_resource(resource: dict[str, Any], said: list[str]) -> None:
    assert list(words(resource)) == said


def test_a_form_goes_with_every_answer_beside_its_question() -> None:
    """What was chosen, a yes, a day and a number are as much an answer as what was written; a no twice is two noes."""

    def asked(text: str, **value: object) -> dict[str, object]:
        return {"linkId": text, "text": text, "answer": [value]}

    items = [
        asked("Skader barnet sig selv?", valueCoding={"code": "now", "display": "Ja, nu"}),
        asked("Har det tanker om at dø?", valueBoolean=False),
        asked("Er barnet til fare for andre?", valueBoolean=False),
        asked("Siden hvornår?", valueDate="2026-11"),
        asked("Puls", valueInteger=72),
        asked("Hvad er aftalt?", valueString="Mor er hos hende.\nLægen ringer."),
        {"linkId": "tomt", "text": "Intet"},
    ]
    form = {
        "resourceType": "QuestionnaireResponse",
        "item": [{"linkId": "fare", "text": "Er der fare?", "item": items}],
    }
    told = enclosed(form)[2].strip().split("\n\n")[1:]
    assert told == [
        "Er der fare?", "Skader barnet sig selv?\nJa, nu", "Har det tanker om at dø?\nNej",
        "Er barnet til fare for andre?\nNej", "Siden hvornår?\n11.2026", "Puls\n72",
        "Hvad er aftalt?\nMor er hos hende.\nLægen ringer.",
    ]  # fmt: skip


def test_the_same_number_twice_is_told_twice() -> None:
    scales = [{"code": {"text": name}, "valueInteger": 4} for name in ("Nedtrykt", "Uro")]
    assert enclosed({"component": scales})[2].endswith("Nedtrykt\n\n4\n\nUro\n\n4\n")


def test_each_file_of_a_document_goes_and_what_a_report_says_besides() -> None:
    pages = [{"contentType": "image/png", "data": base64.b64encode(one).decode()} for one in (b"side 1", b"side 2")]
    row = cast(EntryRow, Row())
    scans = files(row, {"resourceType": "DocumentReference", "content": [{"attachment": one} for one in pages]})
    assert [(one.name, one.content) for one in scans] == [("Iagttagelse", b"side 1"), ("Iagttagelse (2)", b"side 2")]
    report = files(row, {"resourceType": "DiagnosticReport", "conclusion": "Ro hjalp.", "presentedForm": pages[:1]})
    assert [one.name for one in report] == ["Iagttagelse", "Iagttagelse.txt"]
    assert report[1].content.decode().endswith("Ro hjalp.\n")


def test_a_file_of_a_message_goes_and_one_that_is_elsewhere_is_not_left_behind_without_a_word() -> None:
    pdf = {"contentType": "application/pdf", "data": base64.b64encode(b"%PDF").decode()}
    there = {"contentType": "application/pdf", "url": "https://elsewhere.example/Binary/1"}
    payload = [{"contentString": "Se vedlagte."}, {"contentAttachment": pdf}]
    found = files(cast(EntryRow, Row()), {"resourceType": "Communication", "payload": payload})
    assert [one.kind.partition(";")[0] for one in found] == ["application/pdf", "text/plain"]
    assert "Se vedlagte." in found[1].content.decode() and ELSEWHERE not in found[1].content.decode()
    assert ELSEWHERE in enclosed({"resourceType": "DocumentReference", "content": [{"attachment": there}]})[2]
    both = files(cast(EntryRow, Row()), {"content": [{"attachment": pdf}, {"attachment": there}]})
    assert len(both) == 2 and ELSEWHERE in both[1].content.decode()


def test_the_sections_of_a_composition_are_its_words() -> None:
    inner = {"title": "Skole", "text": {"status": "additional", "div": "<div>Hun læser &amp; skriver</div>"}}
    told = enclosed({"resourceType": "Composition", "section": [{"title": "Status", "section": [inner]}]})[2]
    assert told.endswith("\n\nStatus\n\nSkole\n\nHun læser & skriver\n")


def test_the_minutes_of_a_meeting_and_what_the_family_objects_go_with_it() -> None:
    ours = {"text": "Far sagde nej.", "objection": "Det sagde jeg ikke.", "author": "skjult"}
    told = [{"url": f"{EXTENSION}{name}", "valueString": text} for name, text in ours.items()]
    assert enclosed({"resourceType": "Encounter", "extension": told})[2].endswith(
        "\n\nFar sagde nej.\n\nIndvending fra familien: Det sagde jeg ikke.\n"
    )
    scan = {"attachment": {"contentType": "image/png", "data": "eA=="}}
    found = files(
        cast(EntryRow, Row()), {"resourceType": "DocumentReference", "content": [scan], "extension": told[1:2]}
    )
    assert [one.name for one in found] == ["Iagttagelse", "Iagttagelse.txt"]


def test_what_a_program_can_read_of_an_entry_is_looked_through() -> None:
    texts = [{"contentType": kind, "data": base64.b64encode(b"Otto").decode()} for kind in ("text/plain", "image/png")]
    document = {"resourceType": "DocumentReference", "description": "Samtale"}
    read = [readable(cast(EntryRow, Row()), {**document, "content": [{"attachment": one}]}) for one in texts]
    assert ["Otto" in one and "Samtale" in one for one in read] == [True, False]
