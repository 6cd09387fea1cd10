"""The street behind every scene: sky, houses, shops, trees, pavement, road. Another variant is another street."""

from yiwang.project.demo.canvas import (
    HEIGHT,
    HORIZON,
    KERB_TOP,
    PAVEMENT_TOP,
    ROAD_TOP,
    WIDTH,
    Canvas,
    Colour,
)

SKIES: tuple[tuple[Colour, Colour], ...] = (
    ((126, 178, 222), (222, 236, 242)),
    ((156, 186, 208), (236, 232, 220)),
    ((176, 190, 200), (222, 226, 228)),
    ((112, 164, 214), (246, 232, 214)),
)
NIGHT: tuple[Colour, Colour] = ((22, 30, 56), (62, 70, 104))
WALLS: tuple[Colour, ...] = (
    (232, 222, 206),
    (216, 206, 196),
    (226, 214, 184),
    (206, 214, 214),
    (238, 228, 220),
)
AWNINGS: tuple[Colour, ...] = ((196, 84, 72), (70, 130, 140), (214, 160, 72), (96, 132, 88), (120, 110, 160))
PAVING: Colour = (198, 194, 186)
ASPHALT: Colour = (92, 96, 102)


def sky(canvas: Canvas, *, night: bool = False) -> None:
    """The sky down to the horizon, with clouds by day and stars by night."""
    above, below = NIGHT if night else canvas.chance.choice(SKIES)
    canvas.fade(0, HORIZON + 140, above, below)
    for _ in range(40 if night else 0):
        canvas.disc(*canvas.somewhere(WIDTH / 2, 160, WIDTH / 2, 150), 4, (240, 240, 220))
    for _ in range(0 if night else 4):
        x, y = canvas.somewhere(WIDTH / 2, 120, WIDTH / 2, 70)
        for _ in range(4):
            canvas.disc(*canvas.somewhere(x, y, 70, 12), 110, (255, 255, 255), flat=0.4, clear=150)


def skyline(canvas: Canvas, *, night: bool = False) -> None:
    """Houses in the distance."""
    x = -40
    while x < WIDTH:
        wide, tall = canvas.chance.randint(90, 170), canvas.chance.randint(120, 290)
        tone = canvas.chance.randint(0, 18)
        wall = (52 + tone, 58 + tone, 84 + tone) if night else (176 + tone, 188 + tone, 198 + tone)
        canvas.box(x, HORIZON + 40 - tall, x + wide, HORIZON + 140, wall)
        lit = (238, 206, 128) if night else (150 + tone, 168 + tone, 184 + tone)
        for row in range(int(HORIZON + 60 - tall), HORIZON + 30, 34):
            for left in range(x + 14, x + wide - 22, 32):
                if not night or canvas.chance.random() < 0.45:
                    canvas.box(left, row, left + 14, row + 18, lit)
        x += wide + canvas.chance.randint(6, 40)


def shops(canvas: Canvas, *, night: bool = False) -> None:
    """The row of shops along the pavement."""
    x = -canvas.chance.randint(0, 120)
    while x < WIDTH:
        wide = canvas.chance.randint(210, 290)
        wall, awning = canvas.chance.choice(WALLS), canvas.chance.choice(AWNINGS)
        dim = 0.45 if night else 1.0
        canvas.box(x, 330, x + wide - 4, PAVEMENT_TOP, darkened(wall, dim))
        canvas.box(x, 330, x + wide - 4, 344, darkened(wall, dim * 0.86))
        canvas.box(x + 10, 372, x + wide - 14, 412, darkened(awning, dim * 0.9), round_px=6)
        for stripe in range(x + 6, x + wide - 10, 44):
            canvas.shape(
                [(stripe, 420), (stripe + 40, 420), (stripe + 36, 446), (stripe + 4, 446)],
                darkened(awning, dim),
            )
        pane = (244, 214, 150) if night else (150, 176, 186)
        canvas.box(x + 20, 452, x + wide * 0.6, 542, darkened(pane, 0.9 if night else 1.0), round_px=4)
        canvas.box(
            x + wide * 0.66, 452, x + wide - 26, PAVEMENT_TOP, darkened((120, 96, 80), dim), round_px=4
        )
        x += wide


def ground(canvas: Canvas, *, night: bool = False) -> None:
    """Pavement, kerb and road, with a dashed line."""
    dim = 0.5 if night else 1.0
    canvas.fade(PAVEMENT_TOP, KERB_TOP, darkened(PAVING, dim * 0.94), darkened(PAVING, dim))
    for row in (588, 620):
        canvas.line([(0, row), (WIDTH, row)], darkened((176, 172, 164), dim), 2)
    for left in range(-300, WIDTH + 300, 74):
        canvas.line(
            [(left, KERB_TOP), (600 + (left - 600) * 0.82, PAVEMENT_TOP)], darkened((178, 174, 166), dim), 2
        )
    canvas.box(0, KERB_TOP, WIDTH, ROAD_TOP, darkened((158, 156, 150), dim))
    canvas.fade(ROAD_TOP, HEIGHT, darkened(ASPHALT, dim), darkened((110, 114, 118), dim))
    for left in range(-60, WIDTH, 190):
        canvas.shape(
            [(left, 812), (left + 104, 812), (left + 98, 826), (left - 8, 826)],
            darkened((226, 224, 214), dim),
        )


def street(canvas: Canvas, *, night: bool = False, trees: bool = True) -> None:
    """A whole street, ready for what happens in it."""
    sky(canvas, night=night)
    skyline(canvas, night=night)
    shops(canvas, night=night)
    ground(canvas, night=night)
    crown = (44, 66, 60) if night else (90, 144, 92)
    for x in range(canvas.chance.randint(30, 120), WIDTH if trees else 0, 430):
        canvas.tree(x, 606, 250, crown)


def country(canvas: Canvas) -> None:
    """Open land: sky, hills, a field, no houses."""
    sky(canvas)
    for tone, top in ((168, 330), (142, 380)):
        points = [(0.0, 560.0)]
        points += [(float(x), top + canvas.chance.uniform(-30, 30)) for x in range(0, WIDTH + 200, 200)]
        canvas.shape([*points, (float(WIDTH), 560.0)], (tone - 40, tone, tone - 30))
    canvas.fade(520, HEIGHT, (150, 176, 112), (122, 152, 90))
    for x in (90, 1090):
        canvas.tree(x, 600, 230)


def darkened(colour: Colour, factor: float) -> Colour:
    """The colour, so much darker."""
    red, green, blue = (round(part * factor) for part in colour)
    return red, green, blue
