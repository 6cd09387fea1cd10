"""The small district for every database test of this room."""

import pytest

from yiwang.operations.cases.tests import district as small
from yiwang.operations.cases.tests.district import District


@pytest.fixture
def district(db: None) -> District:
    """The seeded district with its people."""
    small.land()
    small.seeded()
    return small.build()


@pytest.fixture
def town(transactional_db: None) -> District:
    """The same in transactions that end, for what several connections see."""
    small.land()
    small.seeded()
    return small.build()
