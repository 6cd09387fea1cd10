"""A phone that sends what was done offline, batch after batch in order, again and again until it is answered."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import requests

from tests.kill.filing import PATIENCE_S, Desk, picture
from yiwang.core.ids import uuid7

BATCH = 5
PICTURED = 10  # every so many commands one has a picture


@dataclass
class Phone(Desk):
    """One phone, its clock wrong by `wrong_by`. `told` is what each command was answered first, `sent` their order."""

    wrong_by: timedelta = timedelta(0)
    told: dict[str, Any] = field(default_factory=dict)
    sent: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.device = str(uuid4())

    def file_case(self, number: int) -> None:
        """Send one batch until all of it is answered; every second batch once more, as if no answer had come."""
        start = number * BATCH
        items = [self.command(start + turn) for turn in range(BATCH)]
        for _ in range(1 + number % 2):
            self.insist_on(items)

    def command(self, number: int) -> dict[str, Any]:
        """A report, done a quarter of an hour ago by the phone's clock."""
        photos = []
        if number % PICTURED == 0:
            file = self.insist(
                "/files", files={"file": ("a.jpg", picture(self.username, number), "image/jpeg")}
            )
            photos = [{"file_id": file["id"], "slot": "near"}]
        body = {
            "category": self.category,
            "description": f"{self.username} 的第 {number} 件",
            "lon": self.spot[0],
            "lat": self.spot[1],
            "source": self.source,
            "photos": photos,
        }
        at = datetime.now(UTC) + self.wrong_by - timedelta(minutes=15)
        said = {"id": str(uuid7()), "seq": number + 1, "kind": "cases.report", "at": at.isoformat()}
        self.sent.append(said["id"])
        return {**said, "body": body}

    def insist_on(self, items: list[dict[str, Any]]) -> None:
        """Post the batch until every command of it is done; the answers never change."""
        give_up_at = time.monotonic() + PATIENCE_S
        while not self.settled(items):
            assert time.monotonic() < give_up_at, "the platform does not come back"
            self.retries += 1
            time.sleep(0.1)

    def settled(self, items: list[dict[str, Any]]) -> bool:
        """Whether this try answered all of them."""
        sent_at = (datetime.now(UTC) + self.wrong_by).isoformat()
        body = {"device_id": self.device, "sent_at": sent_at, "items": items}
        try:
            answer = self.session.post(
                f"{self.address}/api/v1/commands", headers=self.headers(str(uuid4())), timeout=10, json=body
            )
        except requests.RequestException:
            self.session.close()
            return False
        if answer.status_code >= 500:
            return False
        assert answer.status_code == 200, answer.text
        told = answer.json()["items"]
        for item in told:
            if item["state"] != "waiting":
                assert item["state"] == "done", item
                before = self.told.setdefault(item["id"], item["result"])
                assert before == item["result"], "an answer changed"
                self.filed[item["id"]] = item["result"]["number"]
        return all(item["state"] == "done" for item in told)
