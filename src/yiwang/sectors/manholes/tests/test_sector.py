"""The first sector: its manifest is found, complete, and merges with the shipped edition."""

from pathlib import Path

import pytest

from yiwang.core import registry
from yiwang.core.registry import BrokenSector
from yiwang.operations.cases.categories.edition import read_edition
from yiwang.operations.cases.declare import CaseCategory
from yiwang.sectors.manholes.sector import SECTOR

COVERS = tuple(item for item in SECTOR.declarations if isinstance(item, CaseCategory))


def test_the_folder_is_the_whole_registration() -> None:
    assert SECTOR in registry.sectors()
    assert set(COVERS) <= set(registry.declarations(CaseCategory))


def test_covers_merge_with_the_shipped_edition_without_doubles() -> None:
    keys = [item.key for item in read_edition(COVERS).categories]
    assert len(keys) == len(set(keys))
    assert {item.key for item in COVERS} <= set(keys)
    assert {item.key for item in COVERS}.isdisjoint(item.key for item in read_edition().categories)


def test_a_missing_cover_is_urgent_whatever_lies_below() -> None:
    adopted = [item for item in COVERS if item.conditions]
    assert len(adopted) == 11
    for item in adopted:
        assert item.conditions[0].limit.kind == "urgent_hour", item.key
        assert item.conditions[0].limit.amount <= 4


def test_a_cover_that_no_table_has_stands_there_without_code() -> None:
    gaps = [item for item in COVERS if not item.conditions]
    assert len(gaps) == 8
    assert all(item.code is None and item.legacy_code for item in gaps)


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        ("SECTOR = None", "SECTOR must be a Sector"),
        ("import nothing_of_that_name", "No module named 'nothing_of_that_name'"),
        (
            "from yiwang.core.registry import Sector\nSECTOR = Sector('other', {'zh': '甲', 'en': 'A'})",
            "must equal the folder's name",
        ),
        (
            "from yiwang.core.registry import Sector\nSECTOR = Sector('THIS', {'zh': '甲', 'en': ''})",
            "name needs both zh and en",
        ),
        (
            "from yiwang.core.registry import Sector\n"
            "SECTOR = Sector('THIS', {'zh': '甲', 'en': 'A'}, declarations=('cover',))",
            "not a declaration: 'cover'",
        ),
        (
            "from yiwang.operations.cases.declare import CaseCategory\n"
            "CaseCategory('cover', '01', None, None, None, 'water')",
            "component.slug or event.slug",
        ),
    ],
)
def test_a_broken_manifest_says_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, manifest: str, message: str
) -> None:
    name = tmp_path.name  # another for every manifest, so that no import is remembered
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / f"{name}.py").write_text(manifest.replace("THIS", name), encoding="utf-8")
    with pytest.raises(BrokenSector, match=message) as refusal:
        registry.load_sector(name, name)
    assert name in str(refusal.value)
