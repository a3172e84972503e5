"""What is drawn, apart from how: areas, people, words at their places on a page of pixels."""

from dataclasses import dataclass, field
from typing import Any
from unicodedata import east_asian_width

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull, QhullError

from yishi.engines.opinion import sentences
from yishi.engines.opinion.mapping import MapResult

PAPER, INK, SOFT_INK, RULE = "#faf7f1", "#23262b", "#5d636b", "#d8d2c6"
GROUP_COLOURS = ("#2f6690", "#b9770e", "#2e7d5b", "#7b4b94", "#7a5c3e")
SHAPES = ("circle", "square", "triangle", "diamond", "hexagon")
OUTSIDE = "#9aa0a8"
WIDTH, HEIGHT, SIDE, MARGIN = 1080, 760, 640, 40
_MANY = 3_000
_CLOSING = "，。；：、！？）》”"
_LEVELS = (0.92, 0.75, 0.5)


@dataclass(frozen=True)
class Area:
    outline: NDArray[np.float64]
    colour: str
    title: str


@dataclass(frozen=True)
class Mark:
    x: float
    y: float
    radius: float
    colour: str
    shape: str
    opacity: float = 0.6
    ring: bool = False


@dataclass(frozen=True)
class Words:
    x: float
    y: float
    text: str
    size: int
    colour: str = INK
    bold: bool = False
    anchor: str = "start"


@dataclass
class Scene:
    title: str
    twin: str
    language: str
    lines: list[tuple[float, float, float, float]] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)


def scene_of(result: MapResult, *, language: str = "zh", title: str = "", you: Any = None) -> Scene:
    """The map of views: groups as soft areas, people as dots, `you` marked, with a legend."""
    name = title or ("观点图" if language == "zh" else "Map of views")
    scene = Scene(name, sentences.text_twin(result, language), language)
    middle, half = MARGIN + SIDE / 2, SIDE / 2
    top = 76.0
    scene.lines += [(MARGIN, top + half, MARGIN + SIDE, top + half), (middle, top, middle, top + SIDE)]
    span = _span(result)
    on_page = np.clip(result.coordinates / span, -1, 1) * half * [1, -1] + [middle, top + half]
    _areas(scene, result, on_page)
    _people(scene, result, on_page)
    if you is not None and (found := np.flatnonzero(result.participants == you)).size:
        x, y = on_page[found[0]]
        scene.marks.append(Mark(x, y, 9, "#c03c28", "circle", 1.0, ring=True))
        scene.words.append(Words(x, y - 14, "您" if language == "zh" else "you", 16, "#c03c28", True, "middle"))
    scene.words.append(Words(MARGIN, 48, _cut(name, 60), 26, bold=True))
    _legend(scene, result)
    return scene


def _span(result: MapResult) -> float:
    """Half the side of the map: almost all grouped people fit, the farthest stand on its edge."""
    shown = result.coordinates[result.groups >= 0]
    if shown.size == 0:
        shown = result.coordinates
    reach = np.abs(shown).max(axis=1)
    return max(min(float(np.quantile(reach, 0.995)) * 1.08, float(np.median(reach)) * 5), 1e-9)


def _areas(scene: Scene, result: MapResult, on_page: NDArray[np.float64]) -> None:
    if result.centres.shape[0] < 2:
        return
    for group in range(result.centres.shape[0]):
        members = on_page[result.groups == group]
        label = f"{sentences.group_name(group)[scene.language]} · {members.shape[0]}"
        for level in _LEVELS:
            outline = soft_outline(members, level)
            if outline is not None:
                scene.areas.append(Area(outline, GROUP_COLOURS[group], label))
        x, y = members.mean(axis=0)
        name = sentences.group_name(group)[scene.language]
        scene.words.append(Words(x, y + 8, name, 22, GROUP_COLOURS[group], True, "middle"))


def soft_outline(points: NDArray[np.float64], level: float) -> NDArray[np.float64] | None:
    """A rounded outline around the `level` of the points nearest to their middle, (n, 2);
    None for fewer than three places.
    """
    middle = np.median(points, axis=0)
    reach = np.hypot(*(points - middle).T)
    inner = points[reach <= np.quantile(reach, level)]
    try:
        corners = inner[ConvexHull(inner).vertices]
    except (QhullError, ValueError):
        return None
    corners = corners.mean(axis=0) + (corners - corners.mean(axis=0)) * 1.06
    return _rounded(corners)


def _rounded(corners: NDArray[np.float64], steps: int = 4) -> NDArray[np.float64]:
    """Chaikin's corner cutting of a closed outline."""
    for _ in range(steps):
        after = np.roll(corners, -1, axis=0)
        corners = np.stack([0.75 * corners + 0.25 * after, 0.25 * corners + 0.75 * after], axis=1).reshape(-1, 2)
    return corners


def _people(scene: Scene, result: MapResult, on_page: NDArray[np.float64]) -> None:
    """A mark a person; above 3 000 people or in one spot, a mark for several, its area their number."""
    voted = result.vote_counts > 0
    cell = 8.0 if voted.sum() > _MANY else 2.0
    spots = np.rint(on_page[voted] / cell)
    keys = np.column_stack([result.groups[voted], spots])
    unique, counts = np.unique(keys, axis=0, return_counts=True)
    largest = max(int(counts.max()), 1)
    single = result.centres.shape[0] < 2
    for (group, x, y), count in zip(unique.tolist(), counts.tolist(), strict=True):
        at = int(group)
        inside = at >= 0
        radius = 3.0 * count**0.5 if cell < 8 else 1.2 + 3.4 * (count / largest) ** 0.5
        colour = (SOFT_INK if single else GROUP_COLOURS[at]) if inside else OUTSIDE
        shape = SHAPES[at] if inside and not single else "circle"
        scene.marks.append(
            Mark(x * cell, y * cell, min(radius, 12.0) if inside else 1.6, colour, shape, 0.55 if inside else 0.35)
        )


