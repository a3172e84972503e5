"""Simple scenes for the demo's photos: drawn by hand of code, so that nobody's street and nobody's face is shown."""

import io
import random
from collections.abc import Callable

from PIL import Image, ImageDraw

Draw = Callable[[random.Random], bytes]
WIDTH, HEIGHT = 800, 600
SKY, NIGHT = ("#cfe3ee", "#dfe8ea", "#bcd4de"), ("#1d2433", "#232a38")
WALLS = ("#c9b79c", "#b9a48a", "#d8cbb5", "#a9b0a8", "#c4a98f")


def _ground(chance: random.Random, night: bool = False) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """A lane between houses."""
    image = Image.new("RGB", (WIDTH, HEIGHT), chance.choice(NIGHT if night else SKY))
    draw = ImageDraw.Draw(image)
    for x in range(0, WIDTH, 160):
        top = chance.randint(90, 240)
        wall = "#3a3f4a" if night else chance.choice(WALLS)
        draw.rectangle((x, top, x + 158, 400), fill=wall)
        for row in range(top + 25, 370, 62):
            for column in (x + 22, x + 92):
                lit = night and chance.random() < 0.3
                draw.rectangle((column, row, column + 40, row + 34), fill="#e8c979" if lit else "#6e7b83")
    draw.rectangle((0, 400, WIDTH, HEIGHT), fill="#2b2e34" if night else "#8d8b86")
    draw.line((0, 402, WIDTH, 402), fill="#55534f", width=6)
    return image, draw


def _finished(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def dark_lane(chance: random.Random) -> bytes:
    """A street lamp that does not shine."""
    image, draw = _ground(chance, night=True)
    x = chance.randint(250, 550)
    draw.rectangle((x, 130, x + 10, 470), fill="#59606b")
    draw.line((x + 5, 135, x + 95, 115), fill="#59606b", width=8)
    draw.ellipse((x + 80, 108, x + 124, 130), fill="#454b55")
    return _finished(image)


def pothole(chance: random.Random) -> bytes:
    """A hole full of water in the road."""
    image, draw = _ground(chance)
    x, y = chance.randint(200, 420), chance.randint(450, 500)
    draw.ellipse((x - 14, y - 10, x + 264, y + 84), fill="#6b6862")
    draw.ellipse((x, y, x + 250, y + 72), fill="#4f5a5f")
    draw.ellipse((x + 40, y + 14, x + 160, y + 34), fill="#7d9199")
    draw.polygon(((x + 300, y + 70), (x + 330, y - 20), (x + 360, y + 70)), fill="#d2622a")
    draw.rectangle((x + 316, y + 16, x + 344, y + 28), fill="#f1efe9")
    return _finished(image)


def rubbish(chance: random.Random) -> bytes:
    """Bags and boxes beside a bin."""
    image, draw = _ground(chance)
    draw.rectangle((150, 360, 260, 500), fill="#3e6b57")
    draw.rectangle((140, 345, 270, 368), fill="#335a49")
    for _ in range(14):
        x, y, size = chance.randint(230, 620), chance.randint(430, 520), chance.randint(40, 90)
        colour = chance.choice(("#2f3338", "#b08a5a", "#e2dfd8", "#7b4b3a", "#5a6a74"))
        if chance.random() < 0.5:
            draw.ellipse((x, y - size // 2, x + size, y + size // 2), fill=colour)
        else:
            draw.rectangle((x, y - size // 2, x + size, y + size // 3), fill=colour, outline="#55493b")
    return _finished(image)


def flooded_lane(chance: random.Random) -> bytes:
    """Water standing in the lane around a drain."""
    image, draw = _ground(chance)
    draw.polygon(((60, 470), (250, 430), (640, 440), (780, 520), (700, 600), (40, 600)), fill="#6d6a55")
    for _ in range(9):
        x, y = chance.randint(80, 640), chance.randint(455, 575)
        draw.arc((x, y, x + chance.randint(50, 120), y + 22), 190, 350, fill="#9aa08d", width=3)
    draw.rectangle((360, 500, 440, 530), fill="#3b3b38")
    for x in range(366, 440, 14):
        draw.line((x, 502, x, 528), fill="#6a6a64", width=3)
    return _finished(image)


def tree(chance: random.Random) -> bytes:
    """An old banyan that leans over a roof."""
    image, draw = _ground(chance)
    draw.polygon(((380, 560), (400, 330), (450, 330), (480, 560)), fill="#5c4a38")
    for _ in range(46):
        x, y, r = chance.randint(210, 620), chance.randint(70, 340), chance.randint(34, 78)
        draw.ellipse(
            (x - r, y - r * 2 // 3, x + r, y + r * 2 // 3),
            fill=chance.choice(("#3f6b3d", "#4c7a45", "#35592f", "#5a8550")),
        )
    for x in range(300, 560, 26):
        draw.line((x, 330, x + chance.randint(-8, 8), 430), fill="#6a5845", width=3)
    return _finished(image)


def crowded_lane(chance: random.Random) -> bytes:
    """Cars on both sides of a narrow lane."""
    image, draw = _ground(chance)
    for x in range(20, 760, 190):
        for y in (425, 520):
            colour = chance.choice(("#a33b32", "#d9d7d1", "#39475a", "#6d7f74", "#22262b"))
            draw.rounded_rectangle((x, y, x + 160, y + 56), 14, fill=colour)
            draw.rounded_rectangle((x + 34, y - 24, x + 124, y + 16), 12, fill="#8fa3ad")
            for wheel in (x + 22, x + 112):
                draw.ellipse((wheel, y + 40, wheel + 30, y + 70), fill="#17181a")
    return _finished(image)


SCENES: dict[str, Draw] = {
    "路灯与巷灯": dark_lane,
    "道路破损": pothole,
    "井盖": pothole,
    "垃圾与保洁": rubbish,
    "大件垃圾": rubbish,
    "下水道": flooded_lane,
    "防汛": flooded_lane,
    "树木与绿化": tree,
    "停车": crowded_lane,
}


def scene_of(category: str) -> Draw | None:
    """What a photo of this category shows; None where none is drawn."""
    return SCENES.get(category)
