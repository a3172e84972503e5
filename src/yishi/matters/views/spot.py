"""A small map of one place, drawn by the server: a grid, the community's middle, a pin, a scale. No tiles, no script."""

import math
from collections.abc import Callable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

WIDTH, HEIGHT = 320, 200
STEP = 0.002  # degrees of latitude between grid lines, about 220 m
METRES_A_DEGREE = 111_320.0
At = Callable[[float, float], tuple[float, float]]


def spot(latitude: float, longitude: float, place: str, near: tuple[str, float, float] | None = None) -> SafeString:
    """The place in the middle of about 1.3 km of grid, with the community's middle where it lies within.

    ``near`` is (name, latitude, longitude). The text twin is the place's words.
    """
    scale = HEIGHT / (STEP * 4)  # pixels a degree of latitude
    narrow = math.cos(math.radians(latitude))

    def at(lat: float, lon: float) -> tuple[float, float]:
        return WIDTH / 2 + (lon - longitude) * narrow * scale, HEIGHT / 2 - (lat - latitude) * scale

    return format_html(
        '<figure class="spot"><svg viewBox="0 0 {w} {h}" role="img" aria-label="{label}">'
        '<rect class="spot-ground" width="{w}" height="{h}"/>{grid}{near}{pin}{bar}</svg>'
        '<figcaption>{caption}</figcaption></figure>',
        w=WIDTH, h=HEIGHT, label=_("地点示意：%(place)s") % {"place": place or _("见坐标")},
        grid=_grid(at, latitude, longitude), near=_near(at, near),
        pin=format_html('<path class="spot-pin" d="M{x} {y}c-9-13-13-18-13-25a13 13 0 0 1 26 0c0 7-4 12-13 25z"/>'
                        '<circle class="spot-eye" cx="{x}" cy="{e}" r="5"/>', x=WIDTH // 2, y=HEIGHT // 2, e=HEIGHT // 2 - 25),
        bar=_bar(scale), caption=f"{latitude:.5f}, {longitude:.5f}",
    )  # fmt: skip


def _grid(at: At, latitude: float, longitude: float) -> SafeString:
    """Lines at round degrees, so that two maps of one street line up."""
    first = math.floor(latitude / STEP - 3)
    rows = ((at((first + i) * STEP, longitude)[1]) for i in range(8))
    start = math.floor(longitude / STEP - 5)
    columns = ((at(latitude, (start + i) * STEP)[0]) for i in range(12))
    across = format_html_join(
        "", '<line class="spot-line" x1="0" x2="{}" y1="{}" y2="{}"/>', ((WIDTH, f"{y:.1f}", f"{y:.1f}") for y in rows)
    )
    down = format_html_join(
        "",
        '<line class="spot-line" y1="0" y2="{}" x1="{}" x2="{}"/>',
        ((HEIGHT, f"{x:.1f}", f"{x:.1f}") for x in columns),
    )
    return across + down


def _near(at: At, near: tuple[str, float, float] | None) -> SafeString:
    if near is None:
        return SafeString("")
    x, y = at(near[1], near[2])
    if not (8 < x < WIDTH - 8 and 14 < y < HEIGHT - 8):
        return SafeString("")
    return format_html(
        '<circle class="spot-near" cx="{}" cy="{}" r="4"/><text class="spot-name" x="{}" y="{}" text-anchor="middle">{}</text>',
        f"{x:.1f}", f"{y:.1f}", f"{x:.1f}", f"{y - 8:.1f}", near[0],
    )  # fmt: skip


def _bar(scale: float) -> SafeString:
    """A scale bar of 200 metres."""
    length = 200 / METRES_A_DEGREE * scale
    return format_html(
        '<path class="spot-bar" d="M10 {y}v5h{l}v-5"/><text class="spot-name" x="{x}" y="{t}">200 m</text>',
        y=HEIGHT - 17, l=f"{length:.1f}", x=f"{16 + length:.1f}", t=HEIGHT - 9,
    )  # fmt: skip
