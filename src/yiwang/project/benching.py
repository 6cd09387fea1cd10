"""What a benchmark in `bench/` hands over, and how it is found and run.

A benchmark is a module `bench/<name>.py` with a docstring and `run(quick: bool) -> Iterable[Figure]`. One that sets
`DATABASE = True` runs with Django loaded on a scratch database, migrated and empty, that is dropped afterwards.
"""

import importlib.util
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from yiwang.project.failure import Failure

CHECKOUT = Path(__file__).resolve().parents[3]
SCRATCH = "bench"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number. `reference` says what ran beside it in the same run, on the same machine.

    Only the ratio to the reference says something; the absolute value drifts with the machine.
    """

    figure: str
    value: float
    unit: str
    reference: str | None = None
    reference_value: float | None = None
    size: str | None = None

    @property
    def ratio(self) -> float | None:
        """The value as a share of the reference; None without one."""
        return self.value / self.reference_value if self.reference_value else None

    def line(self, bench: str) -> str:
        """The figure as one line of JSON."""
        ratio = None if self.ratio is None else round(self.ratio, 4)
        cores = len(os.sched_getaffinity(0))
        fields = {"bench": bench, "figure": self.figure, "value": round(self.value, 4), "unit": self.unit}
        fields |= {"reference": self.reference, "reference_value": self.reference_value, "ratio": ratio}
        return json.dumps({**fields, "size": self.size, "cores": cores}, ensure_ascii=False)


def names() -> list[str]:
    """The benchmarks that there are."""
    return sorted(file.stem for file in (CHECKOUT / "bench").glob("*.py") if not file.stem.startswith("_"))


def load(name: str) -> ModuleType:
    """The module of a benchmark, or of a part of one (`_clocks`), which a benchmark loads by this too.

    The folder is no package, so that nothing of the platform can import it.
    """
    known = sys.modules.get(f"bench_{name}")
    if known is not None:
        return known
    found = importlib.util.spec_from_file_location(f"bench_{name}", CHECKOUT / "bench" / f"{name}.py")
    if found is None or found.loader is None:
        raise ImportError(f"bench/{name}.py cannot be loaded")
    module = importlib.util.module_from_spec(found)
    sys.modules[found.name] = module
    found.loader.exec_module(module)
    return module


def run(name: str, *, quick: bool) -> Iterator[str]:
    """The figures of a benchmark as lines of JSON, each as soon as it is measured."""
    use_scratch_database(name)
    from yiwang.project import preparation  # reads the environment, so not before it is turned

    preparation.set_up_django()  # before its module, which imports what it measures
    module = load(name)
    if not getattr(module, "DATABASE", False):
        yield from (figure.line(name) for figure in module.run(quick))
        return
    with scratch_database():
        yield from (figure.line(name) for figure in module.run(quick))


def use_scratch_database(name: str) -> None:
    """Turns this process, before it reads its environment, to a database in the private cluster."""
    os.environ.pop("YIWANG_DATABASE_URL", None)
    os.environ["YIWANG_DATABASE_NAME"] = f"{SCRATCH}_{name}_{os.getpid()}"


@contextmanager
def scratch_database() -> Iterator[None]:
    """The scratch database, migrated; dropped at the end. Raises Failure rather than touch any other database."""
    from yiwang.project import cluster, preparation
    from yiwang.project.cluster import databases
    from yiwang.project.environment import ENV

    if ENV.database_url is not None or not ENV.database_name.startswith(f"{SCRATCH}_"):
        raise Failure(f"A benchmark drops its database, and {ENV.database_name} is not one of its own.")
    with cluster.running() as where:
        try:
            preparation.migrate(lambda text: None)
            yield
        finally:
            databases.drop(where, ENV.database_name)
