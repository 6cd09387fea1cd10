"""Who is told what, without a socket."""

import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.core.actor import Actor, Scope
from yiwang.core.events.declare import Audience
from yiwang.core.events.queries import Change
from yiwang.core.ids import uuid7
from yiwang.project.live.frames import RESYNC, frame
from yiwang.project.live.hub import MOST_WAITING, Hub, Listener
from yiwang.project.live.origins import may_read


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        (None, "127.0.0.1:8001"),
        ("http://127.0.0.1:8000", "127.0.0.1:8001"),
        ("http://localhost:8000", "localhost:8001"),
        ("https://yiwang.example.org", "yiwang.example.org"),
        ("http://[::1]:8000", "[::1]:8001"),
        ("http://Server:8000", "server:8001"),
    ],
)
def test_a_page_beside_the_stream_may_read(origin: str | None, host: str) -> None:
    assert may_read(origin, host, None)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://evil.example", "127.0.0.1:8001"),
        ("null", "127.0.0.1:8001"),
        ("file://", "127.0.0.1:8001"),
        ("http://127.0.0.1.evil.example", "127.0.0.1:8001"),
        ("http://evil.example@127.0.0.1:8000.evil", "127.0.0.1:8001"),
        ("http://", ""),
        ("http://[", "["),
    ],
)
def test_a_strange_page_may_not(origin: str, host: str) -> None:
    assert not may_read(origin, host, None)


def test_behind_a_public_origin_only_that_one_counts() -> None:
    public = "https://yiwang.example.org"
    assert may_read(public, "127.0.0.1:8001", public)
    assert not may_read("http://127.0.0.1:8000", "127.0.0.1:8001", public)
    assert not may_read("https://yiwang.example.org:8443", "yiwang.example.org", public)


@given(st.text(), st.text())
def test_any_header_has_an_answer(origin: str, host: str) -> None:
    assert may_read(origin, host, None) in {True, False}


@given(st.dictionaries(st.text(), st.text()))
def test_whatever_the_text_it_stays_one_frame(data: dict[str, str]) -> None:
    head, body, *end = frame("change", data, 7).decode("utf-8", "surrogatepass").split("\n", 2)
    assert (head, body) == ("id: 7", "event: change")
    [line, *rest] = end[0].split("\n")
    assert json.loads(line.removeprefix("data: ")) == data
    assert rest == ["", ""]


def listener(area: str) -> Listener:
    scope = Scope("role", "岗位", None, "", "", (area,), frozenset({"cases.view_case"}))
    return Listener(Actor(user_id=uuid7(), name="甲", assignments=(scope,)))


def change(number: int, area: str) -> Change:
    return Change(number, Audience(area_code=area), {"type": "case.opened", "aggregate": f"case:{number}"})


def taken(one: Listener) -> bytes:
    return asyncio.run(one.take(0.01))


def test_a_change_reaches_those_who_may_hear_of_it() -> None:
    hub, here, there = Hub(), listener("420117001"), listener("420117002")
    hub.listeners |= {here, there}
    hub.tell([change(1, "420117001001"), change(2, "420117001002")])
    assert taken(here).count(b"event: change\n") == 2
    assert taken(there) == b""


def test_whoever_is_slow_is_told_to_fetch_again_and_holds_up_nobody() -> None:
    hub, slow, quick = Hub(), listener("42"), listener("42")
    hub.listeners |= {slow, quick}
    for number in range(MOST_WAITING + 1):
        hub.tell([change(number, "420117")])
        assert taken(quick).count(b"event: change\n") == 1
    assert taken(slow) == RESYNC
    hub.tell([change(999, "420117")])
    assert b"id: 999\n" in taken(slow)


def test_a_listener_wakes_as_soon_as_there_is_something() -> None:
    async def scene() -> bytes:
        one = listener("42")
        asyncio.get_running_loop().call_later(0.02, one.send, b"x")
        return await one.take(5)

    assert asyncio.run(asyncio.wait_for(scene(), 1)) == b"x"


def test_everybody_is_told_to_fetch_again() -> None:
    hub, one, other = Hub(), listener("42"), listener("43")
    hub.listeners |= {one, other}
    hub.resync()
    assert taken(one) == taken(other) == RESYNC
