"""What may happen to a case, decided without a database, a clock or a network.

`decide` is the whole of it: the table, the facts of the case, who acts and what is given go in; the row of
the table that applies comes out, or a refusal that says why.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from yiwang.core.actor import Actor, Scope
from yiwang.core.errors import Invalid, Refused
from yiwang.operations.cases.lifecycle import FormField, Reach, Table, Transition

NOTE_LIMIT = 2000
PHOTOS_PER_STEP = 12
FOUND_SLOTS = frozenset({"near", "far", "reference", "before"})
OLDEST_CLAIM = timedelta(days=30)
CLOCK_TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Photo:
    """A stored file in a photo slot (near, far, reference, before, after, check)."""

    file_id: UUID
    slot: str


@dataclass(frozen=True, slots=True)
class Given:
    """What a person gives with an action."""

    note: str = ""
    unit_id: int | None = None
    condition_id: int | None = None
    photos: tuple[Photo, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What the table needs to know of a case."""

    state: str
    area_code: str
    task_paths: tuple[str, ...] = ()
    pending_request: str = ""
    handlers: frozenset[UUID] = frozenset()
    category_conditions: frozenset[int] = field(default_factory=frozenset)


def reaches(scope: Scope, reach: Reach, facts: Facts) -> bool:
    """Whether a scope stretches to a case: by place, or by a task of its unit subtree."""
    if reach is Reach.ANYWHERE:
        return True
    if reach is Reach.AREA:
        return any(facts.area_code.startswith(area) for area in scope.areas if area)
    return bool(scope.unit_path) and any(path.startswith(scope.unit_path) for path in facts.task_paths)


def may(actor: Actor, row: Transition, facts: Facts) -> bool:
    """Whether the actor's authority covers this row for this case."""
    return actor.is_system or any(reaches(s, row.reach, facts) for s in actor.scopes(row.permission))


def applies(row: Transition, facts: Facts) -> bool:
    """Whether the row can be taken in the case's condition: a pending request must be dealt with first."""
    return row.pending_request == facts.pending_request


def allowed(table: Table, facts: Facts, actor: Actor) -> tuple[Transition, ...]:
    """What this person can do with the case now: the buttons."""
    rows = table.leaving(facts.state)
    return tuple(
        t for t in rows if applies(t, facts) and may(actor, t, facts) and not barred(actor, t, facts)
    )


def barred(actor: Actor, row: Transition, facts: Facts) -> bool:
    """Whether this very person must keep off a row that the post may take: who handled does not check."""
    return checker_did_not_handle.__name__ in row.guards and actor.user_id in facts.handlers


def decide(table: Table, facts: Facts, actor: Actor, verb: str, given: Given) -> Transition:
    """The row to follow.

    Raises Refused `action_not_possible` (the table has no such step from here), `request_pending`,
    `permission_denied`; Invalid with every field at fault; what the row's guards raise.
    """
    row = table.find(facts.state, verb)
    if row is None:
        raise Refused("action_not_possible", "案件当前状态不能做这个操作。", verb=verb, state=facts.state)
    if not may(actor, row, facts):
        raise Refused("permission_denied", "您的岗位不能对这个案件做此操作。", permission=row.permission)
    if not applies(row, facts):
        if facts.pending_request:
            raise Refused("request_pending", "有待审批的申请，请先处理申请。", request=facts.pending_request)
        raise Refused("no_request_pending", "没有待审批的申请。", request=row.pending_request)
    check_given(row.fields, given)
    if given.photos and not any(wanted.name == "photos" for wanted in row.fields):
        raise Invalid("not_asked", "这一步不收照片。", field="photos")
    for guard in row.guards:
        GUARDS[guard](facts, actor, given)
    return row


