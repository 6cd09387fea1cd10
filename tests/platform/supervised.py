"""Runs a supervisor over programs described in JSON: `python -m tests.platform.supervised FOLDER JSON`."""

import json
import signal
import sys
from pathlib import Path

from yiwang.project.supervisor.logbook import Logbook
from yiwang.project.supervisor.programs import Program
from yiwang.project.supervisor.run import Supervisor


def main(folder: Path, described: list[dict[str, object]]) -> int:
    programs = []
    for one in described:
        one["command"] = ("sh", "-c", one.pop("script"))
        if "stop_signal" in one:
            one["stop_signal"] = signal.Signals[str(one["stop_signal"])]
        programs.append(Program(**one))  # type: ignore[arg-type]
    supervisor = Supervisor(
        programs, Logbook(folder / "yiwang.log"), healthy=lambda: True, on_up=(folder / "up").touch
    )
    return supervisor.run()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), json.loads(sys.argv[2])))
