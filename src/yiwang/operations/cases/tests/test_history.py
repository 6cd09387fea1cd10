"""The history door writes what the live doors write; what it cannot bring in it names."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import models

from yiwang.core import clock
from yiwang.core.actor import Actor
from yiwang.core.audit.models import Entry
from yiwang.core.deadlines.models import Deadline
from yiwang.core.events.models import OutboxEvent
from yiwang.operations.cases import actions, history
from yiwang.operations.cases.actions import NewCase
from yiwang.operations.cases.categories.models import LOCAL_EDITION
from yiwang.operations.cases.history import Given, PastCase, PastStep, load
from yiwang.operations.cases.history.memory import Memory
from yiwang.operations.cases.models import Answer, Case, Category, FilingCondition, Request, Step, Task
from yiwang.operations.cases.rules import Photo
from yiwang.operations.cases.tests.district import CATEGORY, HERE, District, picture

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 3, 1, 0, tzinfo=UTC)  # a Tuesday, 9:00 in the district
SOURCE = "old_system"


@dataclass(frozen=True)
class Told:
    """One step of a story: so many minutes after the last, by whom, what."""

    after: int
    who: str
    verb: str
    given: dict[str, Any]
    unit: str = ""
    main: str = ""


def told(after: int, who: str, verb: str, *, unit: str = "", main: str = "", **given: Any) -> Told:
    return Told(after, who, verb, given, unit, main)


def stories(district: District) -> dict[str, list[Told]]:
    """Pasts of many kinds; each begins with a call."""
    until = (MORNING + timedelta(days=9)).date()
    done: dict[str, Any] = {"note": "已清理", "photos": "after"}
    evidence = {"note": "需要时间", "photos": "evidence"}
    handled = [
        told(5, "shift", "register", condition_id=district.condition.pk),
        told(7, "dispatcher", "dispatch", unit_id=district.unit.pk, note="请处理"),
        told(20, "clerk", "take"),
    ]
    finished = [told(90, "clerk", "report_done", **done), told(30, "collector", "pass_check", note="已清理"),
                told(15, "shift", "close", note="办结")]  # fmt: skip
    returned = [
        told(9, "clerk", "ask_return", note="不归我们"),
        told(9, "dispatcher", "approve_return"),
        told(9, "shift", "approve_return", note="同意"),
        told(9, "dispatcher", "dispatch", unit_id=district.other_unit.pk, assist_ids=(district.unit.pk,)),
        told(9, "otherclerk", "take"),
        told(9, "clerk", "take", unit="unit"),
        told(60, "clerk", "report_done", unit="unit", **done),
        told(60, "otherclerk", "report_done", **done),
        told(9, "collector", "fail_check", note="还有", photos="check"),
        told(600, "otherclerk", "report_done", **done),
        told(9, "collector", "pass_check"),
    ]
    return {
        "straight": [told(0, "acceptor", "", reporter=True), *handled, *finished],
        "reopened": [told(1, "acceptor", ""), *handled, *finished, told(99, "acceptor", "visit", score=2),
                     told(9, "shift", "reopen", note="又有了"), *handled[1:], *finished],
        "returned": [told(2, "acceptor", ""), *handled[:2], *returned, told(3, "shift", "close")],
        "extended": [told(3, "acceptor", ""), *handled, told(9, "clerk", "ask_extension", **evidence),
                     told(9, "dispatcher", "approve_extension"), told(9, "leader", "approve_extension"), *finished],
        "suspended": [told(4, "acceptor", ""), *handled, told(9, "clerk", "ask_suspension", until=until, **evidence),
                      told(9, "dispatcher", "approve_suspension"), told(9, "leader", "approve_suspension"),
                      told(3000, "clerk", "resume"), *finished],
        "main": [told(5, "acceptor", ""), told(100, "leader", "supervise", kind="leader", note="尽快"), *handled,
                 told(5, "dispatcher", "urge", note="快"), *finished],
        "bound": [told(6, "acceptor", "", reporter=True), told(20, "acceptor", "merge", main="main")],
        "voided": [told(7, "acceptor", ""), told(9, "shift", "ask_void", note="重复"),
                   told(9, "leader", "approve_void")],
        "forced": [told(8, "acceptor", ""), *handled, told(9000, "leader", "force_close", note="拆迁")],
        "late": [told(9, "acceptor", ""), *handled, told(20_000, "clerk", "report_done", **done),
                 told(9, "collector", "unable_check", note="进不去"), told(9, "collector", "pass_check"),
                 told(9, "shift", "close"), told(9, "clerk", "ask_appeal", **evidence),
                 told(9, "dispatcher", "approve_appeal"), told(9, "acceptor", "approve_appeal")],
        "open": [told(10, "acceptor", "", reporter=True), *handled],
    }  # fmt: skip


class Teller:
    """Tells the same stories through either door."""

    def __init__(self, district: District) -> None:
        self.district = district
        self.people: dict[str, Actor] = {}
        self.photos: dict[tuple[str, int, str], Photo] = {}

    def actor(self, who: str) -> Actor:
        names = {"otherclerk": "other_clerk"}
        if who not in self.people:
            self.people[who] = self.district.actor(names.get(who, who))
        return self.people[who]

    def photo(self, key: str, number: int, who: str, slot: str) -> Photo:
        place = (key, number, who)
        if place not in self.photos:
            self.photos[place] = Photo(picture(self.actor(who)).file_id, slot)
        return self.photos[place]

    def given(self, key: str, number: int, step: Told) -> Given:
        given = {name: value for name, value in step.given.items() if name != "reporter"}
        if "photos" in given:
            given["photos"] = (self.photo(key, number, step.who, given["photos"]),)
        return Given(**given)

    def past(self, key: str, steps: list[Told]) -> PastCase:
        at, taken = MORNING, []
        for number, step in enumerate(steps):
            at += timedelta(minutes=step.after)
            unit = self.district.unit.pk if step.unit else None
            taken.append(
                PastStep(at, step.verb, self.actor(step.who), self.given(key, number, step), unit, step.main)
            )
        reporter = (
            {"reporter_name": "王小明", "reporter_phone": "13812345678"}
            if "reporter" in steps[0].given
            else {}
        )
        return PastCase(key, CATEGORY, key, "hotline_12345", tuple(taken), *HERE, **reporter)  # type: ignore[arg-type]

    def live(self, pasts: list[PastCase]) -> dict[str, Case]:
        """The same through `open_case` and `advance`, with the clock held at each step."""
        cases: dict[str, Case] = {}
        for past, number, step in history.by_time(pasts):
            with clock.frozen(step.at):
                if number == 0:
                    new = NewCase(past.category, past.description, past.lon or 0, past.lat or 0, past.source,
                                  reporter_name=past.reporter_name, reporter_phone=past.reporter_phone)  # fmt: skip
                    cases[past.key] = actions.open_case(step.actor, new)
                    continue
                case, given = cases[past.key], step.given
                if step.unit_id:
                    mine = {"kind": "handle", "unit": step.unit_id, "state__in": ["waiting", "running"]}
                    given = replace(given, task_id=Task.objects.get(case=case, **mine).pk)
                if step.main_key:
                    given = replace(given, main_case_id=cases[step.main_key].pk)
                cases[past.key] = actions.advance(
                    step.actor, case.pk, verb=step.verb, expected_version=case.version, given=given
                )
        return cases


SIDE = {"id", "number", "fired", "next_at", "subject_id", "attempts"}


def portrait(case: Case) -> dict[str, Any]:
    """Everything that is kept of a case, ids replaced by what they stand for."""
    case.refresh_from_db()
    tasks = list(Task.objects.filter(case=case).order_by("opened_at", "id"))
    names: dict[object, str] = {task.pk: f"task {n}" for n, task in enumerate(tasks)}
    requests = list(Request.objects.filter(case=case).order_by("asked_at", "id"))
    names |= {request.pk: f"request {n}" for n, request in enumerate(requests)}
    names |= {row.pk: row.description for row in Case.objects.all()}

    def named(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: named(inner) for key, inner in value.items()}
        if isinstance(value, str) and len(value) == 36:
            return named(UUID(value))
        return names.get(value, value) if isinstance(value, UUID) else value

    def plain(row: models.Model) -> dict[str, Any]:
        return {
            f.attname: named(getattr(row, f.attname))
            for f in row._meta.concrete_fields
            if f.attname not in SIDE
        }

    reporter = getattr(case, "reporter", None)
    return {
        "case": plain(case),
        "reporter": plain(reporter) if reporter else None,
        "tasks": [plain(row) for row in tasks],
        "clocks": [plain(row) for row in Deadline.objects.filter(owner_id=case.pk).order_by("pk")],
        "requests": [plain(row) for row in requests],
        "approvals": [plain(row) for request in requests for row in request.approvals.order_by("id")],
        "answers": sorted((plain(row) for row in Answer.objects.filter(case=case)), key=str),
        "steps": [plain(row) for row in Step.objects.filter(case=case).order_by("seq")],
        "photos": [plain(row) for row in case.photos.order_by("id")],
    }


def by_key(source_made: dict[str, UUID]) -> dict[str, Case]:
    return {key: Case.objects.get(pk=pk) for key, pk in source_made.items()}


def test_a_past_is_written_as_if_it_had_been_lived(district: District) -> None:
    teller = Teller(district)
    pasts = [teller.past(key, steps) for key, steps in stories(district).items()]
    lived = teller.live(pasts)
    events = OutboxEvent.objects.count()
    loaded = history.load_chunk(pasts, source=SOURCE)
    assert loaded.faults == []
    assert (loaded.cases, loaded.steps) == (len(pasts), sum(len(past.steps) for past in pasts))
    brought = by_key(loaded.made)
    for key, case in lived.items():
        assert portrait(brought[key]) == portrait(case), key
    assert OutboxEvent.objects.count() == events
    assert {case.state for case in lived.values()} >= {
        "closed",
        "merged",
        "voided",
        "forced_closed",
        "handling",
    }
    numbers = list(Case.objects.order_by("number").values_list("number", flat=True))
    assert len(set(numbers)) == 2 * len(pasts)
    entries = Entry.objects.filter(action="cases.bring_in")
    assert {entry.object_id for entry in entries} == {str(case.pk) for case in brought.values()}


def test_an_open_case_goes_on_by_the_live_door(district: District) -> None:
    teller = Teller(district)
    loaded = history.load_chunk([teller.past("open", stories(district)["open"])], source=SOURCE)
    case = Case.objects.get(pk=loaded.made["open"])
    clocks = Deadline.objects.filter(owner_id=case.pk, stopped_at__isnull=True)
    assert [c.stage for c in clocks] == ["handle"]
    assert case.due_at == clocks[0].due_at
    assert all(at > clock.now() for at in clocks[0].mark_at[clocks[0].fired :])
    after = Photo(picture(teller.actor("clerk"), "green").file_id, "after")
    given = Given(note="好了", photos=(after,))
    case = actions.advance(
        teller.actor("clerk"), case.pk, verb="report_done", expected_version=case.version, given=given
    )
    assert case.state == "pending_check"


def test_again_makes_nothing(district: District) -> None:
    teller = Teller(district)
    pasts = [teller.past(key, steps) for key, steps in stories(district).items()]
    first = load(pasts, source=SOURCE, chunk=4)
    assert first.cases + len(first.faults) == len(pasts)
    again = load(pasts, source=SOURCE)
    assert (again.cases, again.present) == (len(first.faults), first.cases)
    assert Case.objects.count() == len(pasts)
    assert load([*pasts[:2], pasts[0]], source="other").cases == 2


FAULTS: dict[str, tuple[Callable[[PastCase], PastCase], tuple[int, str]]] = {
    "no steps": (lambda past: replace(past, steps=()), (0, "no_steps")),
    "unknown class": (lambda past: replace(past, category="event.none"), (1, "unknown_category")),
    "unknown source": (lambda past: replace(past, source="none"), (1, "unknown_code")),
    "elsewhere": (lambda past: replace(past, lon=10.0), (1, "outside_district")),
    "no place": (lambda past: replace(past, lon=None), (1, "outside_district")),
    "no such area": (lambda past: replace(past, lon=None, area="999999"), (1, "unknown_area")),
    "no words": (lambda past: replace(past, description=" "), (1, "required")),
    "ahead": (lambda past: moved(past, -1, clock.now() + timedelta(days=1)), (7, "in_the_future")),
    "back in time": (lambda past: moved(past, 1, MORNING - timedelta(days=1)), (2, "ends_before_it_begins")),
    "not by the table": (
        lambda past: replace(past, steps=(past.steps[0], *past.steps[2:])),
        (2, "action_not_possible"),
    ),
    "not by this person": (lambda past: by(past, 1, past.steps[3].actor), (2, "permission_denied")),
    "no main case": (lambda past: merged(past, "nowhere"), (2, "no_main_case")),
    "a strange photo": (lambda past: with_photo(past, Photo(uuid4(), "after")), (5, "file_not_found")),
}


def moved(past: PastCase, number: int, at: datetime) -> PastCase:
    return with_step(past, number, replace(past.steps[number], at=at))


def by(past: PastCase, number: int, actor: Actor) -> PastCase:
    return with_step(past, number, replace(past.steps[number], actor=actor))


def merged(past: PastCase, key: str) -> PastCase:
    return replace(
        past, steps=(past.steps[0], PastStep(past.steps[1].at, "merge", past.steps[0].actor, main_key=key))
    )


def with_photo(past: PastCase, photo: Photo) -> PastCase:
    step = past.steps[4]
    return with_step(past, 4, replace(step, given=replace(step.given, photos=(photo,))))


def with_step(past: PastCase, number: int, step: PastStep) -> PastCase:
    steps = list(past.steps)
    steps[number] = step
    return replace(past, steps=tuple(steps))


def test_what_the_table_forbids_is_a_fault_and_others_go_on(district: District) -> None:
    teller = Teller(district)
    straight = stories(district)["straight"]
    good = teller.past("good", straight)
    bad = {name: change(teller.past(name, straight)) for name, (change, _) in FAULTS.items()}
    hanging = merged(teller.past("hanging", straight), "a strange photo")
    hanging = moved(hanging, 1, hanging.steps[0].at)
    loaded = load([*bad.values(), hanging, good, good], source=SOURCE)
    assert loaded.cases == 1
    found = {fault.key: (fault.step, fault.code) for fault in loaded.faults}
    assert found == {name: expected for name, (_, expected) in FAULTS.items()} | {
        "hanging": (0, "main_case_at_fault"),
        "good": (0, "double"),
    }
    assert Case.objects.count() == 1


def reduced(key: str, *verbs: str, **more: Any) -> PastCase:
    """A case of which only the beginning and the end are known."""
    ends = {0, len(verbs) - 1}
    steps = tuple(
        PastStep(MORNING if n == 0 else MORNING + timedelta(days=1), verb, known=n in ends)
        for n, verb in enumerate(verbs)
    )
    return PastCase(key, CATEGORY, "只知道头尾", "hotline_12345", steps, reduced=True, area="420117", **more)


def test_the_reduced_way_invents_nothing(district: District) -> None:
    way = ("take_call", "register", "dispatch", "take", "report_done", "pass_check", "close")
    due = MORNING + timedelta(hours=5)
    loaded = load(
        [reduced("closed", *way, due_at=due, told_at=due), reduced("open", "take_call", due_at=due),
         reduced("wrong", "take_call", "close")], source=SOURCE
    )  # fmt: skip
    assert [(fault.key, fault.code) for fault in loaded.faults] == [("wrong", "action_not_possible")]
    closed, waiting = Case.objects.get(state="closed"), Case.objects.get(state="pending_registration")
    steps = list(closed.steps.order_by("seq"))
    assert [step.verb for step in steps] == list(way)
    assert [step.data["imported"]["known"] for step in steps] == [True, *[False] * 5, True]
    assert {step.actor_id for step in steps} == {None}
    assert closed.registered_at is None
    assert closed.condition_id is None
    assert not Task.objects.exists()
    assert closed.area_code == "420117000000000"
    assert closed.place["unknown"] is True
    [late] = Deadline.objects.filter(owner_id=closed.pk)
    assert late.stopped_at == closed.ended_at
    assert (late.remaining_us or 0) < 0
    assert waiting.due_at == due
    assert Answer.objects.get(case=closed).told_at == due


def test_memory_is_asked_once(district: District, django_assert_max_num_queries: Any) -> None:
    teller = Teller(district)
    straight = [step for step in stories(district)["straight"] if "photos" not in step.given]
    pasts = [teller.past(f"k{n}", straight[:4]) for n in range(60)]
    with django_assert_max_num_queries(45):
        assert load(pasts, source=SOURCE).cases == 60


def test_each_era_has_the_classes_of_its_days(district: District) -> None:
    shipped, turn = district.condition, MORNING + timedelta(days=10)
    local = Category.objects.get(pk=shipped.category_id)
    local.pk, local.version, local.edition, local.valid_from = None, 1, LOCAL_EDITION, turn.date()
    local.save()
    ruled = FilingCondition.objects.get(pk=shipped.pk)
    ruled.pk, ruled.category = None, local
    ruled.save()
    memory, case = Memory(), Case(category=Category.objects.get(pk=shipped.category_id))
    with clock.frozen(turn - timedelta(days=5)):
        assert memory.conditions(case, shipped.pk) == {shipped.pk}
        assert memory.conditions(case, ruled.pk) == frozenset()
        assert memory.snapshot(case, shipped.pk)["version"] == "2026.1"
    with clock.frozen(turn + timedelta(days=5)):
        assert memory.conditions(case, shipped.pk) == frozenset()
        assert memory.conditions(case, ruled.pk) == {ruled.pk}
        assert memory.snapshot(case, ruled.pk)["version"] == "local 1"
