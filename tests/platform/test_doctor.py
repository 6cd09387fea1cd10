"""The doctor finds what is wrong, says what to do, and takes a stopped platform for well."""

import os
import socket
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import pytest

from yiwang.project import doctor
from yiwang.project.doctor import Finding, Level, machine, running
from yiwang.project.environment import CHECKOUT, read
from yiwang.project.testing.ports import free_port


def run_doctor(home: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("YIWANG_")}
    return subprocess.run(
        [Path(sys.executable).with_name("yiwang"), "doctor"],
        env={**clean, "YIWANG_HOME": str(home), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_platform_that_was_never_started_is_well(home: Path) -> None:
    done = run_doctor(home, YIWANG_PORT=str(free_port()))
    wrong = [line for line in done.stdout.splitlines() if line.startswith("✗") and "console" not in line]
    assert not wrong, done.stdout
    assert "✓ cluster       not made yet" in done.stdout
    assert "✓ platform      stopped" in done.stdout
    assert done.returncode == (1 if "✗ console" in done.stdout else 0)
    assert not (home / "var" / "pg").exists()


def test_a_taken_port_is_wrong_and_says_what_to_do(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run_doctor(home, YIWANG_PORT=str(port))
    assert done.returncode == 1
    assert f"✗ ports         Port {port} on 127.0.0.1 cannot be used: Address already in use" in done.stdout
    assert "--port" in done.stdout


def test_a_database_that_does_not_answer_is_wrong(home: Path) -> None:
    done = run_doctor(home, YIWANG_DATABASE_URL=f"postgresql://127.0.0.1:{free_port()}/none")
    assert done.returncode == 1
    assert "✗ database      does not answer" in done.stdout
    assert "check YIWANG_DATABASE_URL" in done.stdout


def test_a_bad_variable_is_told_in_one_line(home: Path) -> None:
    done = run_doctor(home, YIWANG_PORT="none")
    assert done.returncode == 1
    assert "YIWANG_PORT is 'none'" in done.stderr
    assert "Traceback" not in done.stderr


def test_production_wants_its_address() -> None:
    assert judged({"YIWANG_MODE": "production"}) is Level.WRONG
    assert judged({"YIWANG_MODE": "production", "YIWANG_PUBLIC_ORIGIN": "http://city.example"}) is Level.WRONG
    assert judged({"YIWANG_MODE": "production", "YIWANG_PUBLIC_ORIGIN": "https://city.example"}) is Level.OK
    assert judged({}) is Level.OK


def judged(variables: dict[str, str]) -> Level:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running, "ENV", read(variables))
        return running.settings().level


@pytest.mark.parametrize(
    ("free", "level"), [(10**8, Level.WRONG), (2 * 10**9, Level.HINT), (10**11, Level.OK)]
)
def test_disk_is_judged(free: int, level: Level, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda place: SimpleNamespace(free=free))
    assert machine.disk().level is level


def test_packages_are_compared_with_what_is_pinned(tmp_path: Path) -> None:
    click = metadata.version("click")
    file = tmp_path / "some.txt"
    file.write_text(
        f"click=={click} \\\n    --hash=sha256:0\n    # via x\n"
        "Django==1.0 \\\n    --hash=sha256:0\n"
        "nowhere==2.0\n"
        "colorama==9.9 ; sys_platform == 'win32' \\\n"
    )
    django = metadata.version("django")
    assert machine.differences(file) == [f"django is {django}, not 1.0", "nowhere 2.0 is missing"]


def test_what_is_installed_is_what_is_pinned() -> None:
    assert machine.packages() == Finding.ok("as pinned in requirements/dev.txt")


def test_a_check_that_fails_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Finding:
        raise RuntimeError("no such thing")

    monkeypatch.setattr(doctor, "CHECKS", (("part", broken),))
    assert list(doctor.examine()) == [
        ("part", Finding.wrong("could not be checked: RuntimeError: no such thing"))
    ]


def test_long_lists_are_shortened() -> None:
    assert machine.shortened(["a", "b"]) == "a; b"
    assert machine.shortened(["a", "b", "c", "d", "e"]) == "a; b; c; and 2 more"


def test_the_checkout_is_found() -> None:
    assert (CHECKOUT / "pyproject.toml").exists()
