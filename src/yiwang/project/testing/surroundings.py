"""Turns a test run's environment away from the real installation.

A pytest plugin (see pyproject.toml), so that it works before pytest-django reads the settings.
"""

import os
from collections.abc import MutableMapping
from pathlib import Path

KEPT = ("YIWANG_DATABASE_URL", "YIWANG_DATA_DIR")
CHECKOUT = Path(__file__).resolve().parents[4]


def turn_away(variables: MutableMapping[str, str], process: int) -> None:
    """Leaves of our variables only what says where the database and the data are; the rest is the tests' own."""
    for name in [name for name in variables if name.startswith("YIWANG_") and name not in KEPT]:
        del variables[name]
    variables["YIWANG_MODE"] = "test"
    variables["YIWANG_HOME"] = str(CHECKOUT / "var" / "test")
    variables["YIWANG_DATABASE_NAME"] = f"test_{process}"
    variables["DJANGO_SETTINGS_MODULE"] = "yiwang.project.settings"


turn_away(os.environ, os.getpid())
