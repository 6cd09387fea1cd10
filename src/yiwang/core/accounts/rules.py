"""Decisions about signing in, being away and changing the tree of units, pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from yiwang.core.actor import Scope
from yiwang.core.errors import Invalid

# Level-3 protection practice (GB/T 22239-2019, 8.1.4.1 b asks for a limit on failed tries; the numbers are ours).
MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)


LINK_LASTS = timedelta(hours=24)


class TryResult(StrEnum):
    """What came of a try to sign in, or to set a password by a link; worded by the client."""

    SIGNED_IN = "signed_in"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105
    UNKNOWN_ACCOUNT = "unknown_account"
    CLOSED_ACCOUNT = "closed_account"
    PASSWORD_SET = "password_set"  # noqa: S105
    LINK_INVALID = "link_invalid"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a name stands before the next try: locked until a moment, or with tries left."""

    locked_until: datetime | None
    tries_left: int


def standing(failures: Sequence[datetime], now: datetime) -> Standing:
    """From the failed tries since the last success, newest first: five within fifteen minutes lock the name.

    The lock runs from the newest failure. Tries made while locked are not recorded, so a lock ends by itself.
    """
    recent = [at for at in failures if at > now - LOCKED_FOR]
    if len(recent) >= MOST_FAILURES:
        return Standing(locked_until=recent[0] + LOCKED_FOR, tries_left=0)
    return Standing(locked_until=None, tries_left=MOST_FAILURES - len(recent))


class AbsenceReason(StrEnum):
    """Why somebody is away; worded by the client."""

    LEAVE = "leave"
    SICK = "sick"
    TRIP = "trip"
    TRAINING = "training"
    OTHER = "other"


LONGEST_ABSENCE = timedelta(days=366)
# An illness is entered when the person is back or able to call.
ENTERED_LATE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Days:
    """From a day to a day, both included."""

    first: date
    last: date

    def meets(self, other: "Days") -> bool:
        """Whether the two have a day in common."""
        return self.first <= other.last and other.first <= self.last


def check_days(days: Days, today: date) -> None:
    """Raises Invalid `ends_before_start`, `too_long`, `too_late` with the field at fault."""
    if days.last < days.first:
        raise Invalid("ends_before_start", "结束日期不能早于开始日期。", field="ends_on")
    if days.last - days.first > LONGEST_ABSENCE:
        raise Invalid("too_long", f"一次最长 {LONGEST_ABSENCE.days} 天。", field="ends_on")
    if days.first < today - ENTERED_LATE:
        raise Invalid("too_late", f"最多补登 {ENTERED_LATE.days} 天前的缺勤。", field="starts_on")
    if days.last < today:
        raise Invalid("is_over", "结束日期已过，无需登记。", field="ends_on")


class UnitChangeKind(StrEnum):
    """What can happen to a unit."""

    CREATED = "created"
    MOVED = "moved"
    MERGED = "merged"
    RENAMED = "renamed"
    CLOSED = "closed"


def new_path(path: str, old_prefix: str, new_prefix: str) -> str:
    """A unit's path after the subtree at `old_prefix` came to `new_prefix`; other paths stay as they are.

    Both prefixes end in the moved unit's own id and a dot: "1.4.9." from "1.4." to "1.7.4." is "1.7.4.9.".
    """
    return new_prefix + path[len(old_prefix) :] if path.startswith(old_prefix) else path


def may_come_under(path: str, parent_path: str) -> bool:
    """Whether a unit may be put under another: never under itself or what lies below it."""
    return not parent_path.startswith(path)


@dataclass(frozen=True, slots=True)
class Grant:
    """What an assignment would give: permissions at a post of a unit (`post_path`), for a unit's subtree and areas."""

    permissions: frozenset[str]
    post_path: str
    unit_path: str
    areas: tuple[str, ...]


def fault_of_grant(
    grant: Grant, scopes: Sequence[Scope], manage: str, personal: frozenset[str]
) -> Invalid | None:
    """Why somebody with these scopes may not give it; None when they may.

    Nobody gives what lies beyond their own: the post and the subtree lie in the subtree of one of their assignments
    that holds `manage`, the areas within the areas of such assignments, and what is `personal` is held by the giver
    for a subtree that covers the new one. What is not personal goes by post: who appoints a dispatcher need not be one.
    Raises nothing; the fault's code is `post_not_yours`, `unit_not_yours`, `area_not_yours` or `beyond_own_rights`.
    """
    over = [scope for scope in scopes if manage in scope.permissions and scope.unit_path]
    if not any(grant.post_path.startswith(scope.unit_path) for scope in over):
        return Invalid("post_not_yours", "这个岗位不在您的管理范围内。", field="post_id")
    covering = [scope for scope in over if grant.unit_path.startswith(scope.unit_path)]
    if not covering:
        return Invalid("unit_not_yours", "这个单位不在您的管理范围内。", field="unit_id")
    own_areas = tuple(area for scope in covering for area in scope.areas if area)
    if not all(area.startswith(own_areas) for area in grant.areas):
        return Invalid("area_not_yours", "所选区域超出您的管理区域。", field="areas")
    held = frozenset[str]().union(*(scope.permissions for scope in _covering(grant, scopes)))
    if (grant.permissions & personal) - held:
        return Invalid("beyond_own_rights", "这个角色含有您本人没有的管理权限，不能由您授予。", field="role")
    return None


def _covering(grant: Grant, scopes: Sequence[Scope]) -> list[Scope]:
    """One's own assignments (not those carried for somebody) over the subtree of the grant."""
    return [
        scope
        for scope in scopes
        if scope.on_behalf_of is None and scope.unit_path and grant.unit_path.startswith(scope.unit_path)
    ]
