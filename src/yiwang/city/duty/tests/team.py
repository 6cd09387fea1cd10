"""A team for tests of shifts and positions: a street's centre, its leader, three people, two shifts."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from yiwang.city.duty import actions
from yiwang.city.duty.actions import CellChange, NewShift
from yiwang.city.duty.models import RosterBook, Shift
from yiwang.core.accounts.models import Unit, User
from yiwang.core.accounts.tests import people
from yiwang.core.accounts.tests.people import SYSTEM, actor
from yiwang.core.calendars.models import Calendar
from yiwang.core.calendars.seed import DEFAULT_KEY

# A Monday; local days are eight hours ahead of UTC.
MONDAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
LEADS = (
    "duty.view_roster",
    "duty.edit_roster",
    "duty.review_attendance",
    "fleet.view_position",
    "fleet.view_trail",
)
WORKS = ("duty.view_roster", "duty.clock_in", "fleet.send_position")


@dataclass(frozen=True)
class Team:
    """Who is there; `far` leads another unit."""

    root: Unit
    unit: Unit
    other: Unit
    leader: User
    far: User
    anna: User
    bert: User
    cora: User
    early: Shift
    night: Shift

    def roster(self, *cells: tuple[User, date, Shift | None], grids: tuple[str, ...] = ()) -> None:
        """Cells as the leader sets them."""
        book = RosterBook.objects.filter(unit=self.unit).first()
        changes = [
            CellChange(user.pk, on, shift.pk if shift else None, grids=grids) for user, on, shift in cells
        ]
        actions.put_cells(
            actor(self.leader), self.unit.pk, changes, expected_version=book.version if book else 0
        )


def build() -> Team:
    """Make them; the clock should be held near NOON."""
    Calendar.objects.get_or_create(
        key=DEFAULT_KEY,
        defaults={
            "name": "每周五天",
            "name_en": "Five days",
            "spans": [["08:00", "12:00"], ["14:00", "18:00"]],
        },
    )
    root = people.unit("root")
    unit, other = people.unit("centre", root), people.unit("elsewhere", root)
    return Team(
        root=root,
        unit=unit,
        other=other,
        leader=people.person("leader", *LEADS, at=unit),
        far=people.person("far", *LEADS, at=other),
        anna=people.person("anna", *WORKS, at=unit),
        bert=people.person("bert", *WORKS, at=unit),
        cora=people.person("cora", *WORKS, at=unit),
        early=actions.add_shift(SYSTEM, root.pk, NewShift("早班", "早", time(6), time(14))),
        night=actions.add_shift(SYSTEM, unit.pk, NewShift("夜班", "夜", time(22), time(6), tone=3)),
    )
