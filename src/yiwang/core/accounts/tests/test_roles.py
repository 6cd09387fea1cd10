"""Roles changed here against the shipped edition; posts and units made here."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from yiwang.core.accounts import actions, seed
from yiwang.core.accounts.models import Post, Role, Unit
from yiwang.core.accounts.tests.people import SYSTEM, Browser, actor, person, unit
from yiwang.core.audit.models import Entry

pytestmark = pytest.mark.django_db
RIGHTS = ("accounts.manage_user", "accounts.edit_role", "accounts.reorganise_units", "accounts.view_unit")


class Hall:
    """An administrator of the whole tree, with the shipped roles."""

    def __init__(self) -> None:
        seed.load()
        self.root = unit("root")
        self.chief = person("chief", *RIGHTS, at=self.root)
        self.browser = Browser(self.chief)

    def role(self, key: str) -> dict[str, Any]:
        rows = self.browser.get("/roles").json()["items"]
        return next(row for row in rows if row["key"] == key)

    def put(self, key: str, permissions: list[str], browser: Browser | None = None, **more: Any) -> Any:
        body = {
            "permissions": permissions,
            "expected_version": self.role(key)["version"],
            "note": "局办〔2026〕1 号",
        }
        return (browser or self.browser).write("put", f"/roles/{key}", {**body, **more})


@pytest.fixture
def hall() -> Hall:
    return Hall()


def test_a_local_change_wins_and_stays_beside_what_is_shipped(hall: Hall, tmp_path: Path) -> None:
    clerk = person("clerk", at=hall.root)
    actions.assign(
        SYSTEM,
        user=clerk,
        post=actions.save_post(hall.root, "c", name="经办"),
        role=Role.objects.get(key="unit_clerk"),
    )
    shipped = hall.role("unit_clerk")["permissions"]
    changed = hall.put("unit_clerk", [*shipped, "cases.urge_case"])
    assert changed.status_code == 200, changed.content
    row = hall.role("unit_clerk")
    assert set(row["permissions"]) - set(row["shipped"]) == {"cases.urge_case"}
    assert (row["changed_by"], row["note"], row["people"]) == ("人chief", "局办〔2026〕1 号", 1)
    assert actor(clerk).can("cases.urge_case")
    assert Entry.objects.get(action="accounts.change_role").after["added"] == ["cases.urge_case"]
    late = hall.put("unit_clerk", shipped, expected_version=1)
    assert (late.status_code, late.json()["code"]) == (409, "role_changed")

    edition = json.loads(settings.ROLES_FILE.read_text(encoding="utf-8"))
    next(one for one in edition["roles"] if one["key"] == "unit_clerk")["permissions"] = ["cases.view_case"]
    newer = tmp_path / "roles.json"
    other = next(one for one in edition["roles"] if one["key"] == "shift_leader")
    taken = other["permissions"].pop()
    newer.write_text(json.dumps(edition), encoding="utf-8")
    actions.load_roles(newer)
    by_itself = Entry.objects.get(action="accounts.change_role", actor_id=None)
    assert (by_itself.object_id, by_itself.before) == ("shift_leader", {"removed": [taken]})
    row = hall.role("unit_clerk")
    assert row["shipped"] == ["cases.view_case"]
    assert "cases.urge_case" in row["permissions"], "an upgrade shows the difference and takes nothing back"
    assert hall.put("unit_clerk", ["cases.view_case"]).json()["changed_at"] is None


def test_nobody_gives_what_they_lack_or_takes_their_own_last_right(hall: Hall) -> None:
    clerk = hall.role("unit_clerk")["permissions"]
    beyond = hall.put("unit_clerk", [*clerk, "accounts.erase_person"])
    assert (beyond.status_code, beyond.json()["code"]) == (422, "beyond_own_rights")
    unknown = hall.put("unit_clerk", [*clerk, "cases.fly"])
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_permission")
    own = hall.put("role-chief", ["accounts.edit_role"])
    assert (own.status_code, own.json()["code"]) == (403, "own_last_right")
    assert hall.put("role-chief", [*RIGHTS, "geo.view_map"]).status_code == 200
    missing = hall.browser.write("put", "/roles/none", {"permissions": [], "expected_version": 1})
    assert missing.status_code == 404


def test_what_one_holds_for_a_part_does_not_come_into_a_role_of_all(hall: Hall) -> None:
    part = actions.save_post(unit("water", hall.root), "part", name="水务管理员")
    does = {"zh": "试用", "en": "Tries"}
    role = Role.objects.create(
        key="part", name="part", name_en="Part", does=does, permissions=["accounts.erase_person"]
    )
    actions.assign(SYSTEM, user=hall.chief, post=part, role=role)
    assert actor(hall.chief).can("accounts.erase_person")
    refused = hall.put("role-chief", [*RIGHTS, "accounts.erase_person"])
    assert (refused.status_code, refused.json()["code"]) == (422, "beyond_own_rights")


def test_roles_are_the_whole_districts(hall: Hall) -> None:
    part = Browser(person("part", *RIGHTS, at=unit("water", hall.root)))
    refused = hall.put("unit_clerk", [], browser=part)
    assert (refused.status_code, refused.json()["code"]) == (403, "roles_not_yours")
    assert part.get("/roles").json()["may_edit"] is False
    assert (
        hall.put("unit_clerk", [], browser=Browser(person("reader", RIGHTS[0], at=hall.root))).status_code
        == 403
    )


def test_posts_are_made_renamed_and_ended(hall: Hall) -> None:
    water = unit("water", hall.root)
    made = hall.browser.post(f"/units/{water.pk}/posts", {"name": "巡查员", "usual_role": "unit_clerk"})
    assert (made.status_code, made.json()["key"]) == (201, "unit_clerk")
    twice = hall.browser.post(f"/units/{water.pk}/posts", {"name": "巡查员"})
    assert (twice.status_code, twice.json()["code"]) == (422, "post_taken")
    key = made.json()["id"]
    assert hall.browser.write("put", f"/posts/{key}", {"name": "巡河员"}).status_code == 204
    assert actions.save_post(water, "unit_clerk", name="经办").name == "巡河员", "an upgrade leaves it"
    held = person("holder", at=water)
    (row,) = [one for one in hall.browser.get(f"/units/{water.pk}/posts").json()["items"] if one["holders"]]
    assert row["holders"][0]["name"] == held.name
    refused = hall.browser.post(f"/posts/{row['id']}/end")
    assert (refused.status_code, refused.json()["code"]) == (409, "post_held")
    assert hall.browser.post(f"/posts/{key}/end").status_code == 204
    assert key not in {one["id"] for one in hall.browser.get("/posts").json()["items"]}
    assignment = {"post_id": key, "role": "unit_clerk"}
    body = {"username": "late", "name": "晚", "assignment": assignment}
    assert hall.browser.post("/staff", body).json()["code"] == "post_ended"
    far = Browser(person("far", *RIGHTS, at=unit("roads", hall.root)))
    assert far.get(f"/units/{water.pk}/posts").status_code == 403
    assert far.post(f"/posts/{key}/end").status_code == 403
    assert Post.objects.get(pk=key).ended_on is not None


def test_a_unit_is_made_below_another(hall: Hall) -> None:
    body = {"name": "水务执法队", "short_name": "水务队", "handles_cases": True, "note": "编办〔2026〕3 号"}
    made = hall.browser.post(f"/units/{hall.root.pk}/units", body)
    assert made.status_code == 201, made.content
    row = Unit.objects.get(pk=made.json()["id"])
    assert row.path == f"{hall.root.path}{row.pk}."
    (change,) = hall.browser.get(f"/units/{row.pk}/changes").json()["items"]
    assert (change["kind"], change["note"]) == ("created", "编办〔2026〕3 号")
    taken = hall.browser.post(f"/units/{hall.root.pk}/units", {**body, "code": row.code})
    assert (taken.status_code, taken.json()["code"]) == (422, "unit_code_taken")
    empty = hall.browser.post(f"/units/{hall.root.pk}/units", {**body, "short_name": " "})
    assert empty.json()["field"] == "short_name"
    far = Browser(person("far", *RIGHTS, at=row))
    assert far.post(f"/units/{hall.root.pk}/units", body).status_code == 403
