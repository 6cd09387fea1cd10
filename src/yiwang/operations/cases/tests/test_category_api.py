"""Categories over HTTP."""

from typing import Any

import pytest
from django.test import Client

from yiwang.core.accounts.tests.people import Browser, person
from yiwang.operations.cases.categories import seed as category_seed

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Browser:
    category_seed.load()
    return Browser(person("reader"))


def test_a_stranger_learns_nothing() -> None:
    assert Client().get("/api/v1/categories").status_code == 401


def test_one_answer_holds_every_class_with_its_conditions(browser: Browser) -> None:
    items = browser.get("/categories").json()["items"]
    assert len(items) == 239
    (light,) = [item for item in items if item["key"] == "component.street_light"]
    conditions = light.pop("conditions")
    assert "路灯不亮" in light.pop("search")
    assert light == {
        "key": "component.street_light",
        "kind": "component",
        "zh": "路灯",
        "en": "Street light",
        "major": {"code": "01", "zh": "公用设施", "en": "Public utilities"},
        "code": "0137",
        "codes": {"gbt_30428_2": "0137", "cjt_214_2007": "0118"},
        "origin": "adopted",
        "source": {
            "zh": "山西省运城市采用的立案、处置、结案标准表（编号依 GB/T 30428.2）",
            "en": "Filing, handling and closing table adopted by Yuncheng city, Shanxi (numbering of GB/T 30428.2)",
        },
        "confidence": "adopted",
        "usual_unit": "lighting",
        "edition": "2026.1",
        "version": 0,
        "requests": {},
    }
    assert [condition["no"] for condition in conditions] == [1, 2, 3, 4, 5, 6]
    assert conditions[2]["text"] == {"zh": "单灯不亮", "en": "Single lamp dark"}
    assert conditions[2]["limit"] == {"kind": "working_day", "amount": "2"}
    assert (conditions[2]["area_limits"], conditions[2]["handling"]) == ({}, {"zh": "", "en": ""})


def test_a_browser_asks_again_only_whether_it_changed(
    browser: Browser, django_assert_num_queries: Any
) -> None:
    first = browser.get("/categories")
    tag = first.headers["ETag"]
    again = browser.client.get("/api/v1/categories", headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    other = browser.client.get("/api/v1/categories", headers={"If-None-Match": '"old"'})
    assert other.status_code == 200
    assert other.headers["Cache-Control"] == "private, no-cache"
