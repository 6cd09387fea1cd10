"""The drawn pictures: one for every class, pairs of the same street, marked, and always the same."""

from io import BytesIO

import pytest
from PIL import Image, ImageChops

from yiwang.project.demo import pictures
from yiwang.project.demo.pictures import picture, scene_of
from yiwang.project.demo.texts import words

SCENES = sorted(pictures.SCENES)


def opened(scene: str, variant: int = 0, *, mended: bool = False, view: str = "far") -> Image.Image:
    image = Image.open(BytesIO(picture(scene, variant, mended, view)))
    image.load()
    return image


@pytest.mark.parametrize("scene", SCENES)
def test_before_and_after_differ_in_a_street_that_stays(scene: str) -> None:
    before, after = opened(scene), opened(scene, mended=True)
    assert before.size == after.size == pictures.SIZE
    left, top, right, bottom = (
        ImageChops.difference(before, after).point(lambda v: 255 * (v > 40)).getbbox() or (0,) * 4
    )
    changed = (right - left) * (bottom - top) / (before.width * before.height)
    assert 0.01 < changed < 0.95


@pytest.mark.parametrize("scene", SCENES)
def test_a_near_view_shows_a_part_of_the_far_one(scene: str) -> None:
    assert opened(scene, view="near").size == pictures.SIZE
    assert picture(scene, 0, False, "near") != picture(scene, 0, False, "far")


def test_a_picture_is_always_the_same_and_variants_are_others() -> None:
    first = picture("waste", 1, False, "near")
    pictures.picture.cache_clear()
    assert picture("waste", 1, False, "near") == first
    assert len({picture("waste", variant, False, "near") for variant in range(pictures.VARIANTS)}) == 4


def test_every_picture_says_that_it_is_demo_data(monkeypatch: pytest.MonkeyPatch) -> None:
    marked = opened("waste", 2)
    monkeypatch.setattr(pictures, "_mark", lambda image: None)
    pictures.picture.cache_clear()
    plain = opened("waste", 2)
    pictures.picture.cache_clear()
    left, top, right, bottom = (
        ImageChops.difference(marked, plain).point(lambda v: 255 * (v > 60)).getbbox() or (0,) * 4
    )
    assert left < 30
    assert bottom > pictures.SIZE[1] - 30
    assert right - left > 60
    assert bottom - top > 20


def test_every_class_of_the_texts_has_its_scene() -> None:
    scenes = {text.category: scene_of(text.category) for text in words().texts}
    assert set(scenes.values()) <= set(SCENES)
    assert len(set(scenes.values())) >= 24
    assert scenes["component.street_light"] == "light"
    assert scenes["component.sewage_manhole_cover"] == "cover"
    assert scenes["event.exposed_waste"] == "waste"
    assert scenes["event.burst_water_main"] == "burst"
    assert scenes["component.river_bridge"] == "river"
    assert scenes["event.shared_bikes"] == "bikes"


def test_without_a_chinese_font_the_mark_is_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "FONTS", ("no-such-font.ttf",))
    pictures._font.cache_clear()
    assert pictures._font() is None
    assert opened("waste", 3).size == pictures.SIZE
    pictures._font.cache_clear()
    pictures.picture.cache_clear()
