"""What is installed is pinned by hash and says nothing of the machine that pinned it."""

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
# The S3 server of the tests is apart, because it cannot do with the versions of the others.
INSTALLED_TOGETHER = [file for file in LOCKS if file.name != "s3.txt"]


@pytest.mark.parametrize("file", LOCKS, ids=lambda file: file.name)
def test_no_address_and_no_path_is_in_the_locks(file: Path) -> None:
    text = file.read_text()
    assert not re.search(r"://|--index|--find-links|file:|(^|\s)/\w", text, re.MULTILINE)


@pytest.mark.parametrize("file", LOCKS, ids=lambda file: file.name)
def test_every_package_is_pinned_by_hash(file: Path) -> None:
    blocks = re.split(r"\n(?=[a-z0-9])", re.sub(r"^#.*\n", "", file.read_text(), flags=re.MULTILINE))
    assert blocks
    for block in blocks:
        assert re.match(r"[a-z0-9._-]+==\S+ ", block), block
        assert "--hash=sha256:" in block, block


def test_the_same_package_has_one_version_everywhere() -> None:
    found: dict[str, set[str]] = {}
    for file in INSTALLED_TOGETHER:
        for line in re.findall(r"^([a-z0-9._-]+==\S+(?: ; .*?)?) \\$", file.read_text(), re.MULTILINE):
            name, _, rest = line.partition("==")
            found.setdefault(f"{name} {rest.partition(' ; ')[2]}", set()).add(rest)
    assert not {name: versions for name, versions in found.items() if len(versions) > 1}


def test_the_console_is_pinned_without_addresses() -> None:
    packages = json.loads((ROOT / "web" / "package-lock.json").read_text())["packages"]
    assert not [name for name, entry in packages.items() if "resolved" in entry]
    assert [
        name
        for name, entry in packages.items()
        if name and not entry.get("link") and "integrity" not in entry
    ] == []


def test_the_bootstrap_is_sound_shell() -> None:
    for script in ("scripts/bootstrap.sh", ".ci/run"):
        subprocess.run(["bash", "-n", ROOT / script], check=True)
