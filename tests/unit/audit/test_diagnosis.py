"""A damaged log: whatever is done to it, the first bad record is named exactly."""

from dataclasses import dataclass, replace
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from barnetsbog.audit.chain import START, Chain
from barnetsbog.audit.diagnosis import Damage, Kind, Linked, at_checkpoint, at_end, diagnose, walk
from barnetsbog.audit.encoding import Line, as_text, from_text, leaf_of
from barnetsbog.audit.proofs import root

CHAIN = Chain(b"k" * 32)


@dataclass(frozen=True)
class Record:
    """A row of the log: link and event."""

    seq: int
    leaf: bytes
    hash: bytes
    event: Line | None

    @property
    def row(self) -> tuple[object, ...]:
        return (self.seq, self.leaf, self.hash, *(as_text(self.event) if self.event else ("...", *[None] * 7)))

    @property
    def linked(self) -> Linked:
        event = self.event
        return Linked(self.seq, UUID(int=self.seq), self.leaf, self.hash, event and leaf_of(event), event and event.at)


Log = list[Record]


def event(number: int, reason: str = "") -> Line:
    return Line(number.to_bytes(16), 1000 + number, "read", True, None, None, None, "r", "p", reason, "{}")


def log_of(size: int, chain: Chain = CHAIN) -> Log:
    last, found = START, []
    for number in range(size):
        leaf = leaf_of(event(number))
        last = chain.after(last, leaf)
        found.append(Record(number, leaf, last, event(number)))
    return found


def renumbered(log: Log) -> Log:
    return [replace(record, seq=number) for number, record in enumerate(log)]


def check(log: Log, whole: Log) -> Damage | None:
    """As `verifying` does it, without a database. `whole`: what the head speaks of."""
    end = whole[-1].hash if whole else START
    done = walk(CHAIN, [record.row for record in log], 0, START, [])
    if done.good < len(log):
        rest = [record.linked for record in log[done.good : done.good + 2]]
        second = rest[1] if len(rest) > 1 else None
        return diagnose(CHAIN, done.last, done.good, rest[0], second, end, lambda: [r.linked for r in log])  # type: ignore[misc]
    return at_end(CHAIN, len(log), done.last, (len(whole), end, CHAIN.head(len(whole), end)))


def place(damage: Damage | None) -> tuple[str, int | None]:
    assert damage is not None
    return str(damage.kind), damage.seq


logs = st.integers(2, 30)


@given(st.integers(0, 30))
def test_a_sound_log_is_sound(size: int) -> None:
    assert check(log_of(size), log_of(size)) is None


@given(logs, st.data(), st.sampled_from(["at", "reason", "allowed", "action", "child_id", "detail"]))
def test_a_changed_event(size: int, data: st.DataObject, column: str) -> None:
    log, index = log_of(size), data.draw(st.integers(0, size - 1))
    value = {"at": 1, "reason": "x", "allowed": False, "action": "y", "child_id": b"c" * 16, "detail": '{"a":1}'}[
        column
    ]
    log[index] = replace(log[index], event=event(index)._replace(**{column: value}))
    assert place(check(log, log_of(size))) == ("changed", index)


@given(logs, st.data(), st.sampled_from(["leaf", "hash"]))
def test_a_changed_link(size: int, data: st.DataObject, column: str) -> None:
    log, index = log_of(size), data.draw(st.integers(0, size - 1))
    log[index] = replace(log[index], **{column: b"x" * 32})
    assert place(check(log, log_of(size))) == ("changed", index)


@given(logs, st.data(), st.sampled_from(["event only", "with a gap", "closed up"]))
def test_a_deleted_record(size: int, data: st.DataObject, how: str) -> None:
    log, index = log_of(size), data.draw(st.integers(0, size - 2))
    if how == "event only":
        log[index] = replace(log[index], event=None)
    else:
        del log[index]
        log = renumbered(log) if how == "closed up" else log
    assert place(check(log, log_of(size))) == ("missing", index)


@given(logs, st.data())
def test_records_in_another_order(size: int, data: st.DataObject) -> None:
    log = log_of(size)
    first, second = sorted(data.draw(st.lists(st.integers(0, size - 1), min_size=2, max_size=2, unique=True)))
    log[first], log[second] = log[second], log[first]
    assert place(check(renumbered(log), log_of(size))) == ("out-of-order", first)


