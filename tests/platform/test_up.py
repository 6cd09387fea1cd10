"""The whole platform: it comes up, stays up, and goes down without a trace."""

import os
import socket
import time
from pathlib import Path

import pytest
import requests
from playwright.sync_api import sync_playwright

from tests.browser.conftest import DESK, SWITCHES, Person
from tests.platform import first_run
from tests.platform.conftest import wait_until
from tests.platform.running_platform import RunningPlatform
from yiwang.project.supervisor import orphans

PROGRAMS = ("database", "web", "worker", "gateway")


def test_all_of_it_runs(platform: RunningPlatform) -> None:
    wait_until(lambda: all(platform.numbers(name) for name in PROGRAMS))
    assert platform.process is not None
    wait_until(lambda: listens(platform.port + 1), 30)
    assert requests.get(f"{platform.address}/api/v1/health", timeout=10).json() == {"status": "ok"}


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.full  # the same way over HTTP is among the default tests, see `project.setup`
@pytest.mark.browser
def test_the_first_administrator_is_led_to_a_ready_platform(
    platform: RunningPlatform, tmp_path: Path
) -> None:
    wait_until(lambda: "createadmin" in (platform.home / "up.log").read_text(), 30)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(SWITCHES))
        first_run.walk(platform, Person(browser, platform.address, DESK), tmp_path)
        browser.close()


def test_the_doctor_finds_it_well(platform: RunningPlatform) -> None:
    done = platform.yiwang("doctor")
    wrong = [line for line in done.stdout.splitlines() if line.startswith("✗") and "console" not in line]
    assert not wrong, done.stdout
    assert (
        f"runs (process {platform.process.pid if platform.process else 0}) at {platform.address}"
        in done.stdout
    )
    assert "up to date" in done.stdout


def test_a_second_one_is_refused(platform: RunningPlatform) -> None:
    done = platform.yiwang("up")
    assert done.returncode == 1
    assert "Yiwang runs here already (process" in done.stderr


@pytest.mark.kill
@pytest.mark.parametrize("name", ["web", "worker", "gateway", "database"])
def test_what_is_killed_comes_back(platform: RunningPlatform, name: str) -> None:
    wait_until(lambda: platform.numbers(name), 30)
    number = platform.kill(name)
    wait_until(lambda: not orphans.is_alive(number))
    wait_until(lambda: platform.numbers(name) and number not in platform.numbers(name), 30)
    wait_until(platform.answers, 30)
    assert f"{name} was ended by SIGKILL; starting it again" in platform.log


@pytest.mark.kill
def test_a_killed_supervisor_is_followed_by_a_clean_start(platform: RunningPlatform) -> None:
    before = {number for name in PROGRAMS for number in platform.numbers(name)}
    platform.kill_supervisor()
    seconds = platform.start()
    assert seconds < 60
    assert not {number for number in before if orphans.is_alive(number)}


def test_stopping_takes_seconds_and_leaves_nobody(platform: RunningPlatform) -> None:
    with requests.get(f"{platform.address}/api/v1/health", timeout=10, stream=True):
        seconds = platform.stop()
    assert seconds < 15
    assert platform.process is not None
    assert platform.process.returncode == 0
    assert orphans.find(platform.home / "var") == []
    assert platform.numbers("database") == []
    assert not platform.answers()


def test_a_start_with_nothing_new_prepares_nothing(platform: RunningPlatform) -> None:
    """Tried again when the code was edited meanwhile, which is something new; a start that always prepares fails."""
    for _ in range(3):
        marker = len(platform.log)
        seconds = platform.start()
        platform.stop()
        if "prepare  " not in (told := platform.log[marker:]):
            break
    assert "prepare  " not in told
    assert seconds < 15 * patience()


def patience() -> float:
    """How much longer than promised things may take here: a machine busy with other work is slower."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def test_a_taken_port_is_told_before_anything_starts(platform: RunningPlatform) -> None:
    with socket.create_server(("127.0.0.1", platform.port)):
        began = time.monotonic()
        done = platform.yiwang("up")
    assert done.returncode == 1
    assert f"Port {platform.port} on 127.0.0.1 cannot be used" in done.stderr
    assert time.monotonic() - began < 5 * patience()
    assert platform.numbers("database") == []
