"""The search box: cases by number, words and telephone, streets by name; each within what the person may see."""

from typing import Any

import pytest
from django.db import connection

from yiwang.core.accounts.models import User
from yiwang.core.accounts.tests.people import Browser, actor, person
from yiwang.operations.cases import searching
from yiwang.operations.cases.models import Reporter
from yiwang.operations.cases.tests.district import STREET, District, Walk

pytestmark = pytest.mark.django_db


def found(who: User, q: str, **more: Any) -> dict[str, list[dict[str, Any]]]:
    answer = Browser(who).get("/search", q=q, **more)
    assert answer.status_code == 200, answer.content
    return {group["kind"]: group["items"] for group in answer.json()["groups"]}


@pytest.fixture
def walk(district: District) -> Walk:
    walk = Walk(district)
    Reporter.objects.update_or_create(case=walk.case, defaults={"name": "王五", "phone": "138 0013-8000"})
    return walk


def test_a_case_is_found_by_its_number_and_by_words(district: District, walk: Walk) -> None:
    for q in (walk.case.number, walk.case.number[-5:], f" {walk.case.description[:2]} "):
        (hit,) = found(district.shift, q)["case"]
        assert hit["id"] == str(walk.case.pk)
        assert walk.case.number in hit["line"]
        assert hit["title"]["zh"] == "暴露生活垃圾"
        assert hit["state"]["en"]
    assert "case" not in found(district.other_collector, walk.case.number)
    assert found(district.shift, "   ") == {}


@pytest.mark.parametrize("q", ["13800138000", "138 0013 8000", "8000", "+138-0013-8000"])
def test_a_telephone_number_finds_for_who_may_see_it_and_is_masked(
    district: District, walk: Walk, q: str
) -> None:
    Walk(district)
    (hit,) = found(district.acceptor, q)["case"]
    assert hit["id"] == str(walk.case.pk)
    assert "138******8000" in hit["line"]
    assert "case" not in found(district.shift, q), "sees the case, and not who told us"
    away = person("away", "cases.view_case", "cases.view_reporter", areas=["420117002"])
    assert "case" not in found(away, q)


def test_only_the_end_of_a_number_is_its_end(district: District, walk: Walk) -> None:
    for q in ("138001", "000", "99998000"):
        assert "case" not in found(district.acceptor, q), q


def test_of_one_whose_values_were_erased_nothing_is_found(district: District, walk: Walk) -> None:
    Reporter.objects.filter(case=walk.case).update(name="", phone="")
    assert "case" not in found(district.acceptor, "13800138000")


def test_numbers_are_looked_up_by_their_end(district: District, walk: Walk) -> None:
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
    tail = searching.of_number("13800138000")
    assert "cases_reporter_by_phone_tail" in tail.values("case_id").explain()
    assert list(tail.values_list("case_id", flat=True)) == [walk.case.pk]


def test_streets_are_found_by_name_and_by_code(district: District) -> None:
    viewer = person("viewer", "geo.view_map")
    assert [hit["id"] for hit in found(viewer, "邾城")["area"]] == [STREET, f"{STREET}001"]
    assert found(viewer, STREET)["area"][0]["title"]["zh"] == "邾城街道"
    assert "area" not in found(viewer, "00")
    assert "case" not in found(viewer, "垃圾"), "no permission, no hits"


def test_a_few_of_each_kind_and_a_word_when_there_are_more(district: District) -> None:
    for _ in range(3):
        Walk(district)
    answer = Browser(district.shift).get("/search", q="垃圾", most=2).json()["groups"][0]
    assert (len(answer["items"]), answer["more"]) == (2, True)
    assert len(searching.find(actor(district.shift), "垃圾", 5)) == 3
    assert Browser().get("/search", q="x").status_code == 401
    assert Browser(district.shift).get("/search", q="x", most=21).status_code == 422
