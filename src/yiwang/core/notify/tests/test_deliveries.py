"""A notice leaves the platform once, by what its person chose; what could not be sent is there to be seen."""

import errno
import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from socketserver import StreamRequestHandler, TCPServer
from threading import Thread
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from yiwang.core import clock
from yiwang.core.accounts.models import User
from yiwang.core.accounts.tests.people import Browser, actor, person
from yiwang.core.actor import system
from yiwang.core.audit.models import Entry
from yiwang.core.notify import actions, channels, deliveries, queries, tasks, wishes
from yiwang.core.notify.models import Choice, Delivery, Notice, Wishes
from yiwang.core.notify.queries import Which
from yiwang.core.notify.wishes import Wanted

pytestmark = pytest.mark.django_db
KIND, URGENT = "case.your_turn", "case.overdue"
PARAMS = {"verb": {"zh": "立案", "en": "Register"}, "address": "问津大街 1 号"}
NIGHT = datetime(2026, 11, 22, 23, 0, tzinfo=clock.LOCAL)


@pytest.fixture
def outbox(settings: Any, tmp_path: Path) -> Path:
    settings.NOTIFY_URLS = {}
    settings.NOTIFY_OUTBOX = tmp_path / "outbox"
    return tmp_path / "outbox"


@pytest.fixture
def anna(outbox: Path) -> User:
    user = person("anna")
    User.objects.filter(pk=user.pk).update(phone="13900001111")
    user.refresh_from_db()
    return user


def want(user: User, *channels: str, kinds: tuple[str, ...] = (KIND,), **more: Any) -> None:
    wanted = Wanted(mail="anna@example.org", choices={kind: list(channels) for kind in kinds}, **more)
    wishes.change(actor(user), wanted, expected_version=wishes.of(actor(user)).version)


def tell(user: User, kind: str = KIND) -> None:
    actions.notify([user.pk], kind=kind, params=PARAMS, link="/cases/1")


def kept(outbox: Path) -> list[dict[str, Any]]:
    return [json.loads(file.read_text()) for file in sorted(outbox.glob("*.json"))]


def states() -> list[str]:
    return list(Delivery.objects.order_by("id").values_list("state", flat=True))


def test_it_leaves_by_what_was_chosen_and_once(anna: User, outbox: Path) -> None:
    want(anna, "mail", "sms")
    tell(anna)
    tell(anna, "comment.mentioned")
    assert deliveries.send_waiting() == 2
    assert deliveries.send_waiting() == 0
    sent = {one["channel"]: one for one in kept(outbox)}
    assert {key: one["to"] for key, one in sent.items()} == {"mail": "anna@example.org", "sms": "13900001111"}
    assert sent["mail"]["text"] == "待您办理：立案。，问津大街 1 号"
    assert sent["mail"]["subject"] == "[一网] 案件待我办理"
    assert states() == ["sent", "sent"]
    notice = Notice.objects.get(kind=KIND)
    assert deliveries.plan([notice.pk]) == 0


def test_many_words_at_once_leave_too(anna: User, outbox: Path) -> None:
    want(anna, "mail")
    told = [actions.Word(frozenset({anna.pk}), KIND, {**PARAMS, "n": n}) for n in range(3)]
    actions.notify_many(told)
    deliveries.send_waiting()
    assert len(kept(outbox)) == 3


def test_what_was_read_or_is_not_wanted_any_more_does_not_leave(anna: User, outbox: Path) -> None:
    want(anna, "mail")
    tell(anna)
    actions.read_all(actor(anna))
    tell(anna)
    want(anna)
    deliveries.send_waiting()
    assert kept(outbox) == []
    assert list(Delivery.objects.order_by("id").values_list("reason", flat=True)) == ["read", "not_wanted"]


def test_the_night_is_quiet_but_for_what_is_urgent(anna: User, outbox: Path) -> None:
    want(anna, "mail", kinds=(KIND, URGENT), quiet_from=time(22), quiet_to=time(7))
    with clock.frozen(NIGHT):
        tell(anna)
        tell(anna, URGENT)
        deliveries.send_waiting()
    assert [one["kind"] for one in kept(outbox)] == [URGENT]
    with clock.frozen(NIGHT + timedelta(hours=8)):
        deliveries.send_waiting()
    assert [one["kind"] for one in kept(outbox)] == [URGENT, KIND]


def test_whoever_has_left_or_has_no_address_gets_nothing(anna: User, outbox: Path) -> None:
    want(anna, "wechat")
    tell(anna)
    deliveries.send_waiting()
    want(anna, "mail")
    tell(anna)
    User.objects.filter(pk=anna.pk).update(is_active=False)
    deliveries.send_waiting()
    assert list(Delivery.objects.order_by("id").values_list("reason", flat=True)) == [
        "no_address",
        "account_closed",
    ]
    User.objects.filter(pk=anna.pk).update(erased_at=clock.now())
    assert deliveries.forget_erased() == 2
    assert not Wishes.objects.exists()
    assert not Choice.objects.exists()


