"""What a phone may send late: clocking in and out."""

from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field, model_validator

from yiwang.city.duty import access, actions
from yiwang.city.duty.actions import Punched
from yiwang.core.actor import Actor
from yiwang.core.commands.declare import CommandKind, Moment


class ClockIn(Schema):
    """A clocking. Without a position `lon` and `lat` are both left out; then or outside the fence a photo or a note
    says more (`fallback`)."""

    way: Literal["in", "out"]
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)
    accuracy_m: float | None = Field(None, ge=0, le=100_000)
    fallback: Literal["", "photo", "note"] = ""
    photo: UUID | None = None
    note: str = Field("", max_length=300)

    @model_validator(mode="after")
    def _whole(self) -> "ClockIn":
        if (self.lon is None) != (self.lat is None):
            raise ValueError("a position is both lon and lat")
        return self


def clock(actor: Actor, command_id: UUID, body: ClockIn, moment: Moment) -> dict[str, Any]:
    """Keep it; the phone is told whether it waits for the leader, and how far outside it was."""
    row = actions.clock_in_or_out(
        actor,
        command_id,
        Punched(
            way=body.way,
            occurred_at=moment.occurred_at,
            received_at=moment.received_at,
            doubt=str(moment.doubt),
            claimed_at=moment.claimed_at,
            lon=body.lon,
            lat=body.lat,
            accuracy_m=body.accuracy_m,
            fallback=body.fallback,
            photo=body.photo,
            note=body.note,
        ),
    )
    return {
        "id": str(row.pk),
        "state": row.state,
        "verdict": row.verdict,
        "place": row.place,
        "distance_m": row.distance_m,
        "rostered": row.entry_id is not None,
    }


COMMANDS = (
    CommandKind(
        key="duty.clock",
        label={"zh": "上下班打卡", "en": "Clocking in or out"},
        body=ClockIn,
        run=clock,
        permission=access.CLOCK_IN,
    ),
)
