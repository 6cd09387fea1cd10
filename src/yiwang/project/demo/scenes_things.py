"""Scenes with things that stand in the street (components): `mended` draws the same place afterwards."""

from yiwang.project.demo.backdrop import country, street
from yiwang.project.demo.canvas import HEIGHT, WIDTH, Canvas

IRON = (74, 78, 84)
METAL = (150, 156, 162)


def cover(canvas: Canvas, mended: bool) -> None:
    """A manhole cover in the road, shifted from its hole or back in place."""
    street(canvas)
    x, y = 620, 790
    canvas.disc(x, y, 330, (64, 66, 70), flat=0.42)
    canvas.disc(x, y, 290, (22, 22, 24) if not mended else IRON, flat=0.42)
    lid = (x, y) if mended else (x + 120, y - 34)
    canvas.disc(lid[0], lid[1] + 8, 284, (50, 52, 56), flat=0.4)
    canvas.disc(*lid, 284, (98, 102, 108), flat=0.4)
    for ring in (220, 150, 80):
        canvas.disc(*lid, ring, (80, 84, 90) if ring != 150 else (104, 108, 114), flat=0.4)
    if not mended:
        canvas.cone(x - 250, y + 60)
        canvas.cone(x + 330, y + 70)


def grate(canvas: Canvas, mended: bool) -> None:
    """A storm grate at the kerb, clogged with leaves or clear."""
    street(canvas)
    if not mended:
        canvas.blob(600, 776, 760, (104, 124, 138), flat=0.26, clear=190)
    canvas.box(420, 704, 780, 800, (58, 62, 66), round_px=6)
    for left in range(440, 770, 34):
        canvas.box(left, 716, left + 16, 788, (20, 22, 24), round_px=3)
    for _ in range(0 if mended else 70):
        at = canvas.somewhere(600, 752, 190, 46)
        canvas.blob(
            *at, 44, canvas.chance.choice([(152, 112, 56), (120, 96, 52), (176, 140, 70), (110, 124, 66)])
        )


def light(canvas: Canvas, mended: bool) -> None:
    """Street lights at night: the near one dark or lit."""
    street(canvas, night=True, trees=False)
    for x, tall in ((170, 420), (640, 560), (1060, 420)):
        lit = mended or x != 640
        top = 640 - tall
        canvas.line([(x, 660), (x, top)], (120, 126, 134), 12)
        canvas.line([(x, top), (x + 90, top - 18)], (120, 126, 134), 8)
        if lit:
            spread = tall * 0.62
            canvas.shape(
                [(x + 90, top), (x + 90 - spread, 700), (x + 90 + spread, 700)], (255, 224, 140), clear=46
            )
            canvas.disc(x + 90, top - 6, 150, (255, 232, 160), clear=70)
        canvas.disc(x + 90, top - 10, 64, (255, 240, 190) if lit else (70, 76, 90), flat=0.45)


def pole(canvas: Canvas, mended: bool) -> None:
    """A pole with lines, leaning or upright."""
    street(canvas, trees=False)
    head = (600, 130) if mended else (800, 190)
    for sag in (0, 26, 52):
        dip = 30 if mended else 250
        left = [(0.0, 210.0 + sag), (300.0, 210.0 + sag + dip * 0.7), (head[0], head[1] + 20.0 + sag)]
        right = [
            (head[0], head[1] + 20.0 + sag),
            (960.0, 220.0 + sag + dip * 0.6),
            (float(WIDTH), 220.0 + sag),
        ]
        canvas.line(left, (48, 50, 56), 4)
        canvas.line(right, (48, 50, 56), 4)
    canvas.shadow(600, 648, 180)
    canvas.line([(600, 650), head], (142, 132, 120), 26)
    canvas.line([(head[0] - 90, head[1] + 46), (head[0] + 90, head[1] + 20)], (120, 112, 104), 12)
    if not mended:
        canvas.cone(500, 740)
        canvas.cone(760, 745)


def cabinet(canvas: Canvas, mended: bool) -> None:
    """A service cabinet: door open and soiled, or closed and clean."""
    street(canvas)
    canvas.shadow(600, 664, 380)
    canvas.box(450, 400, 750, 660, (122, 150, 140), round_px=8)
    canvas.box(450, 400, 750, 424, (98, 124, 116), round_px=8)
    if mended:
        canvas.line([(600, 424), (600, 660)], (98, 124, 116), 5)
        canvas.box(574, 530, 588, 566, (60, 70, 70), round_px=3)
        canvas.box(612, 530, 626, 566, (60, 70, 70), round_px=3)
        return
    canvas.box(476, 440, 724, 640, (46, 52, 56))
    for row in range(462, 630, 28):
        colour = canvas.chance.choice([(200, 80, 70), (220, 180, 80), (90, 140, 200), (230, 230, 230)])
        canvas.line([(486, row), (590, row + canvas.chance.randint(-12, 24)), (714, row)], colour, 5)
    canvas.shape([(450, 404), (330, 440), (330, 690), (450, 660)], (138, 164, 154))
    for _ in range(5):
        x, y = canvas.somewhere(390, 560, 36, 90)
        canvas.box(x - 20, y - 14, x + 20, y + 14, (244, 240, 220))


