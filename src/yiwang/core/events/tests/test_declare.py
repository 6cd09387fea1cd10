"""Declarations are checked where they are made; payloads come back as they went."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import ClassVar
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from yiwang.core.events import codec
from yiwang.core.events.declare import Audience, Event, handlers_of
from yiwang.core.events.tests.factories import LampLit, LampMeasured, listening_with

moments = st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
numbers = st.decimals(allow_nan=False, allow_infinity=False)


@given(st.uuids(), moments, numbers, st.floats(allow_nan=False, allow_infinity=False), st.lists(st.text()))
def test_an_event_survives_the_outbox(lamp, at, watts: Decimal, level: float, tags: list[str]) -> None:
    event = LampMeasured(lamp=lamp, at=at, watts=watts, level=level, tags=tuple(tags))
    assert codec.event_from_json("lamp.measured", codec.event_to_json(event)) == event


def test_an_audience_survives_the_outbox() -> None:
    audience = Audience("420117", ("1.", "1.2."), (uuid4(),), "cases.view_case")
    assert codec.audience_from_json(codec.audience_to_json(audience)) == audience


def test_an_unknown_type_is_named() -> None:
    with pytest.raises(codec.UnknownEvent, match=r"lamp\.stolen"):
        codec.event_from_json("lamp.stolen", {})


def test_a_payload_that_no_longer_fits_is_refused() -> None:
    with pytest.raises(ValidationError):
        codec.event_from_json("lamp.lit", {"number": "many"})


@pytest.mark.parametrize("bad", ["lamp", "Lamp.lit", "lamp.", "lamp.lit.twice"])
def test_a_type_is_room_and_past_tense(bad: str) -> None:
    with pytest.raises(TypeError, match=r"must read room\.past_tense"):
        type("Bad", (Event,), {"type": bad})


def test_two_events_of_one_type_are_refused() -> None:
    with pytest.raises(TypeError, match=r"'lamp\.lit' is declared by"):

        @dataclass(frozen=True)
        class Impostor(Event):
            type: ClassVar[str] = "lamp.lit"


def test_handlers_keep_the_order_of_their_declaration() -> None:
    def second(event: LampLit) -> None: ...

    def first(event: LampLit) -> None: ...

    with listening_with(second, first):
        assert [handler.run for handler in handlers_of("lamp.lit")] == [second, first]
    assert handlers_of("lamp.lit") == ()
