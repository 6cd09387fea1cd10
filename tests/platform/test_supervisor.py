"""The supervisor keeps its children running, stops them in order and leaves nobody behind."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from tests.platform.conftest import wait_until
from yiwang.project.environment import CHECKOUT
from yiwang.project.supervisor import orphans
from yiwang.project.supervisor.child import BACKOFF_S, Child, ending
from yiwang.project.supervisor.logbook import KEPT_BYTES, LineReader, Logbook
from yiwang.project.supervisor.programs import MARK, Program

# Says that it runs, writes its number into a file, then waits: who has read the number knows that the words are said.
# `exec` so that the number is the process that the supervisor knows.
WAIT = "echo {name} runs; echo $$ > {folder}/{name}; exec sleep 60"


class Run:
    """A supervisor in a process of its own."""

    def __init__(self, folder: Path, programs: list[dict[str, Any]]) -> None:
        self.folder = folder
        for program in programs:
            program["script"] = program.get("script", WAIT).format(folder=folder, name=program["name"])
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.platform.supervised", str(folder), json.dumps(programs)],
            cwd=CHECKOUT,
            stdout=subprocess.PIPE,
            text=True,
        )

    def up(self) -> None:
        wait_until((self.folder / "up").exists)

    def number(self, name: str) -> int:
        """The number of a child's process, as it wrote it down itself."""
        file = self.folder / name
        wait_until(lambda: file.exists() and file.read_text().strip())
        return int(file.read_text())

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Exit code and everything that was printed."""
        self.process.send_signal(number)
        out, _ = self.process.communicate(timeout=20)
        return self.process.returncode, out


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Any]:
    runs: list[Run] = []

    def start(*programs: dict[str, Any]) -> Run:
        runs.append(Run(tmp_path, list(programs)))
        return runs[-1]

    yield start
    for run in runs:
        if run.process.poll() is None:
            run.process.kill()
        run.process.communicate()


def test_what_dies_is_started_again(started: Any) -> None:
    run = started({"name": "web"}, {"name": "worker"})
    run.up()
    first, other = run.number("web"), run.number("worker")
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: run.number("web") != first)
    assert run.number("worker") == other
    code, out = run.stop()
    assert code == 0
    assert "web was ended by SIGKILL; starting it again in 0.2 s" in out
    assert out.count("web runs") == 2


def test_it_stops_in_order_and_leaves_nobody(started: Any) -> None:
    run = started(
        {"name": "database", "foundation": True, "stop_signal": "SIGINT"}, {"name": "web"}, {"name": "worker"}
    )
    run.up()
    numbers = [run.number(name) for name in ("database", "web", "worker")]
    began = time.monotonic()
    code, out = run.stop(signal.SIGINT)
    assert code == 0
    assert time.monotonic() - began < 3
    assert out.index("stopping web, worker") < out.index("stopping database") < out.rindex("stopped")
    assert not any(orphans.is_alive(number) for number in numbers)


def test_children_do_not_outlive_a_killed_supervisor(started: Any) -> None:
    run = started({"name": "database", "stop_signal": "SIGINT"}, {"name": "web"})
    run.up()
    numbers = [run.number("database"), run.number("web")]
    run.process.kill()
    wait_until(lambda: not any(orphans.is_alive(number) for number in numbers))


def test_what_a_child_started_itself_goes_with_it(started: Any) -> None:
    run = started(
        {"name": "web", "script": "sleep 60 & echo $! > {folder}/grandchild; echo $$ > {folder}/web; wait"}
    )
    run.up()
    grandchild, web = run.number("grandchild"), run.number("web")
    os.kill(web, signal.SIGKILL)
    wait_until(lambda: not orphans.is_alive(grandchild))
    run.stop()


def test_a_stubborn_child_is_killed(started: Any) -> None:
    stubborn = "trap '' TERM; echo $$ > {folder}/web; while true; do sleep 0.1; done"
    run = started({"name": "web", "script": stubborn, "stop_patience_s": 0.5})
    run.up()
    number = run.number("web")
    code, out = run.stop()
    assert code == 0
    assert "web does not stop; killing it" in out
    assert not orphans.is_alive(number)


def test_a_second_request_to_stop_does_not_wait(started: Any) -> None:
    stubborn = "trap '' TERM; echo $$ > {folder}/web; while true; do sleep 0.1; done"
    run = started({"name": "web", "script": stubborn, "stop_patience_s": 60})
    run.up()
    run.number("web")
    run.process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    began = time.monotonic()
    run.stop(signal.SIGINT)
    assert time.monotonic() - began < 5


def test_nothing_starts_after_a_failed_preparation(started: Any) -> None:
    run = started({"name": "prepare", "script": "echo no luck; exit 3", "alone": True}, {"name": "web"})
    out, _ = run.process.communicate(timeout=20)
    assert run.process.returncode == 1
    assert "prepare  no luck" in out
    assert "prepare ended with code 3" in out
    assert "web runs" not in out
    assert not (run.folder / "up").exists()


def test_a_preparation_ends_before_the_rest_starts(started: Any) -> None:
    run = started({"name": "prepare", "script": "sleep 0.3; echo prepared", "alone": True}, {"name": "web"})
    run.up()
    run.number("web")
    _, out = run.stop()
    assert out.index("prepared") < out.index("web runs")
    assert "starting it again" not in out


def test_the_last_words_of_the_dying_are_kept(started: Any) -> None:
    run = started({"name": "prepare", "script": "printf 'no end of line'; exit 1", "alone": True})
    out, _ = run.process.communicate(timeout=20)
    assert "no end of line" in out
    assert "no end of line" in (run.folder / "yiwang.log").read_text()


def test_each_quick_death_makes_the_pause_longer() -> None:
    child = Child(Program("web", ("true",)))
    pauses = []
    for _ in range(len(BACKOFF_S) + 1):
        child.start()
        assert child.process is not None
        child.process.wait()
        assert child.ended() == 0
        child.bury(plan_restart=True)
        assert child.restart_at is not None
        pauses.append(round(child.restart_at - time.monotonic(), 1))
    assert pauses == pytest.approx([*BACKOFF_S, BACKOFF_S[-1]], abs=0.1)
    child.start()
    child.started_at -= 100
    assert child.process is not None
    child.process.wait()
    child.bury(plan_restart=True)
    assert child.restart_at == pytest.approx(time.monotonic() + BACKOFF_S[0], abs=0.1)


def test_processes_of_a_killed_run_are_found_by_their_mark_and_ended(tmp_path: Path) -> None:
    marked = subprocess.Popen(["sleep", "60"], env={**os.environ, MARK: str(tmp_path)})
    other = subprocess.Popen(["sleep", "60"], env={**os.environ, MARK: f"{tmp_path}-other"})
    try:
        wait_until(lambda: orphans.find(tmp_path))
        assert orphans.find(tmp_path) == [marked.pid]
        orphans.end([marked.pid])
        assert marked.wait(5) == -signal.SIGTERM
        assert orphans.find(tmp_path) == []
        assert other.poll() is None
    finally:
        for process in (marked, other):
            process.kill()
            process.wait()


def test_lines_are_put_together_from_pieces() -> None:
    reader = LineReader()
    assert reader.feed("一半".encode()[:4]) == []
    assert reader.feed("一半".encode()[4:] + b" and\n\nmore\nre") == ["一半 and", "more"]
    assert reader.feed(b"st") == []
    assert reader.feed(b"") == ["rest"]
    assert len(reader.feed(b"x" * (LineReader.LONGEST + 1))) == 1


def test_the_log_is_plain_in_the_file(tmp_path: Path) -> None:
    file, out = tmp_path / "log" / "yiwang.log", StringIO()
    log = Logbook(file, out)
    log.say("hello 你好", "web")
    log.close()
    assert out.getvalue()[8:] == " web      hello 你好\n"
    assert file.read_text().endswith(" web      hello 你好\n")
    assert "\033" not in file.read_text()


def test_the_log_is_set_aside_when_it_is_large(tmp_path: Path) -> None:
    file = tmp_path / "yiwang.log"
    file.touch()
    os.truncate(file, KEPT_BYTES + 1)
    log = Logbook(file, StringIO())
    assert file.stat().st_size == 0
    log.say("x" * KEPT_BYTES)
    log.say("the next")
    log.close()
    assert file.read_text().endswith("the next\n")
    assert file.stat().st_size < 100
    assert file.with_name("yiwang.log.1").stat().st_size > KEPT_BYTES


def test_an_ending_is_worded() -> None:
    assert ending(-9) == "was ended by SIGKILL"
    assert ending(3) == "ended with code 3"
