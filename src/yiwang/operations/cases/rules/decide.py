"""Which row of the table a step follows, and where it leads."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from yiwang.core.actor import Actor, Scope
from yiwang.core.errors import Invalid, Refused
from yiwang.operations.cases.lifecycle import (
    CHOSEN,
    HELD,
    Decision,
    FormField,
    RequestPolicy,
    Table,
    Transition,
)
from yiwang.operations.cases.rules.facts import Asked, Chosen, Facts, Given, covering
from yiwang.operations.cases.rules.guards import (
    CONDITIONS,
    FORESEEABLE,
    FOUND_SLOTS,
    GUARDS,
    checker_did_not_handle,
    has_before_and_after,
)

NOTE_LIMIT = 2000
PHOTOS_PER_STEP = 12
SCORES = range(1, 6)
EVIDENCE = "evidence"


def may(table: Table, actor: Actor, chosen: Chosen, facts: Facts) -> bool:
    """Whether the actor's authority covers this row for this case."""
    return actor.is_system or authority(table, actor, chosen, facts) is not None


def authority(table: Table, actor: Actor, chosen: Chosen, facts: Facts) -> Scope | None:
    """The assignment that covers this row for this case: a decision needs the level's permission.

    Where those who handled, asked or approved before keep off, nobody does it in their name either.
    """
    row, asked = chosen.row, chosen.asked
    if checker_did_not_handle.__name__ in row.guards:
        actor = actor.without(facts.handlers)
    if asked is not None and row.decision is Decision.APPROVE:
        actor = actor.without(asked.hands)
    if row.permission or asked is None:
        task = chosen.task or (facts.task(asked.task_id) if asked else None)
        return covering(actor, row.permission, row.reach, facts, task)
    level = table.requests[asked.kind].approvals[asked.level]
    return covering(actor, level.permission, level.reach, facts)


def candidates(row: Transition, facts: Facts) -> tuple[Chosen, ...]:
    """The ways in which a row could be taken now: one for each task or request that it fits."""
    if row.request and row.decision is not Decision.ASK:
        return tuple(
            Chosen(row, facts.task(asked.task_id), asked)
            for asked in facts.asked
            if asked.kind == row.request
        )
    if row.task is None:
        return (Chosen(row),)
    fitting = (t for t in facts.of_kind(row.task.kind) if t.state in row.task.start)
    return tuple(Chosen(row, task) for task in fitting)


def blocking(table: Table, chosen: Chosen, facts: Facts) -> Asked | None:
    """The pending request that must be decided before this row: of its own task, or of the case."""
    if chosen.row.is_beside or chosen.row.goes_back or chosen.asked is not None:
        return None
    for asked in facts.asked:
        same = chosen.task is None or asked.task_id in (None, chosen.task.id)
        if same and table.requests[asked.kind].blocks:
            return asked
        if chosen.row.request == asked.kind and same:
            return asked  # one of a kind at a time
    return None


def allowed(table: Table, facts: Facts, actor: Actor) -> tuple[Chosen, ...]:
    """What this person can do with the case now: the buttons."""
    return tuple(
        chosen
        for row in table.leaving(facts.state)
        for chosen in candidates(row, facts)
        if blocking(table, chosen, facts) is None
        and may(table, actor, chosen, facts)
        and not spent(table, chosen, facts)
        and not one_hand(actor, chosen)
        and not barred(actor, row, facts)
    )


def barred(actor: Actor, row: Transition, facts: Facts) -> bool:
    """Whether the buttons leave a row out that a guard would refuse whatever is given."""
    for guard in row.guards:
        if guard in FORESEEABLE:
            try:
                GUARDS[guard](facts, actor, Given())
            except (Refused, Invalid):
                return True
    return False


def spent(table: Table, chosen: Chosen, facts: Facts) -> bool:
    """Whether a request can no longer be asked for: too often approved, or too late."""
    return chosen.row.decision is Decision.ASK and _why_not_ask(table, chosen, facts) is not None


