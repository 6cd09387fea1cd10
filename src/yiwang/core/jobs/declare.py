"""How a room's tasks.py declares its background jobs."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from yiwang.core.jobs.long import Progress, long_job

__all__ = ["Progress", "long_job", "periodic", "task", "task_name"]

P = ParamSpec("P")
R = TypeVar("R")


def task_name(function: Callable[..., Any]) -> str:
    """`label.verb_noun`: the room's label and the function's name."""
    return f"{function.__module__.rsplit('.', 2)[-2]}.{function.__name__}"


def task(*, attempts: int = 5, alone: str = "") -> Callable[[Callable[P, R]], Any]:
    """A job that code defers by `the_task.defer(**arguments)`, in the transaction of whoever defers it.

    Arguments are JSON values. The function may run more than once (a worker can be killed after its work and
    before the note of it), so it must be repeatable. A failure is tried again after 4, 16, 64 … seconds. Of those
    with the same `alone` one runs at a time.
    """

    def declare(function: Callable[P, R]) -> Any:
        retry = RetryStrategy(max_attempts=attempts, exponential_wait=4)
        return app.task(name=task_name(function), retry=retry, lock=alone or None)(function)

    return declare


def periodic(cron: str) -> Callable[[Callable[[], R]], Callable[[], R]]:
    """A job without arguments that the worker runs by a cron line (UTC); never twice at the same time.

    A time that passes while no worker runs is left out if it is more than ten minutes ago, so clean-up work
    is better hourly than nightly.
    """

    def declare(function: Callable[[], R]) -> Callable[[], R]:
        def run(timestamp: int) -> R:
            return function()

        name = task_name(function)
        app.periodic(cron=cron)(app.task(name=name, queueing_lock=name, lock=name)(run))
        return function

    return declare
