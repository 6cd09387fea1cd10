"""Looks into a platform's database from within: `python -m tests.kill.inside people COUNT`, `town COUNT`, `walks` …

Runs as a process of its own, because the platform under test has another database than the test run.
"""

import json
import os
import sys
from collections import Counter
from datetime import timedelta
from typing import Any

import django

PASSWORD = "Right-Horse-7"
SOURCE = "hotline_12345"
LATER = timedelta(seconds=1)


def people(count: int) -> list[str]:
    """Acceptors for the whole district; their user names."""
    from yiwang.core.accounts import actions
    from yiwang.core.accounts.models import Role
    from yiwang.core.actor import system

    by = system("tests")
    unit = actions.save_unit("tests", parent=None, name="试验单位", short_name="试验", kind="bureau")
    role = Role.objects.get(key="acceptor")
    names = [f"acceptor{number}" for number in range(count)]
    for name in names:
        user = actions.create_user(by, username=name, name=name, password=PASSWORD)
        user.must_change_password = False
        user.save()
        actions.assign(
            by, user=user, post=actions.save_post(unit, name, name="受理员"), role=role, areas=["420117"]
        )
    return names


def counts() -> dict[str, Any]:
    """What is there for each case: its entries, events, handled deliveries, photos; and how the chain stands."""
    from django.db.models import Count

    from yiwang.core.audit import queries as audit
    from yiwang.core.audit.models import Entry
    from yiwang.core.events import queries as events
    from yiwang.core.events.models import Delivery, OutboxEvent
    from yiwang.core.files.models import StoredFile
    from yiwang.core.notify.models import Notice
    from yiwang.operations.cases.models import Case

    pictured = Case.objects.filter(photos__isnull=False).values_list("pk", flat=True)
    opened = OutboxEvent.objects.filter(type="case.opened")
    report = audit.verify()
    backlog = events.backlog()
    told = Notice.objects.values("link", "user").annotate(times=Count("pk"))
    return {
        "cases": {str(case.pk): case.number for case in Case.objects.all()},
        "photos": dict(Counter(str(case) for case in pictured)),
        "files": StoredFile.objects.filter(claimed_at__isnull=False).count(),
        "entries": dict(
            Counter(Entry.objects.filter(object_type="case").values_list("object_id", flat=True))
        ),
        "opened": dict(Counter(payload["case_id"] for payload in opened.values_list("payload", flat=True))),
        "delivered": dict(
            Counter(f"{row.event_id} {row.handler}" for row in Delivery.objects.filter(event__in=opened))
        ),
        "told_twice": [row["link"] for row in told if row["times"] > 1],
        "pending": backlog.pending,
        "dead_letters": backlog.dead_letters,
        "chain": {"ok": report.ok, "sealed": report.sealed, "waiting": report.waiting, "text": str(report)},
        "entries_in_all": Entry.objects.count(),
    }


def commands() -> dict[str, Any]:
    """The commands of each device in the order in which they were taken in; how long before that each counts."""
    from yiwang.core.commands.models import Command

    by_device: dict[str, list[str]] = {}
    ages = []
    for row in Command.objects.order_by("settled_at", "seq"):
        by_device.setdefault(str(row.device_id), []).append(str(row.pk))
        ages.append((row.received_at - row.occurred_at).total_seconds())
    return {"by_device": by_device, "ages_s": ages}


def town(desks: int) -> dict[str, Any]:
    """Several people for each post of the loop, in one unit; what a walk needs to know."""
    from yiwang.core.accounts import actions
    from yiwang.core.accounts.models import Role
    from yiwang.core.actor import system
    from yiwang.operations.cases.categories.queries import current_category

    by = system("tests")
    unit = actions.save_unit(
        "tests", parent=None, name="试验单位", short_name="试验", kind="bureau", handles_cases=True
    )
    found: dict[str, list[str]] = {}
    for role in Role.objects.filter(
        key__in=("acceptor", "shift_leader", "dispatcher", "unit_clerk", "collector")
    ):
        for number in range(desks):
            name = f"{role.key.replace('_', '')}{number}"
            user = actions.create_user(by, username=name, name=name, password=PASSWORD)
            user.must_change_password = False
            user.save()
            post = actions.save_post(unit, name, name=role.name)
            areas = [] if role.key == "unit_clerk" else ["420117"]
            actions.assign(by, user=user, post=post, role=role, areas=areas)
            found.setdefault(role.key, []).append(name)
    category = current_category("component.telecom_cabinet")
    condition = category.conditions.order_by("no")[0]
    return {"people": found, "unit_id": unit.pk, "condition_id": condition.pk, "category": category.key}


def walks() -> dict[str, Any]:
    """Every case with its steps, clocks, entries, events and pictures; files and parts; how the chain stands."""
    from yiwang.core.audit import queries as audit
    from yiwang.core.audit.models import Entry
    from yiwang.core.deadlines.models import Deadline
    from yiwang.core.events import queries as events
    from yiwang.core.events.models import OutboxEvent
    from yiwang.core.files.models import StoredFile, UploadPart
    from yiwang.operations.cases.models import Case

    entries = Counter(Entry.objects.filter(object_type="case").values_list("object_id", flat=True))
    told = OutboxEvent.objects.filter(type__in=("case.opened", "case.advanced"))
    heard = Counter(payload["case_id"] for payload in told.values_list("payload", flat=True))
    clocks: dict[str, list[Any]] = {}
    for row in Deadline.objects.filter(owner_kind="case"):
        clocks.setdefault(str(row.owner_id), []).append(row)
    report, backlog = audit.verify(), events.backlog()
    return {
        "cases": {
            str(case.pk): {
                "number": case.number,
                "state": case.state,
                "version": case.version,
                "steps": [[step.seq, step.verb] for step in case.steps.all()],
                "entries": entries[str(case.pk)],
                "events": heard[str(case.pk)],
                "pictures": [photo.file.sha256 for photo in case.photos.all()],
                "running": [c.stage for c in clocks.get(str(case.pk), []) if c.stopped_at is None],
                "most_running_at_once": most_at_once(clocks.get(str(case.pk), [])),
            }
            for case in Case.objects.prefetch_related("steps", "photos__file")
        },
        "files": {str(file.pk): file.sha256 for file in StoredFile.objects.all()},
        "open_parts": UploadPart.objects.count(),
        "pending": backlog.pending,
        "dead_letters": backlog.dead_letters,
        "waiting": report.waiting,
        "chain_ok": report.ok,
        "chain": str(report),
    }


def most_at_once(clocks: list[Any]) -> int:
    """How many clocks of one task (or of the case's own stage) ran at the same time, at most."""
    most = 0
    for one in clocks:
        same = [c for c in clocks if c.part_id == one.part_id]
        running = [
            c for c in same if c.started_at <= one.started_at < (c.stopped_at or one.started_at + LATER)
        ]
        most = max(most, len(running))
    return most


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "yiwang.project.settings"
    django.setup()
    asked = {
        "people": lambda: people(int(sys.argv[2])),
        "town": lambda: town(int(sys.argv[2])),
        "walks": walks,
        "counts": counts,
        "commands": commands,
    }
    said: Any = asked[sys.argv[1]]()
    sys.stdout.write(json.dumps(said))
