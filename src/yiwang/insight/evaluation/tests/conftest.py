"""A small district with cases of many kinds, and people who may see the board."""

import pytest

from yiwang.core.accounts.models import User
from yiwang.core.accounts.tests.people import person, unit
from yiwang.core.events import relay
from yiwang.operations.cases.models import Case
from yiwang.operations.cases.tests import district as small
from yiwang.operations.cases.tests.district import ELSEWHERE, STREET, District
from yiwang.operations.cases.tests.test_history import Teller, stories

BOARD = ("cases.view_case", "evaluation.view_board")


@pytest.fixture
def district(db: None) -> District:
    """The seeded district with its people."""
    small.land()
    small.seeded()
    return small.build()


@pytest.fixture
def lived(district: District) -> dict[str, Case]:
    """Cases of many kinds, lived through the live doors, their news delivered."""
    teller = Teller(district)
    cases = teller.live([teller.past(key, steps) for key, steps in stories(district).items()])
    while relay.deliver_due():
        pass
    return cases


@pytest.fixture
def readers(district: District) -> dict[str, User]:
    """Who reads the board: of the whole district, of either street, of either unit."""
    office = district.unit.parent and unit("office", district.unit.parent)
    return {
        "whole": person("boardwhole", *BOARD, areas=[STREET[:6]], at=office),
        "here": person("boardhere", *BOARD, areas=[STREET], at=office),
        "there": person("boardthere", *BOARD, areas=[ELSEWHERE], at=office),
        "water": person("boardwater", *BOARD, at=district.unit),
        "roads": person("boardroads", *BOARD, at=district.other_unit),
    }
