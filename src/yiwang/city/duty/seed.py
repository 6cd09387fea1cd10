"""First data of this room: the table of skills, and four shifts to begin with."""

from datetime import time
from pathlib import Path

from yiwang.city.duty.models import Shift
from yiwang.core.accounts import queries as accounts
from yiwang.core.codes import actions as codes
from yiwang.core.codes.declare import read_tables

SKILLS = Path(__file__).parent / "editions" / "skills.json"
SHIFTS = (
    ("早班", "Early", "早", 1, time(6), time(14)),
    ("中班", "Late", "中", 2, time(14), time(22)),
    ("夜班", "Night", "夜", 3, time(22), time(6)),
    ("日班", "Day", "日", 4, time(8), time(17, 30)),
)


def load() -> dict[str, int]:
    """Load the table; the shifts stand with the root of the tree, and only where nobody has made any."""
    counts = codes.load_edition(read_tables(SKILLS))
    root = accounts.units().filter(parent__isnull=True).first()
    if root is None or Shift.objects.exists():
        return counts
    rows = [
        Shift(
            unit=root, name=zh, name_en=en, mark=mark, tone=tone, starts=starts, ends=ends, order=10 * place
        )
        for place, (zh, en, mark, tone, starts, ends) in enumerate(SHIFTS, start=1)
    ]
    return {**counts, "shifts": len(Shift.objects.bulk_create(rows))}
