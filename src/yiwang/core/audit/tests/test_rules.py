"""The chain as arithmetic: no database."""

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.core.audit.rules import Broken, SealedRow, Walk, canonical_json, chain_start, seal_hash

AT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
GENESIS = bytes(range(32))

scalars = st.none() | st.booleans() | st.integers() | st.text()
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4)
)


@given(values)
def test_canonical_json_is_json_of_the_same_value(value: object) -> None:
    assert json.loads(canonical_json(value).decode("utf-8", "surrogatepass")) == value


@given(values, values)
def test_different_values_have_different_bytes(one: object, other: object) -> None:
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert (canonical_json(one) == canonical_json(other)) is same


@given(st.dictionaries(st.text(), scalars, min_size=2))
def test_the_order_of_keys_does_not_count(value: dict[str, object]) -> None:
    assert canonical_json(dict(reversed(value.items()))) == canonical_json(value)


def test_each_digit_of_a_number_counts() -> None:
    assert canonical_json(Decimal("114.80170000000000001")) == b"114.80170000000000001"
    assert canonical_json(Decimal("1.0")) != canonical_json(Decimal("1.00"))
    assert canonical_json(Decimal("1.5")) != canonical_json("1.5")


def test_times_are_written_in_utc_to_the_microsecond() -> None:
    shanghai = AT.astimezone(timezone(timedelta(hours=8)))
    assert canonical_json(shanghai) == b'"2026-11-22T08:00:00.000000+00:00"'


def test_ids_and_bytes_have_one_spelling() -> None:
    assert canonical_json(UUID(int=1)) == b'"00000000-0000-0000-0000-000000000001"'
    assert canonical_json(b"\x00\xff") == b'"00ff"'


@pytest.mark.parametrize("value", [1.5, object(), {1: "a"}, datetime(2026, 1, 1)])  # noqa: DTZ001
def test_what_has_no_one_spelling_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical_json(value)


def chain(length: int) -> list[SealedRow]:
    """A sound chain of so many entries."""
    rows = [SealedRow(0, GENESIS, AT, None, None)]
    previous = chain_start(GENESIS, AT)
    for position in range(1, length + 1):
        entry = {"id": position * 10, "action": "cases.open_case", "after": {"no": position}}
        previous = seal_hash(previous, position, AT, entry)
        rows.append(SealedRow(position, previous, AT, position * 10, entry))
    return rows


def walked(rows: list[SealedRow], anchors: dict[int, bytes] | None = None) -> Broken | None:
    """What a walk along these rows finds."""
    walk = Walk(anchors or {})
    return next((broken for row in rows if (broken := walk.step(row))), None) or walk.end()


@given(st.integers(0, 30))
def test_a_sound_chain_holds(length: int) -> None:
    rows = chain(length)
    assert walked(rows, {length: rows[length].hash} if length else {}) is None


@given(st.data(), st.integers(2, 20))
def test_any_row_taken_out_of_the_middle_is_found(data: st.DataObject, length: int) -> None:
    rows = chain(length)
    gone = data.draw(st.integers(0, length - 1))
    broken = walked(rows[:gone] + rows[gone + 1 :])
    assert broken is not None
    assert (broken.reason, broken.position) == ("seal_missing" if gone else "no_genesis", gone)


@given(st.data(), st.integers(2, 20))
def test_two_swapped_entries_are_found(data: st.DataObject, length: int) -> None:
    rows = chain(length)
    first, second = sorted(data.draw(st.sets(st.integers(1, length), min_size=2, max_size=2)))
    one, other = rows[first], rows[second]
    rows[first] = SealedRow(one.position, one.hash, AT, other.entry_id, other.entry)
    rows[second] = SealedRow(other.position, other.hash, AT, one.entry_id, one.entry)
    assert walked(rows) == Broken("altered", first, other.entry_id)


@given(st.data(), st.integers(1, 20))
def test_a_cut_tail_is_found_by_its_anchor(data: st.DataObject, length: int) -> None:
    rows = chain(length)
    left = data.draw(st.integers(0, length - 1))
    assert walked(rows[: left + 1], {length: rows[length].hash}) == Broken("tail_cut", left + 1)


@given(st.data(), st.integers(1, 20))
def test_a_chain_rebuilt_from_the_start_is_found_by_its_anchor(data: st.DataObject, length: int) -> None:
    sound = chain(length)
    forged = [sound[0]]
    previous = chain_start(GENESIS, AT)
    for row in sound[1:]:
        entry = {**(row.entry or {}), "action": "nothing.happened"}
        previous = seal_hash(previous, row.position, AT, entry)
        forged.append(SealedRow(row.position, previous, AT, row.entry_id, entry))
    anchored = data.draw(st.integers(1, length))
    broken = walked(forged, {anchored: sound[anchored].hash})
    assert broken == Broken("anchor_differs", anchored, anchored * 10)


def test_the_genesis_is_bound_to_its_time() -> None:
    rows = chain(2)
    rows[0] = SealedRow(0, GENESIS, AT + timedelta(seconds=1), None, None)
    assert walked(rows) == Broken("altered", 1, 10)


def test_a_missing_entry_is_named() -> None:
    rows = chain(3)
    rows[2] = SealedRow(2, rows[2].hash, AT, 20, None)
    assert walked(rows) == Broken("entry_missing", 2, 20)
