"""The demo district is made through the real actions and stands as planned."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from yiwang.city.duty import seed as duty_seed
from yiwang.city.geo import queries as geo
from yiwang.city.geo import seed as geo_seed
from yiwang.core import clock
from yiwang.core.accounts import actions as accounts
from yiwang.core.accounts import queries
from yiwang.core.accounts import seed as accounts_seed
from yiwang.core.accounts.models import User
from yiwang.core.calendars import seed as calendars_seed
from yiwang.core.errors import Conflict
from yiwang.core.forms import seed as forms_seed
from yiwang.core.imports.models import ExternalKey
from yiwang.operations.cases import seed as cases_seed
from yiwang.operations.cases.models import Case, Reporter, Step
from yiwang.project import demo
from yiwang.project.demo.plan import FULL, Sizes

SMALL = Sizes(dict.fromkeys(FULL.open_cases, 1), closed=4, past=40)


@pytest.fixture
def empty_district(db: None, settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path
    for seed in (calendars_seed, accounts_seed, forms_seed, geo_seed, duty_seed, cases_seed):
        seed.load()


def check(sizes: Sizes, counts: dict[str, int]) -> None:
    """What holds for a demo of any size."""
    now = clock.now()
    states = Counter(Case.objects.values_list("state", flat=True))
    assert counts["cases"] == Case.objects.count() == sum(states.values())
    assert counts["steps"] == Step.objects.count()
    assert states["reported"] == sizes.open_cases["reported"]
    assert states["pending_check"] == sizes.open_cases["pending_check"]
    assert states["not_accepted"] >= 8
    assert states["closed"] >= sizes.closed * 0.9
    assert Case.objects.filter(pending_request="return").count() >= 1
    assert Case.objects.filter(state__in=["closed", "archived"]).count() >= sizes.past * 0.75
    # Which moment it is decides what the calendar allows: hardly a story in a thousand may be left out for it.
    assert sizes.past - 2 <= ExternalKey.objects.filter(source="demo").count() <= sizes.past
    assert Case.objects.filter(reported_at__gt=now).count() == 0
    assert Case.objects.filter(reported_at__lt=now - timedelta(days=180)).count() == 0
    numbers = list(Case.objects.order_by("reported_at").values_list("number", flat=True))
    assert numbers == sorted(numbers)
    assert not Reporter.objects.exclude(phone__startswith="1380000").exists()
    for case in Case.objects.filter(source="collector_patrol").select_related("category"):
        assert case.photos.filter(slot="near").exists()
        place = geo.locate(case.location.x, case.location.y)
        assert place is not None
        assert place.unit_grid == case.area_code
        assert place.duty_person is not None
        assert place.duty_person.user_id == case.reported_by


def check_officers() -> None:
    """Every community of a street has one grid officer."""
    officers = [row for row in queries.demo_accounts() if row.role.key == "collector"]
    served = Counter(area for row in officers for area in row.areas)
    communities = {area.code for area in geo.areas() if area.level == "community"}
    assert set(served) == {code for code in communities if not code.startswith("420117406")}
    assert max(served.values()) == 1


def test_a_small_demo_stands_as_planned_and_is_made_once(empty_district: None) -> None:
    counts = demo.load(sizes=SMALL)
    check(SMALL, counts)
    assert 55 <= counts["people"] <= 70
    roles = Counter(row.role.key for row in queries.demo_accounts())
    assert roles["acceptor"] == 4
    assert roles["unit_clerk"] == 31
    assert roles["collector"] == 22
    assert {"shift_leader", "dispatcher", "inspector", "leader", "administrator"} <= set(roles)
    check_officers()
    assert demo.load(sizes=SMALL) == {"people": 0, "cases": 0, "steps": 0}


@pytest.mark.django_db
def test_a_real_district_is_never_filled() -> None:
    accounts.found(kind="real", district_code="420117", district_name="武汉市新洲区")
    with pytest.raises(Conflict, match="already_founded"):
        demo.load(sizes=SMALL)
    assert not User.objects.exists()


@pytest.mark.full
def test_the_whole_demo_stands_as_planned(empty_district: None) -> None:
    check(FULL, demo.load())
