"""Checks of what lies on the machine: Python, packages, libraries, the built console, disk, tools of the tests."""

import ctypes
import ctypes.util
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

from yiwang.project.doctor.finding import Finding
from yiwang.project.environment import CHECKOUT, ENV

BOOTSTRAP = "run scripts/bootstrap.sh"
OLDEST_PYTHON = (3, 11)
LITTLE_DISK, NO_DISK = 5 * 10**9, 10**9  # bytes


def python_version() -> Finding:
    """Whether the interpreter is new enough."""
    text = f"{sys.version.split()[0]} in {sys.prefix}"
    if sys.version_info < OLDEST_PYTHON:
        return Finding.wrong(text, "Python 3.11 or newer is needed")
    return Finding.ok(text)


def packages() -> Finding:
    """Whether what is installed is what is pinned: for running, and beyond that for testing."""
    base = differences(CHECKOUT / "requirements" / "base.txt")
    if base:
        return Finding.wrong(f"differ from requirements/base.txt: {shortened(base)}", BOOTSTRAP)
    tools = differences(CHECKOUT / "requirements" / "dev.txt")
    if tools:
        return Finding.hint(f"tools differ from requirements/dev.txt: {shortened(tools)}", BOOTSTRAP)
    return Finding.ok("as pinned in requirements/dev.txt")


def differences(file: Path) -> list[str]:
    """Pinned packages that are missing or installed in another version, in words."""
    have = {canonicalize_name(one.name): one.version for one in metadata.distributions() if one.name}
    found = []
    for name, version in pinned(file):
        if name not in have:
            found.append(f"{name} {version} is missing")
        elif have[name] != version:
            found.append(f"{name} is {have[name]}, not {version}")
    return found


def pinned(file: Path) -> Iterator[tuple[NormalizedName, str]]:
    """Name and version of each package that a hashed requirements file pins for this machine."""
    for line in file.read_text().splitlines():
        text = line.removesuffix("\\").strip()
        if "==" not in text or text.startswith(("#", "--")):
            continue
        wanted = Requirement(text)
        if wanted.marker is None or wanted.marker.evaluate():
            yield canonicalize_name(wanted.name), str(wanted.specifier).removeprefix("==")


def shortened(items: list[str], most: int = 3) -> str:
    """The first few, and how many more."""
    rest = len(items) - most
    return "; ".join(items[:most]) + (f"; and {rest} more" if rest > 0 else "")


def geometry_libraries() -> Finding:
    """Whether the libraries that Django's geometry stands on can be loaded."""
    missing = [name for name in ("gdal", "geos_c", "proj") if not loads(name)]
    if missing:
        return Finding.wrong(f"cannot be loaded: {', '.join(missing)}", BOOTSTRAP)
    return Finding.ok("load")


def document_libraries() -> Finding:
    """Whether the libraries by which case files are printed can be loaded."""
    missing = [name for name in ("pango-1.0", "pangoft2-1.0") if not loads(name)]
    if missing:
        return Finding.wrong(
            f"cannot be loaded, case files cannot be printed: {', '.join(missing)}", BOOTSTRAP
        )
    return Finding.ok("load")


def loads(name: str) -> bool:
    """Whether a shared library is there and whole."""
    found = ctypes.util.find_library(name)
    try:
        return found is not None and bool(ctypes.CDLL(found))
    except OSError:
        return False


def console() -> Finding:
    """Whether the user interface is built."""
    missing = [
        folder.name for folder in (ENV.console_dir, ENV.mobile_dir) if not (folder / "index.html").exists()
    ]
    if missing:
        return Finding.wrong(f"the user interface is not built: {', '.join(missing)}", BOOTSTRAP)
    return Finding.ok(f"built in {ENV.console_dir.parent.relative_to(CHECKOUT)}")


def disk() -> Finding:
    """Whether there is room for what will be written."""
    place = next(folder for folder in (ENV.var, *ENV.var.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    text = f"{free / 10**9:.0f} GB free at {place}"
    if free < NO_DISK:
        return Finding.wrong(text, "free some space: the database stops when the disk is full")
    if free < LITTLE_DISK:
        return Finding.hint(text, "photos and the database grow; plan for more")
    return Finding.ok(text)


def chromium() -> Finding:
    """Whether the browser of the tests is there."""
    if Path("/usr/bin/chromium").exists():
        return Finding.ok("/usr/bin/chromium")
    return Finding.hint("missing; only the browser tests need it", BOOTSTRAP)


def chinese_font() -> Finding:
    """Whether Chinese text shows in printed case files and in the browser tests."""
    try:
        listed = subprocess.run(
            ["fc-list", ":lang=zh", "family"], capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        return Finding.hint("unknown: fontconfig is missing", BOOTSTRAP)
    families = listed.stdout.strip().splitlines()
    if not families:
        return Finding.hint("missing; printed case files and browser tests need one", BOOTSTRAP)
    return Finding.ok(families[0].split(",")[0])


def real_data() -> Finding:
    """Whether the real data that some tests and benchmarks use is there."""
    if ENV.data_dir.is_dir():
        return Finding.ok(str(ENV.data_dir))
    return Finding.hint(
        f"not in {ENV.data_dir}; tests on real data are skipped", "set YIWANG_DATA_DIR to its folder"
    )
