"""Steps that were taken on a phone and reach us later: when they count, and what is kept of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.core import clock
from yiwang.core.accounts.tests.people import Browser
from yiwang.core.commands.models import Command
from yiwang.core.deadlines.models import Deadline
from yiwang.core.files.models import StoredFile
from yiwang.core.ids import uuid7
from yiwang.operations.cases.models import Case
from yiwang.operations.cases.rules.late import NEAR, PROMPT, Late, Proof, counts_at, proof_of
from yiwang.operations.cases.tests.district import CATEGORY, HERE, District, Walk, after_picture, picture

NOW = datetime(2026, 5, 6, 8, 0, tzinfo=UTC)
SPANS = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=6))
AROUND = st.timedeltas(min_value=timedelta(days=-1), max_value=timedelta(days=1))


@given(age=SPANS, off=AROUND, skew=AROUND, last=SPANS)
def test_a_step_counts_when_it_was_taken_only_with_a_picture_of_that_time(
    age: timedelta, off: timedelta, skew: timedelta, last: timedelta
) -> None:
    late = Late(NOW - age + skew, NOW - age, NOW)
    proof = proof_of(late, [None, late.claimed_at + off])
    assert (proof is Proof.PICTURE) == (abs(off) <= NEAR)
    at = counts_at(late, proof, NOW - last)
    assert NOW - age <= at <= NOW
    assert at >= NOW - last
    assert at == (max(NOW - age, NOW - last) if proof is Proof.PICTURE else NOW)
    assert counts_at(late, Proof.NONE, NOW + last) == NOW + last


def test_a_claim_that_no_clock_explains_is_proven_by_nothing() -> None:
    assert proof_of(Late(NOW, NOW, NOW, doubtful=True), [NOW]) is Proof.NONE
    assert not Late(NOW, NOW - PROMPT, NOW).is_late


class Phone:
    """Sends commands, its clock wrong by so much."""

    def __init__(self, user: Any, *, wrong_by: timedelta = timedelta(0)) -> None:
        self.browser, self.wrong_by, self.seq, self.device = Browser(user), wrong_by, 0, str(uuid7())

    def command(self, kind: str, body: dict[str, Any], *, ago: timedelta = timedelta(0)) -> dict[str, Any]:
        self.seq += 1
        at = clock.now() - ago + self.wrong_by
        return {"id": str(uuid7()), "seq": self.seq, "kind": kind, "at": at.isoformat(), "body": body}

    def send(self, *items: dict[str, Any]) -> list[dict[str, Any]]:
        sent_at = (clock.now() + self.wrong_by).isoformat()
        answer = self.browser.post(
            "/commands", {"device_id": self.device, "sent_at": sent_at, "items": items}
        )
        assert answer.status_code == 200, answer.content
        found: list[dict[str, Any]] = answer.json()["items"]
        return found


def step_of(case: Case, verb: str, **more: Any) -> dict[str, Any]:
    return {"case_id": str(case.pk), "verb": verb, "expected_version": case.version, **more}


def test_a_report_from_a_phone_is_a_case_under_the_commands_id(district: District) -> None:
    phone = Phone(district.collector, wrong_by=timedelta(days=1))
    photo = picture(district.actor("collector"))
    body = {
        "category": CATEGORY, "description": "墙角堆了垃圾", "lon": HERE[0], "lat": HERE[1],
        "source": "collector_patrol", "photos": [{"file_id": str(photo.file_id), "slot": "near"}],
    }  # fmt: skip
    one = phone.command("cases.report", body, ago=timedelta(hours=3))
    for _ in range(3):
        (told,) = phone.send(one)
    case = Case.objects.get()
    assert (told["state"], told["result"]["id"], str(case.pk)) == ("done", one["id"], one["id"])
    assert abs(case.occurred_at - (clock.now() - timedelta(hours=3))) < timedelta(minutes=1)
    assert Command.objects.get().doubt == "clock"


@pytest.mark.parametrize("proven", [True, False])
def test_handled_offline_in_time_counts_then_if_the_picture_says_so(district: District, proven: bool) -> None:
    walk = Walk(district).to("handling")
    hours = timedelta(hours=5)
    long_ago = clock.now() - timedelta(hours=6)
    walk.case.steps.update(at=long_ago)
    phone = Phone(district.clerk, wrong_by=timedelta(days=-1))
    photo = after_picture(district.actor("clerk"))
    one = phone.command(
        "cases.advance",
        step_of(
            walk.case, "report_done", note="已清理", photos=[{"file_id": str(photo.file_id), "slot": "after"}]
        ),
        ago=hours,
    )
    if proven:
        claimed = datetime.fromisoformat(one["at"]) - timedelta(minutes=1)
        StoredFile.objects.filter(pk=photo.file_id).update(taken_at=claimed)
    (told,) = phone.send(one)
    assert told["state"] == "done", told
    step = walk.case.steps.get(verb="report_done")
    expected = clock.now() - (hours if proven else timedelta(0))
    assert abs(step.at - expected) < timedelta(minutes=1)
    assert step.data["late"]["proof"] == ("picture" if proven else "none")
    stopped = Deadline.objects.filter(owner_id=walk.case.pk, stage="handle").latest("pk").stopped_at
    assert stopped == step.at


def test_steps_that_build_on_each_other_go_on_from_the_version_that_came(district: District) -> None:
    walk = Walk(district).to("pending_handle")
    phone, actor = Phone(district.clerk), district.actor("clerk")
    take = phone.command("cases.advance", step_of(walk.case, "take"), ago=timedelta(hours=1))
    done = phone.command(
        "cases.advance",
        {
            **step_of(walk.case, "report_done", note="好了", after=take["id"]),
            "photos": [{"file_id": str(after_picture(actor).file_id), "slot": "after"}],
        },
    )
    assert [item["state"] for item in phone.send(take, done)] == ["done", "done"]
    walk.case.refresh_from_db()
    assert walk.case.state == "pending_check"
    foreign = phone.command("cases.advance", {**step_of(Walk(district).case, "take"), "after": take["id"]})
    assert phone.send(foreign)[0]["problem"]["code"] == "builds_on_nothing"
    orphan = phone.command("cases.advance", step_of(walk.case, "take", after=str(uuid7())))
    assert phone.send(orphan)[0]["problem"]["code"] == "builds_on_nothing"


def test_of_two_phones_the_second_lies_in_the_box_with_its_picture(district: District) -> None:
    walk = Walk(district).to("pending_check")
    one, other = Phone(district.collector), Phone(district.collector)
    photo = picture(district.actor("collector"), "blue")
    first = one.command("cases.advance", step_of(walk.case, "pass_check"))
    second = other.command(
        "cases.advance",
        step_of(
            walk.case,
            "fail_check",
            note="没清干净",
            photos=[{"file_id": str(photo.file_id), "slot": "check"}],
        ),
    )
    assert one.send(first)[0]["state"] == "done"
    assert other.send(second)[0]["problem"]["code"] == "case_changed"
    (box,) = other.browser.get("/commands/conflicts").json()["items"]
    assert (box["body"]["note"], [shown["id"] for shown in box["photos"]]) == (
        "没清干净",
        [str(photo.file_id)],
    )


def test_what_is_tried_again_counts_when_it_is_tried(district: District) -> None:
    walk = Walk(district).to("pending_handle")
    phone = Phone(district.clerk)
    one = phone.command(
        "cases.advance", step_of(walk.case, "take", expected_version=0), ago=timedelta(hours=5)
    )
    assert phone.send(one)[0]["problem"]["code"] == "case_changed"
    Command.objects.update(received_at=clock.now() - timedelta(hours=4))
    again = {"body": step_of(walk.case, "take")}
    assert phone.browser.post(f"/commands/{one['id']}/again", again).json()["state"] == "done"
    assert clock.now() - walk.case.steps.get(verb="take").at < timedelta(minutes=1)