class Gateway(HTTPServer):
    """Answers by what it was told, and remembers what came."""

    answers: list[int]
    came: list[dict[str, Any]]


class Answering(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        token, key = self.headers["Authorization"], self.headers["Idempotency-Key"]
        self.server.came.append({**body, "token": token, "key": key})
        self.send_response(self.server.answers.pop(0))
        self.end_headers()

    def log_message(self, *words: object) -> None:
        """Says nothing."""


@contextmanager
def serving(server: Any) -> Iterator[Any]:
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def gateway(*answers: int) -> Gateway:
    server = Gateway(("127.0.0.1", 0), Answering)
    server.answers, server.came = list(answers), []
    return server


def test_a_gateway_that_is_busy_is_tried_again_by_and_by(anna: User, settings: Any) -> None:
    want(anna, "sms")
    tell(anna)
    with serving(gateway(503, 429, 200)) as server:
        settings.NOTIFY_URLS = {"sms": f"http://:geheim@127.0.0.1:{server.server_port}/send"}
        for wait in (0, 2, 6):
            with clock.frozen(clock.now() + timedelta(minutes=wait)):
                deliveries.send_waiting()
        assert states() == ["sent"]
        assert {one["token"] for one in server.came} == {"Bearer geheim"}
        assert len({one["key"] for one in server.came}) == 1
        assert server.came[0]["params"]["address"] == PARAMS["address"]


@pytest.mark.parametrize(("answer", "reason"), [(400, "HTTP 400"), (500, "unsure: HTTP 500")])
def test_what_is_refused_or_may_have_arrived_is_dead_until_a_person_decides(
    anna: User, settings: Any, answer: int, reason: str
) -> None:
    want(anna, "work_wechat", work_wechat="anna.w")
    tell(anna)
    with serving(gateway(answer, 200)) as server:
        settings.NOTIFY_URLS = {"work_wechat": f"http://127.0.0.1:{server.server_port}/"}
        deliveries.send_waiting()
        deliveries.send_waiting()
        assert len(server.came) == 1
        assert [row.reason for row in queries.dead_deliveries()] == [reason]
        assert queries.deliveries_by_state() == {"dead": 1}
        assert actions.send_again(system("tests"), Which()) == 1
        deliveries.send_waiting()
        assert states() == ["sent"]


def test_a_gateway_that_is_away_is_given_up_after_some_tries(anna: User, settings: Any) -> None:
    want(anna, "sms")
    tell(anna)
    settings.NOTIFY_URLS = {"sms": "http://127.0.0.1:9/"}
    at = clock.now()
    for _ in range(9):
        with clock.frozen(at):
            deliveries.send_waiting()
        at += timedelta(days=1)
    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.reason) == ("dead", 6, "ConnectionRefusedError")


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.EHOSTUNREACH, "x"),
        OSError(errno.ENETUNREACH, "x"),
        TimeoutError(),
        ssl.SSLCertVerificationError(),
    ],
)
def test_what_never_reached_anybody_is_tried_again(
    anna: User, settings: Any, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    def fail(connection: object) -> None:
        raise error

    monkeypatch.setattr("http.client.HTTPSConnection.connect", fail)
    want(anna, "sms")
    tell(anna)
    settings.NOTIFY_URLS = {"sms": "https://sms.example.org/"}
    deliveries.send_waiting()
    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.reason) == ("waiting", 1, type(error).__name__)


@contextmanager
def hanging() -> Iterator[int]:
    """A gateway that takes the connection and never answers; its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_channel_that_is_away_or_hangs_holds_nothing_up(
    anna: User, settings: Any, outbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One try in each run; the other channels go on, and what was not tried waits as it was."""
    monkeypatch.setattr(channels, "TIMEOUT_S", 0.05)
    want(anna, "mail", "sms", "work_wechat", work_wechat="anna.w")
    for _ in range(3):
        tell(anna)
    with hanging() as port:
        settings.NOTIFY_URLS = {"sms": "http://127.0.0.1:9/", "work_wechat": f"http://127.0.0.1:{port}/"}
        assert deliveries.send_waiting(for_s=0) == 0
        assert deliveries.send_waiting() == 5
    assert {one["channel"] for one in kept(outbox)} == {"mail"}
    found = {
        channel: sorted(Delivery.objects.filter(channel=channel).values_list("state", "attempts"))
        for channel in ("mail", "sms", "work_wechat")
    }
    assert found == {
        "mail": [("sent", 1)] * 3,
        "sms": [("waiting", 0), ("waiting", 0), ("waiting", 1)],
        "work_wechat": [("dead", 1), ("waiting", 0), ("waiting", 0)],
    }