def pavement(canvas: Canvas, mended: bool) -> None:
    """Paving with loose and missing tiles, or even again."""
    street(canvas, trees=False)
    canvas.fade(600, HEIGHT, (196, 190, 180), (214, 208, 198))
    for row in range(600, HEIGHT, 60):
        for column in range(-1, 12):
            offset = 55 if (row // 60) % 2 else 0
            left = column * 110 + offset
            tone = canvas.chance.randint(-8, 8)
            fill = (
                (190 + tone, 164 + tone, 142 + tone) if column % 3 else (176 + tone, 176 + tone, 172 + tone)
            )
            canvas.box(left + 3, row + 3, left + 107, row + 57, fill, round_px=3)
    for column in range(0, WIDTH, 110):
        canvas.box(column + 3, 723, column + 107, 777, (226, 188, 84), round_px=3)
        for dot in range(column + 22, column + 100, 28):
            canvas.disc(dot, 750, 16, (206, 164, 60), flat=0.7)
    if mended:
        return
    canvas.blob(600, 760, 520, (116, 98, 80), flat=0.42)
    canvas.blob(610, 766, 400, (94, 80, 68), flat=0.36)
    for _ in range(14):
        x, y = canvas.somewhere(600, 756, 260, 80)
        tilt = canvas.chance.uniform(-18, 18)
        corners = [(x - 44, y - tilt), (x + 40, y - 20), (x + 50, y + 18 + tilt), (x - 38, y + 24)]
        canvas.shape([(a + 6, b + 10) for a, b in corners], (70, 60, 52), clear=120)
        canvas.shape(corners, (192, 166, 144))


def tree(canvas: Canvas, mended: bool) -> None:
    """A street tree fallen over the pavement, or cleared away with a new one planted."""
    street(canvas, trees=False)
    for x in (120, 1080):
        canvas.tree(x, 640, 330)
    canvas.box(520, 640, 680, 668, (104, 82, 62), round_px=4)
    if mended:
        canvas.tree(600, 650, 300, (104, 164, 96))
        for side in (-70, 70):
            canvas.line([(600 + side, 650), (600 + side * 0.15, 540)], (190, 160, 110), 8)
        return
    canvas.shadow(700, 770, 800)
    canvas.line([(600, 650), (900, 770)], (104, 78, 56), 40)
    canvas.shape([(570, 655), (640, 640), (620, 690)], (126, 96, 70))
    for _ in range(26):
        shade = canvas.chance.randint(-20, 18)
        at = canvas.somewhere(960, 770, 200, 84)
        canvas.disc(*at, canvas.chance.randint(80, 130), (82 + shade, 132 + shade, 78 + shade), flat=0.7)


def green(canvas: Canvas, mended: bool) -> None:
    """A green strip, bare and littered, or planted."""
    street(canvas)
    canvas.fade(690, HEIGHT, (118, 158, 92), (98, 140, 78))
    canvas.box(0, 684, WIDTH, 700, (178, 174, 166))
    if not mended:
        canvas.blob(560, 800, 620, (156, 124, 88), flat=0.34)
        for _ in range(26):
            x, y = canvas.somewhere(600, 800, 460, 70)
            fill = canvas.chance.choice([(240, 240, 240), (210, 90, 80), (90, 140, 190), (236, 200, 110)])
            canvas.box(x - 14, y - 8, x + 14, y + 8, fill, round_px=4)
    for _ in range(220):
        x, y = canvas.somewhere(600, 800, 600, 96)
        canvas.line([(x, y), (x + canvas.chance.randint(-8, 8), y - 22)], (88, 132, 66), 3)
    if mended:
        for x in range(40, WIDTH, 86):
            canvas.disc(x, 724, 96, (76, 124, 70), flat=0.7)
            canvas.disc(x + 20, 716, 22, (206, 96, 110))


def sign(canvas: Canvas, mended: bool) -> None:
    """A large board hanging askew above the pavement, or set right."""
    street(canvas)
    for x in (400, 800):
        canvas.line([(x, 240), (x, 330)], (120, 116, 110), 12)
    if mended:
        canvas.box(330, 230, 870, 350, (176, 72, 62), round_px=10)
        canvas.box(350, 250, 850, 330, (246, 236, 214), round_px=6)
    else:
        canvas.shape([(330, 230), (880, 330), (856, 456), (306, 356)], (150, 62, 54))
        canvas.shape([(352, 258), (846, 348), (834, 420), (340, 330)], (232, 220, 196))
        canvas.shape([(700, 322), (846, 348), (834, 420), (760, 408)], (168, 160, 150))
        canvas.line([(340, 230), (340, 150)], (110, 110, 110), 6)
        canvas.cone(480, 660)
        canvas.cone(760, 660)
    for row in range(3):
        left, drop = 400 + row * 150, 0 if mended else 26 + row * 27
        canvas.box(left, 274 + drop, left + 96, 306 + drop, (92, 84, 80), round_px=6)


def rail(canvas: Canvas, mended: bool) -> None:
    """A traffic rail, a part of it knocked over, or whole."""
    street(canvas)
    for left in range(-40, WIDTH, 150):
        if not mended and 380 < left < 760:
            continue
        canvas.line([(left, 790), (left, 650)], (232, 236, 238), 12)
        for row in (672, 716, 760):
            canvas.line([(left, row), (left + 150, row)], (232, 236, 238), 9)
        canvas.box(left - 8, 640, left + 8, 660, (66, 112, 170), round_px=4)
    if not mended:
        for shift in (0, 60, 120):
            canvas.line([(430 + shift, 830), (700 + shift, 760)], (214, 220, 224), 10)
        canvas.line([(450, 850), (860, 742)], (214, 220, 224), 10)
        canvas.cone(380, 850)
        canvas.cone(930, 850)


def toilet(canvas: Canvas, mended: bool) -> None:
    """A public toilet's wash-place: dirty and out of order, or clean."""
    canvas.fade(0, 560, (214, 230, 230), (228, 238, 236))
    for row in range(0, 560, 70):
        canvas.line([(0, row), (WIDTH, row)], (196, 212, 212), 3)
    for column in range(0, WIDTH, 100):
        canvas.line([(column, 0), (column, 560)], (196, 212, 212), 3)
    canvas.fade(560, HEIGHT, (176, 182, 182), (150, 158, 158))
    canvas.box(140, 90, 1060, 300, (184, 210, 218), round_px=12)
    canvas.box(100, 400, 1100, 470, (236, 236, 230), round_px=12)
    for x in (280, 600, 920):
        canvas.disc(x, 430, 190, (250, 250, 250), flat=0.34)
        canvas.disc(x, 434, 130, (206, 214, 216), flat=0.34)
        canvas.line([(x, 400), (x, 340), (x + 40, 352)], METAL, 12)
    if mended:
        canvas.box(1010, 320, 1080, 396, (90, 160, 190), round_px=8)
        return
    canvas.blob(560, 720, 760, (120, 128, 108), flat=0.28, clear=170)
    for _ in range(26):
        at = canvas.somewhere(560, 720, 380, 110)
        canvas.blob(*at, 60, (242, 240, 232), flat=0.7)
    canvas.box(880, 480, 900, 560, METAL, round_px=4)
    canvas.line([(900, 350), (1000, 540)], (210, 80, 70), 10)


def river(canvas: Canvas, mended: bool) -> None:
    """A river below a bridge, with floating rubbish or clear."""
    country(canvas)
    water = (96, 152, 168) if mended else (106, 124, 98)
    canvas.fade(560, HEIGHT, water, (water[0] + 22, water[1] + 20, water[2] + 16))
    canvas.shape([(0, 540), (1200, 500), (1200, 560), (0, 600)], (132, 152, 104))
    canvas.box(0, 400, WIDTH, 446, (186, 182, 174))
    for left in range(110, WIDTH, 330):
        canvas.box(left, 440, left + 70, 600, (168, 164, 156))
    for left in range(0, WIDTH, 60):
        canvas.line([(left, 400), (left, 356)], (214, 212, 206), 7)
    canvas.line([(0, 358), (WIDTH, 358)], (214, 212, 206), 10)
    for _ in range(24):
        x, y = canvas.somewhere(600, 760, 600, 120)
        canvas.line([(x, y), (x + 90, y)], (210, 228, 232), 3)
    for _ in range(0 if mended else 40):
        x, y = canvas.somewhere(640, 740, 420, 100)
        fill = canvas.chance.choice(
            [(240, 240, 236), (90, 140, 190), (206, 90, 80), (96, 140, 74), (104, 150, 80)]
        )
        canvas.blob(x, y, canvas.chance.randint(30, 80), fill, flat=0.4)