def _legend(scene: Scene, result: MapResult) -> None:
    zh, x, y = scene.language == "zh", MARGIN + SIDE + 36.0, 92.0
    few = result.centres.shape[0] < 4
    if result.centres.shape[0] < 2:
        y = _undivided(scene, result, x, y)
    for group, entries in result.representative.items():
        name, size = sentences.group_name(group)[scene.language], int(result.group_sizes[group])
        scene.marks.append(Mark(x + 7, y - 6, 7, GROUP_COLOURS[group], SHAPES[group], 0.9))
        label = f"{name} {size} 人" if zh else f"{name}, {size} people"
        scene.words.append(Words(x + 24, y, label, 18, GROUP_COLOURS[group], True))
        y += 23
        for entry in entries[: 2 if few else 1]:
            sign = {"agree": ("同意：", "for: "), "disagree": ("不同意：", "against: ")}[entry.direction][not zh]
            y = _lines(scene, sign + sentences.own_words(entry.statement, result.texts)[scene.language], x + 24, y, 2)
        y += 18
    shared = [b.statement for b in result.bridging if b.direction == "agree"][: 3 if few else 2]
    heading = "各组都同意" if zh else "Shared by every group"
    if result.centres.shape[0] < 2:
        shared = [entry.statement for entry in result.consensus["agree"]]
        heading = "多数人同意" if zh else "Agreed by most"
    if shared:
        scene.words.append(Words(x, y, heading, 18, INK, True))
        y += 23
        for statement in shared:
            scene.marks.append(Mark(x + 7, y - 5, 2.5, SOFT_INK, "circle", 0.9))
            y = _lines(scene, sentences.own_words(statement, result.texts)[scene.language], x + 24, y, 2)
        y += 8
    note = sentences.summary(result)
    foot = _lines(scene, note[1][scene.language], x, max(y, 560), 6)
    _lines(scene, note[0][scene.language], x, foot + 6, 3)
    caption = _caption(result, zh)
    scene.words.append(Words(MARGIN, HEIGHT - 18, caption, 14, SOFT_INK))


def _outside(result: MapResult) -> int:
    """People who voted, but too little to be grouped."""
    return int(((result.groups < 0) & (result.vote_counts > 0)).sum())


def _undivided(scene: Scene, result: MapResult, x: float, y: float) -> float:
    """The legend where there is one group: who is not divided, and who voted too little."""
    zh, inside, outside = scene.language == "zh", int((result.groups >= 0).sum()), _outside(result)
    kinds = [(inside, 5.0, SOFT_INK, 0.9, f"{inside} 人，未分组", f"{inside} people, not divided")]
    kinds += [(outside, 2.5, OUTSIDE, 0.9, f"{outside} 人，表态太少", f"{outside} people with too few votes")]
    for count, radius, colour, opacity, *label in kinds:
        if count:
            scene.marks.append(Mark(x + 7, y - 6, radius, colour, "circle", opacity))
            scene.words.append(Words(x + 24, y, label[not zh], 18, SOFT_INK, True))
            y += 23
    return y + 18


def _caption(result: MapResult, zh: bool) -> str:
    one, two = (f"{100 * share:.0f}%" for share in result.axes.shares)
    grey = ("；浅灰小点表态太少，未分组", "; small grey: too few votes to group") if _outside(result) else ("", "")
    if zh:
        return f"一点一人，离得近表态相近{grey[0]}。横轴占差异 {one}，纵轴 {two}。"
    return f"A dot a person, near means alike{grey[1]}. Axes show {one} and {two} of differences."


def _lines(scene: Scene, text: str, x: float, y: float, most: int) -> float:
    width = 46 if x < MARGIN + SIDE + 40 else 43
    lines = wrapped(text, width)
    if len(lines) > most:
        lines = [*lines[: most - 1], _cut(lines[most - 1] + " " * width, width)]
    for line in lines:
        scene.words.append(Words(x, y, line, 14, SOFT_INK))
        y += 19
    return y


def _columns(text: str) -> int:
    return sum(2 if east_asian_width(c) in "WFA" else 1 for c in text)


def _cut(text: str, width: int) -> str:
    if _columns(text) <= width:
        return text
    while _columns(text) > width - 2:
        text = text[:-1]
    return text.rstrip() + "…"


def wrapped(text: str, width: int) -> list[str]:
    """Lines of at most `width` half-width columns; Chinese breaks anywhere but before closing marks,
    Latin at blanks.
    """
    lines, line = [], ""
    for character in text:
        if _columns(line + character) > width and character not in _CLOSING:
            in_word = character.isascii() and character != " " and line[-1:].isascii()
            cut = line.rfind(" ") if in_word else -1
            head, line = (line[:cut], line[cut + 1 :]) if cut > width // 3 else (line, "")
            lines.append(head.rstrip())
        if line or character != " ":
            line += character
    return [*lines, line] if line else lines
