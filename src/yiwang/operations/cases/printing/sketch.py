"""The sketch of the place: where in the district, and the grids around, drawn from our own shapes. No outside tiles."""

from collections.abc import Iterable
from html import escape
from math import cos, radians

from yiwang.city.geo.queries import Ring, Shape, Sketch
from yiwang.operations.cases.printing.words import Words

SIZE = (300.0, 210.0)
PAD = 8.0
SCALES_M = (50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000)
METRES_PER_DEGREE = 111_320


class Frame:
    """Degrees to the picture's units: north is up, a metre is as long eastward as northward."""

    def __init__(self, box: tuple[float, float, float, float]) -> None:
        west, south, east, north = box
        self.stretch = cos(radians((south + north) / 2))
        wide, high = (east - west) * self.stretch, north - south
        self.unit = min((SIZE[0] - 2 * PAD) / wide, (SIZE[1] - 2 * PAD) / high)
        self.middle = ((west + east) / 2, (south + north) / 2)

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """Where a point lies in the picture."""
        x = SIZE[0] / 2 + (lon - self.middle[0]) * self.stretch * self.unit
        y = SIZE[1] / 2 - (lat - self.middle[1]) * self.unit
        return round(x, 1), round(y, 1)

    def path(self, rings: Iterable[Ring]) -> str:
        """The rings as a path."""
        told = []
        for ring in rings:
            points = (self.at(*point) for point in ring)
            told.append("M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "Z")
        return "".join(told)

    def length(self, metres: float) -> float:
        """How long so many metres are."""
        return metres / METRES_PER_DEGREE * self.unit


def district_svg(sketch: Sketch, lon: float, lat: float, words: Words) -> str:
    """All streets, the case's own marked, and the place."""
    frame = Frame(_bounds(sketch.streets) or sketch.box)
    parts = [
        _path(frame, street.rings, "#f3dcd9" if street.inside else "#f7f7f5", "#8d8d88", 0.7)
        for street in sketch.streets
    ]
    parts += [
        _text(*frame.at(*_middle(street)), street.name, 8.5 if street.inside else 6.5, bold=street.inside)
        for street in sketch.streets
    ]
    return _svg(
        [*parts, _pin(*frame.at(lon, lat), 4), _scale(frame), _north(), _caption(words["district_map"])]
    )


def near_svg(sketch: Sketch, lon: float, lat: float, words: Words) -> str:
    """The grids around, the case's own filled, community borders strong."""
    frame = Frame(sketch.box)
    parts = [
        _path(frame, grid.rings, "#f3dcd9" if grid.inside else "none", "#c4c4be", 0.5)
        for grid in sketch.grids
    ]
    parts += [
        _path(frame, community.rings, "none", "#7a7a74", 1.1, dash="5 2") for community in sketch.communities
    ]
    pin = frame.at(lon, lat)
    parts += [
        _text(*_beside(place, pin), community.name, 7.5, bold=community.inside)
        for community in sketch.communities
        if (place := _inside(frame, community)) is not None
    ]
    return _svg([*parts, _pin(*pin, 7), _scale(frame), _north(), _caption(words["near_map"])])


def _svg(parts: list[str]) -> str:
    wide, high = SIZE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:g} {high:g}" class="sketch">'
        f'<defs><clipPath id="frame"><rect width="{wide:g}" height="{high:g}"/></clipPath></defs>'
        f'<rect width="{wide:g}" height="{high:g}" fill="#fdfdfb"/><g clip-path="url(#frame)">{"".join(parts)}</g>'
        f'<rect x="0.4" y="0.4" width="{wide - 0.8:g}" height="{high - 0.8:g}" fill="none" stroke="#5c5c58"'
        ' stroke-width="0.8"/></svg>'
    )


def _path(frame: Frame, rings: Iterable[Ring], fill: str, line: str, width: float, dash: str = "") -> str:  # noqa: PLR0917
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="{frame.path(rings)}" fill="{fill}" stroke="{line}" stroke-width="{width}"{dashes}/>'


def _text(x: float, y: float, said: str, size: float, *, bold: bool = False) -> str:
    """Words with a light edge, so that lines behind them do not cross them."""
    weight = ' font-weight="bold"' if bold else ""
    place = f'<text x="{x:g}" y="{y:g}" text-anchor="middle" font-size="{size}"{weight}'
    edge = 'fill="none" stroke="#fdfdfb" stroke-width="2.2" stroke-linejoin="round"'
    return f'{place} {edge}>{escape(said)}</text>{place} fill="#3a3a36">{escape(said)}</text>'


def _pin(x: float, y: float, radius: float) -> str:
    return (
        f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="#b3211b" stroke="#ffffff" stroke-width="1.4"/>'
        f'<circle cx="{x:g}" cy="{y:g}" r="{radius * 0.32:.1f}" fill="#ffffff"/>'
    )


def _scale(frame: Frame) -> str:
    metres = next((m for m in reversed(SCALES_M) if frame.length(m) <= SIZE[0] * 0.28), SCALES_M[0])
    length, x, y = frame.length(metres), PAD + 2, SIZE[1] - PAD - 2
    said = f"{metres // 1000} km" if metres >= 1000 else f"{metres} m"
    return (
        f'<path d="M{x:g} {y - 4:g}V{y:g}H{x + length:.1f}V{y - 4:g}" fill="none" stroke="#3a3a36"/>'
        f'<text x="{x + length / 2:.1f}" y="{y - 3:g}" font-size="7" text-anchor="middle" fill="#3a3a36">{said}</text>'
    )


def _north() -> str:
    x, y = SIZE[0] - 15, 12
    return (
        f'<path d="M{x} {y}l4.5 13-4.5-3.2-4.5 3.2z" fill="#3a3a36"/>'
        f'<text x="{x}" y="{y + 22}" font-size="8" text-anchor="middle" fill="#3a3a36">N</text>'
    )


def _caption(said: str) -> str:
    return f'<text x="8" y="15" font-size="9" font-weight="bold" fill="#3a3a36">{escape(said)}</text>'


def _bounds(shapes: Iterable[Shape]) -> tuple[float, float, float, float] | None:
    points = [point for shape in shapes for ring in shape.rings for point in ring]
    if not points:
        return None
    lons, lats = [p[0] for p in points], [p[1] for p in points]
    return min(lons), min(lats), max(lons), max(lats)


def _middle(shape: Shape) -> tuple[float, float]:
    west, south, east, north = _bounds([shape]) or (0, 0, 0, 0)
    return (west + east) / 2, (south + north) / 2


def _beside(place: tuple[float, float], pin: tuple[float, float]) -> tuple[float, float]:
    """The place of a name, moved up when the pin would stand on it."""
    near = abs(place[0] - pin[0]) < 60 and abs(place[1] - pin[1]) < 16
    return (place[0], pin[1] - 16) if near else place


def _inside(frame: Frame, shape: Shape) -> tuple[float, float] | None:
    """Where a name can stand: the middle of what the picture shows of a shape; None when that is but an edge."""
    seen = [frame.at(*point) for ring in shape.rings for point in ring]
    xs = [min(max(x, 0), SIZE[0]) for x, _ in seen]
    ys = [min(max(y, 0), SIZE[1]) for _, y in seen]
    if max(xs) - min(xs) < 60 or max(ys) - min(ys) < 24:
        return None
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
