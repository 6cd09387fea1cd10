"""Live events over a real socket: the right people hear, at once, and nobody misses anything for good."""

import http.client
import json
import os
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from typing import ClassVar

import pytest
from django.db import transaction

from tests.processes.conftest import Start, end_connections, free_port, wait_until
from yiwang.core.accounts.tests.people import Browser, person
from yiwang.core.events import actions
from yiwang.core.events.declare import Audience, Event

COOKIE = "yiwang_session"


@dataclass(frozen=True, slots=True)
class TreeFell(Event):
    """Something that happens somewhere."""

    type: ClassVar[str] = "tree.fell"
    number: int
    text: str = ""

    @property
    def aggregate(self) -> str:
        return f"tree:{self.number}"


class Stream:
    """A browser's end of a stream: reads frames as they come."""

    def __init__(self, port: int, session: str, **headers: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        self.connection.request("GET", "/live", headers={"Cookie": f"{COOKIE}={session}", **headers})
        self.answer = self.connection.getresponse()
        self.status = self.answer.status

    def frame(self) -> tuple[str, dict[str, object]]:
        """The next event and its data; heartbeats are passed over."""
        event, data = "", ""
        while True:
            line = self.answer.readline().decode()
            if line == "":
                return "end", {}
            if line.startswith("event: "):
                event = line[7:-1]
            elif line.startswith("data: "):
                data = line[6:-1]
            elif line == "\n" and event:
                return event, json.loads(data)

    def close(self) -> None:
        self.answer.close()
        self.connection.close()


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def gateway(start: Start, port: int) -> "subprocess.Popen[bytes]":
    return serve(start, port)


def serve(start: Start, port: int) -> "subprocess.Popen[bytes]":
    process = start(
        "yiwang.project.serving", "gateway", YIWANG_LIVE_PORT=str(port), YIWANG_PORT=str(free_port())
    )
    wait_until(lambda: healthy(port), 20)
    return process


def healthy(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/live/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def signed_in(name: str, *areas: str) -> str:
    """A session key of a new person with authority over these areas."""
    browser = Browser(person(name, "cases.view_case", areas=areas))
    return browser.client.cookies[COOKIE].value


@transaction.atomic
def happen(number: int, area: str, text: str = "") -> None:
    actions.publish(TreeFell(number, text), Audience(area_code=area, permission="cases.view_case"))


@pytest.mark.usefixtures("gateway")
def test_only_the_right_one_hears_and_at_once(port: int) -> None:
    here, there = Stream(port, signed_in("here", "420117001")), Stream(port, signed_in("there", "420117002"))
    assert (here.status, here.answer.headers["Content-Type"]) == (200, "text/event-stream; charset=utf-8")
    assert here.frame() == ("ready", {"heartbeat_s": 15.0})
    assert there.frame()[0] == "ready"
    started = time.monotonic()
    happen(1, "420117001001001", "倒了")
    event, data = here.frame()
    assert time.monotonic() - started < 1
    assert event == "change"
    assert {key: data[key] for key in ("type", "aggregate", "number", "text")} == {
        "type": "tree.fell",
        "aggregate": "tree:1",
        "number": 1,
        "text": "倒了",
    }
    happen(2, "420117002001001")
    assert there.frame()[1]["number"] == 2
    happen(3, "420117001001001")
    assert here.frame()[1]["number"] == 3
    here.close()
    there.close()


@pytest.mark.usefixtures("gateway")
def test_what_is_rolled_back_is_not_heard_of(port: int) -> None:
    stream = Stream(port, signed_in("here", "420117"))
    stream.frame()
    with transaction.atomic():
        actions.publish(TreeFell(1), Audience(area_code="420117"))
        transaction.set_rollback(True)
    happen(2, "420117")
    assert stream.frame()[1]["number"] == 2
    stream.close()


@pytest.mark.usefixtures("gateway")
@pytest.mark.parametrize(
    ("session", "headers", "status", "code"),
    [
        ("", {}, 401, "not_signed_in"),
        ("0" * 32, {}, 401, "not_signed_in"),
        ("%00'; DROP", {}, 401, "not_signed_in"),
        ("", {"Origin": "http://evil.example"}, 403, "origin_not_allowed"),
        ("", {"Origin": "http://127.0.0.1:8000"}, 401, "not_signed_in"),
    ],
)
def test_who_may_not_listen_is_told_why(
    port: int, session: str, headers: dict[str, str], status: int, code: str
) -> None:
    stream = Stream(port, session, **headers)
    assert stream.status == status
    assert json.loads(stream.answer.read())["code"] == code
    assert stream.answer.headers["Access-Control-Allow-Origin"] == (
        headers.get("Origin") if status == 401 else None
    )
    stream.close()


@pytest.mark.usefixtures("gateway")
def test_the_console_on_another_port_may_read(port: int) -> None:
    stream = Stream(port, signed_in("here", "420117"), Origin="http://127.0.0.1:8000")
    assert stream.answer.headers["Access-Control-Allow-Origin"] == "http://127.0.0.1:8000"
    assert stream.answer.headers["Access-Control-Allow-Credentials"] == "true"
    assert stream.answer.headers["Vary"] == "Origin"
    stream.close()


def test_after_the_gateways_restart_a_browser_is_told_to_fetch_again(start: Start, port: int) -> None:
    session = signed_in("here", "420117")
    first = serve(start, port)
    stream = Stream(port, session)
    assert stream.frame()[0] == "ready"
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    assert stream.frame()[0] == "end"
    stream.close()
    happen(1, "420117")
    serve(start, port)
    again = Stream(port, session, **{"Last-Event-ID": "0"})
    assert [again.frame()[0] for _ in range(2)] == ["ready", "resync"]
    happen(2, "420117")
    assert again.frame()[1]["number"] == 2
    again.close()


@pytest.mark.usefixtures("gateway")
def test_after_the_databases_restart_everybody_fetches_again(port: int) -> None:
    stream = Stream(port, signed_in("here", "420117"))
    stream.frame()
    assert end_connections() >= 1
    assert stream.frame()[0] == "resync"
    happen(1, "420117")
    assert stream.frame()[1]["number"] == 1
    stream.close()


@pytest.mark.usefixtures("gateway")
def test_a_slow_browser_holds_up_nobody_and_is_told_to_fetch_again(port: int) -> None:
    quick = Stream(port, signed_in("quick", "420117"))
    quick.frame()
    session = signed_in("slow", "420117")
    slow = socket.create_connection(("127.0.0.1", port))
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    slow.sendall(f"GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {COOKIE}={session}\r\n\r\n".encode())
    time.sleep(0.5)
    # Enough to fill what the kernel keeps for both ends (some 8 MB) and then the gateway's own queue.
    count, batch, text = 600, 50, "x" * 40_000
    for first in range(0, count, batch):
        with transaction.atomic():
            for number in range(first, first + batch):
                actions.publish(TreeFell(number, text), Audience(area_code="420117"))
        assert [quick.frame()[1].get("number") for _ in range(batch)] == list(range(first, first + batch))
    slow.settimeout(3)
    got = b""
    while b"event: resync" not in got[-100_000:]:
        piece = slow.recv(1 << 20)
        assert piece, "the stream ended"
        got += piece
    assert len(got) < count * len(text)
    slow.close()
    quick.close()


def test_a_browser_that_goes_is_forgotten(gateway: "subprocess.Popen[bytes]", port: int) -> None:
    session = signed_in("here", "420117")
    before = files_open(gateway.pid)
    streams = [Stream(port, session) for _ in range(20)]
    for stream in streams:
        stream.frame()
    assert files_open(gateway.pid) >= before + 20
    for stream in streams:
        stream.close()
    wait_until(lambda: files_open(gateway.pid) <= before + 2, 20)


def files_open(pid: int) -> int:
    """Open files of a process and its children."""
    children = subprocess.run(
        ["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False
    ).stdout.split()
    return sum(len(os.listdir(f"/proc/{one}/fd")) for one in [pid, *children])


def test_stopping_is_quick_although_streams_are_open(gateway: "subprocess.Popen[bytes]", port: int) -> None:
    stream = Stream(port, signed_in("here", "420117"))
    stream.frame()
    asked = time.monotonic()
    gateway.send_signal(signal.SIGTERM)
    gateway.wait(10)
    assert time.monotonic() - asked < 4
    stream.close()
