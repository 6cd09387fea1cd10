"""The core knows no business: none of its words is a sector's."""

import re
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "yiwang"


def sector_names() -> list[str]:
    return [
        folder.name for folder in sorted((SOURCE / "sectors").iterdir()) if (folder / "sector.py").exists()
    ]


def mentions(text: str, names: list[str]) -> list[str]:
    """The sectors that a text names, as whole words."""
    return [name for name in names if re.search(rf"\b{re.escape(name)}\b", text)]


def test_there_are_sectors_to_look_for() -> None:
    assert sector_names()


def test_the_core_names_no_sector() -> None:
    names = sector_names()
    wrong = [
        f"{file.relative_to(SOURCE)} names {', '.join(found)}"
        for file in sorted((SOURCE / "core").rglob("*.py"))
        if "tests" not in file.parts and (found := mentions(file.read_text(), names))
    ]
    assert not wrong, "\n".join(wrong)


def test_a_mention_is_found() -> None:
    assert mentions("from yiwang.sectors.manholes import x", ["manholes", "gas"]) == ["manholes"]
    assert mentions("gasoline", ["manholes", "gas"]) == []
