"""Patrols over HTTP: who may what where, what a phone keeps, and its commands."""

from typing import Any
from uuid import UUID

import pytest

from yiwang.core import clock
from yiwang.core.accounts.tests.people import Browser, person
from yiwang.core.forms.queries import form_in_force
from yiwang.core.ids import uuid7
from yiwang.operations.cases.tests.district import ELSEWHERE, HERE, STREET, picture
from yiwang.operations.patrol.models import Plan, Task
from yiwang.operations.patrol.tests.small import Town, first_task, planned

pytestmark = pytest.mark.django_db
LON, LAT = HERE


def plan_body(town: Town, **changes: Any) -> dict[str, Any]:
    return {
        "name": "主干道巡查",
        "unit_id": town.unit.pk,
        "area_code": STREET,
        "kind": "points",
        "form": "look",
        "frequency": {"A": {"times": 1, "per": "day"}},
        "windows": [{"start": "08:00", "end": "18:00"}],
        "starts_on": clock.today().isoformat(),
        "targets": [{"name": "门口", "lon": LON, "lat": LAT}],
        **changes,
    }


def command(kind: str, seq: int, **body: Any) -> dict[str, Any]:
    return {
        "id": str(uuid7()),
        "seq": seq,
        "kind": f"patrol.{kind}",
        "at": clock.now().isoformat(),
        "body": body,
    }


def send(phone: Browser, *items: dict[str, Any]) -> list[dict[str, Any]]:
    body = {"device_id": str(UUID(int=7)), "sent_at": clock.now().isoformat(), "items": list(items)}
    answer = phone.post("/commands", body)
    assert answer.status_code == 200, answer.content
    return list(answer.json()["items"])


def test_a_plan_is_made_seen_changed_by_whom_it_concerns(town: Town) -> None:
    planner = Browser(town.planner)
    made = planner.post("/patrol/plans", plan_body(town))
    assert made.status_code == 201, made.content
    plan = made.json()
    assert (plan["version"], plan["targets"][0]["grade"], plan["tasks"]) == (1, "A", 1)
    path = f"/patrol/plans/{plan['id']}"
    assert planner.get(f"{path}/preview").json()["items"][0]["tasks"] == 1
    changed = planner.write("put", path, plan_body(town, expected_version=1, name="夜间巡查"))
    assert changed.json()["name"] == "夜间巡查"
    late = planner.write("put", path, plan_body(town, expected_version=1))
    assert (late.status_code, late.json()["code"]) == (409, "patrol_changed")
    assert (
        planner.post(f"{path}/state", {"state": "paused", "expected_version": 2}).json()["state"] == "paused"
    )
    assert planner.get("/patrol/plans", state="paused", q="夜间").json()["items"][0]["id"] == plan["id"]
    beside = Browser(
        person("beside", "patrol.view_work", "patrol.edit_plan", areas=[ELSEWHERE], at=town.street_unit)
    )
    assert beside.get(path).status_code == 404
    assert beside.write("put", path, plan_body(town, expected_version=3)).status_code == 404
    assert beside.post("/patrol/plans", plan_body(town)).status_code == 403
    assert Browser().get("/patrol/plans").status_code == 401
    assert Browser(town.walker).post("/patrol/plans", plan_body(town)).status_code == 403


def test_a_phone_keeps_its_day_and_walks_it_by_commands(town: Town) -> None:
    plan = planned(town)
    phone = Browser(town.walker)
    packet = phone.get("/patrol/mine").json()
    assert packet["forms"] == [{"key": "look", "version": form_in_force("look").version}]
    task = packet["tasks"][0]
    point = task["points"][0]
    assert (point["shape"]["type"], task["kind"], len(packet["tasks"])) == ("Point", "points", 2)
    at = {"task_id": task["id"], "point_id": point["id"]}
    photo = str(picture(town.actor("walker")).file_id)
    case = {"category": "event.exposed_waste", "description": "路边有垃圾", "lon": LON, "lat": LAT,
        "photos": [{"file_id": photo, "slot": "near"}]}  # fmt: skip
    filled = {"form": "look", "version": packet["forms"][0]["version"], "answers": {"clean": True}}
    items = send(
        phone,
        command("start", 1, task_id=task["id"]),
        command("check_in", 2, **at, lon=LON, lat=LAT, accuracy_m=8),
        command("fill", 3, **at, **filled),
        command("finding", 4, **at, case=case),
        command("finish", 5, task_id=task["id"]),
        command("finish", 6, task_id=task["id"], note="后门封路"),
    )
    assert [item["state"] for item in items] == ["done"] * 4 + ["refused", "done"], items
    assert items[4]["problem"]["code"] == "note_needed"
    assert items[3]["result"]["number"]
    shown = Browser(town.planner).get(f"/patrol/tasks/{task['id']}").json()
    assert (shown["state"], shown["done_count"], shown["findings"][0]["case"]["group"]) == ("done", 1, "open")
    assert shown["points"][0]["passed"] is True
    filled_at = f"/patrol/tasks/{task['id']}/filled/{point['id']}"
    assert Browser(town.planner).get(filled_at).json()["filled"]["answers"] == {"clean": True}
    assert Browser(town.other).get(filled_at).status_code == 404
    handed = send(phone, command("hand_over", 7, task_ids=[packet["tasks"][1]["id"]], note="剩下的"))
    assert handed[0]["state"] == "done"
    waiting = Browser(town.next_shift).get("/patrol/mine").json()["hand_overs"]
    assert [one["note"] for one in waiting] == ["剩下的"]
    assert Plan.objects.get(pk=plan.pk).tasks.filter(state="handed_over").count() == 1


