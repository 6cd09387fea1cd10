"""Rosters, who is on duty, and swaps, on the real database."""

from collections.abc import Iterator
from datetime import time, timedelta

import pytest

from yiwang.city.duty import actions, queries
from yiwang.city.duty.actions import CellChange, NewShift, NewSwap, Plan, Skill
from yiwang.city.duty.handlers import hand_rosters_over_after_merger
from yiwang.city.duty.models import RosterBook, RosterEntry
from yiwang.city.duty.rules import ClashKind
from yiwang.city.duty.seed import SKILLS
from yiwang.city.duty.tests.team import MONDAY, NOON, Team, build
from yiwang.core import clock
from yiwang.core.accounts.events import UnitMerged
from yiwang.core.accounts.models import Absence, User
from yiwang.core.accounts.tests.people import actor, person
from yiwang.core.audit.models import Entry
from yiwang.core.codes import actions as codes
from yiwang.core.codes.declare import read_tables
from yiwang.core.errors import Conflict, Invalid, NotFound, Refused
from yiwang.core.ids import uuid7

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TUESDAY, WEDNESDAY = MONDAY + DAY, MONDAY + 2 * DAY


@pytest.fixture(autouse=True)
def held() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


@pytest.fixture
def team() -> Team:
    return build()


def away(user: User, first: int, last: int) -> None:
    Absence.objects.create(
        user=user,
        starts_on=MONDAY + first * DAY,
        ends_on=MONDAY + last * DAY,
        reason="leave",
        entered_by_name="x",
    )


def test_two_people_cannot_write_over_each_other(team: Team) -> None:
    team.roster((team.anna, MONDAY, team.early))
    with pytest.raises(Conflict, match="roster_changed"):
        actions.put_cells(
            actor(team.leader), team.unit.pk, [CellChange(team.anna.pk, MONDAY)], expected_version=0
        )
    assert Entry.objects.get(action="duty.change_roster").after["version"] == 1


def test_only_the_unit_of_ones_scope_and_its_people_and_shifts_are_rostered(team: Team) -> None:
    cell = CellChange(team.anna.pk, MONDAY, team.early.pk)
    with pytest.raises(NotFound, match="unit_not_found"):
        actions.put_cells(actor(team.far), team.unit.pk, [cell], expected_version=0)
    with pytest.raises(Invalid, match="unknown_shift"):
        actions.put_cells(
            actor(team.far),
            team.other.pk,
            [CellChange(team.far.pk, MONDAY, team.night.pk)],
            expected_version=0,
        )
    with pytest.raises(Invalid, match="not_of_unit"):
        actions.put_cells(actor(team.far), team.other.pk, [cell], expected_version=0)
    with pytest.raises(Invalid, match="roster_too_old"):
        actions.put_cells(
            actor(team.leader),
            team.unit.pk,
            [CellChange(team.anna.pk, MONDAY - 2 * DAY, team.early.pk)],
            expected_version=0,
        )
    assert not RosterEntry.objects.exists()


def test_a_pattern_leaves_out_days_away_and_keeps_what_is_there(team: Team) -> None:
    team.roster((team.anna, MONDAY, None))
    away(team.bert, 1, 2)
    plan = Plan(
        team.unit.pk,
        (team.anna.pk, team.bert.pk),
        MONDAY,
        6,
        pattern=(team.early.pk, team.early.pk, team.night.pk, team.night.pk, None, None),
        stagger=1,
    )
    shown = actions.preview(actor(team.leader), plan)
    kinds = {(one.user, one.on): one.kind for one in shown.clashes}
    assert kinds[team.anna.pk, MONDAY] is ClashKind.TAKEN
    assert kinds[team.bert.pk, MONDAY + DAY] is ClashKind.AWAY
    book, done = actions.carry_out(actor(team.leader), plan, expected_version=1)
    assert book.version == 2
    assert list(done.written) == list(shown.written)
    assert len(done.written) == 12 - 3
    assert RosterEntry.objects.get(user=team.anna, on=MONDAY).shift is None
    # The same again changes nothing of it.
    _, again = actions.carry_out(actor(team.leader), plan, expected_version=2)
    assert not again.written


