"""PDF by typst: text stays text, the Chinese font comes with the installation."""

import json
from pathlib import Path

import typst

from yishi.core.papers.blocks import Paper

HERE = Path(__file__).parent
FONTS = HERE / "fonts"


class FontsMissing(RuntimeError):
    """The fonts were not built into this installation."""


def pdf(paper: Paper) -> bytes:
    """The paper as PDF. The same paper gives the same bytes.

    Raises:
        FontsMissing: ``make assets`` was not run where this runs from a clone.
    """
    if not any(FONTS.glob("*.ttf")):
        raise FontsMissing("the fonts of printed papers are missing: run `make assets`")
    made = typst.compile(
        HERE / "paper.typ", font_paths=[FONTS], ignore_system_fonts=True, sys_inputs={"paper": _json(paper)},
        format="pdf", timestamp=0,
    )  # fmt: skip
    assert isinstance(made, bytes)
    return made


def _json(paper: Paper) -> str:
    return json.dumps(paper.table(), ensure_ascii=False)
