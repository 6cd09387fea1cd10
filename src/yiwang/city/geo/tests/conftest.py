"""The real district, read and cut once for all tests of this room."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from pytest_django import DjangoDbBlocker

from yiwang.city.geo import actions, seed
from yiwang.city.geo.cut.district import Cut, cut_district
from yiwang.city.geo.cut.plan import DistrictPlan
from yiwang.city.geo.district_folder import District, read_district

keep_cut = cache(lambda folder, number: cut_district(read_district(folder).plan(), number))


@pytest.fixture(scope="session")
def folder() -> Path:
    return settings.DISTRICT_DIR


@pytest.fixture(scope="session")
def district(folder: Path) -> District:
    return read_district(folder)


@pytest.fixture(scope="session")
def cut(folder: Path) -> Cut:
    return keep_cut(folder, seed.SEED)


@pytest.fixture(scope="module")
def loaded(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, folder: Path
) -> Iterator[dict[str, int]]:
    """The seeded district for a whole module, undone at its end; each test runs in a savepoint of its own.

    Cuts are kept by their seed, as one takes seconds.
    """

    def kept(plan: DistrictPlan, seed: int) -> Cut:
        return keep_cut(folder, seed)

    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setattr(actions, "cut_district", kept)
        yield seed.load()
        transaction.set_rollback(True)
