"""Scenes with what happens in the street (events): `mended` draws the same place afterwards."""

from yiwang.project.demo.backdrop import country, street
from yiwang.project.demo.canvas import HEIGHT, KERB_TOP, ROAD_TOP, WIDTH, Canvas, Colour

BAGS: tuple[Colour, ...] = ((48, 50, 56), (60, 64, 72), (196, 66, 58), (240, 236, 226), (86, 128, 180))
GOODS: tuple[Colour, ...] = ((206, 74, 58), (232, 158, 52), (120, 158, 66), (236, 206, 92), (150, 90, 140))


def bins(canvas: Canvas, x: int, y: int) -> None:
    """Four bins for sorted waste in a row."""
    for index, fill in enumerate(((74, 128, 190), (92, 158, 92), (200, 78, 66), (104, 108, 112))):
        left = x + index * 104
        canvas.shadow(left + 44, y, 110)
        canvas.shape([(left, y - 150), (left + 88, y - 150), (left + 78, y), (left + 10, y)], fill)
        canvas.box(left - 6, y - 168, left + 94, y - 146, (50, 56, 60), round_px=8)
        canvas.disc(left + 44, y - 80, 40, (246, 246, 240))


def waste(canvas: Canvas, mended: bool) -> None:
    """Bags of household waste on the pavement beside the bins, or a clean place."""
    street(canvas)
    bins(canvas, 120, 680)
    if mended:
        return
    for _ in range(34):
        x, y = canvas.somewhere(720, 690, 300, 60)
        canvas.blob(x, y, canvas.chance.randint(70, 130), canvas.chance.choice(BAGS), flat=0.8)
        canvas.disc(x, y - 44, 20, (30, 32, 36))
    for _ in range(60):
        x, y = canvas.somewhere(700, 756, 420, 40)
        canvas.blob(x, y, 30, canvas.chance.choice(GOODS), flat=0.6)


def overflow(canvas: Canvas, mended: bool) -> None:
    """Bins that overflow, or emptied ones."""
    street(canvas)
    bins(canvas, 400, 680)
    for _ in range(0 if mended else 40):
        x, y = canvas.somewhere(600, 520, 190, 40)
        canvas.blob(x, y, canvas.chance.randint(50, 96), canvas.chance.choice(BAGS), flat=0.8)
    for _ in range(0 if mended else 24):
        x, y = canvas.somewhere(600, 716, 330, 34)
        canvas.blob(x, y, 54, canvas.chance.choice(BAGS), flat=0.7)


def rubble(canvas: Canvas, mended: bool) -> None:
    """A heap of rubble, or the cleared place with a sign."""
    country(canvas)
    canvas.shape([(0, 780), (1200, 700), (1200, 900), (0, 900)], (168, 156, 138))
    if mended:
        canvas.box(560, 560, 570, 720, (120, 110, 100))
        canvas.box(470, 470, 660, 570, (52, 106, 160), round_px=8)
        canvas.line([(500, 500), (630, 540)], (240, 240, 240), 10)
        return
    canvas.shadow(620, 770, 900)
    canvas.shape([(220, 770), (420, 560), (580, 500), (740, 540), (900, 640), (1020, 770)], (150, 138, 124))
    for _ in range(120):
        x, y = canvas.somewhere(620, 690, 360, 96)
        fill = canvas.chance.choice(
            [(176, 166, 152), (168, 96, 76), (120, 112, 104), (204, 196, 184), (140, 128, 112)]
        )
        if y + abs(x - 620) * 0.22 > 560:
            canvas.blob(x, y, canvas.chance.randint(34, 84), fill, flat=0.7)


def pothole(canvas: Canvas, mended: bool) -> None:
    """A hole in the road, or a dark square of new asphalt."""
    street(canvas)
    if mended:
        canvas.shape([(400, 740), (820, 740), (860, 850), (360, 850)], (66, 68, 72))
        canvas.line([(400, 740), (820, 740), (860, 850), (360, 850), (400, 740)], (54, 56, 60), 6)
        return
    canvas.blob(610, 790, 520, (70, 70, 72), flat=0.36)
    canvas.blob(615, 796, 430, (52, 48, 46), flat=0.34)
    canvas.blob(625, 806, 280, (104, 116, 122), flat=0.3)
    for _ in range(40):
        x, y = canvas.somewhere(610, 796, 330, 70)
        canvas.blob(x, y, canvas.chance.randint(10, 26), (128, 126, 122))
    for angle in (-1, 1):
        canvas.line(
            [(610 + angle * 240, 780), (610 + angle * 330, 760), (610 + angle * 430, 790)], (54, 54, 56), 5
        )
    canvas.cone(330, 790)


