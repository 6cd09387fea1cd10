"""How good the proposals of the shipped policy are on real reports, as far as these can tell.

Prints what docs/algorithms/duplicates.md reports: `pytest -s src/yiwang/operations/duplicates/tests/test_quality.py`.
"""

import csv
import gzip
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import nlargest
from itertools import combinations
from pathlib import Path

import pytest

from yiwang.operations.duplicates import policies, rules
from yiwang.operations.duplicates.rules import Policy, Report, Sameness

EVENT = policies.shipped()["event"]
say = print


@dataclass(frozen=True)
class Message:
    """A complaint in words: no place and no class is known of it."""

    at: datetime
    topic: str | None
    words: frozenset[str]
    subject: str


def messages(folder: Path) -> list[Message]:
    found = []
    for line in (folder / "complaints_zh" / "hot_topics.jsonl").read_text().splitlines():
        row = json.loads(line)
        at = datetime.fromisoformat(_iso(row["time"]))
        text = f"{row['subject']}\n{row['text']}"
        found.append(Message(at, row["ref_topic"], rules.words_of(text), row["subject"]))
    return sorted(found, key=lambda message: message.at)


def _iso(text: str) -> str:
    day, _, hour = text.replace("/", "-").partition(" ")
    return (
        "-".join(part.zfill(2) for part in day.split("-"))
        + "T"
        + ":".join(p.zfill(2) for p in hour.split(":"))
    )


def same_topic(a: Message, b: Message) -> bool:
    return a.topic is not None and a.topic == b.topic


def offered(found: list[Message], at: int, most: int) -> list[Message]:
    """What the words alone would propose for a message among those before it, the likest first."""
    scores = [(rules.words_score(found[at].words, other.words), n) for n, other in enumerate(found[:at])]
    best = sorted((pair for pair in scores if pair[0] >= EVENT.words_min), reverse=True)[:most]
    return [found[n] for _, n in best]


def test_words_of_real_complaints(data_dir: Path) -> None:
    found = messages(data_dir)
    say(f"\n{len(found)} complaints, those of two topics against all; words alone, no place, no class")
    for topic in ("2", "4"):
        named = [n for n, one in enumerate(found) if one.topic == topic]
        pairs = [(n, m) for n in named for m in range(len(found)) if m != n and (m > n or m not in named)]
        scores = [
            (rules.words_score(found[n].words, found[m].words), found[m].topic == topic) for n, m in pairs
        ]
        true = sum(same for _, same in scores)
        for least in (0.05, EVENT.words_min, 0.15, 0.2, 0.3):
            right = sum(same for score, same in scores if score >= least)
            wrong = sum(not same for score, same in scores if score >= least)
            recall, precision = right / true, right / max(right + wrong, 1)
            say(
                f"topic {topic} words_min {least:.2f}: recall {recall:.3f} precision {precision:.3f} of {true} pairs"
            )
    hits = {}
    later = [
        n for n, one in enumerate(found) if one.topic == "2" and any(same_topic(one, b) for b in found[:n])
    ]
    for most in (1, 5):
        hit = [any(same_topic(found[n], other) for other in offered(found, n, most)) for n in later]
        hits[most] = sum(hit) / len(hit)
        say(f"topic 2: an earlier one among the first {most}: {hits[most]:.3f} of {len(later)}")
    assert hits[5] >= 0.9
    assert hits[1] >= 0.75


@pytest.mark.full
def test_what_the_reference_does_not_call_one_topic(data_dir: Path) -> None:
    found = messages(data_dir)
    pairs = (
        (rules.words_score(a.words, b.words), a, b) for a, b in combinations(found, 2) if not same_topic(a, b)
    )
    say("\nthe strongest 25 pairs that the reference does not call one topic:")
    for score, a, b in nlargest(25, pairs, key=lambda pair: pair[0]):
        say(f"  {score:.2f} {a.subject} | {b.subject}")
        assert score > 0.9


@dataclass(frozen=True)
class Request:
    """A service request with place, class and time; its words are those of a form."""

    report: Report
    at: datetime
    is_flagged: bool


def requests(folder: Path) -> dict[str, list[Request]]:
    found: dict[str, list[Request]] = defaultdict(list)
    with gzip.open(folder / "service_requests_311" / "requests.csv.gz", "rt") as rows:
        for row in csv.DictReader(rows):
            if not (row["lat"] and row["lon"] and row["created"]):
                continue
            flagged = "duplicate" in (row["status"] + row["outcome"]).lower()
            words = rules.words_of(row["descriptor"])
            report = Report(row["type"], row["agency"], float(row["lon"]), float(row["lat"]), words)
            city = row["source"].partition("_")[0]
            found[city].append(Request(report, datetime.fromisoformat(row["created"]), flagged))
    return {city: sorted(rows, key=lambda one: one.at) for city, rows in found.items()}


def near_pairs(rows: list[Request], policy: Policy) -> Iterator[tuple[Request, Request]]:
    """Pairs that the policy proposes; the rows are in the order of their times."""
    for n, one in enumerate(rows):
        for other in rows[n + 1 :]:
            if other.at - one.at > timedelta(days=policy.days):
                break
            if abs(other.report.lat - one.report.lat) > 0.01:
                continue
            hours = (other.at - one.at) / timedelta(hours=1)
            likeness = rules.likeness(one.report, other.report, hours, policy)
            if rules.is_proposed(likeness, policy, is_open=False):
                yield one, other


def test_places_and_times_of_real_requests(data_dir: Path) -> None:
    say("")
    for city, rows in requests(data_dir).items():
        flagged = sum(row.is_flagged for row in rows)
        say(f"{city}: {len(rows)} requests with a place, {flagged} called duplicates by their city")
        for sameness in (Sameness.MINOR, Sameness.MAJOR):
            # Their words are chosen from a list, so that only class, place and time are asked.
            policy = Policy(EVENT.radius_m, EVENT.days, 0.0, sameness)
            pairs = list(near_pairs(rows, policy))
            concerned = {id(row) for pair in pairs for row in pair}
            reached = sum(row.is_flagged and id(row) in concerned for row in rows)
            share = len({id(other) for _, other in pairs}) / len(rows)
            say(
                f"  same {sameness}, {policy.radius_m} m, {policy.days} days: {len(pairs)} pairs;"
                f" {share:.1%} of requests get a proposal; {reached} of {flagged} called duplicates are in one"
            )
            if city == "baltimore":
                assert share < 0.05
            assert all(rules.metres_between(a.report, b.report) <= policy.radius_m for a, b in pairs)


def test_the_shipped_policies_are_usable() -> None:
    for policy in policies.shipped().values():
        assert 1 <= policy.radius_m <= 2000
        assert 1 <= policy.days <= 365
        assert 0 <= policy.words_min <= 1


@pytest.mark.parametrize("least", [0.0, 0.5, 1.0])
def test_a_stricter_policy_proposes_no_more(least: float) -> None:
    a = Report("x", "e", 114.8, 30.8, rules.words_of("路口井盖破损"))
    b = Report("x", "e", 114.8, 30.8, rules.words_of("井盖破损没人修"))
    likeness = rules.likeness(a, b, 1, EVENT)
    stricter = Policy(EVENT.radius_m, EVENT.days, least, Sameness.MINOR)
    assert rules.is_proposed(likeness, stricter, is_open=False) == (likeness.words_score >= least)
