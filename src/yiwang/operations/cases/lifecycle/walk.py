"""Walks through every situation that a case can come into under a table, with the engine's own steps, in memory.

A situation is what decides which steps are possible: the state, the tasks and the requests with how far they are.
Two cases in the same situation have the same future, so that each is walked on from once.
"""

from collections import deque
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from yiwang.core.accounts.models import Unit
from yiwang.core.actor import Actor, system
from yiwang.core.calendars.rules import WorkCalendar, work_calendar
from yiwang.core.clock import now as present
from yiwang.core.deadlines.models import Deadline
from yiwang.core.errors import DomainError
from yiwang.core.ids import uuid7
from yiwang.operations.cases import rules, steps
from yiwang.operations.cases.dossier import Dossier
from yiwang.operations.cases.effects import Occasion
from yiwang.operations.cases.lifecycle import HELD, Decision, FormField, Group, Table, Transition
from yiwang.operations.cases.models import Case, Request
from yiwang.operations.cases.rules import Given, MainCase, Photo

MOST_SITUATIONS = 4000
MOST_STEPS = 40_000  # some seconds; the shipped table needs two thousand
MOST_HANDLING, MOST_SIGNING = 2, 1
NO_TASK = ("", False, "")
DAYS = work_calendar([("08:00", "12:00"), ("14:00", "18:00")], {})
SNAPSHOT = {"text": {}, "limit": {"kind": "working_day", "amount": "2"}, "closing": {}, "requests": {}}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong in a situation: its code, the state, the verb that was tried, and how one comes there."""

    code: str
    state: str
    verb: str = ""
    path: tuple[str, ...] = ()
    detail: str = ""


@dataclass(slots=True)
class Walk:
    """What a walk saw. `whole` is false when there were more situations or steps than it looks at."""

    situations: int = 0
    steps: int = 0
    whole: bool = True
    findings: list[Finding] = field(default_factory=list)
    visited: set[str] = field(default_factory=set)


class Imagined:
    """Looks nothing up: units 1 to 3 are there, every person, every condition, and a main case."""

    def __init__(self) -> None:
        self.units = {
            n: Unit(pk=n, code=f"unit{n}", path=f"/u{n}/", short_name=f"单位{n}") for n in (1, 2, 3)
        }

    def unit(self, unit_id: int | None) -> Unit | None:
        """One of the three."""
        return self.units.get(unit_id or 0)

    def conditions(self, case: Case, condition_id: int | None) -> frozenset[int]:
        """Whatever is given."""
        return frozenset([condition_id] if condition_id else [])

    def snapshot(self, case: Case, condition_id: int) -> dict[str, Any]:
        """Two working days."""
        return SNAPSHOT

    def person(self, user_id: UUID, permission: str, area_code: str) -> str | None:
        """Everybody is there."""
        return "某人"

    def main_case(self, actor: Actor, case_id: UUID | None) -> MainCase | None:
        """An open one."""
        return MainCase(case_id, True, False) if case_id else None

    def bound(self, case_id: UUID) -> list[UUID]:
        """None."""
        return []

    def calendar(self, unit_id: int | None) -> tuple[str, WorkCalendar]:
        """Five days a week."""
        return "default", DAYS

    def calendar_of(self, key: str) -> WorkCalendar | None:
        """Five days a week."""
        return DAYS if key else None


def is_escape(table: Table, row: Transition) -> bool:
    """Whether a row is no ordinary way out: open to most states and final (by force, void), or a merge."""
    ends = [table.states[key] for key in row.ends() if key in table.states]
    if not ends or any(state.group is Group.OPEN for state in ends):
        return False
    if all(state.group is Group.MERGED for state in ends):
        return True
    opened = [state for state in table.states.values() if state.group is Group.OPEN]
    return 2 * len(set(row.start) & {state.key for state in opened}) > len(opened)


def aside(table: Table) -> Iterator[str]:
    """Kinds of requests that open and close no ordinary way: they end the case by force (void), or hold nothing up
    and leave the state as it is (extension). That each can be decided is told by the rows alone."""
    for kind, policy in table.requests.items():
        rows = [row for row in table.transitions if row.request == kind]
        stays = not policy.blocks and not any(row.outcomes for row in rows)
        if stays or any(is_escape(table, row) for row in rows):
            yield kind


def reachable(table: Table) -> set[str]:
    """The states that some chain of steps from an opening names; "back where it was held" leads to what held it."""
    seen: set[str] = set()
    waiting = [key for row in table.openings() for key in row.ends()]
    while waiting:
        key = waiting.pop()
        if key in seen:
            continue
        seen.add(key)
        for row in table.leaving(key):
            waiting += row.ends()
    return seen


def walk(table: Table, most: int = MOST_SITUATIONS) -> Walk:
    """Every situation, breadth first: nothing fails, nothing leaves the table, a clock runs, and an end can be
    reached from everywhere by ordinary steps."""
    return Walker(table, most).run()


def can_end(table: Table, dossier: Dossier, most: int = MOST_SITUATIONS) -> bool:
    """Whether ordinary steps lead a case from where it stands to an end."""
    if table.states[dossier.case.state].group is not Group.OPEN:
        return True
    walker = Walker(table, most)
    walker.aside.clear()  # what was asked for may hold everything up until it is decided
    queue = deque([walker.start(dossier)])
    while queue and not walker.ends and len(walker.seen) < most:
        node = queue.popleft()
        for row, given in walker.tries(node):
            if id(row) not in walker.escapes and (after := walker.step(node, row, given)) is not None:
                queue.append(after)
    return bool(walker.ends)


@dataclass(slots=True)
class _Node:
    dossier: Dossier
    path: tuple[str, ...]
    number: int


class Walker:
    """A walk in the making: `seen` holds each situation with a case in it and the way to it."""

    def __init__(self, table: Table, most: int) -> None:
        self.table, self.most = table, most
        self.seen: dict[Hashable, _Node] = {}
        self.back: dict[int, set[int]] = {}
        self.ends: set[int] = set()
        self.out = Walk()
        self.told: set[tuple[str, str, str]] = set()
        self.occasion = Occasion(system("walk"), table, present(), Imagined())
        self.escapes = {id(row) for row in table.transitions if is_escape(table, row)}
        self.aside = set(aside(table))
        self.holding = {
            key
            for row in table.transitions
            if any(o.state == HELD for o in row.outcomes)
            for key in row.start
        }

    def run(self) -> Walk:
        queue: deque[_Node] = deque()
        for row in self.table.openings():
            node = self._open(row)
            if node is not None:
                queue.append(node)
        while queue:
            node = queue.popleft()
            for row, given in self.tries(node):
                after = self.step(node, row, given)
                if after is not None:
                    queue.append(after)
            if len(self.seen) > self.most or self.out.steps > MOST_STEPS:
                self.out.whole = False
                break
        self._dead_ends()
        self.out.situations = len(self.seen)
        return self.out

    def tries(self, node: _Node) -> Iterator[tuple[Transition, Given]]:
        """The steps that could be taken, each with what it asks for."""
        facts = node.dossier.facts(self.occasion.now)
        ended = self.table.states[facts.state].group is not Group.OPEN
        for chosen in rules.allowed(self.table, facts, self.occasion.actor):
            if (
                chosen.row.is_beside
                or chosen.row.request in self.aside
                or (ended and not chosen.row.outcomes)
                or (facts.asked and chosen.row.decision is Decision.ASK)  # one request at a time is enough
            ):
                continue
            task_id = chosen.task.id if chosen.task else None
            busy = {task.unit_id for task in node.dossier.open_tasks("handle")}
            for given in _givens(chosen.row, task_id, busy, node.dossier):
                yield chosen.row, given

    def _open(self, row: Transition) -> _Node | None:
        dossier, path = Dossier(Case(id=uuid7(), area_code="420117001001001", handlers=[])), (row.verb,)
        fault = self._run(lambda: steps.begin(dossier, self.occasion, row, _full(row)))
        return self._look(dossier, row, "", path) if self._fine(fault, "", row, path) else None

    def step(self, node: _Node, row: Transition, given: Given) -> _Node | None:
        """The situation after a step, when it is a new one."""
        dossier, path, state = copied(node.dossier), (*node.path, row.verb), node.dossier.case.state
        fault = self._run(lambda: steps.take(dossier, self.occasion, row.verb, given))
        if not self._fine(fault, state, row, path):
            return None
        known = len(self.seen)
        after = self._look(dossier, row, state, path)
        if after is not None and id(row) not in self.escapes:
            self.back.setdefault(after.number, set()).add(node.number)
        return after if len(self.seen) > known else None

    def start(self, dossier: Dossier) -> _Node:
        """The situation that a case is in already."""
        node = _Node(copied(dossier), (), 0)
        self.seen[("start",)] = node
        return node

    def _run(self, step: Callable[[], object]) -> Exception | None:
        self.out.steps += 1
        try:
            step()
        except Exception as error:
            return error
        return None

    def _fine(self, fault: Exception | None, state: str, row: Transition, path: tuple[str, ...]) -> bool:
        """A refusal leaves the case where it is; anything else that went wrong is a finding."""
        if fault is not None and not isinstance(fault, DomainError):
            self._tell(Finding("failed", state, row.verb, path, f"{type(fault).__name__}: {fault}"))
        return fault is None

    def _look(self, dossier: Dossier, row: Transition, origin: str, path: tuple[str, ...]) -> _Node | None:
        case = dossier.case
        state = self.table.states.get(case.state)
        if state is None:
            self._tell(Finding("left_the_table", origin, row.verb, path, case.state))
            return None
        is_open = state.group is Group.OPEN
        if is_open != (case.ended_at is None):
            self._tell(Finding("ended_but_open" if is_open else "open_but_ended", origin, row.verb, path))
            return None
        dossier.saved()
        held = case.held_state if case.state in self.holding else ""
        node = self.seen.setdefault((held, *situation(dossier)), _Node(dossier, path, len(self.seen)))
        if node.dossier is dossier:
            self.out.visited.add(case.state)
            if not is_open:
                self.ends.add(node.number)
            elif all(clock.stopped_at is not None for clock in dossier.clocks):
                self._tell(Finding("no_limit", case.state, "", path))
        return node

    def _dead_ends(self) -> None:
        """Backwards from the ends: what is not come to is a dead end. A walk cut short says nothing of its edge."""
        if not self.out.whole:
            return
        alive, waiting = set(self.ends), list(self.ends)
        while waiting:
            for before in self.back.get(waiting.pop(), ()):
                if before not in alive:
                    alive.add(before)
                    waiting.append(before)
        for node in self.seen.values():
            if node.number not in alive:
                open_tasks = "、".join(sorted({str(task.kind) for task in node.dossier.open_tasks()}))
                self._tell(Finding("dead_end", node.dossier.case.state, "", node.path, open_tasks))

    def _tell(self, finding: Finding) -> None:
        mark = (finding.code, finding.state, finding.verb)
        if mark not in self.told:
            self.told.add(mark)
            self.out.findings.append(finding)


def situation(dossier: Dossier) -> tuple[Hashable, ...]:
    """What decides a case's future. Of ended tasks only whether a unit has done its part counts; how often requests
    were granted does not, as it closes no way but that of asking again."""
    case = dossier.case
    names = {task.pk: (task.kind, task.is_main, task.state) for task in dossier.tasks}
    return (
        case.state,
        case.condition_snapshot is not None,
        tuple(sorted((t.kind, t.is_main, t.state) for t in dossier.open_tasks())),
        frozenset(
            t.is_main
            for t in dossier.tasks
            if t.kind == "handle" and t.round == case.round and t.state == "done"
        ),
        tuple(
            sorted(
                (r.kind, r.level, names.get(r.task_id, NO_TASK) if r.task_id else NO_TASK)
                for r in dossier.requests
                if r.state == Request.State.PENDING
            )
        ),
    )


def copied(dossier: Dossier) -> Dossier:
    """The dossier again, so that a step can be tried on it: rows are copied, what they point to is not."""
    return Dossier(
        case=_row(dossier.case),
        tasks=[_row(task) for task in dossier.tasks],
        clocks=[_clock(clock) for clock in dossier.clocks],
        requests=[_row(request) for request in dossier.requests],
    )


def _row(row: Any) -> Any:
    other = object.__new__(type(row))
    other.__dict__.update(row.__dict__)
    return other


def _clock(row: Deadline) -> Deadline:
    copy: Deadline = _row(row)
    copy.mark_at, copy.marks = list(row.mark_at), list(row.marks)
    return copy


def _full(row: Transition) -> Given:
    return Given(note="说明", photos=_photos(row.fields, ("near", "before", "after")))


def _photos(fields: tuple[FormField, ...], slots: tuple[str, ...] = ()) -> tuple[Photo, ...]:
    wanted = next((f for f in fields if f.name == "photos"), None)
    named = (wanted.slots or slots) if wanted else slots
    return tuple(Photo(uuid7(), slot) for slot in named)


def _givens(
    row: Transition, task_id: UUID | None, busy: set[int | None], dossier: Dossier
) -> Iterator[Given]:
    """What could be given with a row, one for every choice that leads elsewhere: helpers only where they must be."""
    names = {wanted.name: wanted for wanted in row.fields}
    free = [number for number in (1, 2, 3) if number not in busy]
    opened = dossier.open_tasks("sign" if "open_signs" in row.effects else "handle")
    if "assist_ids" in names and len(opened) >= (
        MOST_SIGNING if "open_signs" in row.effects else MOST_HANDLING
    ):
        return
    if "unit_id" in names and not free:
        return
    rest = free[1:] if "unit_id" in names else free
    assisted = "assist_ids" in names and names["assist_ids"].required
    if assisted and not rest:
        return
    for chosen in row.choices or ("",):
        yield Given(
            note="说明",
            task_id=task_id,
            unit_id=free[0] if "unit_id" in names else None,
            assist_ids=(rest[0],) if assisted else (),
            condition_id=1 if "condition_id" in names else None,
            main_case_id=uuid7() if "main_case_id" in names else None,
            user_id=uuid7() if "user_id" in names else None,
            until=_tomorrow() if "until" in names else None,
            to_state=chosen,
            score=5 if "score" in names else None,
            kind=names["kind"].options[0][0] if "kind" in names and names["kind"].options else "",
            photos=_photos(row.fields) if "photos" in names else (),
        )


def _tomorrow() -> date:
    return present().date() + timedelta(days=2)


def words(finding: Finding, table: Table) -> tuple[str, str]:
    """What was found, in Chinese and English."""
    state = table.states.get(finding.state)
    here = state.label if state else {"zh": finding.state or "入口", "en": finding.state or "the opening"}
    labels = {row.verb: row.label for row in table.transitions}
    verb = labels.get(finding.verb, {"zh": finding.verb, "en": finding.verb})
    way = " → ".join(labels[v]["zh"] for v in finding.path if v in labels)
    way_en = " → ".join(labels[v]["en"] for v in finding.path if v in labels)
    match finding.code:
        case "dead_end":
            tasks, tasks_en = (f"（未完任务：{finding.detail}）", f" with open tasks ({finding.detail})")
            return (
                f"案件可能停在“{here['zh']}”再也办不完{tasks if finding.detail else ''}，例如：{way}。",
                f"A case can get stuck in {here['en']}{tasks_en if finding.detail else ''}, for instance: {way_en}.",
            )
        case "no_limit":
            return (
                f"案件在“{here['zh']}”时没有任何时限在走，例如：{way}。请给环节设时限。",
                f"No limit runs while a case is in {here['en']}, for instance: {way_en}. Give the stage a limit.",
            )
        case "ended_but_open":
            return (
                f"“{verb['zh']}”让案件结束了，却停在未结的环节。请把结束的效果放到最后一步。",
                f"{verb['en']} ends the case but leads to an open state. Put the ending effects on the last step.",
            )
        case "open_but_ended":
            return (
                f"“{verb['zh']}”到达终结环节，却没有让案件结束。请加上“结束”效果。",
                f"{verb['en']} leads to a final state but does not end the case. Add the effect that ends it.",
            )
        case "left_the_table":
            return (
                f"“{verb['zh']}”会走到不存在的环节。例如：{way}。",
                f"{verb['en']} leads to no state of the table, for instance: {way_en}.",
            )
        case _:
            return (
                f"在“{here['zh']}”做“{verb['zh']}”时效果不成立，例如：{way}。请换一组效果或加检查规则。",
                f"In {here['en']} the effects of {verb['en']} do not hold ({finding.detail}), for instance: {way_en}."
                " Choose other effects or add a guard.",
            )
