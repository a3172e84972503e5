"""PDF by typst: text stays text, the Chinese font comes with the installation."""

import json
from dataclasses import replace
from pathlib import Path

import typst

from yishi.core.papers.blocks import Paper

HERE = Path(__file__).parent
FONTS = HERE / "fonts"


class FontsMissing(RuntimeError):
    """The fonts were not built into this installation."""


def pdf(paper: Paper) -> bytes:
    """The paper as PDF. The same paper gives the same bytes. Sheets of thousands are for the printer alone: they
    carry no tags for screen readers, and the half that is the same on each is drawn once.

    Raises:
        FontsMissing: ``make assets`` was not run where this runs from a clone.
    """
    if not any(FONTS.glob("*.ttf")):
        raise FontsMissing("the fonts of printed papers are missing: run `make assets`")
    if paper.sheets is None:
        return _compiled(paper)
    body = _compiled(replace(paper, blocks=paper.sheets.body), tags=False, strip="yes")
    return _compiled(paper, tags=False, body=json.dumps(list(body)))


def _compiled(paper: Paper, *, tags: bool = True, **inputs: str) -> bytes:
    made = typst.compile(
        HERE / "paper.typ", font_paths=[FONTS], ignore_system_fonts=True, sys_inputs={"paper": _json(paper), **inputs},
        format="pdf", timestamp=0, pdf_tags=tags,
    )  # fmt: skip
    assert isinstance(made, bytes)
    return made


def _json(paper: Paper) -> str:
    return json.dumps(paper.table(), ensure_ascii=False)