def test_what_stays_is_not_worked_into(team: Team) -> None:
    long = actions.add_shift(actor(team.leader), team.unit.pk, NewShift("长夜班", "长", time(20), time(8)))
    team.roster((team.anna, MONDAY, long))
    plan = Plan(team.unit.pk, (team.anna.pk,), MONDAY, 3, pattern=(team.early.pk,))
    _, done = actions.carry_out(actor(team.leader), plan, expected_version=1)
    assert [one.on for one in done.written] == [MONDAY + 2 * DAY]
    assert {(one.on, one.kind) for one in done.clashes} == {
        (MONDAY, ClashKind.TAKEN), (MONDAY + DAY, ClashKind.OVERLAP)
    }  # fmt: skip
    assert RosterEntry.objects.get(on=MONDAY).shift == long


def test_a_week_is_made_as_another_was(team: Team) -> None:
    team.roster(
        (team.anna, MONDAY, team.early), (team.anna, MONDAY + DAY, None), (team.bert, MONDAY, team.night)
    )
    plan = Plan(
        team.unit.pk, (team.anna.pk, team.bert.pk), MONDAY + 7 * DAY, 7, from_week=MONDAY, replace=True
    )
    actions.carry_out(actor(team.leader), plan, expected_version=1)
    rows = RosterEntry.objects.filter(on__gte=MONDAY + 7 * DAY).order_by("user__username", "on")
    assert [(row.user_id, row.on, row.shift_id) for row in rows] == [
        (team.anna.pk, MONDAY + 7 * DAY, team.early.pk),
        (team.anna.pk, MONDAY + 8 * DAY, None),
        (team.bert.pk, MONDAY + 7 * DAY, team.night.pk),
    ]


def test_a_shift_with_other_times_moves_the_days_to_come_only(team: Team) -> None:
    team.roster(*((team.anna, MONDAY + n * DAY, team.early) for n in range(3)))
    wanted = NewShift("早班", "早", time(7), time(15))
    with pytest.raises(Refused, match="shift_not_yours"):
        actions.change_shift(actor(team.leader), team.early.pk, wanted, expected_version=1)
    boss = actor(person("boss", "duty.edit_roster", at=team.root))
    actions.change_shift(boss, team.early.pk, wanted, expected_version=1)
    begins = [row.starts_at.hour for row in RosterEntry.objects.order_by("on") if row.starts_at]
    assert begins == [22, 23, 23]
    assert RosterBook.objects.get().version == 2
    with pytest.raises(Conflict, match="shift_changed"):
        actions.change_shift(boss, team.early.pk, wanted, expected_version=1)


def test_nobody_works_twice_at_once_not_even_by_a_longer_shift(team: Team) -> None:
    team.roster((team.anna, MONDAY + DAY, team.night), (team.anna, MONDAY + 2 * DAY, team.early))
    boss = actor(person("boss", "duty.edit_roster", at=team.root))
    with pytest.raises(Conflict, match="shift_overlaps"):
        actions.change_shift(
            boss, team.early.pk, NewShift("早班", "早", time(5), time(14)), expected_version=1
        )
    team.early.refresh_from_db()
    assert team.early.starts == time(6)


def test_on_duty_is_who_is_rostered_and_not_away(team: Team) -> None:
    team.roster(
        (team.anna, MONDAY, team.early), (team.bert, MONDAY, team.early), (team.cora, MONDAY, team.night)
    )
    away(team.bert, 0, 0)
    found = queries.on_duty(NOON)
    assert set(found) == {team.anna.pk}
    assert (found[team.anna.pk].shift, found[team.anna.pk].basis) == ("早班", "roster")
    # At midnight only the night shift; its unit has a roster, so its leader has no hours by the calendar.
    assert set(queries.on_duty(NOON + 14 * timedelta(hours=1))) == {team.cora.pk}


