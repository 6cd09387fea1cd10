"""People for tests of any room: a founded database, a small tree of units, and who sits where."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.test import Client

from yiwang.core.accounts import actions
from yiwang.core.accounts.models import Role, Unit, User
from yiwang.core.accounts.queries import actor_for_user
from yiwang.core.actor import Actor, system
from yiwang.core.ids import uuid7

PASSWORD = "Right-Horse-7"
SYSTEM = system("tests")


def unit(code: str, parent: Unit | None = None, *, handles: bool = False) -> Unit:
    """A unit with this code, made when missing."""
    return actions.save_unit(
        code, parent=parent, name=f"单位{code}", short_name=code, kind="bureau", handles_cases=handles
    )


def person(
    username: str,
    *permissions: str,
    at: Unit | None = None,
    areas: Sequence[str] = (),
    must_change: bool = False,
) -> User:
    """A person with one assignment: these permissions, for these areas and the unit's subtree."""
    user = actions.create_user(SYSTEM, username=username, name=f"人{username}", password=PASSWORD)
    user.must_change_password = must_change
    user.save()
    home = at or unit("root")
    does = {"zh": "试用", "en": "Tries"}
    role = Role.objects.create(
        key=f"role-{username}", name="角色", name_en="Role", does=does, permissions=list(permissions)
    )
    post = actions.save_post(home, f"post-{username}", name=f"岗{username}")
    actions.assign(SYSTEM, user=user, post=post, role=role, areas=areas, valid_from=date(2020, 1, 1))
    return user


def actor(user: User) -> Actor:
    """The person at work."""
    found = actor_for_user(user.pk)
    assert found is not None
    return found


class Browser:
    """A signed-in browser that keeps the rules of writing: CSRF token and idempotency key."""

    def __init__(self, user: User | None = None) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.get("/session")
        if user is not None:
            answer = self.post("/session", {"username": user.username, "password": PASSWORD})
            assert answer.status_code == 200, answer.content

    def get(self, path: str, **query: Any) -> Any:
        """GET below /api/v1."""
        return self.client.get(f"/api/v1{path}", query)

    def post(self, path: str, body: Any = None, *, key: str | None = None, **headers: str) -> Any:
        """POST JSON below /api/v1, with a fresh key unless one is given."""
        return self.write("post", path, body, key, headers)

    def delete(self, path: str) -> Any:
        """DELETE below /api/v1."""
        return self.write("delete", path)

    def write(
        self,
        method: str,
        path: str,
        body: Any = None,
        key: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Any:
        """Any write below /api/v1."""
        token = self.client.cookies["csrftoken"].value
        sent = {"X-CSRFToken": token, "Idempotency-Key": key or str(uuid7()), **(headers or {})}
        return getattr(self.client, method)(
            f"/api/v1{path}", body, content_type="application/json", headers=sent
        )
