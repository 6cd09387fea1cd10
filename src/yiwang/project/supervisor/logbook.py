"""One readable log of all processes: on the terminal and in `var/log/yiwang.log`."""

import sys
import time
from pathlib import Path
from typing import IO

WIDTH = 9
COLOURS = {
    "yiwang": 1,
    "database": 34,
    "prepare": 33,
    "web": 32,
    "worker": 35,
    "gateway": 36,
}
KEPT_BYTES = 20 * 1024 * 1024


class Logbook:
    """Writes lines as `time name text`; coloured on a terminal, plain in the file.

    When the file exceeds KEPT_BYTES it is set aside as `yiwang.log.1`, in place of the one before.
    """

    def __init__(self, file: Path, out: IO[str] | None = None) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._path = file
        self._file = self._open()
        self._out = out or sys.stdout
        self._coloured = self._out.isatty()

    def _open(self) -> IO[str]:
        if self._path.exists() and self._path.stat().st_size > KEPT_BYTES:
            self._path.replace(self._path.with_name(self._path.name + ".1"))
        return self._path.open("a", encoding="utf-8", errors="replace", buffering=1)

    def say(self, text: str, name: str = "yiwang") -> None:
        """Writes one line in the name of a process; without a name it is the supervisor's own."""
        at = time.strftime("%H:%M:%S")
        if self._file.tell() > KEPT_BYTES:
            self._file.close()
            self._file = self._open()
        self._file.write(f"{time.strftime('%Y-%m-%d')} {at} {name:<{WIDTH}}{text}\n")
        if self._coloured:
            line = f"\033[2m{at}\033[0m \033[{COLOURS.get(name, 37)}m{name:<{WIDTH}}\033[0m{text}"
        else:
            line = f"{at} {name:<{WIDTH}}{text}"
        try:
            print(line, file=self._out, flush=True)
        except OSError:  # the terminal is gone; the file is still there
            self._coloured = False

    def close(self) -> None:
        """Ends the file."""
        self._file.close()


class LineReader:
    """Cuts a stream of bytes into lines; the end of a line may come later."""

    LONGEST = 16 * 1024

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, chunk: bytes) -> list[str]:
        """The lines that `chunk` completes, as text without their ends; an empty `chunk` yields what is left."""
        data = self._rest + chunk
        *lines, self._rest = data.split(b"\n")
        if self._rest and (not chunk or len(self._rest) > self.LONGEST):
            lines.append(self._rest)
            self._rest = b""
        return [line.decode("utf-8", "replace").rstrip() for line in lines if line.strip()]
