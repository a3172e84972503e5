"""The map of views as SVG (written by us) and as PNG (by Pillow)."""

import io
import math
from collections.abc import Callable
from html import escape
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from yishi.engines.opinion.scene import HEIGHT, PAPER, RULE, WIDTH, Mark, Scene, Words

_FONTS = (
    "'PingFang SC','HarmonyOS Sans SC','MiSans','Microsoft YaHei','Noto Sans CJK SC','Source Han Sans SC',sans-serif"
)
_SIDES = {"square": (4, 45), "triangle": (3, -90), "diamond": (4, 0), "hexagon": (6, 0)}
_AREA_OPACITY = 0.13


def svg(scene: Scene) -> str:
    """A standalone SVG with its text twin in <desc>; readable without colour (a shape a group)."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}" role="img" aria-labelledby="map-title map-twin" '
        f'lang="{"zh-Hans" if scene.language == "zh" else "en"}" font-family="{_FONTS}">',
        f'<title id="map-title">{_text(scene.title)}</title><desc id="map-twin">{_text(scene.twin)}</desc>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>',
    ]
    parts += [f'<path d="M{a:g} {b:g}L{c:g} {d:g}" stroke="{RULE}"/>' for a, b, c, d in scene.lines]
    for area in scene.areas:
        path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in area.outline) + "Z"
        parts.append(
            f'<path d="{path}" fill="{area.colour}" fill-opacity="{_AREA_OPACITY}"><title>{_text(area.title)}</title></path>'
        )
    parts += [_mark(mark) for mark in scene.marks]
    parts += [_words(words) for words in scene.words]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _text(text: str) -> str:
    return escape("".join(c for c in text if c >= " " or c in "\n\t"))


def _mark(mark: Mark) -> str:
    if mark.ring:
        style = f'fill="none" stroke="{mark.colour}" stroke-width="3"'
    else:
        style = f'fill="{mark.colour}" fill-opacity="{mark.opacity:g}"'
    if mark.shape == "circle":
        return f'<circle cx="{mark.x:.1f}" cy="{mark.y:.1f}" r="{mark.radius:.1f}" {style}/>'
    corners = "L".join(f"{x:.1f} {y:.1f}" for x, y in _corners(mark))
    return f'<path d="M{corners}Z" {style}/>'


def _corners(mark: Mark) -> NDArray[np.float64]:
    sides, turn = _SIDES[mark.shape]
    angles = math.radians(turn) + np.arange(sides) * 2 * math.pi / sides
    return np.stack([mark.x + 1.2 * mark.radius * np.cos(angles), mark.y + 1.2 * mark.radius * np.sin(angles)], axis=1)


def _words(words: Words) -> str:
    weight = ' font-weight="700"' if words.bold else ""
    halo = f' stroke="{PAPER}" stroke-width="4" paint-order="stroke"' if words.anchor == "middle" else ""
    return (
        f'<text x="{words.x:.1f}" y="{words.y:.1f}" font-size="{words.size}" fill="{words.colour}" '
        f'text-anchor="{words.anchor}"{weight}{halo}>{_text(words.text)}</text>'
    )


def png(scene: Scene, font: Path | None, scale: int = 2) -> bytes:
    """The same picture as PNG, `scale` pixels a unit; `font` is a TrueType or OpenType file that
    has the characters (None: Pillow's own, Latin only).

    Raises ValueError when Chinese words are asked for without a font.
    """
    if font is None and any(ord(c) > 0x2E80 for words in scene.words for c in words.text):
        raise ValueError(
            "没有找到中文字体：请用 --font 指定字体文件，或改存为 .svg · "
            "no Chinese font found: name one with --font, or save as .svg"
        )
    image = Image.new("RGB", (WIDTH * scale, HEIGHT * scale), PAPER)
    for a, b, c, d in scene.lines:
        ImageDraw.Draw(image).line([a * scale, b * scale, c * scale, d * scale], fill=RULE, width=scale)
    for area in scene.areas:
        outline = area.outline * scale
        _blend(
            image,
            area.colour,
            _AREA_OPACITY,
            outline,
            lambda pen, shift, o=outline: pen.polygon([tuple(p) for p in o - shift], fill=255),  # type: ignore[misc]
        )
    for mark in scene.marks:
        _stamp(image, mark, scale)
    _write(image, scene.words, font, scale)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


Paint = Callable[[ImageDraw.ImageDraw, NDArray[np.float64]], None]


def _blend(image: Image.Image, colour: str, opacity: float, outline: NDArray[np.float64], paint: Paint) -> None:
    """Paint on a mask as large as the outline and lay the colour through it."""
    low = np.maximum(np.floor(outline.min(axis=0)) - 2, 0)
    high = np.minimum(np.ceil(outline.max(axis=0)) + 2, image.size)
    if (high <= low).any():
        return
    mask = Image.new("L", tuple((high - low).astype(int)), 0)
    paint(ImageDraw.Draw(mask), low)
    faint = mask.point(lambda value: int(value * opacity))
    image.paste(Image.new("RGB", mask.size, colour), tuple(low.astype(int)), faint)


def _stamp(image: Image.Image, mark: Mark, scale: int) -> None:
    centre, radius = np.array([mark.x, mark.y]) * scale, mark.radius * scale
    box = np.stack([centre - 1.3 * radius, centre + 1.3 * radius])

    def paint(pen: ImageDraw.ImageDraw, shift: NDArray[np.float64]) -> None:
        x, y = centre - shift
        circle = (x - radius, y - radius, x + radius, y + radius)
        if mark.ring:
            pen.ellipse(circle, outline=255, width=3 * scale)
        elif mark.shape == "circle":
            pen.ellipse(circle, fill=255)
        else:
            pen.polygon([tuple(p) for p in _corners(mark) * scale - shift], fill=255)

    _blend(image, mark.colour, mark.opacity, box, paint)


def _face(font: Path, size: int) -> ImageFont.FreeTypeFont:
    """Of a collection the face for simplified Chinese, otherwise the first. Raises ValueError for no font."""
    try:
        first = ImageFont.truetype(str(font), size)
    except OSError:
        raise ValueError(
            f"{font.name}：打不开，或不是字体文件；请用 --font 指定 .ttf、.otf 或 .ttc，或改存为 .svg · "
            f"{font.name}: cannot be opened or is no font; name a .ttf, .otf or .ttc with --font, or save as .svg"
        ) from None
    if font.suffix.lower() == ".ttc":
        for index in range(1, 6):
            try:
                face = ImageFont.truetype(str(font), size, index=index)
            except OSError:
                break
            if (face.getname()[0] or "").endswith(" SC"):
                return face
    return first


def _write(image: Image.Image, words: list[Words], font: Path | None, scale: int) -> None:
    pen = ImageDraw.Draw(image)
    faces: dict[int, ImageFont.ImageFont | ImageFont.FreeTypeFont] = {}
    for item in words:
        size = item.size * scale
        if size not in faces:
            faces[size] = _face(font, size) if font else ImageFont.load_default(size)
        anchor = "ms" if item.anchor == "middle" else "ls"
        pen.text(
            (item.x * scale, item.y * scale),
            item.text,
            fill=item.colour,
            font=faces[size],
            anchor=anchor,
            stroke_width=(2 * scale if item.anchor == "middle" else 0) or (1 if item.bold else 0),
            stroke_fill=PAPER if item.anchor == "middle" else item.colour,
        )
