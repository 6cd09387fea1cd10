"""The supervisor itself: one loop that starts, watches, restarts and stops the children."""

import os
import selectors
import signal
import time
from collections.abc import Callable, Sequence
from functools import partial
from types import FrameType
from typing import Any

from yiwang.project.supervisor.child import Child, ending
from yiwang.project.supervisor.logbook import Logbook
from yiwang.project.supervisor.programs import Program

TICK_S = 0.2
READY_PATIENCE_S = 600.0  # a database that was cut off may recover for minutes
REMIND_AFTER_S = 15.0


class GaveUp(Exception):
    """The platform did not come up; the message says which process and why."""


class Supervisor:
    """Keeps programs running until SIGINT or SIGTERM. The order given is the order of starting; stopping is reversed.

    `on_up` is called once, when every program runs and `healthy` says so.
    """

    def __init__(
        self,
        programs: Sequence[Program],
        log: Logbook,
        *,
        healthy: Callable[[], bool],
        on_up: Callable[[], None],
    ) -> None:
        self.children = [Child(program) for program in programs]
        self.log = log
        self.healthy = healthy
        self.on_up = on_up
        self.stopping = False
        self.impatient = False
        self._selector = selectors.DefaultSelector()
        self._wake_in, self._wake_out = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._selector.register(self._wake_in, selectors.EVENT_READ)

    def run(self) -> int:
        """Runs to the end; returns the exit code: 0 when asked to stop, 1 when a process could not be started."""
        before = self._listen_to_signals()
        try:
            self._bring_up()
            while not self.stopping:
                self._turn()
        except GaveUp as error:
            self.log.say(str(error))
            return 1
        finally:
            self._stop_all()
            signal.set_wakeup_fd(-1)
            for number, handler in before.items():
                signal.signal(number, handler)
        return 0

    def _listen_to_signals(self) -> dict[int, Any]:
        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD)
        signal.set_wakeup_fd(self._wake_out, warn_on_full_buffer=False)
        return {number: signal.signal(number, self._on_signal) for number in numbers}

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if number == signal.SIGCHLD:
            return  # it only wakes the loop
        self.impatient = self.stopping
        self.stopping = True

    def _bring_up(self) -> None:
        """Starts the children one after the other, each when the one before is ready."""
        for child in self.children:
            if self.stopping:
                return
            self._start(child)
            missing = "done" if child.program.alone else "ready"
            self._wait(partial(self._arrived, child), f"{child.name} is not {missing}")
        self._wait(self.healthy, "the platform does not answer")
        if not self.stopping:
            self.on_up()

    def _arrived(self, child: Child) -> bool:
        if child.program.alone:
            return child.process is None and child.restart_at is None
        if child.process is None:
            return False
        child.is_ready = child.program.ready is None or child.program.ready()
        return child.is_ready

    def _wait(self, done: Callable[[], bool], complaint: str) -> None:
        began = reminded = time.monotonic()
        while not self.stopping and not done():
            now = time.monotonic()
            if now - reminded > REMIND_AFTER_S:
                reminded = now
                self.log.say(f"{complaint} after {now - began:.0f} s; still waiting")
            if now - began > READY_PATIENCE_S:
                raise GaveUp(
                    f"{complaint} after {READY_PATIENCE_S:.0f} s; stopping. The log is var/log/yiwang.log."
                )
            self._turn(0.02)

    def _start(self, child: Child) -> None:
        self._selector.register(child.start(), selectors.EVENT_READ, child)

    def _turn(self, longest_s: float = TICK_S) -> None:
        """One round: passes on what was printed, buries the dead, starts again what is due."""
        for key, _ in self._selector.select(longest_s):
            if key.data is None:
                os.read(self._wake_in, 4096)
            else:
                self._pass_on(key.data)
        for child in self.children:
            if (code := child.ended()) is not None:
                self._bury(child, code)
            if child.restart_at is not None and time.monotonic() >= child.restart_at and not self.stopping:
                self._start(child)

    def _pass_on(self, child: Child) -> None:
        for line in child.read():
            self.log.say(line, child.name)
        if child.is_silent:
            self._forget_output(child)

    def _forget_output(self, child: Child) -> None:
        for key in list(self._selector.get_map().values()):
            if key.data is child:
                self._selector.unregister(key.fileobj)

    def _bury(self, child: Child, code: int) -> None:
        self._forget_output(child)
        fine = self.stopping or (child.program.alone and code == 0)
        for line in child.bury(plan_restart=not fine):
            self.log.say(line, child.name)
        if fine:
            return
        if child.program.alone:
            raise GaveUp(f"{child.name} {ending(code)}; what it printed is above. Nothing else was started.")
        pause = (child.restart_at or 0) - time.monotonic()
        self.log.say(f"{child.name} {ending(code)}; starting it again in {max(pause, 0):.1f} s")

    def _stop_all(self) -> None:
        """Stops all that stands on the foundation together, then the foundation."""
        self.stopping = True
        for foundation in (False, True):
            running = [
                child
                for child in self.children
                if child.process is not None and child.program.foundation is foundation
            ]
            if running:
                self.log.say(f"stopping {', '.join(child.name for child in running)}")
            for child in running:
                child.stop()
            self._wait_for_end(running)
        self.log.say("stopped")

    def _wait_for_end(self, children: list[Child]) -> None:
        asked_at = time.monotonic()
        while waiting := [child for child in children if child.process is not None]:
            for child in waiting:
                if self.impatient or time.monotonic() - asked_at > child.program.stop_patience_s:
                    self.log.say(f"{child.name} does not stop; killing it")
                    child.kill()
            self._turn(0.05)
