"""The processes that make up the platform, and how each is started, asked whether it is ready, and stopped."""

import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from yiwang.project.cluster import Place, server
from yiwang.project.environment import ENV

MARK = "YIWANG_SUPERVISED"  # in the environment of every process under a supervisor; its value is the `var` folder


@dataclass(frozen=True, slots=True)
class Program:
    """One process to keep running.

    `ready` tells whether it does its work already; None when running is enough. `stop_patience_s` is how long it may
    take to stop after `stop_signal` before it is killed. `alone` runs and ends before the next one starts. A
    `foundation` is stopped last.
    """

    name: str
    command: tuple[str, ...]
    stop_signal: signal.Signals = signal.SIGTERM
    stop_patience_s: float = 10.0
    ready: Callable[[], bool] | None = None
    before: Callable[[], None] | None = None
    alone: bool = False
    foundation: bool = False
    surroundings: Mapping[str, Any] = field(default_factory=dict)

    def arguments(self) -> tuple[str, ...]:
        """The command, bound to the supervisor's life: when that is killed, the kernel passes the stop signal on."""
        return ("setpriv", "--pdeathsig", self.stop_signal.name.removeprefix("SIG"), "--", *self.command)


def marked(variables: Mapping[str, str]) -> dict[str, str]:
    """An environment by which a process can be recognised as this installation's."""
    return {**variables, MARK: str(ENV.var), "PYTHONUNBUFFERED": "1"}


def python(name: str, *arguments: str, **options: Any) -> Program:
    """A program of ours, run by this interpreter."""
    command = (sys.executable, *arguments)
    return Program(name, command, surroundings={"env": marked(os.environ)}, **options)


def database(place: Place) -> Program:
    """The private cluster's server. SIGINT makes it stop fast, where SIGTERM would wait for its clients."""
    surroundings = server.as_owner(place.owner)
    surroundings["env"] = marked(surroundings["env"])
    return Program(
        "database",
        (*server.foreground_command(place), "-c", "log_line_prefix=%q%d: "),
        stop_signal=signal.SIGINT,
        stop_patience_s=30.0,
        foundation=True,
        ready=lambda: server.accepts(place),
        before=lambda: server.write_settings(place, durable=True),
        surroundings=surroundings,
    )


def platform(*, prepare: bool = True) -> list[Program]:
    """Our own processes in the order in which they start. `prepare` brings the database up to date first."""
    first = [python("prepare", "-m", "yiwang.project.preparation", alone=True)] if prepare else []
    return [
        *first,
        python("web", "-m", "yiwang.project.serving", "web"),
        # By import, because procrastinate wants the module under its own name.
        python("worker", "-c", "from yiwang.project.worker import main; main()"),
        python("gateway", "-m", "yiwang.project.serving", "gateway"),
        *([python("trust", "-m", "yiwang.project.lan.page")] if ENV.tls else []),
    ]