def one_hand(actor: Actor, chosen: Chosen) -> bool:
    """Whether somebody would approve what they asked for or have approved: two levels are two people."""
    asked = chosen.asked
    return asked is not None and chosen.row.decision is Decision.APPROVE and actor.user_id in asked.hands


def decide(table: Table, facts: Facts, actor: Actor, verb: str, given: Given) -> Chosen:
    """The row to follow, with its task and request.

    Raises Refused `action_not_possible` (the table has no such step from here), `request_pending`,
    `no_request_pending`, `permission_denied`, or why a request cannot be asked for; Invalid with every field
    at fault, or `which_task`; what the row's guards raise.
    """
    row = table.find(facts.state, verb)
    if row is None:
        raise Refused("action_not_possible", "案件当前状态不能做这个操作。", verb=verb, state=facts.state)
    chosen = _choose(table, facts, actor, row, given)
    pending = blocking(table, chosen, facts)
    if pending is not None:
        raise Refused("request_pending", "有待审批的申请，请先处理申请。", request=pending.kind)
    if row.decision is Decision.ASK:
        fault = _why_not_ask(table, chosen, facts)
        if fault is not None:
            raise fault
    if one_hand(actor, chosen):
        raise Refused("same_person", "提出人和上一级审批人不能再审批这项申请。", request=row.request)
    check_given(row.fields, given)
    if given.photos and not any(wanted.name == "photos" for wanted in row.fields):
        raise Invalid("not_asked", "这一步不收照片。", field="photos")
    check_request(table.requests.get(row.request), row, given, facts)
    for guard in row.guards:
        GUARDS[guard](facts, actor, given)
    return replace(chosen, scope=authority(table, actor, chosen, facts))


def _choose(table: Table, facts: Facts, actor: Actor, row: Transition, given: Given) -> Chosen:
    ways = candidates(row, facts)
    if not ways and row.request:
        raise Refused("no_request_pending", "没有待审批的申请。", request=row.request)
    if not ways:
        raise Refused("no_task", "没有可以这样办的任务。", verb=row.verb, state=facts.state)
    mine = [way for way in ways if may(table, actor, way, facts)]
    if not mine:
        raise Refused("permission_denied", "您的岗位不能对这个案件做此操作。", permission=row.permission)
    if given.task_id is not None:
        mine = [way for way in mine if way.task is not None and way.task.id == given.task_id]
        if not mine:
            raise Refused("no_task", "这个任务不在可以这样办的任务之中。", verb=row.verb, state=facts.state)
    if len(mine) > 1:
        raise Invalid("which_task", "请选择要办的任务。", field="task_id")
    return mine[0]


def own(ways: Iterable[Chosen], actor: Actor) -> Chosen | None:
    """Of several ways the one that is plainly the actor's: for the task in their own hands, else for the task of their
    own unit and not of one below it. None when it is not plain."""
    units = {scope.unit_path for scope in actor.assignments if scope.unit_path}
    tasks = [(way, way.task) for way in ways if way.task is not None]
    in_hand = [
        way for way, task in tasks if task.assignee_id is not None and task.assignee_id == actor.user_id
    ]
    fitting = in_hand or [way for way, task in tasks if task.unit_path in units]
    return fitting[0] if len(fitting) == 1 else None


def _why_not_ask(table: Table, chosen: Chosen, facts: Facts) -> Refused | None:
    policy = table.requests[chosen.row.request]
    task = chosen.task
    if policy.most is not None:
        times = facts.approved.get((policy.kind, task.id if task else None), 0)
        if times >= policy.most:
            return Refused(
                "asked_too_often", "这类申请已达到批准次数上限。", request=policy.kind, most=policy.most
            )
    if policy.before_due and task is not None and task.overdue:
        return Refused("too_late", "时限已过，不能再申请。", request=policy.kind)
    return None


