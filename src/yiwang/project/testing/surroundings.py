"""Turns a test run's environment away from the real installation, and spreads a whole run over the processors.

A pytest plugin (see pyproject.toml), so that it works before pytest-django reads the settings.
"""

import os
from collections import Counter
from collections.abc import Generator, MutableMapping
from pathlib import Path
from typing import Any

import pytest

KEPT = ("YIWANG_DATABASE_URL", "YIWANG_DATA_DIR")
CHECKOUT = Path(__file__).resolve().parents[4]
BY_GROUP = "loadgroup"
MOST_WORKERS = 4  # each of them may have a whole platform and a browser under way


def turn_away(variables: MutableMapping[str, str], process: int) -> None:
    """Leaves of our variables only what says where the database and the data are; the rest is the tests' own."""
    for name in [name for name in variables if name.startswith("YIWANG_") and name not in KEPT]:
        del variables[name]
    variables["YIWANG_MODE"] = "test"
    variables["YIWANG_HOME"] = str(CHECKOUT / "var" / "test")
    variables["YIWANG_DATABASE_NAME"] = f"test_{process}"
    variables["DJANGO_SETTINGS_MODULE"] = "yiwang.project.settings"


turn_away(os.environ, os.getpid())


def workers() -> int:
    """How many processes share a whole run: one for each processor that we may use."""
    return max(1, min(len(os.sched_getaffinity(0)), MOST_WORKERS))


@pytest.hookimpl(wrapper=True)
def pytest_cmdline_main(config: pytest.Config) -> Generator[None, Any, Any]:
    """A run of everything is spread; one that names its tests is not, unless `-n` says so."""
    # A database given by address is one for all, so that only one process may use it.
    alone = "YIWANG_DATABASE_URL" in os.environ or config.option.usepdb or hasattr(config, "workerinput")
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    if whole and not alone and config.getoption("numprocesses", 0) is None:
        config.option.numprocesses = workers()
    if config.getoption("numprocesses", None) and config.option.dist == "no":
        config.option.dist = BY_GROUP
        config.option.loadscopereorder = False  # ours is the better order: longest first
    return (yield)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """Shares tests out by `group_of`; pytest-xdist's own way to name groups does not reach the workers' pytest."""
    from xdist.scheduler import LoadScopeScheduling

    class ByGroup(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return group_of(nodeid.partition("::")[0])

    return ByGroup(config, log) if config.option.dist == BY_GROUP else None


# Suites that start platforms or processes, or drive a browser: longest first, so that none is begun last.
FIRST = (
    "tests/browser",
    "tests/kill",
    "tests/platform/test_up.py",
    "tests/processes/test_worker.py",
    "tests/processes/test_gateway.py",
    "tests/contracts/test_openapi.py",
    "src/yiwang/city/geo",
    "src/yiwang/project/demo",
    "tests/architecture/test_routes.py",
)


def group_of(path: str) -> str:
    """What stays together in one worker: the suites above, elsewhere each file (what a module sets up is kept)."""
    return next((first for first in FIRST if path.startswith(first)), path)


def place_in_order(path: str) -> int:
    """Where a test file comes in a spread run."""
    group = group_of(path)
    return FIRST.index(group) if group in FIRST else len(FIRST)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Each test has a name of its own, and its place in a worker. A run in one process keeps pytest-django's order.

    Of tests of one name a spread run would do the first and leave the others out without a word.
    """
    for item in items:
        which = item.name.partition("[")[2].removesuffix("]")
        if which and "[" not in item.nodeid:  # schemathesis leaves out which operation a test is of
            item._id = item.id.with_params(which)
    again = [name for name, count in Counter(item.nodeid for item in items).items() if count > 1]
    if again:
        raise pytest.UsageError(f"several tests are called {again[0]}; a spread run would do one of them")
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: place_in_order(item.nodeid.partition("::")[0]))
