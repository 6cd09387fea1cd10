"""What may want attention in the running platform: the signs of its health that are not well."""

from collections.abc import Iterator

from yiwang.core.actor import Actor
from yiwang.core.setup import Attention, Item
from yiwang.project.system import health
from yiwang.project.system.permissions import VIEW
from yiwang.project.system.rules import Standing

PAGES = {
    "dead_letters": "/system/dead-letters?show=open",
    "failed_jobs": "/system/jobs",
    "jobs": "/system/jobs",
    "stuck_marks": "/system/dead-letters?show=marks",
    "dead_deliveries": "/system/dead-letters?show=deliveries",
    "backup": "/system/backups",
}
# Asked each half minute by everybody who looks: files never want attention, and to count them takes long; notices are
# told by the room of calendars, for the next year too.
BESIDES = (health.files, health.notices)


def signs(actor: Actor) -> Iterator[Item]:
    """Every sign that wants attention or is wrong."""
    for sign in health.signs(BESIDES):
        if sign.state in (Standing.ATTENTION, Standing.WRONG):
            urgent = sign.state is Standing.WRONG
            n = int(sign.params.get("n", 1))
            yield Item(f"sign.{sign.key}", n, PAGES.get(sign.key, "/system/health"), urgent, sign.params)


ATTENTION = (Attention(VIEW, signs),)