def test_without_any_roster_the_calendar_says_who_is_on_duty(team: Team) -> None:
    assert set(queries.on_duty(NOON)) == set()  # noon is no working time: 12:00
    morning = queries.on_duty(NOON - timedelta(hours=2))
    assert morning[team.anna.pk].basis == "calendar"
    assert not queries.on_duty(NOON - timedelta(days=1, hours=2))  # a Sunday


def test_what_is_planned_for_later_takes_nobody_off_duty_today(team: Team) -> None:
    morning = NOON - timedelta(hours=2)
    team.roster((team.anna, MONDAY + 20 * DAY, team.early))
    assert queries.on_duty(morning)[team.bert.pk].basis == "calendar"
    # From its first rostered day on a unit works by its roster; the day before it does not, whatever is asked at once.
    team.roster((team.anna, MONDAY + DAY, team.early))
    found = queries.spans_on_duty(team.bert.pk, morning, morning + 2 * DAY)
    assert {one.starts_at.astimezone(clock.LOCAL).date() for one in found} == {MONDAY}
    here = {team.anna.pk, team.bert.pk}
    assert here & set(queries.on_duty(morning + DAY)) == {team.anna.pk}
    assert not here & set(queries.on_duty(morning + 2 * DAY))


def test_who_has_a_skill(team: Team) -> None:
    codes.load_edition(read_tables(SKILLS))
    leader = actor(team.leader)
    actions.give(leader, team.anna.pk, Skill("first_aid", "A-1"))
    actions.give(leader, team.bert.pk, Skill("first_aid", valid_to=MONDAY))
    assert queries.skilled("first_aid") == {team.anna.pk}
    assert queries.skills_of([team.anna.pk, team.bert.pk]) == {team.anna.pk: ("first_aid",)}
    with pytest.raises(Invalid, match="unknown_skill"):
        actions.give(leader, team.anna.pk, Skill("magic"))
    with pytest.raises(NotFound, match="person_not_found"):
        actions.give(actor(team.far), team.anna.pk, Skill("driving"))
    actions.take(leader, team.anna.pk, "first_aid")
    assert queries.skilled("first_aid") == set()


def test_a_swap_is_agreed_and_approved_before_the_roster_changes(team: Team) -> None:
    team.roster(
        (team.anna, TUESDAY, team.early), (team.bert, WEDNESDAY, team.night), (team.bert, TUESDAY, None)
    )
    anna, bert, leader = actor(team.anna), actor(team.bert), actor(team.leader)
    new = NewSwap(team.unit.pk, TUESDAY, team.bert.pk, WEDNESDAY, "家里有事")
    swap = actions.ask(anna, uuid7(), new)
    with pytest.raises(Conflict, match="swap_open"):
        actions.ask(anna, uuid7(), new)
    with pytest.raises(Conflict, match="swap_moved_on"):
        actions.step(leader, swap.pk, "approve")
    with pytest.raises(Refused, match="not_your_swap"):
        actions.step(anna, swap.pk, "agree")
    with pytest.raises(NotFound, match="swap_not_found"):
        actions.step(actor(team.far), swap.pk, "approve")
    actions.step(bert, swap.pk, "agree")
    assert RosterEntry.objects.get(user=team.anna, on=TUESDAY).shift == team.early
    actions.step(leader, swap.pk, "approve")
    shifts = {(row.user_id, row.on): row.shift_id for row in RosterEntry.objects.all()}
    assert shifts == {
        (team.anna.pk, TUESDAY): None,
        (team.bert.pk, TUESDAY): team.early.pk,
        (team.bert.pk, WEDNESDAY): None,
        (team.anna.pk, WEDNESDAY): team.night.pk,
    }
    assert set(queries.on_duty(NOON + DAY)) == {team.bert.pk}