def lands(row: Transition, facts: Facts, given: Given) -> str:
    """The state after a step whose effects `facts` already shows: the first outcome whose condition holds."""
    if row.decision is Decision.APPROVE and not facts.granted:
        return facts.state
    for outcome in row.outcomes:
        if not outcome.when or CONDITIONS[outcome.when](facts):
            named = {HELD: facts.held_state, CHOSEN: given.to_state}
            return named.get(outcome.state, outcome.state)
    return facts.state


def opening(table: Table, actor: Actor, source: str, given: Given, verb: str = "") -> Transition:
    """The way in for a source: the first opening (or the one of that verb) that takes it and that the actor holds.

    Photos show what was found; what was done only where the row asks for it. Raises Refused
    `permission_denied`, Invalid, and what the row's guards raise.
    """
    ways = [t for t in table.openings() if source in t.sources or not t.sources]
    named = [t for t in ways if t.verb == verb] if verb else ways
    fitting = [t for t in named if actor.is_system or actor.can(t.permission)]
    if not fitting:
        raise Refused("permission_denied", "您的岗位不能登记这种来源的案件。", source=source)
    row = fitting[0]
    check_given(row.fields, given)
    slots = FOUND_SLOTS | ({"after"} if has_before_and_after.__name__ in row.guards else set())
    if any(photo.slot not in slots for photo in given.photos):
        raise Invalid("wrong_slot", "照片类别与这一步不符。", field="photos", slots=sorted(slots))
    for guard in row.guards:
        GUARDS[guard](Facts(state="", area_code=""), actor, given)
    return row


def check_given(fields: Iterable[FormField], given: Given) -> None:
    """Every declared field that is missing, too long or out of range, all at once."""
    faults = [fault for fault in (_fault(f, given) for f in fields) if fault is not None]
    if len(given.note) > NOTE_LIMIT:
        faults.append(Invalid("too_long", f"最多 {NOTE_LIMIT} 字。", field="note", limit=NOTE_LIMIT))
    if len(given.photos) > PHOTOS_PER_STEP:
        faults.append(
            Invalid("too_many", f"最多 {PHOTOS_PER_STEP} 张。", field="photos", limit=PHOTOS_PER_STEP)
        )
    if faults:
        raise Invalid("invalid_input", "有内容需要补充或更正。", fields=tuple(faults))


def _fault(wanted: FormField, given: Given) -> Invalid | None:
    value: Any = getattr(given, wanted.name)
    empty = not value.strip() if isinstance(value, str) else not value
    if wanted.required and empty:
        return Invalid("required", f"请填写{wanted.label['zh']}。", field=wanted.name)
    if empty:
        return None
    if wanted.name == "photos" and any(photo.slot not in wanted.slots for photo in given.photos):
        return Invalid("wrong_slot", "照片类别与这一步不符。", field="photos", slot=wanted.slot)
    if wanted.name == "score" and value not in SCORES:
        return Invalid("out_of_range", "满意度为 1 到 5 分。", field="score")
    if wanted.options and value not in {key for key, _ in wanted.options}:
        return Invalid("unknown_option", f"{wanted.label['zh']}不在可选范围内。", field=wanted.name)
    return None


def check_request(policy: RequestPolicy | None, row: Transition, given: Given, facts: Facts) -> None:
    """What is asked for stands within the policy: evidence is there, and the day is not too far."""
    if policy is None or row.decision is not Decision.ASK:
        return
    if policy.evidence and not any(photo.slot == EVIDENCE for photo in given.photos):
        raise Invalid("required", "请附上证明材料。", field="photos")
    if policy.longest_days is not None and facts.today is not None and given.until is not None:
        latest = facts.today + timedelta(days=policy.longest_days)
        if not facts.today < given.until <= latest:
            raise Invalid(
                "day_out_of_range",
                f"日期应在明天到 {latest.isoformat()} 之间。",
                field="until",
                latest=latest.isoformat(),
            )
