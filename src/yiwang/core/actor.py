"""Who acts, and with what authority.

An actor carries *scopes*, one for each assignment that is in force: a set of permissions together with the
unit subtree and the areas for which they hold. Authority is a question to the actor, never to a user row.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Permission:
    """One thing that can be allowed: `key` is `room.verb_noun`, `label` is worded `{zh, en}`.

    What is `personal` was given to this very person and is not handed to a substitute.
    """

    key: str
    label: dict[str, str]
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Absentee:
    """The person whose authority a substitute carries for a while."""

    user_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Scope:
    """What one assignment allows, and where.

    `unit_path` is the materialised path of the unit whose subtree is meant ("" for none).
    `areas` are area-code prefixes: 6 digits district, 9 street, 12 community, 15 unit grid.
    `on_behalf_of` is the absent person whose assignment it is; None for one's own.
    """

    role: str
    post: str
    unit_id: int | None
    unit_name: str
    unit_path: str
    areas: tuple[str, ...]
    permissions: frozenset[str]
    on_behalf_of: Absentee | None = None

    @property
    def is_everywhere(self) -> bool:
        """Whether it holds for all units: its unit is a root of the tree, whose path is one id and a dot."""
        return self.unit_path.count(".") == 1

    @property
    def title(self) -> str:
        """The post as it stands in records: 派遣员, or 派遣员（代张三） for a substitute."""
        return f"{self.post}（代{self.on_behalf_of.name}）" if self.on_behalf_of else self.post


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, or the system itself, at work. `via` says through which door: console, system, import.

    One's own assignments stand before those that are carried for somebody absent. `acting` is the assignment on
    which something is being done (`at`): records name its post.
    """

    user_id: UUID | None
    name: str
    username: str = ""
    assignments: tuple[Scope, ...] = ()
    ip: str | None = None
    via: str = "console"
    is_system: bool = False
    must_change_password: bool = field(default=False, compare=False)
    acting: Scope | None = field(default=None, compare=False)

    def can(self, permission: str) -> bool:
        """Whether any assignment in force allows it, somewhere."""
        return self.is_system or any(permission in scope.permissions for scope in self.assignments)

    def can_everywhere(self, permission: str) -> bool:
        """Whether an assignment allows it for all units: what belongs to the whole district asks this."""
        return self.is_system or any(scope.is_everywhere for scope in self.scopes(permission))

    def scopes(self, permission: str) -> tuple[Scope, ...]:
        """The assignments that allow it: where it is allowed is in each scope."""
        return tuple(scope for scope in self.assignments if permission in scope.permissions)

    def scope_for(self, permission: str, fits: Callable[[Scope], bool] | None = None) -> Scope | None:
        """The assignment on which the actor does something: the first that allows it and `fits`, one's own first.

        None when no assignment does (the system needs none).
        """
        return next((s for s in self.scopes(permission) if fits is None or fits(s)), None)

    def acting_for(self, permission: str, fits: Callable[[Scope], bool] | None = None) -> Absentee | None:
        """Whom the actor stands in for when doing it; None where one's own authority is enough."""
        scope = self.scope_for(permission, fits)
        return scope.on_behalf_of if scope else None

    def at(self, scope: Scope | None) -> "Actor":
        """The same person, doing something on this assignment: the audit names its post, with 代 for a substitute."""
        return replace(self, acting=scope)

    def without(self, people: Collection[UUID]) -> "Actor":
        """The same person without what is carried for these people.

        What somebody absent may not do in a matter (check a case that they handled), their substitute may not
        do in their name either.
        """
        if all(s.on_behalf_of is None or s.on_behalf_of.user_id not in people for s in self.assignments):
            return self
        kept = (s for s in self.assignments if s.on_behalf_of is None or s.on_behalf_of.user_id not in people)
        return replace(self, assignments=tuple(kept))

    @property
    def permissions(self) -> frozenset[str]:
        """All that is allowed somewhere."""
        return frozenset().union(*(scope.permissions for scope in self.assignments))

    @property
    def post(self) -> str:
        """What stands beside the person's name in records: the assignment acted on, else the first one of their own."""
        scope = self.acting or next(iter(self.assignments), None)
        return scope.title if scope else ""


def system(name: str) -> Actor:
    """The platform itself as actor, for instance `system("worker")`: allowed everything, named in the audit log."""
    return Actor(user_id=None, name=name, via="system", is_system=True)