def dirt(canvas: Canvas, mended: bool) -> None:
    """Sand and mud on the road, or a road that has just been washed."""
    street(canvas)
    if mended:
        for _ in range(26):
            x, y = canvas.somewhere(600, 790, 560, 80)
            canvas.line([(x, y), (x + 120, y - 4)], (146, 154, 160), 3)
        return
    for _ in range(60):
        x, y = canvas.somewhere(620, 790, 480, 70)
        tone = canvas.chance.randint(-14, 14)
        canvas.blob(
            x, y, canvas.chance.randint(50, 170), (166 + tone, 138 + tone, 98 + tone), flat=0.32, clear=190
        )
    for _ in range(90):
        canvas.disc(*canvas.somewhere(620, 780, 480, 70), canvas.chance.randint(6, 16), (190, 170, 136))


def stall(canvas: Canvas, mended: bool) -> None:
    """Traders on the pavement under parasols, or a free pavement."""
    street(canvas, trees=mended)
    if mended:
        return
    for x, fill in ((300, (206, 84, 70)), (640, (72, 132, 164)), (960, (226, 168, 70))):
        canvas.shadow(x, 700, 300)
        canvas.line([(x, 700), (x, 430)], (150, 150, 150), 9)
        canvas.shape([(x - 160, 470), (x, 380), (x + 160, 470)], fill)
        canvas.shape([(x - 54, 470), (x, 380), (x + 54, 470)], (246, 240, 228))
        canvas.box(x - 130, 600, x + 130, 690, (146, 112, 80), round_px=6)
        for _ in range(26):
            canvas.disc(*canvas.somewhere(x, 596, 118, 14), 34, canvas.chance.choice(GOODS))
        person(canvas, x + 150, 690)


def person(canvas: Canvas, x: int, y: int) -> None:
    """Somebody who stands there."""
    canvas.box(x - 24, y - 120, x + 24, y - 46, canvas.chance.choice(GOODS), round_px=12)
    canvas.box(x - 20, y - 52, x - 3, y, (62, 70, 84), round_px=5)
    canvas.box(x + 3, y - 52, x + 20, y, (62, 70, 84), round_px=5)
    canvas.disc(x, y - 142, 42, (228, 190, 160))