def test_who_is_away_cannot_be_swapped_in(team: Team) -> None:
    team.roster((team.anna, TUESDAY, team.early))
    away(team.bert, 1, 1)
    swap = actions.ask(actor(team.anna), uuid7(), NewSwap(team.unit.pk, TUESDAY, team.bert.pk, None, "有事"))
    actions.step(actor(team.bert), swap.pk, "agree")
    with pytest.raises(Conflict, match="works_elsewhere"):
        actions.step(actor(team.leader), swap.pk, "approve")


def approved(team: Team, new: NewSwap) -> None:
    swap = actions.ask(actor(team.anna), uuid7(), new)
    actions.step(actor(team.bert), swap.pk, "agree")
    actions.step(actor(team.leader), swap.pk, "approve")


def test_a_swap_takes_no_shift_away_that_is_not_part_of_it(team: Team) -> None:
    team.roster((team.anna, TUESDAY, team.early), (team.bert, TUESDAY, team.night),
                (team.anna, WEDNESDAY, team.night), (team.bert, WEDNESDAY, team.early))  # fmt: skip
    for other_on in (None, WEDNESDAY):
        with pytest.raises(Conflict, match="day_taken"):
            approved(team, NewSwap(team.unit.pk, TUESDAY, team.bert.pk, other_on, "有事"))
    team.roster((team.bert, TUESDAY, None))
    with pytest.raises(Conflict, match="day_taken"):  # the night of who asks
        approved(team, NewSwap(team.unit.pk, TUESDAY, team.bert.pk, WEDNESDAY, "有事"))
    team.roster((team.bert, TUESDAY, team.night), (team.anna, WEDNESDAY, None), (team.bert, WEDNESDAY, None))
    swap = NewSwap(team.unit.pk, TUESDAY, team.bert.pk, None, "有事")
    team.roster((team.bert, TUESDAY, None))
    asked = actions.ask(actor(team.anna), uuid7(), swap)
    actions.step(actor(team.bert), asked.pk, "agree")
    team.roster((team.bert, TUESDAY, team.night))
    with pytest.raises(Conflict, match="day_taken"):
        actions.step(actor(team.leader), asked.pk, "approve")
    actions.step(actor(team.leader), asked.pk, "refuse", note="夜班没人")
    approved(team, NewSwap(team.unit.pk, TUESDAY, team.bert.pk, TUESDAY, "有事"))
    worked = RosterEntry.objects.filter(shift__isnull=False).values_list("user_id", "shift_id")
    assert set(worked) == {(team.anna.pk, team.night.pk), (team.bert.pk, team.early.pk)}


def test_only_what_was_asked_for_changes_hands_and_only_before_it_begins(team: Team) -> None:
    team.roster((team.anna, MONDAY, team.early), (team.anna, TUESDAY, team.early))
    with pytest.raises(Conflict, match="shift_begun"):
        actions.ask(actor(team.anna), uuid7(), NewSwap(team.unit.pk, MONDAY, team.bert.pk, None, "有事"))
    swap = actions.ask(actor(team.anna), uuid7(), NewSwap(team.unit.pk, TUESDAY, team.bert.pk, None, "有事"))
    actions.step(actor(team.bert), swap.pk, "agree")
    with clock.frozen(NOON + DAY), pytest.raises(Conflict, match="shift_begun"):
        actions.step(actor(team.leader), swap.pk, "approve")
    team.roster((team.anna, TUESDAY, team.night))
    with pytest.raises(Conflict, match="swap_shift_changed"):
        actions.step(actor(team.leader), swap.pk, "approve")


def test_the_successor_of_a_unit_has_its_coming_days_and_shifts(team: Team) -> None:
    team.roster((team.anna, MONDAY, team.early), (team.anna, MONDAY + DAY, team.night))
    RosterEntry.objects.filter(on=MONDAY).update(on=MONDAY - DAY)
    hand_rosters_over_after_merger(UnitMerged(team.unit.pk, team.other.pk))
    team.night.refresh_from_db()
    assert team.night.unit_id == team.other.pk
    assert [row.unit_id for row in RosterEntry.objects.order_by("on")] == [team.unit.pk, team.other.pk]
