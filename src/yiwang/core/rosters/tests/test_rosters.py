"""People out of a table: looked at, brought in, brought in again."""

import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from yiwang.core.accounts import actions as accounts
from yiwang.core.accounts.models import Assignment, Role, User
from yiwang.core.accounts.tests.people import Browser, person, unit
from yiwang.core.ids import uuid7
from yiwang.core.rosters import actions, rules

MANAGE = "accounts.manage_user"
HEAD = "账号,姓名,手机,单位,岗位,角色,区域,开始日期"


class Desk:
    """An administrator of the water bureau at a browser."""

    def __init__(self) -> None:
        self.water = unit("water", unit("root"))
        accounts.save_post(self.water, "clerk", name="经办")
        accounts.save_post(unit("roads", unit("root")), "clerk", name="经办")
        does = {"zh": "试用", "en": "Tries"}
        for key, permissions in (
            ("clerk", ["cases.view_case"]),
            ("master", [MANAGE, "accounts.erase_person"]),
        ):
            Role.objects.create(key=key, name=f"角色{key}", name_en=key, does=does, permissions=permissions)
        self.browser = Browser(person("manager", MANAGE, at=self.water, areas=["420117001"]))

    def send(self, path: str, table: bytes, key: str = "") -> Any:
        client = self.browser.client
        headers = {"X-CSRFToken": client.cookies["csrftoken"].value, "Idempotency-Key": key or str(uuid7())}
        return client.post(f"/api/v1{path}", {"file": SimpleUploadedFile("x.xlsx", table)}, headers=headers)


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk()


def csv(*rows: str, head: str = HEAD) -> bytes:
    return "\n".join((head, *rows)).encode()


ROWS = csv(
    "wang1,王一,13800138000,water,经办,,420117001,",
    "wang2,王二,,单位water,clerk,角色clerk,420117001001、420117001002,2030-01-02",
    "wang3,王三,,nowhere,经办,,,",
    "wang4,,,water,厨师,,,2030-13-01",
    "wang5,王五,,water,经办,master,,",
    "wang6,王六,,roads,经办,,,",
    "Bad Name,王七,,water,经办,,,",
    "wang1,另一,,water,经办,,,",
    "wang1,王一,,water,经办,,420117001,",
)


def test_a_look_is_the_import_undone_and_again_makes_no_doubles(desk: Desk) -> None:
    seen = desk.send("/rosters/preview", ROWS).json()
    assert not User.objects.filter(username__startswith="wang").exists()
    assert seen["links"] == []
    done = desk.send("/rosters", ROWS).json()
    assert {**done, "links": []} == seen
    assert (done["new"], done["same"], done["faulty"]) == (2, 1, 6)
    faults = {
        row["line"]: [fault["code"] for fault in row["faults"]] for row in done["lines"] if row["faults"]
    }
    assert faults == {
        4: ["unknown_unit"],
        5: ["required", "unknown_post", "not_a_date"],
        6: ["beyond_own_rights"],
        7: ["unknown_unit"],
        8: ["bad_username"],
        9: ["username_of_another"],
    }
    assert [link["username"] for link in done["links"]] == ["wang1", "wang2"]
    held = Assignment.objects.get(user__username="wang2")
    assert (held.role.key, held.areas, str(held.valid_from)) == (
        "clerk", ["420117001001", "420117001002"], "2030-01-02",
    )  # fmt: skip
    again = desk.send("/rosters", ROWS).json()
    assert (again["new"], again["same"], again["faulty"], again["links"]) == (0, 3, 6, [])
    token = done["links"][0]["path"].split("#")[1]
    assert Browser().post("/password-links/check", {"token": token}).json()["username"] == "wang1"


def test_nobody_outside_ones_units_is_named(desk: Desk) -> None:
    person("far", at=unit("roads", unit("root")))
    rows = csv("far,另一,,water,经办,,420117001,", "far,人far,,water,经办,,420117001,")
    seen = desk.send("/rosters/preview", rows)
    assert [line["faults"][0]["code"] for line in seen.json()["lines"]] == ["username_taken"] * 2
    assert [line["faults"][0]["field"] for line in seen.json()["lines"]] == ["username"] * 2
    faults = str([line["faults"] for line in seen.json()["lines"]])
    assert "人far" not in faults


def test_the_template_is_filled_in_and_comes_back(desk: Desk) -> None:
    book = openpyxl.load_workbook(io.BytesIO(desk.browser.get("/rosters/template").content))
    sheet, known = book.worksheets
    assert [cell.value for cell in sheet[1]] == HEAD.split(",")
    assert {row[0] for row in known.iter_rows(min_row=2, values_only=True) if row[0]} == {"单位water"}
    sheet.append(["li1", "李一", 13800138000, "单位water", "经办"])
    out = io.BytesIO()
    book.save(out)
    answer = desk.send("/rosters", out.getvalue())
    assert answer.json().get("new") == 1, answer.content.decode()
    assert User.objects.get(username="li1").phone == "13800138000"


@pytest.mark.parametrize(
    ("table", "code"),
    [
        (b"", "table_unreadable"),
        (b"\xd0\xcf\x11\xe0 old", "table_unreadable"),
        (csv("a,b", head="账号,姓名"), "columns_missing"),
    ],
)
def test_a_file_that_is_no_roster_is_refused(desk: Desk, table: bytes, code: str) -> None:
    answer = desk.send("/rosters", table)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_roster_has_its_bounds(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_ROWS", 1)
    answer = desk.send("/rosters/preview", ROWS)
    assert (answer.status_code, answer.json()["code"]) == (422, "too_many_rows")


def test_a_roster_needs_the_permission(db: None) -> None:
    for path in ("/rosters", "/rosters/preview"):
        assert Browser(person(f"p{len(path)}")).post(path, {}).status_code == 403


KNOWN = rules.Directory(
    units={"水务": frozenset({1}), "两个": frozenset({1, 2})},
    posts={(1, "经办"): (7, "clerk")},
    roles={"clerk": "clerk"},
)
words = st.sampled_from(["", "水务", "两个", "经办", "clerk", "2026-02-30", "2026-02-03", "x"]) | st.text(
    max_size=8
)


@given(st.fixed_dictionaries(dict.fromkeys(rules.PEOPLE.headings, words)))
def test_every_row_is_wanted_or_says_why_not(texts: dict[str, str]) -> None:
    found = rules.resolve(texts, KNOWN)
    if isinstance(found, rules.Wanted):
        assert (found.post_id, found.role) == (7, "clerk")
        assert found.name == texts["name"] != ""
    else:
        assert found
        assert all(fault.field in rules.PEOPLE.headings for fault in found)
