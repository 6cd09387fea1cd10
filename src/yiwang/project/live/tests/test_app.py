"""A stream from within: sessions that end while it is open, and a database that is away."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from django.db import OperationalError, connection

from yiwang.core import clock
from yiwang.core.accounts import absences
from yiwang.core.accounts.models import Session, User
from yiwang.core.accounts.rules import AbsenceReason
from yiwang.core.accounts.tests.people import SYSTEM, Browser, person
from yiwang.core.events.models import OutboxEvent
from yiwang.core.events.queries import Change, changes
from yiwang.project.live import app
from yiwang.project.live.frames import CLOSED, HEARTBEAT, RESYNC

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at the session at every turn, and turn often."""
    monkeypatch.setattr(app, "HEARTBEAT_S", 0.01)
    monkeypatch.setattr(app, "CHECK_SESSION_S", 0.0)


def key_of(name: str, **options: object) -> str:
    return (
        Browser(person(name, "cases.view_case", areas=["420117"], **options))
        .client.cookies["yiwang_session"]
        .value
    )


async def pieces(stream: AsyncIterator[bytes], most: int) -> list[bytes]:
    taken = []
    async for piece in stream:
        taken.append(piece)
        if len(taken) == most:
            break
    await stream.aclose()
    return taken


def test_a_stream_ends_with_its_session() -> None:
    key = key_of("anna")

    async def scene() -> list[bytes]:
        actor = await app.actor_of(key, None)
        assert actor is not None
        stream = app.stream(actor, key, came_back=False)
        first = await pieces_of(stream, 3)
        assert len(app.hub.listeners) == 1
        await asyncio.to_thread(end_session, key)
        rest = await asyncio.wait_for(pieces(stream, 100), 5)
        return [*first, *rest]

    taken = asyncio.run(scene())
    assert taken[0].startswith(b"id: 0\nevent: ready\n")
    assert set(taken[1:-1]) == {HEARTBEAT}
    assert taken[-1] == CLOSED
    assert not app.hub.listeners


async def pieces_of(stream: AsyncIterator[bytes], count: int) -> list[bytes]:
    """The next pieces of a stream that goes on."""
    return [await anext(stream) for _ in range(count)]


def end_session(key: str) -> None:
    from django.db import connection

    Session.objects.filter(pk=key).delete()
    connection.close()


def test_a_stream_goes_on_while_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    key = key_of("anna")

    async def scene() -> list[bytes]:
        actor = await app.actor_of(key, None)
        assert actor is not None

        async def away(*_: object) -> None:
            raise OperationalError("the server closed the connection unexpectedly")

        monkeypatch.setattr(app, "actor_of", away)
        return await pieces(app.stream(actor, key, came_back=True), 5)

    taken = asyncio.run(scene())
    assert taken[0].endswith(RESYNC)
    assert set(taken[1:]) == {HEARTBEAT}
    assert not app.hub.listeners


def test_a_stream_knows_at_once_that_a_substitution_has_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "CHECK_SESSION_S", 1000.0)
    key = key_of("anna")
    bert = person("bert", "cases.handle_case")

    def begin() -> Change:
        today = clock.today()
        anna = User.objects.get(username="anna")
        absences.enter(SYSTEM, absences.NewAbsence(today, today, AbsenceReason.LEAVE, bert.pk, anna.pk))
        events = OutboxEvent.objects.filter(type="account.authority_changed").values_list("pk", flat=True)
        heard = [c for c in changes(list(events)) if anna.pk in c.audience.user_ids]
        connection.close()
        return heard[0]

    async def scene() -> tuple[bool, bool]:
        actor = await app.actor_of(key, None)
        assert actor is not None
        stream = app.stream(actor, key, came_back=False)
        await anext(stream)
        [listener] = app.hub.listeners
        before = listener.actor.can("cases.handle_case")
        app.hub.tell([await asyncio.to_thread(begin)])
        await pieces_of(stream, 2)
        after = listener.actor.can("cases.handle_case")
        await stream.aclose()
        return before, after

    assert asyncio.run(scene()) == (False, True)


def test_who_must_change_the_first_password_does_not_listen_yet() -> None:
    key = key_of("anna")
    from yiwang.core.accounts.models import User

    assert asyncio.run(app.actor_of(key, None)) is not None
    User.objects.update(must_change_password=True)
    assert asyncio.run(app.actor_of(key, None)) is None
    assert asyncio.run(app.actor_of("", None)) is None
