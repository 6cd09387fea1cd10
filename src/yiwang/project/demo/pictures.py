"""Draws the demo's photographs: a street scene for every group of classes, before and after, marked as demo data.

Nothing is downloaded and nobody is shown. The same scene, variant and moment give the same bytes.
"""

from collections.abc import Callable
from functools import cache
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw, ImageFont

from yiwang.project.demo import scenes_events as events
from yiwang.project.demo import scenes_things as things
from yiwang.project.demo.canvas import Canvas

SIZE = (800, 600)
# What a near view shows of the large canvas: most scenes happen on the ground, some high up, some need room.
NEAR, NEAR_HIGH, NEAR_WIDE = (200, 300, 1000, 900), (150, 60, 1050, 735), (150, 225, 1050, 900)
NEAR_VIEWS = {
    **dict.fromkeys(("light", "pole", "building", "sign", "site", "toilet", "wall", "washing"), NEAR_HIGH),
    **dict.fromkeys(("smoke", "burst", "tree", "waste", "parking", "river"), NEAR_WIDE),
}
VARIANTS = 4
LABEL = "演示数据"
LABEL_WITHOUT_FONT = "DEMO DATA"
FONTS = ("NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc", "NotoSerifCJK-Regular.ttc", "wqy-microhei.ttc")

Scene = Callable[[Canvas, bool], None]

SCENES: dict[str, Scene] = {
    scene.__name__: scene
    for scene in (
        things.cover, things.grate, things.light, things.pole, things.cabinet, things.pavement, things.tree,
        things.green, things.sign, things.rail, things.toilet, things.river, events.waste, events.overflow,
        events.rubble, events.pothole, events.dirt, events.stall, events.wall, events.building, events.flood,
        events.burst, events.parking, events.bikes, events.site, events.smoke, events.furniture, events.washing,
    )
}  # fmt: skip

# The words of a class's key that choose its scene; the first that fits counts.
SCENE_BY_WORD: tuple[tuple[str, str], ...] = (
    ("lighting", "light"), ("_light", "light"), ("manhole", "cover"), ("trench_slab", "cover"), ("grate", "grate"),
    ("fountain", "river"), ("water_main", "burst"), ("gas_pipe", "burst"), ("water", "river"), ("river", "river"),
    ("flood", "flood"), ("underpass", "flood"), ("drain", "flood"), ("sewage", "flood"), ("septic", "flood"),
    ("pole", "pole"), ("cable", "pole"), ("line", "pole"), ("camera", "pole"), ("cabinet", "cabinet"),
    ("equipment", "cabinet"), ("regulator", "cabinet"), ("charging", "cabinet"), ("lpg", "cabinet"),
    ("transfer_station", "overflow"), ("toilet", "toilet"), ("fitness", "pavement"),
    ("pavement", "pavement"), ("kerb", "pavement"),
    ("accessible", "pavement"), ("tree_pit", "pavement"), ("tree", "tree"), ("pests", "tree"), ("green", "green"),
    ("hung_rubbish", "washing"), ("seat", "green"), ("bin", "overflow"), ("not_sorted", "overflow"),
    ("exposed_waste", "waste"), ("kitchen", "waste"), ("animal", "waste"), ("frontage", "waste"),
    ("burning", "smoke"), ("fumes", "smoke"), ("barbecue", "smoke"), ("accumulated", "rubble"), ("debris", "rubble"),
    ("digging", "rubble"), ("piled", "rubble"), ("damaged_road", "pothole"), ("collapse", "pothole"),
    ("road_spillage", "dirt"), ("dirty_road", "dirt"), ("mud", "dirt"), ("spoil_truck", "dirt"), ("hawker", "stall"),
    ("trading", "stall"), ("market", "stall"), ("awning", "stall"), ("scrap", "stall"), ("leaflet", "stall"),
    ("noise", "stall"), ("ad_board", "sign"), ("small_ads", "wall"), ("facade", "wall"), ("falling", "building"),
    ("_ad", "sign"), ("sign", "sign"), ("banner", "sign"), ("shelter", "sign"), ("building", "building"),
    ("house", "building"), ("washing", "washing"), ("car_park", "parking"), ("vehicle", "parking"),
    ("fire_lane", "parking"), ("bridge", "rail"), ("rail", "rail"), ("bike", "bikes"), ("bicycle", "bikes"),
    ("site", "site"), ("construction", "site"), ("works", "site"), ("excavation", "site"),
    ("furniture", "furniture"), ("livestock", "furniture"), ("dog", "green"),
)  # fmt: skip


def scene_of(category: str) -> str:
    """The scene that shows a class, by its key."""
    return next((scene for word, scene in SCENE_BY_WORD if word in category), "pavement")


@cache
def picture(scene: str, variant: int, mended: bool, view: str) -> bytes:
    """One photograph as JPEG, 800 × 600; `view` is near or far. Pictures of one variant show the same street."""
    whole = _drawn(scene, variant, mended)
    if view == "near":
        whole = whole.crop(NEAR_VIEWS.get(scene, NEAR))
    small = whole.resize(SIZE, Image.Resampling.BOX)
    _mark(small)
    out = BytesIO()
    small.save(out, "JPEG", quality=82)
    return out.getvalue()


def _drawn(scene: str, variant: int, mended: bool) -> Image.Image:
    canvas = Canvas(Random(f"{scene}/{variant}"))  # noqa: S311 - chance for pictures, not for secrets
    SCENES[scene](canvas, mended)
    return canvas.image


def _mark(image: Image.Image) -> None:
    """Write "demo data" into the corner."""
    font = _font()
    text = LABEL if font else LABEL_WITHOUT_FONT
    brush = ImageDraw.Draw(image, "RGBA")
    left, top, right, bottom = brush.textbbox((0, 0), text, font=font)
    wide, tall = right - left + 20, bottom - top + 14
    brush.rounded_rectangle((12, SIZE[1] - tall - 12, 12 + wide, SIZE[1] - 12), 6, fill=(20, 28, 36, 170))
    brush.text((22 - left, SIZE[1] - tall - 5 - top), text, font=font, fill=(255, 255, 255, 235))


@cache
def _font() -> ImageFont.FreeTypeFont | None:
    for name in FONTS:
        try:
            return ImageFont.truetype(name, 20)
        except OSError:
            continue
    return None