def test_lists_board_and_coverage_show_ones_own_area(town: Town) -> None:
    plan = planned(town)
    planner, other = Browser(town.planner), Browser(town.other)
    today = clock.today().isoformat()
    assert len(planner.get("/patrol/tasks", day=today).json()["items"]) == 3
    assert [row["person"]["name"] for row in other.get("/patrol/tasks", day=today).json()["items"]] == [
        "人otherwalker"
    ]
    assert len(Browser(town.walker).get("/patrol/tasks", day=today, mine=True).json()["items"]) == 2
    board = planner.get("/patrol/board", day=today).json()["items"]
    assert [(row["total"], row["planned"], row["points"]) for row in board] == [(3, 3, 5)]
    covered = planner.get("/patrol/coverage", since=today, until=today).json()
    assert [(row["grade"], row["due"], row["made"]) for row in covered["grades"]] == [
        ("A", 4, 0),
        ("C", 1, 0),
    ]
    assert (
        planner.get("/patrol/coverage", since="2026-01-01", until=today).json()["errors"][0]["code"]
        == "span_too_long"
    )
    task = first_task(plan, town.walker)
    body = {"person_id": str(town.next_shift.pk)}
    assert planner.post(f"/patrol/tasks/{task.pk}/reassign", body).json()["person"]["name"] == "人nextshift"
    assert Browser(town.walker).post(f"/patrol/tasks/{task.pk}/reassign", body).status_code == 403
    assert planner.post(f"/patrol/tasks/{task.pk}/cancel", {"note": "下雨"}).json()["state"] == "cancelled"


def test_a_list_of_tasks_costs_the_same_however_long(town: Town, django_assert_max_num_queries: Any) -> None:
    planned(town)
    planner = Browser(town.planner)
    planner.get("/patrol/tasks")
    assert Task.objects.count() == 9
    with django_assert_max_num_queries(18):
        planner.get("/patrol/tasks")
        planner.get("/patrol/board")


def test_an_inspection_and_a_call_over_http(town: Town) -> None:
    lead, today = Browser(town.inspector), clock.today().isoformat()
    body = {"name": "公厕检查", "unit_id": town.street_unit.pk, "area_code": STREET[:6], "form": "look",
        "starts_on": today, "ends_on": today}  # fmt: skip
    made = lead.post("/patrol/inspections", body).json()
    path = f"/patrol/inspections/{made['id']}"
    rows = [{"name": f"厕{n}", "lon": LON + n / 1000, "lat": LAT} for n in range(6)]
    put = lead.write("put", f"{path}/population", {"expected_version": 1, "source": "file", "rows": rows})
    assert put.json()["sampling"]["population"] == 6
    sample = lead.post(f"{path}/sample", {"expected_version": 2, "percent": 50, "by": "grade"}).json()
    assert sample["sampling"]["drawn"] == 3
    assert len(lead.get(f"{path}/items", drawn=True).json()["items"]) == 3
    teams = [{"name": "一组", "people": [str(town.walker.pk)]}]
    ran = lead.post(f"{path}/run", {"expected_version": 3, "teams": teams}).json()
    assert (ran["state"], ran["teams"][0]["points"], ran["report"]["whole"]["drawn"]) == ("running", 3, 3)
    point = ran["results"][0]["point_id"]
    order = {"demand": "修门", "unit_id": town.unit.pk, "due_on": today}
    ordered = lead.post(f"/patrol/points/{point}/rectification", order)
    assert ordered.status_code == 201, ordered.content
    waits = Browser(town.walker).get("/patrol/rectifications").json()["items"][0]
    assert (waits["may_report"], waits["may_recheck"]) == (True, False)
    assert Browser(town.walker).get(path).status_code == 404
    assert Browser(town.walker).post(f"{path}/cancel", {"expected_version": 4}).status_code == 403
    planner = Browser(town.planner)
    found = planner.get("/patrol/nearby", lon=LON, lat=LAT, radius_m=2000)
    assert found.status_code == 200
    call = {"reason": "积水", "lon": LON, "lat": LAT, "people": [str(town.walker.pk)]}
    called = planner.post("/patrol/calls", call)
    assert called.status_code == 201, called.content
    phone = Browser(town.walker)
    assert phone.get("/patrol/mine").json()["calls"][0]["my_state"] == "waiting"
    answered = send(
        phone, command("answer_call", 1, call_id=called.json()["id"], answer="arrived", lon=LON, lat=LAT)
    )
    assert answered[0]["result"]["arrived_by"] == "fence"
    assert planner.get("/patrol/calls", open=True).json()["items"][0]["people"][0]["state"] == "arrived"
    assert Browser(town.other).get(f"/patrol/calls/{called.json()['id']}").status_code == 404
