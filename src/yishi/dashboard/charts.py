"""Small charts drawn by the server: bars by class, numbers written on them, no script and no style."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

HEIGHT, TOP, FOOT = 190, 22, 26
PAIR = 58  # width of one label's pair of bars


@dataclass(frozen=True, slots=True)
class Pair:
    """A label with its all-channel and its hotline volume, per 1,000 households, in tenths."""

    label: str
    whole: int
    part: int


def tenths(value: int) -> str:
    """``37`` → ``3.7``."""
    return f"{value // 10}.{value % 10}"


def paired_bars(pairs: Sequence[Pair], label: str) -> SafeString:
    """Two bars beside each other for every label: all channels, and the hotline among them."""
    top = max((p.whole for p in pairs), default=0) or 1
    width = max(len(pairs), 1) * PAIR
    room = HEIGHT - TOP - FOOT
    bars = format_html_join("", "{}", ((_pair(i, p, room / top),) for i, p in enumerate(pairs)))
    return format_html(
        '<svg class="chart chart-small" viewBox="0 0 {w} {h}" role="img" aria-label="{label}">{bars}'
        '<line class="axis" x1="0" x2="{w}" y1="{y}" y2="{y}"/></svg>',
        w=width, h=HEIGHT, label=label, bars=bars, y=HEIGHT - FOOT,
    )  # fmt: skip


def _pair(place: int, pair: Pair, scale: float) -> SafeString:
    left, floor = place * PAIR, HEIGHT - FOOT
    whole, part = pair.whole * scale, pair.part * scale
    return format_html(
        '<rect class="bar-all" x="{a}" y="{ay}" width="20" height="{ah}"/>'
        '<rect class="bar-hotline" x="{b}" y="{by}" width="20" height="{bh}"/>'
        '<text class="value" x="{ac}" y="{at}" text-anchor="middle">{av}</text>'
        '<text class="value" x="{bc}" y="{bt}" text-anchor="middle">{bv}</text>'
        '<text x="{c}" y="{f}" text-anchor="middle">{name}</text>',
        a=left + 7, ay=f"{floor - whole:.1f}", ah=f"{whole:.1f}", b=left + 30, by=f"{floor - part:.1f}", bh=f"{part:.1f}",
        ac=left + 17, at=f"{floor - whole - 5:.1f}", av=tenths(pair.whole), bc=left + 40, bt=f"{floor - part - 5:.1f}",
        bv=tenths(pair.part), c=left + 29, f=HEIGHT - 8, name=pair.label,
    )  # fmt: skip