def opening(table: Table, actor: Actor, source: str, given: Given) -> Transition:
    """The way in for a source: the first opening that takes it and that the actor holds.

    Photos show what was found, none what was done. Raises Refused `permission_denied`, Invalid, and what the
    row's guards raise.
    """
    ways = [t for t in table.openings() if source in t.sources or not t.sources]
    fitting = [t for t in ways if actor.is_system or actor.can(t.permission)]
    if not fitting:
        raise Refused("permission_denied", "您的岗位不能登记这种来源的案件。", source=source)
    facts = Facts(state="", area_code="")
    check_given(fitting[0].fields, given)
    if any(photo.slot not in FOUND_SLOTS for photo in given.photos):
        raise Invalid("wrong_slot", "照片类别与这一步不符。", field="photos", slots=sorted(FOUND_SLOTS))
    for guard in fitting[0].guards:
        GUARDS[guard](facts, actor, given)
    return fitting[0]


def check_given(fields: Iterable[FormField], given: Given) -> None:
    """Every declared field that is missing or too long, all at once."""
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
    value = getattr(given, wanted.name)
    empty = not value.strip() if isinstance(value, str) else not value
    if wanted.required and empty:
        return Invalid("required", f"请填写{wanted.label['zh']}。", field=wanted.name)
    if wanted.name == "photos" and any(photo.slot != wanted.slot for photo in given.photos):
        return Invalid("wrong_slot", "照片类别与这一步不符。", field="photos", slot=wanted.slot)
    return None


def has_photo(facts: Facts, actor: Actor, given: Given) -> None:
    """A grid officer's report shows what was found (GB/T 30428.7: collection with pictures)."""
    if not given.photos:
        raise Invalid("required", "巡查上报至少要有一张现场照片。", field="photos")


def condition_of_category(facts: Facts, actor: Actor, given: Given) -> None:
    """The filing condition is one of the case's own category."""
    if given.condition_id not in facts.category_conditions:
        raise Invalid("unknown_condition", "立案条件不属于这个案件类别。", field="condition_id")


def checker_did_not_handle(facts: Facts, actor: Actor, given: Given) -> None:
    """Those who check never handle: supervision and handling are apart (GB/T 30428.8, roles)."""
    if actor.user_id in facts.handlers:
        raise Refused("checker_handled", "处置人不能核查自己处置的案件。")


Guard = Callable[[Facts, Actor, Given], None]
GUARDS: dict[str, Guard] = {
    "has_photo": has_photo,
    "condition_of_category": condition_of_category,
    "checker_did_not_handle": checker_did_not_handle,
}


def bounded_claim(occurred_at: datetime | None, received_at: datetime) -> datetime:
    """When it happened, as claimed, within bounds; the moment of receipt when nothing is claimed.

    Raises Invalid `in_the_future` (a clock may run five minutes ahead) or `too_old` (thirty days).
    """
    if occurred_at is None:
        return received_at
    if occurred_at > received_at + CLOCK_TOLERANCE:
        raise Invalid("in_the_future", "发生时间不能晚于现在。", field="occurred_at")
    if occurred_at < received_at - OLDEST_CLAIM:
        raise Invalid("too_old", f"发生时间不能早于 {OLDEST_CLAIM.days} 天前。", field="occurred_at")
    return min(occurred_at, received_at)


def case_number(district: str, day: str, serial: int) -> str:
    """A case's number for people: district (6), day (8), serial of the day (5): 19 digits.

    Source: local rule; the national 19-digit number's inner structure is not known (docs/adr/0008).
    """
    return f"{district}{day}{serial:05d}"


def masked_name(name: str) -> str:
    """王** for 王小明: the family name stays."""
    return name[:1] + "*" * max(len(name) - 1, 0)


def masked_phone(phone: str) -> str:
    """138****5678: at least four digits in the middle are hidden; a shorter number keeps its last two."""
    if len(phone) < 11:
        return "*" * max(len(phone) - 2, 0) + phone[-2:]
    return phone[:3] + "*" * (len(phone) - 7) + phone[-4:]