def test_sending_has_one_job_that_waits_and_runs_alone(anna: User) -> None:
    want(anna, "mail")
    tell(anna)
    tell(anna)
    assert tasks.send_due()
    jobs = ProcrastinateJob.objects.filter(task_name="notify.send_out")
    assert [job.lock for job in jobs] == ["notify.send_out"]
    deliveries.send_waiting()
    assert not tasks.send_due()


def test_what_a_killed_worker_was_sending_is_never_sent_by_itself(anna: User, outbox: Path) -> None:
    want(anna, "mail")
    tell(anna)
    assert deliveries._claim() is not None
    assert deliveries.send_waiting() == 0
    assert deliveries.give_up_cut_off() == 0
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        assert deliveries.give_up_cut_off() == 1
        assert deliveries.send_waiting() == 0
    assert (kept(outbox), states()) == ([], ["dead"])


class Post(StreamRequestHandler):
    """As much of a mail server as a sender needs."""

    def handle(self) -> None:
        self.say("220 here")
        while line := self.rfile.readline().decode().strip():
            if line.upper() == "DATA":
                self.say("354 go on")
                while (line := self.rfile.readline().decode().rstrip("\r\n")) != ".":
                    self.server.came.append(line)  # type: ignore[attr-defined]
            answer = self.server.refusal if line.upper().startswith("RCPT") else "250 ok"  # type: ignore[attr-defined]
            self.say("221 bye" if line.upper() == "QUIT" else answer)

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@pytest.mark.parametrize(
    ("answer", "state"), [("250 ok", "sent"), ("550 who", "dead"), ("451 later", "waiting")]
)
def test_mail_by_smtp(anna: User, settings: Any, answer: str, state: str) -> None:
    want(anna, "mail", language="en")
    tell(anna)
    server = TCPServer(("127.0.0.1", 0), Post)
    server.came, server.refusal = [], answer  # type: ignore[attr-defined]
    with serving(server):
        port = server.server_address[1]
        settings.NOTIFY_URLS = {"mail": f"smtp://127.0.0.1:{port}?from=yiwang@example.org&tls=no"}
        deliveries.send_waiting()
    assert states() == [state]
    came = "\n".join(server.came)  # type: ignore[attr-defined]
    assert ("To: anna@example.org" in came and "Message-ID: <notice-" in came) is (state == "sent")
    assert "anna" not in Delivery.objects.get().reason


def body(**changes: Any) -> dict[str, Any]:
    return {"mail": "a@example.org", "choices": {KIND: ["mail"]}, "expected_version": 0, **changes}


def test_one_sets_ones_own_wishes_over_http(anna: User) -> None:
    assert Browser().get("/notices/wishes").status_code == 401
    browser = Browser(anna)
    before = browser.get("/notices/wishes").json()
    assert [one["key"] for one in before["channels"]] == ["mail", "sms", "work_wechat", "wechat"]
    answer = browser.write("put", "/notices/wishes", body(quiet_from="22:00", quiet_to="07:00"))
    assert answer.status_code == 200, answer.content
    assert {one["key"]: one["channels"] for one in answer.json()["kinds"]}[KIND] == ["mail"]
    assert browser.write("put", "/notices/wishes", body()).status_code == 409
    entry = Entry.objects.get(action="notify.change_wishes")
    assert entry.after["addresses_changed"] == ["mail"]
    assert "a@example.org" not in json.dumps([entry.before, entry.after])
    other = Browser(person("bert")).get("/notices/wishes").json()
    assert other["version"] == 0
    assert not any(one["address"] for one in other["channels"])


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"mail": "nobody"}, "bad_mail"),
        ({"choices": {"case.nonsense": ["mail"]}}, "unknown_choice"),
        ({"choices": {KIND: ["pigeon"]}}, "unknown_choice"),
        ({"quiet_from": "22:00"}, "quiet_from_to"),
    ],
)
def test_wishes_that_make_no_sense(anna: User, wrong: dict[str, Any], code: str) -> None:
    answer = Browser(anna).write("put", "/notices/wishes", body(**wrong))
    assert answer.status_code == 422
    assert code in answer.content.decode()


def test_a_trial_leaves_at_once_and_not_again_at_once(anna: User, outbox: Path) -> None:
    browser = Browser(anna)
    assert browser.post("/notices/channels/pigeon/trial").status_code == 422
    assert browser.post("/notices/channels/mail/trial").status_code == 422
    assert browser.post("/notices/channels/sms/trial").status_code == 204
    deliveries.send_waiting()
    assert [one["kind"] for one in kept(outbox)] == ["notify.trial"]
    assert browser.post("/notices/channels/sms/trial").status_code == 403
    assert browser.get("/notices/wishes").json()["recent"][0]["state"] == "sent"


def test_production_offers_what_has_an_address_only(anna: User, settings: Any) -> None:
    settings.NOTIFY_OUTBOX = None
    settings.NOTIFY_URLS = {"mail": "smtp://localhost?from=x@example.org"}
    assert [one["key"] for one in Browser(anna).get("/notices/wishes").json()["channels"]] == ["mail"]
