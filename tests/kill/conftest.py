"""A platform to be killed, and a look into its database."""

import json
import subprocess
import sys
from typing import Any

from tests.platform.conftest import home, platform
from tests.platform.running_platform import RunningPlatform
from yiwang.project.environment import CHECKOUT

__all__ = ["home", "inside", "platform"]


def inside(platform: RunningPlatform, *arguments: str) -> Any:
    """What `tests.kill.inside` finds in the platform's database."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.kill.inside", *arguments],
        cwd=CHECKOUT,
        env=platform.variables(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
