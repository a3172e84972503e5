"""The colours of the stylesheet, computed: 4.5:1 for lettering, 7:1 in large print, 3:1 for edges (WCAG 2.2)."""

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).resolve().parents[2] / "src/yishi/web/assets/css/tokens.css"
CARE, DARK = ":root[data-care]", ':root[data-theme="dark"]'
LOOKS = {
    "light": [":root"],
    "care": [":root", CARE],
    "dark": [":root", DARK],
    "dark care": [":root", CARE, DARK, DARK + "[data-care]"],
}
TONES = ["settled", "soon", "overdue", "plain"]
LETTERING = [
    *((ink, ground) for ink in ["ink", "ink-2", "act-ink", "link", *TONES] for ground in ["paper", "sheet"]),
    *((ink, "well") for ink in ["ink", "ink-2", "link"]),
    *((tone, f"{tone}-wash") for tone in TONES),
    *(("ink", f"{tone}-wash") for tone in ["act", *TONES]),
    ("act-ink", "act-wash"),
    ("on-act", "act"),
    ("on-act", "act-hover"),
    ("paper", "ink"),
]
EDGES = [(edge, ground) for edge in ["rule-strong", "focus"] for ground in ["paper", "sheet"]]


def blocks() -> dict[str, dict[str, str]]:
    """The colours of each rule, those of repeated selectors together."""
    found: dict[str, dict[str, str]] = {}
    text = re.sub(r"/\*.*?\*/", "", TOKENS.read_text(encoding="utf-8"), flags=re.S)
    for selector, body in re.findall(r"([^{}]+)\{([^}]*)\}", text):
        colours = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", body))
        found.setdefault(selector.strip(), {}).update(colours)
    return found


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def test_the_formula_knows_black_and_white():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("look", LOOKS)
def test_every_pair_can_be_read(look: str):
    rules = blocks()
    colours: dict[str, str] = {}
    for selector in LOOKS[look]:
        colours |= rules[selector]
    least = 7 if "care" in look else 4.5
    faults = [
        f"{ink} on {ground}: {contrast(colours[ink], colours[ground]):.2f} < {least}"
        for pairs, least in ((LETTERING, least), (EDGES, 3))
        for ink, ground in pairs
        if contrast(colours[ink], colours[ground]) < least
    ]
    assert not faults, f"{look}: " + "; ".join(faults)


def test_tones_differ_from_each_other_in_every_look():
    rules = blocks()
    for look, selectors in LOOKS.items():
        colours: dict[str, str] = {}
        for selector in selectors:
            colours |= rules[selector]
        assert len({colours[name] for name in ["act-ink", *TONES]}) == 5, look
