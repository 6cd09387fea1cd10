"""A person at a desk who files cases over HTTP, and sends again whatever was not answered, with the same key."""

import io
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import requests
from PIL import Image

PATIENCE_S = 120.0
# Longitude and latitude.
Spot = tuple[float, float]


@dataclass
class Desk:
    """One signed-in browser. `filed` maps each case id that was acknowledged to its number; `retries` counts."""

    address: str
    username: str
    password: str
    spot: Spot
    category: str
    source: str
    filed: dict[str, str] = field(default_factory=dict)
    photos: dict[str, str] = field(default_factory=dict)
    retries: int = 0

    def __post_init__(self) -> None:
        self.session = requests.Session()
        self.session.get(f"{self.address}/api/v1/session", timeout=10)
        answer = self.session.post(
            f"{self.address}/api/v1/session",
            json={"username": self.username, "password": self.password},
            headers=self.headers(str(uuid4())),
            timeout=10,
        )
        assert answer.status_code == 200, answer.text

    def headers(self, key: str) -> dict[str, str]:
        return {"X-CSRFToken": self.session.cookies["csrftoken"], "Idempotency-Key": key}

    def file_case(self, number: int) -> None:
        """File one case with one photo, until both are acknowledged."""
        photo = self.insist("/files", files={"file": ("a.jpg", picture(self.username, number), "image/jpeg")})
        case = self.insist(
            "/cases",
            json={
                "category": self.category,
                "description": f"{self.username} 的第 {number} 件",
                "lon": self.spot[0],
                "lat": self.spot[1],
                "source": self.source,
                "photos": [{"file_id": photo["id"], "slot": "near"}],
            },
        )
        assert case["id"] not in self.filed, "one acknowledgement for two filings"
        self.filed[case["id"]] = case["number"]
        self.photos[case["id"]] = photo["sha256"]

    def insist(self, path: str, **body: Any) -> dict[str, Any]:
        """The answer to a write that is sent with one key until it is answered."""
        key, give_up_at = str(uuid4()), time.monotonic() + PATIENCE_S
        while True:
            try:
                answer = self.session.post(
                    f"{self.address}/api/v1{path}", headers=self.headers(key), timeout=10, **body
                )
                if answer.status_code == 201:
                    told: dict[str, Any] = answer.json()
                    return told
                assert answer.status_code >= 500, f"{answer.status_code} {answer.text}"
            except requests.RequestException:
                self.session.close()
            assert time.monotonic() < give_up_at, "the platform does not come back"
            self.retries += 1
            time.sleep(0.1)


def picture(name: str, number: int) -> bytes:
    """A small photo unlike all others."""
    out = io.BytesIO()
    colour = (number % 256, number // 256, hash(name) % 256)
    Image.new("RGB", (32, 24), colour).save(out, "JPEG", comment=f"{name} {number}".encode())
    return out.getvalue()


class Office:
    """Several desks at work at once, each on a thread of its own."""

    def __init__(self, desks: list[Desk], cases_each: int) -> None:
        self.desks = desks
        self.failures: list[BaseException] = []
        self.threads = [threading.Thread(target=self._work, args=(desk, cases_each)) for desk in desks]

    def _work(self, desk: Desk, count: int) -> None:
        try:
            for number in range(count):
                desk.file_case(number)
        except BaseException as failure:
            self.failures.append(failure)

    @property
    def acknowledged(self) -> int:
        return sum(len(desk.filed) for desk in self.desks)

    @property
    def is_open(self) -> bool:
        return any(thread.is_alive() for thread in self.threads)
