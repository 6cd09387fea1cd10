"""Who hears of an event, and how long a failure waits."""

from datetime import timedelta
from itertools import pairwise

import pytest

from yiwang.core.actor import Actor, Scope, system
from yiwang.core.events.declare import Audience
from yiwang.core.events.rules import LONGEST_WAIT, MOST_ATTEMPTS, backoff, visible
from yiwang.core.ids import uuid7

GRID = "420117001002003"


def actor(*areas: str, unit_path: str = "", permissions: tuple[str, ...] = ("cases.view_case",)) -> Actor:
    scope = Scope("role", "岗位", None, "", unit_path, areas, frozenset(permissions))
    return Actor(user_id=uuid7(), name="甲", assignments=(scope,))


@pytest.mark.parametrize("area", ["420117", "420117001", "420117001002", GRID])
def test_authority_over_an_area_hears_of_what_happens_in_it(area: str) -> None:
    assert visible(actor(area), Audience(area_code=GRID))


@pytest.mark.parametrize("area", ["420118", "420117002", "420117001003", "42011700100200300"])
def test_authority_over_another_area_does_not(area: str) -> None:
    assert not visible(actor(area), Audience(area_code=GRID))


def test_an_area_without_digits_is_no_authority_over_everything() -> None:
    assert not visible(actor(""), Audience(area_code=GRID))


def test_a_unit_hears_of_what_concerns_its_subtree() -> None:
    audience = Audience(unit_paths=("1.4.7.",))
    assert visible(actor(unit_path="1.4."), audience)
    assert visible(actor(unit_path="1.4.7."), audience)
    assert not visible(actor(unit_path="1.4.7.9."), audience)
    assert not visible(actor(unit_path="1.5."), audience)
    assert not visible(actor(unit_path=""), audience)


def test_one_unit_of_several_is_enough() -> None:
    assert visible(actor(unit_path="1.5."), Audience(unit_paths=("1.4.", "1.5.2.")))


def test_a_named_user_hears_of_it_wherever_they_are() -> None:
    someone = actor("999999")
    assert visible(someone, Audience(area_code=GRID, user_ids=(uuid7(), someone.user_id)))


def test_a_named_user_without_the_permission_does_not() -> None:
    someone = actor("420117", permissions=())
    audience = Audience(area_code=GRID, user_ids=(someone.user_id,), permission="cases.view_case")
    assert not visible(someone, audience)
    assert visible(actor("420117"), audience)


def test_an_assignment_without_the_permission_does_not_count() -> None:
    audience = Audience(area_code=GRID, permission="cases.view_case")
    assert visible(actor("420117"), audience)
    assert not visible(actor("420117", permissions=("files.upload_file",)), audience)


def test_permission_in_one_place_and_authority_in_another_do_not_add_up() -> None:
    can = Scope("r", "p", None, "", "", ("420118",), frozenset({"cases.view_case"}))
    there = Scope("r", "p", None, "", "", ("420117",), frozenset())
    both = Actor(user_id=uuid7(), name="乙", assignments=(can, there))
    assert not visible(both, Audience(area_code=GRID, permission="cases.view_case"))


def test_nobody_hears_of_an_event_without_audience() -> None:
    assert not visible(actor("420117", unit_path="1."), Audience())
    assert not visible(system("worker"), Audience())


def test_waits_grow_and_stay_bounded() -> None:
    waits = [backoff(attempt) for attempt in range(1, 100)]
    assert waits[:4] == [timedelta(seconds=s) for s in (1, 2, 4, 8)]
    assert all(one <= other for one, other in pairwise(waits))
    assert waits[-1] == LONGEST_WAIT
    assert sum(waits[: MOST_ATTEMPTS - 1], timedelta()) < timedelta(minutes=5)
