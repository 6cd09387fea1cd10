"""One process under the supervisor: its life, its output, and when it may be started again."""

import contextlib
import os
import signal
import subprocess
import time

from yiwang.project.supervisor.logbook import LineReader
from yiwang.project.supervisor.programs import Program

BACKOFF_S = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
STEADY_AFTER_S = 60.0


class Child:
    """A program with its present process, if there is one."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.process: subprocess.Popen[bytes] | None = None
        self.reader = LineReader()
        self.is_ready = False
        self.is_silent = False
        self.failures = 0
        self.started_at = 0.0
        self.restart_at: float | None = None

    @property
    def name(self) -> str:
        return self.program.name

    def start(self) -> int:
        """Starts the process in a session and process group of its own; returns the file number of its output."""
        if self.program.before is not None:
            self.program.before()
        self.restart_at, self.is_ready, self.is_silent, self.reader = None, False, False, LineReader()
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            self.program.arguments(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **{"stdin": subprocess.DEVNULL, **self.program.surroundings},
        )
        assert self.process.stdout is not None  # noqa: S101 - it was asked for above
        os.set_blocking(self.process.stdout.fileno(), False)
        return self.process.stdout.fileno()

    def read(self) -> list[str]:
        """The lines that it has printed since the last call. Sets `is_silent` when there can be no more."""
        if self.process is None or self.process.stdout is None:
            return []
        lines: list[str] = []
        with contextlib.suppress(BlockingIOError):
            while chunk := os.read(self.process.stdout.fileno(), 65536):
                lines += self.reader.feed(chunk)
            self.is_silent = True
        return lines

    def ended(self) -> int | None:
        """The process's exit code, negative for a signal; None while it runs or when there is none."""
        if self.process is None or (code := self.process.poll()) is None:
            return None
        kill_group(self.process.pid)  # what it started itself would keep its ports and locks
        return code

    def bury(self, *, plan_restart: bool) -> list[str]:
        """Clears away an ended process; returns its last lines. Plans the next start, later after each quick death."""
        lines = [*self.read(), *self.reader.feed(b"")]
        if self.process is not None and self.process.stdout is not None:
            self.process.stdout.close()
        self.process, self.is_ready = None, False
        now = time.monotonic()
        if now - self.started_at > STEADY_AFTER_S:
            self.failures = 0
        if plan_restart:
            self.restart_at = now + BACKOFF_S[min(self.failures, len(BACKOFF_S) - 1)]
            self.failures += 1
        return lines

    def stop(self) -> None:
        """Asks the process to stop."""
        self.restart_at = None
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(self.program.stop_signal)

    def kill(self) -> None:
        """Ends the process and all that it started, at once."""
        if self.process is not None:
            kill_group(self.process.pid)


def kill_group(leader: int) -> None:
    """SIGKILL to every process of a group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def ending(code: int) -> str:
    """How a process ended, in words."""
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with code {code}"
