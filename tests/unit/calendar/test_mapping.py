"""Appointments in FHIR: what is written is what is read, each version passes the base check, and a word that is another
system's stays."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.calendar import mapping
from barnetsbog.calendar.model import Answer, Incoming, Slot, State, Told, Wanted
from barnetsbog.fhir import check
from barnetsbog.fhir.own import extension_of, referred
from barnetsbog.kernel.time import DAY, SECOND, parse
from barnetsbog.record.promotion import promote

HOUR = 3600 * SECOND
NOW = parse("2026-11-25T12:00:00+01:00")[0]
KIM, MOR, PPR = "PractitionerRole/kim", "RelatedPerson/mor", "Organization/ppr"

words = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=20)
maybe = st.just("") | words
slots = st.builds(lambda start, length: Slot(NOW + start * SECOND, NOW + (start + length) * SECOND),
                  st.integers(0, 400 * 86400), st.integers(60, 86400))  # fmt: skip
wanted = st.builds(
    Wanted, title=words, guests=st.lists(st.sampled_from([KIM, MOR, PPR]), unique=True).map(tuple), booked=st.booleans(),
    place=maybe, preparation=maybe, text=maybe, interpreter=st.sampled_from(["", "ar"]),
    act=st.sampled_from(["", "bup-assessment"]), intervention=st.sampled_from(["", "CarePlan/samtaler"]),
)  # fmt: skip


def made(wanted: Wanted, slot: Slot | None, group: str = "") -> dict[str, Any]:
    return mapping.appointment("x", child="alma", author=KIM, wanted=wanted, slot=slot, at=NOW, group=group)


def sound(resource: dict[str, Any]) -> bool:
    return not [issue for issue in check(resource) if issue.severity == "error"]


@given(wanted, st.none() | slots)
def test_what_is_arranged_is_what_is_read(one: Wanted, slot: Slot | None) -> None:
    body = made(one, slot)
    assert sound(body)
    assert mapping.slot_of(body) == slot
    state = State.WAITLIST if slot is None else State.BOOKED if one.booked else State.PROPOSED
    assert mapping.state_of(body) is state
    people = [who for who in one.guests if who != PPR]
    assert mapping.answers_of(body) == {
        "Patient/alma": Answer.YES, **{who: Answer.YES if who == KIM else Answer.ASKED for who in people},
    }  # fmt: skip
    assert mapping.units_of(body) == [who for who in one.guests if who == PPR]
    assert (mapping.act_of(body), extension_of(body, "place") or "") == (one.act, one.place)
    assert referred(body, "for-intervention") == one.intervention
    promoted = promote(body)
    assert (promoted.title, promoted.open, promoted.author) == (one.title, True, KIM)


@given(wanted, slots, slots, words, st.sampled_from(Answer))
def test_each_version_is_sound_and_says_what_was_done(
    one: Wanted, slot: Slot, other: Slot, reason: str, answer: Answer
) -> None:
    body = made(one, slot) | {"comment": "fra en anden", "priority": 3}
    answered = mapping.with_answer(body, "Patient/alma", answer)
    assert mapping.answers_of(answered)["Patient/alma"] is answer
    moved = mapping.with_slot(answered, other, reason=reason, by=KIM)
    assert (mapping.slot_of(moved), mapping.moved_from(moved), mapping.reason_of(moved)) == (other, slot.start, reason)
    again = mapping.with_slot(moved, slot, reason="igen", by=KIM)
    assert (mapping.moved_from(again), mapping.reason_of(again)) == (other.start, "igen")
    cancelled = mapping.with_state(again, State.CANCELLED, reason)
    assert mapping.reason_of(cancelled) == reason and not promote(cancelled).open
    booked = mapping.with_state(cancelled, State.BOOKED)
    assert "cancelationReason" not in booked
    for version in (body, answered, moved, again, cancelled, booked):
        assert sound(version)
        assert (version["comment"], version["priority"]) == ("fra en anden", 3)


@given(slots, words, maybe, maybe, st.integers(0, 99), st.booleans())
def test_an_appointment_from_another_calendar_is_known_again(
    slot: Slot, title: str, place: str, text: str, sequence: int, tentative: bool
) -> None:
    one = Incoming("uid#", sequence, title, slot, place, text, tentative=tentative)
    told = Told("uid#", sequence, NOW, "før")
    body = mapping.from_ical("x", child="alma", author=KIM, one=one, told=told, at=NOW)
    assert sound(body) and mapping.told_of(body) == told
    assert mapping.with_ical(body, one, told, by=KIM) == body  # the same file again changes nothing
    newer, more = one._replace(title="Ny", place=""), told._replace(sequence=sequence + 1, stamp=0)
    after = mapping.with_ical(mapping.with_answer(body, KIM, Answer.NO), newer, more, by=MOR)
    assert sound(after) and mapping.told_of(after) == more
    assert mapping.answers_of(after)[KIM] is Answer.NO
    assert extension_of(after, "place") is None and mapping.moved_from(after) is None


def test_another_calendar_that_moves_one_asks_again_and_tells_when_it_was() -> None:
    first, then, later = (Slot(NOW + n * DAY, NOW + n * DAY + HOUR) for n in (1, 2, 3))
    one = Incoming("uid#", 0, "Møde", first)
    body = mapping.from_ical("x", child="alma", author=KIM, one=one, told=Told("uid#"), at=NOW)
    body = mapping.with_answer(mapping.with_slot(body, then, reason="Travlt", by=KIM), MOR, Answer.YES)
    after = mapping.with_ical(body, one._replace(slot=later), Told("uid#", 1), by=KIM)
    assert (mapping.slot_of(after), mapping.moved_from(after), mapping.reason_of(after)) == (later, then.start, "")
    assert mapping.answers_of(after) == {"Patient/alma": Answer.YES, KIM: Answer.YES, MOR: Answer.ASKED}
    assert sound(after)


def test_other_systems_appointments_are_read_as_far_as_they_go() -> None:
    bare = {
        "resourceType": "Appointment",
        "status": "strange",
        "participant": [{"status": "accepted"}, {"actor": {"reference": MOR}}],
    }
    assert mapping.state_of(bare) is None and mapping.slot_of(bare) is None
    assert mapping.answers_of(bare) == {MOR: Answer.ASKED}
    assert mapping.told_of(bare) == Told()
    known = [{"system": mapping.ICAL, "value": "u"}, {"system": mapping.SEQUENCE, "value": "x"}]
    assert mapping.told_of({"identifier": known}) == Told("u")
    known[1]["value"] = "9" * 5000  # more digits than a number is read from
    assert mapping.told_of({"identifier": known}) == Told("u")
    more = mapping.with_told({"identifier": [{"value": "deres"}, *known]}, Told("u", 2))
    assert more["identifier"][0] == {"value": "deres"} and mapping.told_of(more) == Told("u", 2)


def test_somebody_whom_another_system_names_in_words_alone_is_not_lost_when_others_answer() -> None:
    body: dict[str, Any] = made(Wanted("Møde", guests=(KIM, MOR)), Slot(NOW, NOW + HOUR))
    room = {"actor": {"display": "Lokale 4"}, "status": "accepted"}
    interpreter = {"type": [{"text": "Tolk"}], "status": "tentative"}
    body["participant"] = [room, *body["participant"], interpreter]
    answered = mapping.with_answer(body, MOR, Answer.NO)
    moved = mapping.with_slot(answered, Slot(NOW + DAY, NOW + DAY + HOUR), reason="Syg", by=KIM)
    for after in (answered, moved):
        assert (after["participant"][0], after["participant"][-1]) == (room, interpreter) and sound(after)
    assert mapping.answers_of(answered)[MOR] is Answer.NO and mapping.answers_of(moved)[MOR] is Answer.ASKED


def test_what_another_system_says_of_the_time_does_not_stand_with_another() -> None:
    body: dict[str, Any] = made(Wanted("Møde"), Slot(NOW, NOW + HOUR))
    body |= {"minutesDuration": 60, "slot": [{"reference": "Slot/1"}], "comment": "Tag skoene af."}
    moved = mapping.with_slot(body, Slot(NOW + DAY, NOW + DAY + HOUR // 2), reason="Syg", by=KIM)
    assert not {"minutesDuration", "slot"} & moved.keys() and moved["comment"] == "Tag skoene af." and sound(moved)
    assert mapping.with_answer(body, KIM, Answer.NO)["minutesDuration"] == 60


def test_from_midnight_to_midnight_is_a_whole_day_also_when_the_clock_changes() -> None:
    midnight = parse("2027-03-28")[0]
    assert mapping.is_whole_day(Slot(midnight, parse("2027-03-29")[0]))
    assert not mapping.is_whole_day(Slot(midnight, midnight + DAY))
    assert not mapping.is_whole_day(Slot(NOW, NOW + DAY))


@pytest.mark.parametrize("end", [{}, {"end": "2026-12-03T10:00:00+01:00"}, {"end": "2026-12-03T09:00:00+01:00"}])
def test_what_does_not_end_after_it_begins_lasts_an_hour(end: dict[str, str]) -> None:
    slot = mapping.slot_of({"start": "2026-12-03T10:00:00+01:00", **end})
    assert slot and slot.end - slot.start == HOUR
