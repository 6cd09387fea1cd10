"""Looks into a platform's database from within: `python -m tests.kill.inside people COUNT` or `… counts`.

Runs as a process of its own, because the platform under test has another database than the test run.
"""

import json
import os
import sys
from collections import Counter
from typing import Any

import django

PASSWORD = "Right-Horse-7"
SOURCE = "hotline_12345"


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


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "yiwang.project.settings"
    django.setup()
    said: Any = people(int(sys.argv[2])) if sys.argv[1] == "people" else counts()
    sys.stdout.write(json.dumps(said))
