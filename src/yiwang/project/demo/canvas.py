"""A canvas with the few strokes that the demo's drawn street scenes need. Sizes are pixels of the large canvas."""

import math
from random import Random

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1200, 900
HORIZON, PAVEMENT_TOP, KERB_TOP, ROAD_TOP = 430, 560, 668, 690

Colour = tuple[int, int, int]
Point = tuple[float, float]


class Canvas:
    """An image in the making, its brush, and the chance that varies it."""

    def __init__(self, chance: Random) -> None:
        self.image = Image.new("RGB", (WIDTH, HEIGHT), (210, 225, 235))
        self.brush = ImageDraw.Draw(self.image, "RGBA")
        self.chance = chance

    def fade(self, top: int, bottom: int, above: Colour, below: Colour) -> None:
        """Fill the rows from `top` to `bottom` with a smooth change of colour."""
        column = Image.new("RGB", (1, 2))
        column.putdata([above, below])
        band = column.resize((WIDTH, bottom - top), Image.Resampling.BILINEAR)
        self.image.paste(band, (0, top))

    def box(
        self, left: float, top: float, right: float, bottom: float, fill: Colour, *, round_px: int = 0
    ) -> None:
        """A rectangle, with rounded corners if wanted."""
        self.brush.rounded_rectangle((left, top, right, bottom), round_px, fill=fill)

    def disc(
        self, x: float, y: float, across: float, fill: Colour, *, flat: float = 1.0, clear: int = 255
    ) -> None:
        """An ellipse around a point; `flat` is height over width, `clear` its opacity to 255."""
        half, tall = across / 2, across * flat / 2
        self.brush.ellipse((x - half, y - tall, x + half, y + tall), fill=(*fill, clear))

    def line(self, points: list[Point], fill: Colour, width: int = 4) -> None:
        """A line through the points."""
        self.brush.line(points, fill=fill, width=width, joint="curve")

    def shape(self, points: list[Point], fill: Colour, *, clear: int = 255) -> None:
        """A filled polygon."""
        self.brush.polygon(points, fill=(*fill, clear))

    def blob(
        self, x: float, y: float, across: float, fill: Colour, *, flat: float = 0.6, clear: int = 255
    ) -> None:
        """An uneven patch."""
        corners = 14
        points = []
        for corner in range(corners):
            angle = 2 * math.pi * corner / corners
            reach = across / 2 * self.chance.uniform(0.72, 1.0)
            points.append((x + reach * math.cos(angle), y + reach * flat * math.sin(angle)))
        self.shape(points, fill, clear=clear)

    def shadow(self, x: float, y: float, across: float) -> None:
        """The soft dark below a thing that stands at a point."""
        self.disc(x, y, across, (20, 25, 30), flat=0.18, clear=60)

    def somewhere(self, x: float, y: float, spread_x: float, spread_y: float) -> Point:
        """A point near another."""
        return x + self.chance.uniform(-spread_x, spread_x), y + self.chance.uniform(-spread_y, spread_y)

    def cone(self, x: float, y: float) -> None:
        """A traffic cone that stands at a point."""
        self.shadow(x, y, 70)
        self.box(x - 30, y - 8, x + 30, y, (200, 70, 40), round_px=3)
        self.shape([(x - 22, y - 8), (x + 22, y - 8), (x + 6, y - 80), (x - 6, y - 80)], (235, 96, 52))
        self.shape([(x - 16, y - 30), (x + 16, y - 30), (x + 11, y - 52), (x - 11, y - 52)], (250, 250, 246))

    def tree(self, x: float, y: float, tall: float, crown: Colour = (86, 140, 86)) -> None:
        """A tree that stands at a point."""
        self.shadow(x, y, tall * 0.5)
        self.box(x - tall * 0.04, y - tall * 0.5, x + tall * 0.04, y, (112, 84, 62))
        for _ in range(7):
            at = self.somewhere(x, y - tall * 0.72, tall * 0.2, tall * 0.16)
            shade = self.chance.randint(-16, 16)
            self.disc(*at, tall * 0.34, (crown[0] + shade, crown[1] + shade, crown[2] + shade // 2))
