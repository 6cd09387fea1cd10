"""The small district with duty grids, and a Monday morning on which patrols go."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from yiwang.core import clock
from yiwang.operations.cases.tests.conftest import district as district  # noqa: PLC0414 - a fixture
from yiwang.operations.cases.tests.district import District
from yiwang.operations.patrol.tests import small
from yiwang.operations.patrol.tests.small import Town

MORNING = datetime(2026, 11, 23, 1, tzinfo=UTC)  # 09:00 of a Monday


@pytest.fixture
def town(district: District) -> Iterator[Town]:
    """Who plans, walks, inspects and calls; the clock stands at nine in the morning."""
    with clock.frozen(MORNING):
        yield small.build()
