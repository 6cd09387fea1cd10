"""A whole platform in a home of its own, for tests that need all of its processes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import requests

from yiwang.project.testing.ports import free_port

YIWANG = Path(sys.executable).with_name("yiwang")
PATIENCE_S = 300.0


class RunningPlatform:
    """`yiwang up` or `yiwang demo` below `home`, on two free ports; killed and started as often as a test likes."""

    def __init__(self, home: Path, command: str = "up") -> None:
        self.home = home
        self.command = command
        self.port = free_port(following=2)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """What all of its processes said so far."""
        file = self.home / "var" / "log" / "yiwang.log"
        return file.read_text() if file.exists() else ""

    def variables(self) -> dict[str, str]:
        """An environment in which `yiwang` means this platform."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("YIWANG_")}
        clean.pop("DJANGO_SETTINGS_MODULE", None)
        return {**clean, "YIWANG_HOME": str(self.home), "YIWANG_PORT": str(self.port)}

    def yiwang(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs another `yiwang` command on this platform to its end."""
        return subprocess.run(
            [YIWANG, *arguments], env=self.variables(), capture_output=True, text=True, check=False
        )

    def start(self) -> float:
        """Starts it and waits until it says that it is up; returns the seconds that took."""
        began = time.monotonic()
        out = self.home / "up.log"
        with out.open("ab") as file:
            told_before = file.tell()
            self.process = subprocess.Popen(
                [YIWANG, self.command],
                env=self.variables(),
                stdout=file,
                stderr=file,
                stdin=subprocess.DEVNULL,
            )
        # What answers at the port may still be an earlier run's web process on its way out.
        while b"is up" not in (told := out.read_bytes()[told_before:]):
            assert self.process.poll() is None, told.decode()[-4000:]
            assert time.monotonic() - began < PATIENCE_S, told.decode()[-4000:]
            time.sleep(0.05)
        # It says so once it has answered itself; on a busy machine the next answer may take its time.
        while not self.answers():
            assert time.monotonic() - began < PATIENCE_S, self.log[-4000:]
            time.sleep(0.1)
        return time.monotonic() - began

    def answers(self) -> bool:
        """Whether the API and its database do."""
        try:
            return requests.get(f"{self.address}/api/v1/health", timeout=10).status_code == 200
        except requests.RequestException:
            return False

    def stop(self) -> float:
        """Stops it as Ctrl-C would; returns the seconds that took."""
        if self.process is None or self.process.poll() is not None:
            return 0.0
        began = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)
        return time.monotonic() - began

    def kill_supervisor(self) -> None:
        """SIGKILL to the supervisor, which then cannot stop its children."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(10)

    def numbers(self, name: str) -> list[int]:
        """The processes of one of its programs, the main one first."""
        words = {
            "web": ("yiwang.project.serving", "web"),
            "worker": ("yiwang.project.worker",),
            "gateway": ("yiwang.project.serving", "gateway"),
            "database": ("postgres", str(self.home)),
        }[name]
        found = []
        for folder in Path("/proc").iterdir():
            if folder.name.isdecimal() and self._is_ours(folder, words, by_mark=name != "database"):
                found.append(int(folder.name))
        return sorted(found)

    def _is_ours(self, folder: Path, words: tuple[str, ...], *, by_mark: bool) -> bool:
        try:
            command = (folder / "cmdline").read_bytes().decode(errors="replace")
            surroundings = (folder / "environ").read_bytes() if by_mark else b""
        except OSError:
            return False
        mark = f"YIWANG_SUPERVISED={self.home / 'var'}".encode()
        return all(word in command for word in words) and (not by_mark or mark in surroundings.split(b"\0"))

    def kill(self, name: str) -> int:
        """SIGKILL to the main process of one of its programs; returns its number."""
        number = self.numbers(name)[0]
        os.kill(number, signal.SIGKILL)
        return number