@given(logs, st.data())
def test_events_that_changed_places_under_their_links(size: int, data: st.DataObject) -> None:
    """The links keep their hashes; what they speak of is swapped."""
    log = log_of(size)
    first, second = sorted(data.draw(st.lists(st.integers(0, size - 1), min_size=2, max_size=2, unique=True)))
    one, other = log[first], log[second]
    log[first], log[second] = (
        replace(one, leaf=other.leaf, event=other.event),
        replace(other, leaf=one.leaf, event=one.event),
    )
    assert place(check(log, log_of(size))) == ("out-of-order", first)


@given(logs, st.data(), st.integers(1, 3))
def test_inserted_records(size: int, data: st.DataObject, number: int) -> None:
    """By somebody without the key: he can make a leaf, but no hash."""
    log, index = log_of(size), data.draw(st.integers(0, size - 1))
    new = [event(900 + n) for n in range(number)]
    log[index:index] = [Record(0, leaf_of(one), leaf_of(one), one) for one in new]
    assert place(check(renumbered(log), log_of(size))) == ("inserted", index)


@given(logs, st.data())
def test_an_inserted_record_with_another_key(size: int, data: st.DataObject) -> None:
    log, index = log_of(size), data.draw(st.integers(0, size - 1))
    new = event(900)
    before = log[index - 1].hash if index else START
    log.insert(index, Record(0, leaf_of(new), Chain(b"j" * 32).after(before, leaf_of(new)), new))
    assert place(check(renumbered(log), log_of(size))) == ("inserted", index)


@given(logs, st.data())
def test_a_log_that_was_cut_off(size: int, data: st.DataObject) -> None:
    left = data.draw(st.integers(0, size - 1))
    assert place(check(log_of(size)[:left], log_of(size))) == ("truncated", left)


def test_a_head_that_was_made_to_fit_a_log_that_was_cut_off() -> None:
    """Hash and size of an earlier end can be read in the table; what vouches for them can't be made."""
    log = log_of(9)
    last = log[5].hash
    assert at_end(CHAIN, 6, last, (6, last, CHAIN.head(9, log[8].hash))) == Damage(Kind.HEAD, None)
    assert at_end(CHAIN, 6, last, None) == Damage(Kind.HEAD, None)
    assert at_end(CHAIN, 6, last, (6, last, CHAIN.head(6, last))) is None


@given(logs, st.data())
def test_a_chain_made_anew_with_the_key_is_found_by_a_checkpoint(size: int, data: st.DataObject) -> None:
    marked, changed = data.draw(st.integers(1, size)), data.draw(st.integers(0, size - 1))
    rows = [event(n, "x" if n == changed else "") for n in range(size)]
    leaves = [leaf_of(row) for row in rows]
    was, now = root([record.leaf for record in log_of(size)[:marked]]), {marked: root(leaves[:marked])}
    damage = at_checkpoint(marked, was, now, size, 0)
    assert (damage is not None) is (changed < marked)
    assert damage is None or (damage.kind, damage.seq) == (Kind.CHECKPOINT, marked - 1)


def test_a_checkpoint_of_a_longer_log() -> None:
    assert place(at_checkpoint(9, b"", {}, 6, 3)) == ("truncated", 6)


@given(logs, st.data())
def test_the_first_of_several_faults_is_named(size: int, data: st.DataObject) -> None:
    log = log_of(size)
    indexes = data.draw(st.lists(st.integers(0, size - 1), min_size=1, max_size=5, unique=True))
    for index in indexes:
        log[index] = replace(log[index], event=event(index, "changed"))
    assert place(check(log, log_of(size))) == ("changed", min(indexes))


@given(logs, st.lists(st.integers(1, 30)))
def test_a_walk_makes_the_tree_of_what_it_walked(size: int, wanted: list[int]) -> None:
    log = log_of(size)
    done = walk(CHAIN, [record.row for record in log], 0, START, wanted)
    leaves = [record.leaf for record in log]
    assert done.tree.root == root(leaves)
    assert done.marks.keys() == {one for one in wanted if one <= size}


def test_values_come_back_from_a_row() -> None:
    (record,) = log_of(1)
    assert from_text(record.row[3:]) == record.event
