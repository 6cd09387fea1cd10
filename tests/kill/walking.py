"""Desks that walk many cases to their end over HTTP, several to each post, and send again what was not answered.

Every write keeps its `Idempotency-Key` until it is answered; pictures come by uploads that resume. What was
acknowledged is written down, to be compared with what the database holds.
"""

import base64
import hashlib
import io
import random
import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import requests
from PIL import Image

PATIENCE_S = 300.0
PARTS = 3
# By state, what a desk of that post does next.
NEXT = {
    "pending_registration": "register",
    "pending_dispatch": "dispatch",
    "pending_handle": "take",
    "handling": "report_done",
    "pending_check": "pass_check",
    "pending_close": "close",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What the cases are, and where they go."""

    address: str
    password: str
    category: str
    source: str
    condition_id: int
    unit_id: int
    lon: float
    lat: float


@dataclass
class Book:
    """What all desks were told, by everybody: steps by (case, version), pictures by their upload's id."""

    opened: set[str] = field(default_factory=set)
    steps: dict[tuple[str, int], str] = field(default_factory=dict)
    twice: list[tuple[str, int]] = field(default_factory=list)
    pictures: dict[str, str] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    lost_races: int = 0
    retries: int = 0
    trouble: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def step(self, case: str, version: int, verb: str) -> None:
        """A step was acknowledged; two acknowledgements for one version would be one too many."""
        with self.lock:
            if (case, version) in self.steps:
                self.twice.append((case, version))
            self.steps[case, version] = verb
            if verb == "close":
                self.closed.add(case)


class Walker:
    """One signed-in person who does what waits for them."""

    def __init__(self, plan: Plan, book: Book, username: str) -> None:
        self.plan, self.book, self.username = plan, book, username
        self.give_up_at = time.monotonic() + PATIENCE_S
        self.luck = random.Random(username)  # which case comes first
        self.session = requests.Session()
        self.sign_in()

    def sign_in(self) -> None:
        """Again and again until the platform lets one in."""
        self.send("GET", "/session")
        body = {"username": self.username, "password": self.plan.password}
        answer = self.send("POST", "/session", json=body)
        assert answer.status_code == 200, answer.text

    def send(self, method: str, path: str, **given: Any) -> requests.Response:
        """The answer, however often it has to be asked for; the headers of a write stay the same."""
        headers = {"Idempotency-Key": str(uuid4()), **given.pop("headers", {})}
        while True:
            headers["X-CSRFToken"] = self.session.cookies.get("csrftoken", "")
            try:
                url = f"{self.plan.address}/api/v1{path}"
                answer = self.session.request(method, url, headers=headers, timeout=15, **given)
                if answer.status_code < 500:
                    return answer
                said = f"{answer.status_code} {answer.text[:300]}"
            except requests.RequestException as error:
                said = type(error).__name__
                self.session.close()
            assert time.monotonic() < self.give_up_at, f"{method} {path} is never answered: {said}"
            with self.book.lock:
                self.book.retries += 1
                self.book.trouble[f"{method} {path.split('/')[1].partition('?')[0]}: {said}"] += 1
            time.sleep(0.1)

    def open_case(self, number: int) -> None:
        """File a case."""
        plan = self.plan
        answer = self.send(
            "POST",
            "/cases",
            json={
                "category": plan.category,
                "description": f"{self.username} 的第 {number} 件",
                "lon": plan.lon,
                "lat": plan.lat,
                "source": plan.source,
                "reporter": {"name": f"报案人{number}", "phone": f"139{number:08d}"},
            },
        )
        assert answer.status_code == 201, answer.text
        told = answer.json()
        with self.book.lock:
            assert told["id"] not in self.book.opened
            self.book.opened.add(told["id"])
        self.book.step(told["id"], told["version"], "take_call")

    def work(self) -> int:
        """Do one thing with every case that waits for this desk; returns how many there were."""
        waiting = self.send("GET", "/cases?work=mine&limit=50").json()["items"]
        self.luck.shuffle(waiting)
        for case in waiting:
            self.advance(case)
        return len(waiting)

    def advance(self, case: dict[str, Any]) -> None:
        """Take the next step; somebody else may be first, even between a list's choice of rows and their reading."""
        verb = NEXT.get(case["state"])
        if verb is None:
            assert case["state"] == "closed", case["state"]
            return
        body: dict[str, Any] = {"verb": verb, "expected_version": case["version"]}
        if verb == "register":
            body["condition_id"] = self.plan.condition_id
        elif verb == "dispatch":
            body["unit_id"] = self.plan.unit_id
        elif verb == "report_done":
            body |= {"note": "已清理", "photos": [{"file_id": self.upload(), "slot": "after"}]}
        answer = self.send("POST", f"/cases/{case['id']}/actions", json=body)
        if answer.status_code == 200:
            self.book.step(case["id"], case["version"] + 1, verb)
            return
        # Another desk of the same post took it: told by 409, or by 403 when the state is another already.
        assert answer.status_code in (403, 404, 409), answer.text
        with self.book.lock:
            self.book.lost_races += 1

    def upload(self) -> str:
        """A picture of one's own, in parts, each from where the platform says that it is."""
        content = picture(f"{self.username} {time.monotonic_ns()}")
        chosen = str(uuid4())
        encoded = base64.b64encode(chosen.encode()).decode()
        tus = {"Tus-Resumable": "1.0.0"}
        made = self.send(
            "POST",
            "/uploads",
            headers={**tus, "Upload-Length": str(len(content)), "Upload-Metadata": f"id {encoded}"},
        )
        assert made.status_code == 201, made.text
        path, at = f"/uploads/{chosen}", 0
        while at < len(content):
            part = content[at : at + len(content) // PARTS + 1]
            digest = base64.b64encode(hashlib.sha256(part).digest()).decode()
            answer = self.send(
                "PATCH",
                path,
                data=part,
                headers={
                    **tus,
                    "Content-Type": "application/offset+octet-stream",
                    "Upload-Offset": str(at),
                    "Upload-Checksum": f"sha256 {digest}",
                },
            )
            # 409: the part counted, and only its answer was lost.
            assert answer.status_code in (204, 409), answer.text
            at = int(self.send("HEAD", path, headers=tus).headers["Upload-Offset"])
        with self.book.lock:
            self.book.pictures[chosen] = hashlib.sha256(content).hexdigest()
        return chosen


def picture(mark: str) -> bytes:
    """A picture like no other, of some ten kilobytes."""
    out = io.BytesIO()
    noise = Image.effect_noise((96, 96), 80).convert("RGB")
    noise.save(out, "JPEG", quality=95, comment=mark.encode())
    return out.getvalue()


class Town:
    """All desks at work at once, until every case is closed."""

    def __init__(self, plan: Plan, acceptors: Iterable[str], others: Iterable[str], cases: int) -> None:
        self.plan, self.book, self.cases = plan, Book(), cases
        self.failures: list[BaseException] = []
        names = list(acceptors)
        shares = [range(n, cases, len(names)) for n in range(len(names))]
        self.threads = [
            *(threading.Thread(target=self._file, args=(n, s)) for n, s in zip(names, shares, strict=True)),
            *(threading.Thread(target=self._walk, args=(name,)) for name in others),
        ]

    def start(self) -> None:
        """Open the doors."""
        for thread in self.threads:
            thread.start()

    def join(self) -> None:
        """Wait until all is done; raises what went wrong at a desk."""
        for thread in self.threads:
            thread.join(2 * PATIENCE_S)
        if self.failures:
            raise self.failures[0]

    @property
    def is_open(self) -> bool:
        return any(thread.is_alive() for thread in self.threads)

    @property
    def steps(self) -> int:
        return len(self.book.steps)

    @property
    def standing(self) -> str:
        """How far it is, for who waits in vain."""
        book = self.book
        done = Counter(book.steps.values())
        return f"{len(book.closed)} of {self.cases} closed; {done}; {book.trouble.most_common(8)}"

    def _file(self, name: str, numbers: range) -> None:
        try:
            desk = Walker(self.plan, self.book, name)
            for number in numbers:
                desk.open_case(number)
        except BaseException as failure:
            self.failures.append(failure)

    def _walk(self, name: str) -> None:
        try:
            desk = Walker(self.plan, self.book, name)
            while len(self.book.closed) < self.cases and not self.failures:
                assert time.monotonic() < desk.give_up_at, self.standing
                if not desk.work():
                    time.sleep(0.05)
        except BaseException as failure:
            self.failures.append(failure)


def agree(book: Book, found: dict[str, Any], cases: int) -> None:
    """Whether the database holds exactly what the desks were told: nothing lost, nothing doubled."""
    walk = ["take_call", "register", "dispatch", "take", "report_done", "pass_check", "close"]
    assert book.twice == [], "one version was acknowledged twice"
    assert book.closed == book.opened == set(found["cases"])
    assert len(found["cases"]) == cases
    for case_id, case in found["cases"].items():
        told = {version: verb for (one, version), verb in book.steps.items() if one == case_id}
        assert told == dict(enumerate(walk)), f"{case_id}: {told}"
        assert case["state"] == "closed"
        assert case["version"] == len(walk) - 1
        assert case["steps"] == [[number + 1, verb] for number, verb in enumerate(walk)]
        assert case["entries"] == case["events"] == len(walk)
        assert case["running"] == [], "no clock of a closed case runs"
        assert case["most_running_at_once"] <= 1, "a task has one clock at a time"
        [digest] = case["pictures"]
        assert digest in book.pictures.values()
    assert len({case["number"] for case in found["cases"].values()}) == cases
    assert found["dead_letters"] == 0
    assert found["chain_ok"], found["chain"]
    uploaded = {file: digest for file, digest in book.pictures.items() if file in found["files"]}
    assert {file: found["files"][file] for file in uploaded} == uploaded == book.pictures
    assert found["open_parts"] == 0
