"""Who acts, and with what authority.

An actor carries *scopes*, one for each assignment that is in force: a set of permissions together with the
unit subtree and the areas for which they hold. Authority is a question to the actor, never to a user row.
"""

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Permission:
    """One thing that can be allowed: `key` is `room.verb_noun`, `label` is worded `{zh, en}`."""

    key: str
    label: dict[str, str]


@dataclass(frozen=True, slots=True)
class Scope:
    """What one assignment allows, and where.

    `unit_path` is the materialised path of the unit whose subtree is meant ("" for none).
    `areas` are area-code prefixes: 6 digits district, 9 street, 12 community, 15 unit grid.
    """

    role: str
    post: str
    unit_id: int | None
    unit_name: str
    unit_path: str
    areas: tuple[str, ...]
    permissions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, or the system itself, at work. `via` says through which door: console, system, import."""

    user_id: UUID | None
    name: str
    username: str = ""
    assignments: tuple[Scope, ...] = ()
    ip: str | None = None
    via: str = "console"
    is_system: bool = False
    must_change_password: bool = field(default=False, compare=False)

    def can(self, permission: str) -> bool:
        """Whether any assignment in force allows it, somewhere."""
        return self.is_system or any(permission in scope.permissions for scope in self.assignments)

    def scopes(self, permission: str) -> tuple[Scope, ...]:
        """The assignments that allow it: where it is allowed is in each scope."""
        return tuple(scope for scope in self.assignments if permission in scope.permissions)

    @property
    def permissions(self) -> frozenset[str]:
        """All that is allowed somewhere."""
        return frozenset().union(*(scope.permissions for scope in self.assignments))

    @property
    def post(self) -> str:
        """The post's name that stands beside the person's in records: the first assignment's."""
        return self.assignments[0].post if self.assignments else ""


def system(name: str) -> Actor:
    """The platform itself as actor, for instance `system("worker")`: allowed everything, named in the audit log."""
    return Actor(user_id=None, name=name, via="system", is_system=True)
