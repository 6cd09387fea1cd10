"""Units out of a table: looked at, brought in, brought in again."""

import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from yiwang.core import clock
from yiwang.core.accounts.models import Post, Role, Unit
from yiwang.core.accounts.tests.people import Browser, person, unit
from yiwang.core.ids import uuid7
from yiwang.core.rosters import rules

REORGANISE = "accounts.reorganise_units"
HEAD = "单位名称,简称,单位编码,上级单位,类别,处置单位,岗位"
ROWS = "\n".join(
    (
        HEAD,
        "水务分局,水务,water2,,成员单位,是,角色clerk",
        "水政中队,,squad9,水务,队伍,是,角色clerk、角色clerk",
        "没有上级,,,不存在,,,",
        ",没有名称,,,,,",
        "坏的一行,,编码,,部落,也许,厨师",
        "另一个名字,,water2,,,,",
        "水务分局,水务,water2,,成员单位,是,角色clerk",
    )
).encode()


def send(browser: Browser, path: str, table: bytes) -> Any:
    headers = {"X-CSRFToken": browser.client.cookies["csrftoken"].value, "Idempotency-Key": str(uuid7())}
    return browser.client.post(
        f"/api/v1{path}", {"file": SimpleUploadedFile("x.xlsx", table)}, headers=headers
    )


@pytest.fixture
def admin(db: None) -> Browser:
    does = {"zh": "试用", "en": "Tries"}
    Role.objects.create(key="clerk", name="角色clerk", name_en="Clerk", does=does, permissions=[])
    return Browser(person("manager", REORGANISE))


def test_a_look_is_the_import_undone_and_again_makes_no_doubles(admin: Browser) -> None:
    seen = send(admin, "/rosters/units/preview", ROWS).json()
    assert not Unit.objects.filter(code="water2").exists()
    done = send(admin, "/rosters/units", ROWS).json()
    assert done == seen
    assert (done["new"], done["same"], done["faulty"]) == (2, 1, 4)
    faults = {
        row["line"]: {fault["code"] for fault in row["faults"]} for row in done["lines"] if row["faults"]
    }
    assert set.union(*faults.values()) >= {
        "unknown_unit",
        "required",
        "bad_code",
        "unknown_kind",
        "unknown_role",
    }
    assert faults[max(faults)] == {"unit_code_taken"}
    squad = Unit.objects.select_related("parent").get(code="squad9")
    assert (squad.parent.code if squad.parent else "", squad.kind, squad.handles_cases) == (
        "water2",
        "team",
        True,
    )
    assert squad.path.startswith(squad.parent.path if squad.parent else "-")
    assert Post.objects.get(unit=squad).key == "clerk"
    Post.objects.filter(unit=squad).delete()
    again = send(admin, "/rosters/units", ROWS).json()
    assert (again["new"], again["posts"], again["same"], again["faulty"]) == (0, 1, 2, 4)


def test_nobody_makes_units_outside_their_own(admin: Browser) -> None:
    water = unit("water", unit("root"))
    part = Browser(person("part", REORGANISE, at=water))
    rows = f"{HEAD}\n外面的,,,,,,\n里面的,,,water,,,".encode()
    said = send(part, "/rosters/units", rows).json()
    assert [(row["became"], [f["code"] for f in row["faults"]]) for row in said["lines"]] == [
        ("fault", ["unit_not_yours"]),
        ("new", []),
    ]
    clerk = Browser(person("clerk"))
    assert send(clerk, "/rosters/units", rows).status_code == 403
    assert send(clerk, "/rosters/units/preview", rows).status_code == 403
    assert send(admin, "/rosters/units", b"a,b\n1,2").json()["code"] == "columns_missing"


def test_the_template_is_filled_in_and_comes_back(admin: Browser) -> None:
    book = openpyxl.load_workbook(io.BytesIO(admin.get("/rosters/units/template").content))
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]] == HEAD.split(",")
    sheet.append(["绿化队", None, 1234, "单位root"])
    out = io.BytesIO()
    book.save(out)
    assert send(admin, "/rosters/units", out.getvalue()).json()["new"] == 1
    assert Unit.objects.get(code="1234").short_name == "绿化队"


def test_names_are_never_formulas_in_the_templates(admin: Browser) -> None:
    name = '=HYPERLINK("http://x","点")'
    chief = Browser(person("chief", "accounts.manage_user", areas=["420117"]))
    Unit.objects.filter(code="root").update(name=name)
    Role.objects.filter(key="clerk").update(name="=1+1")
    for browser, path in ((admin, "/rosters/units/template"), (chief, "/rosters/template")):
        book = openpyxl.load_workbook(io.BytesIO(browser.get(path).content))
        cells = [
            cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None
        ]
        assert name in {cell.value for cell in cells}
        assert "=1+1" in {cell.value for cell in cells}
        assert {cell.data_type for cell in cells} == {"s"}


def became(said: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    return [(row["became"], [(f["field"], f["code"]) for f in row["faults"]]) for row in said.json()["lines"]]


def test_a_post_that_was_ended_is_made_again_once(admin: Browser) -> None:
    rows = f"{HEAD}\n绿化队,,green,,,,角色clerk".encode()
    send(admin, "/rosters/units", rows)
    Post.objects.filter(unit__code="green").update(ended_on=clock.today())
    said = [became(send(admin, "/rosters/units", rows)) for _ in range(3)]
    assert said == [[("post", [])], [("same", [])], [("same", [])]]
    assert list(Post.objects.filter(unit__code="green").order_by("id").values_list("key", flat=True)) == [
        "clerk",
        "clerk_2",
    ]


def test_a_unit_that_is_over_or_that_the_row_tells_otherwise_is_a_fault(admin: Browser) -> None:
    unit("roads", unit("root"))
    green = unit("green", unit("root"), handles=True)
    rows = f"{HEAD}\n单位green,,green,,,,\n单位green,绿,green,roads,队伍,否,角色clerk".encode()
    fields = ("short_name", "kind", "parent", "handles")
    assert became(send(admin, "/rosters/units", rows)) == [
        ("fault", [(field, "unit_differs") for field in fields]),
        ("same", []),
    ]
    assert not Post.objects.filter(unit=green, key="clerk").exists()
    Unit.objects.filter(pk=green.pk).update(valid_to=clock.today())
    assert became(send(admin, "/rosters/units", rows)) == [("fault", [("code", "unit_ended")])] * 2


def test_so_many_rows_at_a_time(admin: Browser) -> None:
    rows = "\n".join((HEAD, *(["没有上级,,,不存在,,,"] * 301))).encode()
    said = send(admin, "/rosters/units", rows).json()
    assert (said["code"], said["params"]["most"]) == ("too_many_rows", 300)


words = st.sampled_from(["", "水务", "两个", "是", "否", "clerk", "成员单位", "x"]) | st.text(max_size=8)


@given(st.fixed_dictionaries(dict.fromkeys(rules.UNITS.headings, words)))
def test_every_row_is_wanted_or_says_why_not(texts: dict[str, str]) -> None:
    known = {"水务": frozenset({1}), "两个": frozenset({1, 2})}
    found = rules.resolve_unit(texts, known, {"clerk": "clerk"})
    if isinstance(found, rules.WantedUnit):
        assert found.name == texts["name"] != ""
        assert found.parent_id == (1 if texts["parent"] else None)
        assert set(found.roles) <= {"clerk"}
    else:
        assert found
        assert all(fault.field in rules.UNITS.headings for fault in found)