def wall(canvas: Canvas, mended: bool) -> None:
    """A wall covered with small advertisements, or painted over."""
    canvas.fade(0, 640, (224, 214, 198), (208, 198, 182))
    for row in range(0, 640, 64):
        canvas.line([(0, row), (WIDTH, row)], (198, 188, 172), 2)
        for left in range((row // 64 % 2) * 70, WIDTH, 140):
            canvas.line([(left, row), (left, row + 64)], (198, 188, 172), 2)
    canvas.fade(640, HEIGHT, (176, 172, 166), (150, 148, 144))
    canvas.box(0, 560, WIDTH, 640, (150, 140, 126))
    if mended:
        canvas.box(200, 120, 1000, 500, (232, 224, 210), round_px=4)
        return
    for _ in range(26):
        x, y = canvas.somewhere(600, 310, 480, 200)
        fill = canvas.chance.choice(
            [(246, 240, 214), (232, 204, 96), (214, 96, 84), (170, 206, 226), (240, 240, 240)]
        )
        tilt = canvas.chance.uniform(-14, 14)
        canvas.shape(
            [(x - 60, y - 40), (x + 60, y - 40 + tilt), (x + 56, y + 44 + tilt), (x - 62, y + 40)], fill
        )
        for row in (-18, 2, 22):
            canvas.line([(x - 42, y + row), (x + 36, y + row + tilt * 0.7)], (96, 92, 90), 5)


def building(canvas: Canvas, mended: bool) -> None:
    """A shed being put up on a roof, or the roof as it was."""
    street(canvas, trees=False)
    canvas.box(260, 250, 960, 668, (222, 210, 190))
    for row in range(300, 620, 116):
        for left in range(320, 920, 150):
            canvas.box(left, row, left + 84, row + 74, (126, 156, 172), round_px=4)
    canvas.box(244, 236, 976, 258, (176, 164, 148))
    if mended:
        return
    canvas.box(380, 100, 760, 238, (184, 96, 74))
    for row in range(112, 236, 24):
        canvas.line([(380, row), (760, row)], (206, 170, 150), 3)
    canvas.box(540, 140, 620, 238, (70, 64, 60))
    canvas.shape([(350, 104), (800, 56), (800, 84), (350, 132)], (88, 132, 176))
    for x in (800, 860):
        canvas.line([(x, 236), (x, 70)], (190, 160, 60), 8)
    for y in (110, 170):
        canvas.line([(800, y), (860, y)], (190, 160, 60), 6)


def flood(canvas: Canvas, mended: bool) -> None:
    """Water over the whole road, or drained."""
    street(canvas)
    if mended:
        canvas.blob(880, 830, 200, (120, 132, 140), flat=0.2, clear=130)
        return
    canvas.fade(KERB_TOP - 26, HEIGHT, (126, 142, 148), (148, 162, 166))
    for _ in range(36):
        x, y = canvas.somewhere(600, 780, 600, 110)
        canvas.line([(x, y), (x + canvas.chance.randint(50, 140), y)], (190, 202, 206), 3)
    car(canvas, 680, 830, (196, 84, 74), sunk=44)


def car(canvas: Canvas, x: int, y: int, paint: Colour, sunk: int = 0) -> None:
    """A car that stands at a point, its lower part under water if sunk."""
    canvas.shadow(x, y, 0 if sunk else 420)
    for wheel in (x - 120, x + 120):
        canvas.disc(wheel, y - 28, 76, (36, 38, 42))
        canvas.disc(wheel, y - 28, 38, (170, 174, 178))
    canvas.box(x - 200, y - 104, x + 200, y - 32, paint, round_px=26)
    canvas.shape([(x - 130, y - 100), (x - 84, y - 166), (x + 84, y - 166), (x + 140, y - 100)], paint)
    canvas.shape([(x - 108, y - 102), (x - 72, y - 154), (x - 6, y - 154), (x - 6, y - 102)], (186, 214, 226))
    canvas.shape([(x + 8, y - 102), (x + 8, y - 154), (x + 72, y - 154), (x + 112, y - 102)], (186, 214, 226))
    canvas.disc(x + 190, y - 78, 26, (255, 236, 170))
    if sunk:
        canvas.box(x - 260, y - sunk, x + 260, y + 12, (138, 153, 158), round_px=14)


def burst(canvas: Canvas, mended: bool) -> None:
    """Water that shoots out of the road, or the mended place."""
    street(canvas)
    if mended:
        canvas.shape([(470, 740), (760, 740), (790, 820), (440, 820)], (66, 68, 72))
        return
    canvas.blob(600, 800, 760, (138, 160, 172), flat=0.26, clear=210)
    for _ in range(70):
        reach = canvas.chance.uniform(-1, 1)
        top = 790 - canvas.chance.uniform(160, 470) * (1 - abs(reach) * 0.5)
        path = [(600.0, 790.0), (600 + reach * 60, top + 40), (600 + reach * 170, top + 190 * abs(reach))]
        canvas.line(path, (206, 228, 238), canvas.chance.randint(3, 9))
    canvas.cone(330, 800)
    canvas.cone(900, 806)


def parking(canvas: Canvas, mended: bool) -> None:
    """Cars on the pavement, or a free pavement."""
    street(canvas)
    if mended:
        return
    for x, paint in ((260, (70, 110, 160)), (760, (226, 226, 222))):
        car(canvas, x, 694, paint)


def bikes(canvas: Canvas, mended: bool) -> None:
    """Shared bikes in a tangle over the pavement, or in a row."""
    street(canvas)
    if mended:
        for left in range(220, 1000, 84):
            bike(canvas, left, 670, 0)
        return
    for _ in range(15):
        bike(canvas, *canvas.somewhere(600, 690, 430, 36), canvas.chance.uniform(-46, 46))


def bike(canvas: Canvas, x: float, y: float, tilt: float) -> None:
    """One bike, leaning by so many pixels at the saddle."""
    paint = canvas.chance.choice([(74, 160, 200), (238, 190, 60), (92, 168, 120)])
    for wheel in (x - 56, x + 56):
        canvas.brush.ellipse(
            (wheel - 40, y - 80 + tilt * 0.2, wheel + 40, y + tilt * 0.2), outline=(40, 44, 48), width=7
        )
    saddle, bar = (x - 22 + tilt, y - 112), (x + 46 + tilt, y - 122)
    canvas.line([(x - 56, y - 40), (x + tilt * 0.5, y - 46), saddle, (x - 56, y - 40)], paint, 8)
    canvas.line([(x + tilt * 0.5, y - 46), bar, (x + 56, y - 40)], paint, 8)
    canvas.box(saddle[0] - 20, saddle[1] - 8, saddle[0] + 20, saddle[1] + 4, (30, 32, 36), round_px=5)
    canvas.line([(bar[0] - 16, bar[1] - 8), (bar[0] + 22, bar[1] + 4)], (30, 32, 36), 7)


def site(canvas: Canvas, mended: bool) -> None:
    """A building site: fallen hoarding and dust, or in order."""
    street(canvas, trees=False)
    canvas.box(560, 120, 584, 600, (226, 172, 60))
    canvas.box(360, 140, 980, 160, (226, 172, 60))
    canvas.line([(860, 160), (860, 330)], (90, 90, 90), 4)
    for row in range(220, 560, 84):
        canvas.box(640, row, 1010, row + 12, (150, 146, 140))
    for left in range(650, 1010, 90):
        canvas.box(left, 214, left + 12, 570, (150, 146, 140))
    for left in range(0, WIDTH, 150):
        if not mended and left in (450, 600):
            canvas.shape(
                [(left, 740), (left + 150, 716), (left + 160, 800), (left + 10, 830)], (88, 140, 176)
            )
            continue
        canvas.box(left + 2, 540, left + 148, ROAD_TOP, (64, 120, 164))
        canvas.box(left + 2, 640, left + 148, ROAD_TOP, (236, 232, 222))
    if not mended:
        for _ in range(26):
            x, y = canvas.somewhere(560, 600, 360, 130)
            canvas.disc(x, y, canvas.chance.randint(120, 260), (206, 190, 160), flat=0.6, clear=60)


def smoke(canvas: Canvas, mended: bool) -> None:
    """A fire of waste with smoke, or its cold wet place."""
    country(canvas)
    if mended:
        canvas.blob(600, 750, 340, (70, 68, 66), flat=0.3)
        return
    for step in range(34):
        x, y = canvas.somewhere(610 + step * 9, 640 - step * 17, 60, 16)
        canvas.disc(x, y, 120 + step * 5, (120 + step * 2, 118 + step * 2, 116 + step * 2), clear=70)
    canvas.blob(600, 770, 420, (64, 58, 54), flat=0.3)
    for _ in range(16):
        x, y = canvas.somewhere(600, 740, 120, 20)
        tall = canvas.chance.randint(60, 150)
        canvas.shape(
            [(x - 26, y), (x + 26, y), (x + 4, y - tall)],
            canvas.chance.choice([(240, 140, 40), (250, 196, 70), (226, 90, 40)]),
        )


def furniture(canvas: Canvas, mended: bool) -> None:
    """An old sofa and a mattress on the pavement, or a free place."""
    street(canvas)
    if mended:
        return
    canvas.shadow(480, 700, 520)
    canvas.box(270, 540, 690, 640, (150, 96, 84), round_px=26)
    canvas.box(250, 600, 330, 696, (134, 84, 74), round_px=20)
    canvas.box(630, 600, 710, 696, (134, 84, 74), round_px=20)
    canvas.box(300, 620, 660, 690, (170, 112, 98), round_px=14)
    canvas.shape([(760, 700), (800, 470), (980, 490), (950, 710)], (226, 216, 196))
    for row in range(510, 700, 46):
        canvas.line([(790, row), (964, row + 14)], (200, 188, 166), 4)


def washing(canvas: Canvas, mended: bool) -> None:
    """Washing on a line between two trees, or the line gone."""
    street(canvas, trees=False)
    for x in (180, 1020):
        canvas.tree(x, 650, 380)
    if mended:
        return
    canvas.line([(180, 470), (600, 500), (1020, 470)], (230, 230, 224), 5)
    for left in range(250, 940, 118):
        fill = canvas.chance.choice(
            [(224, 120, 120), (130, 170, 206), (240, 236, 224), (170, 196, 140), (226, 190, 110)]
        )
        tall = canvas.chance.randint(110, 180)
        canvas.shape([(left, 488), (left + 96, 492), (left + 90, 492 + tall), (left + 6, 486 + tall)], fill)
