"""Looks at each part of an installation and says what is wrong and what to do about it. Changes nothing."""

from collections.abc import Callable, Iterator

from yiwang.project.doctor import database, files, machine, running
from yiwang.project.doctor.finding import Finding, Level

__all__ = ["Finding", "Level", "examine"]

CHECKS: tuple[tuple[str, Callable[[], Finding]], ...] = (
    ("Python", machine.python_version),
    ("packages", machine.packages),
    ("GDAL, GEOS", machine.geometry_libraries),
    ("Pango", machine.document_libraries),
    ("PostgreSQL", database.programs),
    ("cluster", database.cluster_place),
    ("database", database.contents),
    ("files", files.place),
    ("console", machine.console),
    ("settings", running.settings),
    ("ports", running.ports),
    ("platform", running.platform),
    ("disk", machine.disk),
    ("Chromium", machine.chromium),
    ("Chinese font", machine.chinese_font),
    ("real data", machine.real_data),
)


def examine() -> Iterator[tuple[str, Finding]]:
    """Each part's name with what was found; a check that fails itself is a finding too."""
    for part, check in CHECKS:
        try:
            yield part, check()
        except Exception as error:
            yield part, Finding.wrong(f"could not be checked: {type(error).__name__}: {error}")
